"""The laws of vec and of the Kronecker product; vec puts the columns of a matrix below one another.

Source: Magnus and Neudecker, Matrix Differential Calculus, chapters 2 and 3.
"""

from __future__ import annotations

from generator.expr.calculus import Commutation, D
from generator.expr.functions import FUNCTIONS
from generator.expr.make import add, mul, neg, t, vec
from generator.expr.match import find
from generator.expr.nodes import Add, Call, Eye, Mul, Neg, Node, T
from generator.expr.shapes import is_matrix, is_one, is_row, is_scalar
from generator.rules import nary
from generator.rules.kronecker_products import (
    apart,
    is_kronecker,
    kron,
    kronecker_under_trace,
    products_under_trace,
    together,
    turned,
)
from generator.rules.rule import Rule, Vary
from generator.rules.tidy import tidy


def stacked(e: Node) -> Node | None:
    """What stands under a vec; a column is its own vec, and so is a number."""
    if isinstance(e, Call) and e.name == "vec":
        return e.args[0]
    return e if is_one(e.shape[1]) else None


def vec_of_product(e: Node, vary: Vary) -> Node | None:
    """vec(AXB) = (Bᵀ ⊗ A) vec(X) for the factor X that holds a differential; a missing factor is an I."""
    inner = stacked(e)
    if not isinstance(inner, Mul) or any(is_scalar(f.shape) for f in inner.factors):
        return None
    live = [k for k, f in enumerate(inner.factors) if find(f, D)]
    k = live[0] if live else 1
    x, before, after = inner.factors[k], inner.factors[:k], inner.factors[k + 1 :]
    if is_one(inner.shape[1]) and not (after and is_matrix(x.shape)):
        return None
    left = mul(*before) if before else Eye(x.shape[0])
    right = _turned(after) if after else Eye(x.shape[1])
    return mul(kron(right, left), vec(t(x) if is_row(x.shape) else x))


def _turned(factors: tuple[Node, ...]) -> Node:
    return mul(*(f if isinstance(f, Eye) else t(f) for f in reversed(factors)))


def vec_of_kronecker(e: Node, vary: Vary) -> Node | None:
    """vec(A ⊗ X) = (I ⊗ K ⊗ I)(vec(A) ⊗ I) vec(X) for the factor X that holds a differential, or the last."""
    inner = stacked(e)
    if not (isinstance(inner, Call) and inner.name == "kron" and is_matrix(inner.shape)):
        return None
    a, b = inner.args
    sort = kron(kron(Eye(a.shape[1]), Commutation(b.shape[1], a.shape[0])), Eye(b.shape[0]))
    if find(a, D) and not find(b, D):
        return mul(sort, kron(Eye(vec(a).shape[0]), vec(b)), vec(a))
    return mul(sort, kron(vec(a), Eye(vec(b).shape[0])), vec(b))


def vec_of_transpose(e: Node, vary: Vary) -> Node | None:
    """vec(Aᵀ) = K vec(A)."""
    inner = stacked(e)
    if not isinstance(inner, T) or not is_matrix(inner.shape):
        return None
    return mul(Commutation(*inner.arg.shape), vec(inner.arg))


def trace_of_product(e: Node, vary: Vary) -> Node | None:
    """tr(AB) = vec(Aᵀ)ᵀ vec(B), where B is the last factor."""
    if not (isinstance(e, Call) and e.name == "tr"):
        return None
    inner = e.args[0]
    whole = inner.factors if isinstance(inner, Mul) else (Eye(inner.shape[0]), inner)
    if any(is_scalar(f.shape) for f in whole) or not is_matrix(whole[-1].shape):
        return None
    return mul(T(vec(tidy(T(mul(*whole[:-1]))))), vec(whole[-1]))


def kronecker_as_map(e: Node, vary: Vary) -> Node | None:
    """(B ⊗ A) vec(X) = vec(A X Bᵀ); a column is its own vec."""
    k = next((k for k, f in enumerate(e.factors) if is_kronecker(f)), None) if isinstance(e, Mul) else None
    if k is None or not isinstance(e, Mul) or not e.factors[k + 1 :]:
        return None
    inner = stacked(mul(*e.factors[k + 1 :]))
    kronecker = e.factors[k]
    if inner is None or not isinstance(kronecker, Call):
        return None
    right, left = kronecker.args
    return mul(*e.factors[:k], vec(tidy(mul(left, inner, t(right)), collect=False)))


def commuted(e: Node, vary: Vary) -> Node | None:
    """K vec(A) = vec(Aᵀ)."""
    if not (isinstance(e, Mul) and isinstance(e.factors[-1], Call) and e.factors[-1].name == "vec"):
        return None
    *before, commutation = e.factors[:-1]
    if not isinstance(commutation, Commutation):
        return None
    inner = e.factors[-1].args[0]
    chain = reversed(inner.factors) if isinstance(inner, Mul) else (inner,)
    return mul(*before, vec(tidy(mul(*(t(f) for f in chain)), collect=False)))


def sum_of_vecs(e: Node, vary: Vary) -> Node | None:
    """vec(A) + vec(B) = vec(A + B)."""
    terms = e.terms if isinstance(e, Add) else ()
    inner = [t.arg if isinstance(t, Neg) else t for t in terms]
    if not inner or not all(isinstance(x, Call) and x.name == "vec" for x in inner):
        return None
    parts = [x.args[0] for x in inner if isinstance(x, Call)]
    return vec(add(*(neg(p) if isinstance(t, Neg) else p for t, p in zip(terms, parts, strict=True))))


def elementwise_of_vec(e: Node, vary: Vary) -> Node | None:
    """f(vec(A)) = vec(f(A)) for an elementwise function."""
    if not (isinstance(e, Call) and FUNCTIONS[e.name].elementwise and isinstance(inner := e.args[0], Call)):
        return None
    return vec(Call(e.name, inner.args, e.order)) if inner.name == "vec" else None


KRONECKER = (
    Rule(
        "Kronecker products under the trace", "tr(kron(P, Q) @ kron(B, X))", "tr(P @ B) * tr(Q @ X)",
        "block i, j of the product is entry i, j of the product of the first factors, times the product of "
        "the second ones; the traces of the diagonal blocks add up", by=products_under_trace,
        title="Trace of Kronecker products",
    ),
    Rule(
        "Kronecker product under the trace", "tr(kron(P, Q) @ kron(B, X))", "tr(P @ B) * tr(Q @ X)",
        "every entry of B meets a block of the other factor; where that is no Kronecker product, its blocks "
        "add up, each times its entry of B", by=kronecker_under_trace,
        title="Add up the blocks",
    ),
    Rule(
        "vec of a product", "vec(A @ X @ B)", "kron(B.T, A) @ vec(X)",
        "column j of the product adds up the columns of AX with the entries of column j of B; "
        "where a factor is missing, the identity stands in for it",
        by=vec_of_product, title="Take the product out of the vec",
    ),
    Rule(
        "vec of a transpose", "vec(A.T)", "commutation(n, m) @ vec(A)",
        "both sides hold the same entries, and the commutation matrix puts them in order",
        by=vec_of_transpose, title="Put the entries of the transpose in order",
    ),
    Rule(  # a size in brackets of its own would be a new one, not a size of A or B: hence 1 * m
        "vec of a Kronecker product", "vec(kron(A, B))",
        "kron(kron(eye(1 * m), commutation(l, n)), eye(1 * k)) @ kron(col(vec(A)), eye(k * l)) @ vec(B)",
        "both sides hold the products of an entry of A and an entry of B, and the commutation matrix puts "
        "them in order", by=vec_of_kronecker, title="Take the Kronecker product apart",
    ),
    Rule(
        "vec of a Hadamard product", "vec(A * B)", "diag(vec(A)) @ vec(B)",
        "each entry of the second factor is multiplied by its own number",
        title="Take the Hadamard product out of the vec",
    ),
    Rule(
        "scalars leave vec", "vec(c * A)", "c * vec(A)", "a scalar factor multiplies every entry",
        by=nary.scalars_out, minor=True,
    ),
    Rule(
        "trace as an inner product", "tr(A @ B)", "vec(A.T).T @ vec(B)", "both are the sum of all a_ij b_ji",
        by=trace_of_product, title="Write the trace as an inner product",
    ),
    Rule(
        "a diagonal matrix scales rows", "diag(x) @ A", "A * outer(x, ones(m))",
        "row i of the product is x_i times row i", title="Write the diagonal matrix as a Hadamard factor",
    ),
    Rule(
        "a diagonal matrix scales columns", "A @ diag(x)", "A * outer(ones(n), x)",
        "column j of the product is x_j times column j",
        title="Write the diagonal matrix as a Hadamard factor",
    ),
    Rule(
        "diagonal matrix as a Hadamard product", "diag(x)", "eye(n) * outer(x, ones(n))",
        "the identity keeps the diagonal only", title="Write the diagonal matrix as a Hadamard product",
    ),
    Rule(
        "diagonal of a product", "diagonal(A @ B)", "(A * B.T) @ ones(m)",
        "entry i is the sum of all a_ij b_ji over j", title="Write the diagonal as row sums",
    ),
    Rule(
        "diagonal as row sums", "diagonal(A)", "(eye(n) * A) @ ones(n)",
        "in each row only the diagonal entry is left", title="Write the diagonal as row sums",
    ),
    Rule(
        "Kronecker product as a linear map", "kron(B, A) @ vec(X)", "vec(A @ X @ B.T)",
        "this is the rule for the vec of a product, read from right to left",
        by=kronecker_as_map, title="Undo the Kronecker product",
    ),
    Rule(
        "elementwise function of a vec", "exp(vec(A))", "vec(exp(A))",
        "the function acts on every entry, wherever it stands", by=elementwise_of_vec, minor=True,
    ),
    Rule(
        "columns of a matrix", "vec(kron(row(vec(eye(m))), eye(n)) @ kron(eye(m), col(x)))", "x",
        "column j of the matrix is the j-th piece of x", title="Fill a matrix with the entries of a column",
    ),
    Rule(
        "Kronecker product of vectors", "kron(x, y)", "vec(outer(y, x))",
        "column i of the outer product is x_i y",
        title="Write the Kronecker product as a vec",
    ),
    Rule(
        "vec of a sum", "vec(A) + vec(B)", "vec(A + B)", "stacking columns is linear", by=sum_of_vecs,
        minor=True,
    ),
    Rule(
        "commutation matrix", "commutation(n, m) @ vec(A)", "vec(A.T)",
        "the commutation matrix puts the entries into the order of the transpose", by=commuted,
        title="Undo the commutation matrix",
    ),
    Rule(
        "Kronecker product from the left", "kron(x, y)", "kron(eye(n), col(y)) @ x",
        "block i of the product is x_i y", title="Take the vector out of the Kronecker product",
    ),
    Rule(
        "Kronecker product from the right", "kron(x, y)", "kron(col(x), eye(m)) @ y",
        "block i of the product is x_i y", title="Take the vector out of the Kronecker product",
    ),
    Rule(
        "transpose of a Kronecker product", "kron(A, B).T", "kron(A.T, B.T)",
        "block i, j of the transpose is a_ji times the transpose of B", by=turned, minor=True,
    ),
    Rule(
        "product of Kronecker products", "kron(P, Q) @ kron(B, X)", "kron(P @ B, Q @ X)",
        "every block of the product is a number times QX, and the numbers are the entries of PB", by=together,
        title="Multiply the Kronecker products",
    ),
    Rule(
        "inverse of a Kronecker product", "inv(kron(A, B))", "kron(inv(A), inv(B))",
        "multiplied with the Kronecker product, both factors cancel",
        when=(("invertible", "A"), ("invertible", "B")), by=apart, title="Invert the Kronecker product",
    ),
    Rule(
        "trace of a Kronecker product", "tr(kron(A, B))", "tr(A) * tr(B)",
        "the diagonal blocks are a_ii B, and their traces add up", title="Trace of a Kronecker product",
    ),
    Rule(
        "sum of a Kronecker product", "sum(kron(A, B))", "sum(A) * sum(B)",
        "every entry of the first meets every entry of the second", title="Sum of a Kronecker product",
    ),
)  # fmt: skip
