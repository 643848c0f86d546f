"""Where a result holds: what must be invertible, positive or non-zero, as far as it is not evident."""

from __future__ import annotations

from collections.abc import Iterator

from generator.derivation import Say
from generator.expr.match import find
from generator.expr.nodes import Add, Call, Div, Eye, Had, Inv, Mul, Node, Norm, Num, Ones, Pow, Sym, T
from generator.expr.shapes import is_scalar
from generator.problem import Problem


def conditions(problem: Problem, answer: Node) -> tuple[Say, ...]:
    """The conditions under which function and answer are defined and the derivation holds."""
    found = [said for e in (problem.body, answer) for said in (*_inverses(e), *_kinks(e), *_zeros(e))]
    return tuple(dict.fromkeys(found))


def positive(e: Node) -> bool:
    """Whether an expression is evidently positive."""
    match e:
        case Num():
            return e.value > 0
        case Sym():
            return "positive" in e.assume
        case Call(name="exp" | "sigmoid"):
            return True
        case Add():
            return all(map(nonnegative, e.terms)) and any(map(positive, e.terms))
        case Mul() | Had() if is_scalar(e.shape) or isinstance(e, Had):
            return all(map(positive, e.factors))
        case Div():
            return positive(e.num) and positive(e.den)
        case Pow():
            return positive(e.base)
        case Ones():
            return True
    return False


def nonnegative(e: Node) -> bool:
    """Whether an expression is evidently not negative."""
    match e:
        case Norm() | Call(name="abs" | "sqrt" | "relu"):
            return True
        case Pow(exponent=Num(value=p)) if p % 2 == 0:
            return True
        case Mul(factors=(T(arg=a), b)):
            return a == b and is_scalar(e.shape)
        case Add():
            return all(map(nonnegative, e.terms))
    return positive(e)


def _inverses(e: Node) -> Iterator[Say]:
    inverted = [n.arg for n in find(e, Inv)] + [n.args[0] for n in find(e, Call) if n.name == "logdet"]
    for arg in inverted:
        known = isinstance(arg, Sym) and arg.assume & {"invertible", "positive_definite", "orthogonal"}
        if not known and not isinstance(arg, Eye):
            yield Say("{0} must be invertible.", (arg,))


def _kinks(e: Node) -> Iterator[Say]:
    for call in find(e, Call):
        arg = call.args[0]
        every = "" if is_scalar(arg.shape) else "Every entry of "
        if call.name in ("log", "sqrt") and not positive(arg):
            yield Say(every + "{0} must be positive.", (arg,))
        elif call.name in ("abs", "relu", "sign"):
            yield Say((every or "") + "{0} must not be zero, because there is a kink.", (arg,))


def _zeros(e: Node) -> Iterator[Say]:
    squares = {p.base for p in find(e, Pow) if isinstance(p.exponent, Num) and p.exponent.value % 2 == 0}
    for norm in find(e, Norm):
        if norm not in squares:
            yield Say("{0} must not be zero.", (norm.arg,))
    for den in (base for quotient in find(e, Div) for base in _bases(quotient.den)):
        if find(den, Sym) and not positive(den) and not find(den, Norm):
            scalar = is_scalar(den.shape)
            yield Say("{0} must not be zero." if scalar else "No entry of {0} may be zero.", (den,))


def _bases(e: Node) -> Iterator[Node]:
    """What must not vanish for a product of powers not to."""
    if isinstance(e, Pow):
        yield from _bases(e.base)
    elif isinstance(e, Had) or (isinstance(e, Mul) and all(is_scalar(f.shape) for f in e.factors)):
        for f in e.factors:
            yield from _bases(f)
    else:
        yield e
