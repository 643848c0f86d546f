"""Moves that bring one term of a stacked differential into the form C vec(dX) or C dx: one law a move.

A term is a column: a product with a vec at its end, or the differential of a vector-valued function.
``stacking`` looks at the part that holds the differential and takes the outermost operation around it out of
the vec.
"""

from __future__ import annotations

from generator.expr.calculus import D
from generator.expr.make import had, mul, neg, num, vec
from generator.expr.nodes import Call, Div, Eye, Had, Mul, Neg, Node, Ones, T
from generator.expr.shapes import ONE, is_column, is_matrix, is_one, is_scalar
from generator.methods.combine import next_move, solved
from generator.methods.moves import Move, as_hadamard, has_d, kronecker_of_columns, peel, transposed
from generator.rules.kronecker import vec_of_kronecker, vec_of_product, vec_of_transpose
from generator.rules.nary import scalars_out


def differential(e: Node) -> bool:
    """Whether this is vec(dX), or dx."""
    inner = e.args[0] if isinstance(e, Call) and e.name == "vec" else e
    return isinstance(inner, D)


def coefficient(term: Node) -> Node | None:
    """C where a term is C vec(dX) or C dx already; ``None`` where it is not yet."""
    if isinstance(term, Neg):
        inner = coefficient(term.arg)
        return None if inner is None else neg(inner)
    if differential(term):
        return Eye(term.shape[0])
    if not (isinstance(term, Mul) and differential(term.factors[-1])):
        return None
    rest = term.factors[:-1]
    if any(map(has_d, rest)):
        return None
    square = all(is_scalar(f.shape) for f in rest)
    return mul(*rest, Eye(term.shape[0])) if square else mul(*rest)


def stacking(term: Node) -> Move | None:
    """One move on a term, or ``None`` where it is done or no law fits."""
    if not has_d(term) or coefficient(term) is not None:
        return None
    if isinstance(term, Neg):
        inner = stacking(term.arg)
        return None if inner is None else Move(inner.rule, neg(inner.result))
    if isinstance(term, Div) and is_scalar(term.den.shape):
        if is_scalar(term.num.shape):
            return None
        return Move("numbers commute", mul(Div(num(1), term.den), term.num))
    if not isinstance(term, Mul):
        return _stacked(term)
    scalars = [f for f in term.factors if is_scalar(f.shape)]
    chain = [f for f in term.factors if not is_scalar(f.shape)]
    live = next((f for f in scalars if has_d(f)), None)
    if live is not None:
        return _scalar_factor(live, [f for f in term.factors if f is not live])
    if has_d(chain[-1]):
        inner = _stacked(chain[-1])
        return None if inner is None else Move(inner.rule, mul(*scalars, *chain[:-1], inner.result))
    inner = _in_chain(chain)
    return None if inner is None else Move(inner.rule, mul(*scalars, inner.result))


def _stacked(e: Node) -> Move | None:
    """A move on vec(Y), or on a column."""
    if isinstance(e, Call) and e.name == "vec":
        out = scalars_out(e, frozenset())
        return Move("scalars leave vec", out) if out is not None else _vec(e, e.args[0])
    if isinstance(e, Call) and e.name == "diagonal":
        return _diagonal(e.args[0])
    if isinstance(e, Call) and e.name == "kron" and is_column(e.shape):
        return kronecker_of_columns(e)
    if isinstance(e, Had):
        live, rest = _apart(e)
        return Move("inner product of Hadamard factors", mul(Call("diag", (rest,)), live))
    if isinstance(e, Div) and not is_scalar(e.den.shape):
        return Move("quotient as a Hadamard product", as_hadamard(e))
    return None


def _vec(e: Node, y: Node) -> Move | None:
    """A move on vec(Y), by what Y is."""
    if isinstance(y, Had):
        live, rest = _apart(y)
        return Move("vec of a Hadamard product", mul(Call("diag", (vec(rest),)), vec(live)))
    if isinstance(y, Div):
        return Move("quotient as a Hadamard product", vec(as_hadamard(y)))
    if isinstance(y, Call) and y.name == "diag":
        outer = mul(y.args[0], T(Ones((y.shape[0], ONE))))
        return Move("diagonal matrix as a Hadamard product", vec(had(Eye(y.shape[0]), outer)))
    if isinstance(y, Call) and y.name == "kron":
        made = vec_of_kronecker(e, frozenset())
        return None if made is None else Move("vec of a Kronecker product", made)
    if isinstance(y, T):
        if not isinstance(y.arg, D):
            return Move("transpose of a product", vec(transposed(y.arg)))
        made = vec_of_transpose(e, frozenset())
        return None if made is None else Move("vec of a transpose", made)
    if isinstance(y, Mul):
        scaled = _scaled(y)
        if scaled is not None:
            return scaled
        made = vec_of_product(e, frozenset())
        return None if made is None else Move("vec of a product", made)
    return None


def _apart(e: Had) -> tuple[Node, Node]:
    """The factor that holds the differential, and the product of the others."""
    k = next(j for j, f in enumerate(e.factors) if has_d(f))
    return e.factors[k], had(*e.factors[:k], *e.factors[k + 1 :])


def _scaled(y: Mul) -> Move | None:
    """A product with a diagonal matrix at one end: its rows or columns are scaled."""
    first, last = y.factors[0], y.factors[-1]
    if isinstance(first, Call) and first.name == "diag" and has_d(first):
        rest = mul(*y.factors[1:])
        outer = mul(first.args[0], T(Ones((rest.shape[1], ONE))))
        return Move("a diagonal matrix scales rows", vec(had(rest, outer)))
    if isinstance(last, Call) and last.name == "diag" and has_d(last):
        rest = mul(*y.factors[:-1])
        outer = mul(Ones((rest.shape[0], ONE)), transposed(last.args[0]))
        return Move("a diagonal matrix scales columns", vec(had(rest, outer)))
    return None


def _in_chain(chain: list[Node]) -> Move | None:
    """A column P f q with the differential inside: it goes to the right end."""
    k = next(j for j, f in enumerate(chain) if has_d(f))
    f, before, after = chain[k], chain[:k], chain[k + 1 :]
    cut = next((j for j in range(1, len(after)) if is_one(after[j].shape[0])), None)
    if cut is not None:
        return Move("numbers commute", Mul((mul(*after[cut:]), *chain[: k + 1 + cut])))
    if is_matrix(f.shape):
        if isinstance(f, Call) and f.name == "diag":
            return Move("a diagonal matrix scales", mul(*before, had(mul(*after), f.args[0])))
        made = vec_of_product(Mul(tuple(chain)), frozenset())
        return None if made is None else Move("vec of a product", made)
    if is_one(f.shape[1]):
        return Move("numbers commute", mul(mul(*after), *before, f))
    return Move("a number equals its transpose", mul(*before, transposed(mul(f, *after))))


def _diagonal(y: Node) -> Move | None:
    """The diagonal of a product is a vector of row sums."""
    if isinstance(y, T):
        return Move("transpose of a product", Call("diagonal", (y.arg,)))
    if not isinstance(y, Mul):
        n = y.shape[0]
        return Move("diagonal as row sums", mul(had(Eye(n), y), Ones((n, ONE))))
    k = next(j for j, f in enumerate(y.factors) if has_d(f))
    cut = k + 1 if k + 1 < len(y.factors) else k
    left, right = mul(*y.factors[:cut]), transposed(mul(*y.factors[cut:]))
    return Move("diagonal of a product", mul(had(left, right), Ones((left.shape[1], ONE))))


def _scalar_factor(s: Node, rest: list[Node]) -> Move | None:
    """A number that holds the differential, times a constant column: the number goes to the right end."""
    if solved(s) is None:
        step = next_move(s)
        return None if step is None else Move(step[0].rule, mul(*rest, step[0].result))
    wrap, core = peel(s)
    if isinstance(core, Call) and core.name == "tr":
        inner = core.args[0]
        front = mul(*inner.factors[:-1]) if isinstance(inner, Mul) else Eye(inner.shape[0])
        last = inner.factors[-1] if isinstance(inner, Mul) else inner
        row = mul(T(vec(transposed(front))), vec(last))
        return Move("trace as an inner product", mul(wrap(num(1)), *rest, row))
    return Move("numbers commute", mul(wrap(num(1)), *rest, core))
