"""Products of matrices and vectors in the order in which they are best computed.

What acts on a vector acts on it one after the other, so no matrix product is formed for it. An inverse that
acts on something is a linear system, a diagonal matrix a scaling, a sum over rows a call of ``sum``.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.code.target import Target
from generator.code.term import Term, matmul, times, transpose
from generator.expr.nodes import Call, Eye, Inv, MatPow, Mul, Neg, Node, Num, Ones, T
from generator.expr.shapes import is_column, is_one, is_row, is_scalar
from generator.methods.symmetry import symmetric

MOST_FACTORS = 4  # a power of a matrix that acts on a vector is written as so many factors


def flipped(node: Node) -> Node:
    """The transpose, with the products inside turned round."""
    if isinstance(node, Mul):
        return Mul(tuple(flipped(f) for f in reversed(node.factors)))
    if is_scalar(node.shape) or symmetric(node):
        return node
    return node.arg if isinstance(node, T) else T(node)


def segments(chain: Sequence[Node]) -> list[list[Node]]:
    """The chain cut where it has only one column: a column, perhaps numbers, perhaps a row."""
    parts: list[list[Node]] = [[]]
    for factor in chain:
        if parts[-1] and is_one(parts[-1][-1].shape[1]):
            parts.append([])
        parts[-1].append(factor)
    return parts


def product(chain: Sequence[Node], target: Target) -> Term:
    """One segment of a chain: a matrix, a vector or a number."""
    first, last = chain[0], chain[-1]
    if is_row(first.shape) and is_column(last.shape):
        return _inner(chain, target)
    if is_column(last.shape):
        return _acting(chain[:-1], last, target)
    if is_row(first.shape):
        return _acting([flipped(f) for f in reversed(chain[1:])], flipped(first), target)
    return _matrix(chain, target)


def _inner(chain: Sequence[Node], target: Target) -> Term:
    left, right = flipped(chain[0]), chain[-1]
    if isinstance(left, Ones):
        return target.make("sum", _acting(chain[1:-1], right, target))
    if isinstance(right, Ones):
        return target.make("sum", product(chain[:-1], target))
    return matmul(target.term(left), _acting(chain[1:-1], right, target))


def _acting(operators: Sequence[Node], vector: Node, target: Target) -> Term:
    """Matrices that act on a vector, the nearest one first."""
    operators = [single for operator in operators for single in _factors(operator)]
    if isinstance(vector, Ones) and operators and _system(operators[-1], target) is None:
        *operators, nearest = operators
        turned = isinstance(nearest, T)
        array = target.term(flipped(nearest) if turned else nearest)
        value = target.make("sum columns" if turned else "sum rows", array, rank=1)
    else:
        value = target.term(vector)
    for operator in reversed(operators):
        value = _applied(operator, value, target)
    return value


def _factors(node: Node) -> list[Node]:
    """A product of matrices, or a small power of one, as its factors; also where it is transposed."""
    if isinstance(node, T) and isinstance(node.arg, MatPow | Mul):
        return [flipped(f) for f in reversed(_factors(node.arg))]
    if isinstance(node, Mul) and not any(is_scalar(f.shape) for f in node.factors):
        return [single for f in node.factors for single in _factors(f)]
    if (
        isinstance(node, MatPow)
        and isinstance(node.exponent, Num)
        and 0 < node.exponent.value <= MOST_FACTORS
    ):
        return [node.base] * int(node.exponent.value)
    if isinstance(node, MatPow) and isinstance(node.exponent, Neg):
        return _factors(MatPow(Inv(node.base), node.exponent.arg))
    return [node]


def _applied(operator: Node, value: Term, target: Target) -> Term:
    """One matrix times a value."""
    system = _system(operator, target)
    if system is not None:
        return target.make("solve", target.term(system), value, rank=value.rank)
    if isinstance(operator, Eye):
        return value
    if isinstance(operator, Call) and operator.name == "diag":
        scale = target.term(operator.args[0])
        return times(scale if value.rank == 1 else target.make("column", scale, rank=2), value)
    return matmul(target.term(operator), value)


def _system(node: Node, target: Target) -> Node | None:
    """The matrix of the linear system that an inverse stands for, unless the inverse itself is kept."""
    plain = node.arg if isinstance(node, T) else node
    if not isinstance(plain, Inv) or target.term(plain.arg) in target.kept:
        return None
    return flipped(plain.arg) if isinstance(node, T) else plain.arg


def _matrix(chain: Sequence[Node], target: Target) -> Term:
    """A product of matrices alone; where most are transposed, it is the transpose of a simpler one."""
    chain = [f for f in chain if not isinstance(f, Eye)] or [chain[0]]
    if 2 * sum(isinstance(f, T) for f in chain) > len(chain):
        return transpose(_straight([flipped(f) for f in reversed(chain)], target))
    return _straight(chain, target)


def _straight(chain: Sequence[Node], target: Target) -> Term:
    *before, last = chain
    if not before:
        return target.term(last)
    system = _system(last, target)
    if system is not None:  # M inv(N) is the transpose of the solution of a system with N.T
        turned = transpose(_straight(before, target))
        return transpose(target.make("solve", target.term(flipped(system)), turned, rank=2))
    for k, factor in enumerate(before):
        if _system(factor, target) is not None or (k == 0 and _is_diagonal(factor)):
            right = _applied(factor, _straight(chain[k + 1 :], target), target)
            return matmul(_straight(before[:k], target), right) if k else right
    value = target.term(chain[0])
    for factor in chain[1:]:
        value = _scaled(value, factor, target) if _is_diagonal(factor) else matmul(value, target.term(factor))
    return value


def _scaled(value: Term, diagonal: Node, target: Target) -> Term:
    assert isinstance(diagonal, Call)
    return times(value, target.term(diagonal.args[0]))  # one axis beside two scales the columns


def _is_diagonal(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "diag"
