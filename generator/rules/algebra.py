"""The laws of matrix algebra that bring a differential into the form tr(Gᵀ dX), gᵀ dx or J dx."""

from __future__ import annotations

from generator.rules import factoring, nary
from generator.rules.rule import Rule
from generator.rules.tidy import tidy

TRACE = (
    Rule(
        "linearity of the trace",
        "tr(A + B)",
        "tr(A) + tr(B)",
        "the trace of a sum is the sum of the traces",
        by=nary.trace_of_sum,
        title="Linearity of the trace",
    ),
    Rule(
        "scalars leave the trace",
        "tr(c * A)",
        "c * tr(A)",
        "a scalar factor multiplies every diagonal entry",
        by=nary.scalars_out,
        minor=True,
    ),
    Rule(
        "scalars leave the sum",
        "sum(c * A)",
        "c * sum(A)",
        "a scalar factor multiplies every entry",
        by=nary.scalars_out,
        minor=True,
    ),
    Rule(
        "transpose under the trace",
        "tr(A)",
        "tr(A.T)",
        "a matrix and its transpose have the same diagonal",
        title="The transpose trick",
    ),
    Rule(
        "cyclic rotation",
        "tr(A @ B)",
        "tr(B @ A)",
        "under the trace a factor may move from one end to the other",
        title="Rotate under the trace",
    ),
    Rule(
        "a number is its own trace",
        "x.T @ A @ y",
        "tr(x.T @ A @ y)",
        "a 1×1 matrix is equal to its trace",
        by=nary.own_trace,
        title="A number is its own trace",
    ),
    Rule(
        "Hadamard product under the trace",
        "tr(A.T @ (B * C))",
        "tr((A * B).T @ C)",
        "both sides add up the products of three corresponding entries",
        title="Move the Hadamard factor over",
    ),
    Rule(
        "trace of a diagonal matrix",
        "tr(diag(x))",
        "ones(n).T @ x",
        "the trace adds the diagonal entries",
        title="Write the trace as a product with ones",
    ),
    Rule(
        "diagonal matrix under the trace",
        "tr(A @ diag(x))",
        "diagonal(A).T @ x",
        "only the diagonal entries of A meet the entries of x",
        title="Only the diagonal counts",
    ),
)
INNER = (
    Rule(
        "sum of a Hadamard product of vectors",
        "sum(x * y)",
        "x.T @ y",
        "both add up the products of corresponding entries",
        title="Write the sum as an inner product",
    ),
    Rule(
        "sum of a Hadamard product",
        "sum(A * B)",
        "tr(A.T @ B)",
        "both add up the products of corresponding entries",
        title="Write the sum as a trace",
    ),
    Rule(
        "sum of entries with ones",
        "sum(x)",
        "ones(n).T @ x",
        "multiplying by ones adds the entries",
        by=nary.entries_summed,
        title="Write the sum as a product with ones",
    ),
    Rule(
        "Hadamard product in an inner product",
        "x.T @ (y * z)",
        "(x * y).T @ z",
        "both add up the products of three corresponding entries",
        title="Move the Hadamard factor over",
    ),
    Rule(
        "a diagonal matrix scales",
        "diag(x) @ y",
        "x * y",
        "row i of diag(x) is x_i times row i of I",
        minor=True,
    ),
    Rule(
        "diagonal in an inner product",
        "x.T @ diagonal(A)",
        "tr(diag(x) @ A)",
        "both are the sum of all x_i a_ii",
        title="Write the inner product as a trace",
    ),
    Rule(
        "vec in an inner product",
        "vec(A).T @ vec(B)",
        "tr(A.T @ B)",
        "both add up the products of corresponding entries",
        title="Write the inner product as a trace",
    ),
    Rule(
        "inner product of Hadamard factors",
        "x * y",
        "diag(x) @ y",
        "row i of diag(x) is x_i times row i of I",
        title="Write the Hadamard product as a matrix",
    ),
)
SHAPE = (
    Rule(
        "a number equals its transpose",
        "x.T @ y",
        "y.T @ x",
        "a 1×1 matrix is equal to its transpose",
        title="Transpose the number",
    ),
    Rule(
        "associativity",
        "A @ (B @ C)",
        "A @ B @ C",
        "parentheses in a product may be moved",
        minor=True,
    ),
    Rule(
        "numbers commute",
        "(x.T @ y) * (u.T @ v)",
        "(u.T @ v) * (x.T @ y)",
        "numbers may be multiplied in any order",
        minor=True,
    ),
    Rule(
        "quotient as a Hadamard product",
        "A / B",
        "1 / B * A",
        "dividing entry by entry is multiplying by reciprocals",
        minor=True,
    ),
    Rule(
        "symmetric matrices",
        "A.T",
        "A",
        "a symmetric matrix is its own transpose",
        when=(("symmetric", "A"),),
    ),
    Rule("norm", "norm(x)**2", "x.T @ x", "the squared norm is the inner product of a vector with itself"),
    Rule(
        "norm of stacked columns",
        "norm(vec(A))",
        "norm(A)",
        "vec only rearranges the entries, whose squares the norm adds up",
        title="Norm without vec",
    ),
    Rule("an earlier result", "A", "A", "what was found before need not be found again"),
    Rule("identification", "A", "A", "the factor of the differential is the derivative"),
    Rule(
        "linearity", "A + B", "A + B", "the operation is linear, so it acts on every term", title="Linearity"
    ),
    Rule("substitution", "A", "A", "put in what has been found", title="Substitute"),
    Rule(
        "transpose of a product",
        "(A @ B).T",
        "B.T @ A.T",
        "transposing reverses the order of the factors",
        by=nary.transpose_once,
        title="Transpose",
    ),
    Rule(
        "distributive law",
        "A @ (B + C)",
        "A @ B + A @ C",
        "matrix products distribute over sums",
        by=nary.distribute,
        title="Multiply out",
    ),
    Rule(
        "common factors",
        "A @ B + A @ C",
        "A @ (B + C)",
        "factor out what all terms share",
        by=factoring.shared_factors,
        title="Factor",
    ),
    Rule(
        "collect",
        "A + A",
        "2 * A",
        "collect equal terms and numbers",
        by=lambda e, vary: None if tidy(e) == e else tidy(e),
        minor=True,
    ),
    Rule(
        "vanishing terms",
        "A + d(B)",
        "A + 0 * B",
        "the differential of a constant is zero, so its term vanishes",
        when=(("constant", "B"),),
        by=nary.drop_constants,
        minor=True,
    ),
)
ALGEBRA = (*TRACE, *INNER, *SHAPE)
