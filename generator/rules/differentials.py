"""The laws of the differential, from the general to the special. They also hold for partial derivatives."""

from __future__ import annotations

from generator.rules import abstract, nary
from generator.rules.rule import Rule

DIFFERENTIALS = (
    Rule(
        "constants", "d(A)", "0 * A", "a constant does not change, so its differential is zero",
        when=(("constant", "A"),), by=nary.constant, minor=True,
    ),
    Rule(
        "sum rule", "d(A + B)", "d(A) + d(B)", "the differential of a sum is the sum of the differentials",
        by=nary.sum_rule, title="Differentiate term by term",
    ),
    Rule("minus sign", "d(-A)", "-d(A)", "a minus sign is a constant factor", minor=True),
    Rule(
        "constant factors", "d(P @ Y @ Q)", "P @ d(Y) @ Q",
        "constant factors, here P and Q, stay where they are",
        when=(("constant", "P"), ("constant", "Q")), by=nary.constant_factor, title="Constant factors stay",
    ),
    Rule(
        "product rule", "d(A @ B)", "d(A) @ B + A @ d(B)",
        "differentiate one factor at a time, and keep the order of the factors", by=nary.product_rule,
        title="Apply the product rule",
    ),
    Rule(
        "transpose", "d(A.T)", "d(A).T", "transposing only rearranges entries, so d and transpose commute",
        minor=True,
    ),
    Rule("trace", "d(tr(A))", "tr(d(A))", "the trace is linear, so d moves inside", minor=True),
    Rule(
        "sum of entries", "d(sum(A))", "sum(d(A))", "a sum of entries is linear, so d moves inside",
        minor=True,
    ),
    Rule("diagonal matrix", "d(diag(x))", "diag(d(x))", "diag is linear, so d moves inside", minor=True),
    Rule(
        "diagonal of a matrix", "d(diagonal(A))", "diagonal(d(A))", "taking a diagonal is linear", minor=True,
    ),
    Rule("vec", "d(vec(A))", "vec(d(A))", "stacking columns is linear, so d moves inside", minor=True),
    Rule(
        "Kronecker product", "d(kron(A, B))", "kron(d(A), B) + kron(A, d(B))",
        "the Kronecker product is linear in each factor, so it has a product rule",
    ),
    Rule(
        "inverse", "d(inv(A))", "-inv(A) @ d(A) @ inv(A)",
        "differentiate A A⁻¹ = I by the product rule and solve for d(A⁻¹)",
        title="Differential of the inverse",
    ),
    Rule(
        "determinant", "d(det(A))", "det(A) * tr(inv(A) @ d(A))",
        "Jacobi's formula: the cofactors of A are the entries of det(A) A⁻¹",
        title="Differential of the determinant",
    ),
    Rule(
        "log-determinant", "d(logdet(A))", "tr(inv(A) @ d(A))",
        "Jacobi's formula divided by det(A)", title="Differential of the log-determinant",
    ),
    Rule(
        "matrix power", "d(matpow(A, 2))", "d(A) @ A + A @ d(A)", "a power is a product of equal factors",
        by=nary.power_of_matrix, title="Differential of a matrix power",
    ),
    Rule(
        "squared norm of a vector", "d(norm(x)**2)", "2 * x.T @ d(x)",
        "the squared norm is the inner product of x with itself; its two halves give the same",
        title="Squared norm",
    ),
    Rule(
        "squared norm of a matrix", "d(norm(A)**2)", "2 * tr(A.T @ d(A))",
        "the squared Frobenius norm is the trace of the Gram matrix; its two halves give the same",
        title="Squared norm",
    ),
    Rule(
        "norm of a vector", "d(norm(x))", "x.T @ d(x) / norm(x)",
        "the chain rule for the square root of the squared norm, away from zero", title="Norm of a vector",
    ),
    Rule(
        "norm of a matrix", "d(norm(A))", "tr(A.T @ d(A)) / norm(A)",
        "the chain rule for the square root of the squared norm, away from zero", title="Norm of a matrix",
    ),
    Rule(
        "1-norm of a vector", "d(norm1(x))", "sign(x).T @ d(x)",
        "each |x_i| has slope sign(x_i), away from zero", title="The 1-norm",
    ),
    Rule(
        "1-norm of a matrix", "d(norm1(A))", "tr(sign(A).T @ d(A))",
        "each |a_ij| has slope sign(a_ij), away from zero", title="The 1-norm",
    ),
    Rule(
        "p-norm", "d(norm(x, p))", "(sign(x) * abs(x)**(p - 1)).T @ d(x) / norm(x, p)**(p - 1)",
        "the chain rule through the p-th root and the p-th powers, away from zero", when=(("constant", "p"),),
        title="The p-norm",
    ),
    Rule(
        "softmax", "d(softmax(x))", "(diag(softmax(x)) - outer(softmax(x), softmax(x))) @ d(x)",
        "each output gains from its own input and loses to all inputs through the normalisation",
        title="Differential of the softmax",
    ),
    Rule(
        "log-sum-exp", "d(logsumexp(x))", "softmax(x).T @ d(x)",
        "the slope of log-sum-exp along each input is its softmax weight",
        title="Differential of log-sum-exp",
    ),
    Rule(
        "function of the variable", "d(f(x))", "J_f(x) @ d(x)",
        "to first order the Jacobian makes the change of the value out of the change of the argument",
        by=abstract.chain, minor=True,
    ),
    Rule(
        "constant denominator", "d(A / B)", "d(A) / B", "a constant denominator is a constant factor",
        when=(("constant", "B"),), title="Constant factors stay",
    ),
    Rule(
        "reciprocal", "d(A / B)", "-(A / B**2 * d(B))", "the derivative of 1/t is −1/t²",
        when=(("constant", "A"),), title="Differential of a reciprocal",
    ),
    Rule(
        "quotient rule", "d(A / B)", "(d(A) * B - A * d(B)) / B**2",
        "product rule for the numerator times the reciprocal of the denominator", title="Quotient rule",
    ),
    Rule(
        "power rule", "d(A**p)", "p * A**(p - 1) * d(A)", "bring the exponent down and lower it by one",
        when=(("constant", "p"),), title="Power rule",
    ),
    Rule(
        "general power", "d(A**p)", "A**p * (log(A) * d(p) + p / A * d(A))", "write a^p as exp(p log a)",
        title="Differential of a power",
    ),
)  # fmt: skip
