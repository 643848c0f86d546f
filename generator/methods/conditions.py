"""Where a result holds: what must be invertible, positive or not zero, as far as it is not evident.

Each condition is one that nothing else in the list implies: where the argument of a logarithm is positive,
nobody says that it is not zero; where x is not zero, nobody says so of xᵀx.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from generator.derivation import Say
from generator.expr.calculus import D, Rel
from generator.expr.make import mul, num
from generator.expr.match import children, find
from generator.expr.nodes import Call, Div, Had, Inv, MatPow, Mul, Neg, Node, Norm, Num, Pow, Sym, T
from generator.expr.shapes import is_scalar, same
from generator.methods.signs import positive, positive_definite, quadratic
from generator.problem import Problem
from generator.rules.fractions import pieces
from generator.rules.tidy import tidy

Kind = Literal["invertible", "rank", "row rank", "positive", "not zero", "no kink", "above one"]
SENTENCES: dict[tuple[Kind, bool], str] = {
    ("invertible", False): "{0} must be invertible.",
    ("rank", False): "{0} must have full column rank.",
    ("row rank", False): "{0} must have full row rank.",
    ("positive", False): "{0} must be positive.",
    ("positive", True): "Every entry of {0} must be positive.",
    ("not zero", False): "{0} must not be zero.",
    ("not zero", True): "No entry of {0} may be zero.",
    ("no kink", False): "{0} must not be zero, because there is a kink.",
    ("no kink", True): "No entry of {0} may be zero, because there is a kink.",
    ("above one", False): "{0} must be greater than 1.",
}


WORDS = {"positive_definite": "positive definite", "orthogonal": "orthogonal", "positive": "positive"}


@dataclass(frozen=True)
class Need:
    """Something that has to hold of an expression, or of each of its entries."""

    kind: Kind
    of: Node
    entries: bool = False

    def implies(self, other: Need) -> bool:
        """Whether this condition makes another one superfluous."""
        if self == other:
            return False
        if self.of == other.of and other.kind in ("not zero", "no kink"):
            stronger = self.kind in ("positive", "no kink") or self.entries
            return stronger and not (other.entries and not self.entries)
        if self.kind == "above one":  # |x|ᵖ has a slope everywhere
            return other.kind == "positive" and isinstance(other.of, Call) and other.of.name == "abs"
        return self.kind == "positive" and other.kind == "invertible" and self.of == Call("det", (other.of,))


def conditions(problem: Problem, answer: Node, told: Iterable[Node] = ()) -> tuple[Say, ...]:
    """The conditions under which function and answer are defined and the derivation holds.

    ``told`` are the expressions of the derivation, in the given symbols: their inverses must exist, too.
    """
    used = (Need("invertible", e.arg) for line in told for e in find(line, Inv) if given(e, problem))
    asked = [*needs(problem.body, kinks=True), *needs(answer, kinks=False), *used]
    found = list(dict.fromkeys(n for need in asked for n in reduced(need)))
    kept = [n for n in found if not any(other.implies(n) for other in found)]
    known = dict.fromkeys(say for need in asked if (say := assured(need)) is not None)
    return (*(Say(SENTENCES[n.kind, n.entries], (n.of,)) for n in kept), *known)


def assured(need: Need) -> Say | None:
    """Why something holds that an operation asks for, where an assumption about other symbols assures it."""
    e = need.of
    reasons = [(s, word) for s in dict.fromkeys(find(e, Sym)) for word in WORDS if word in s.assume]
    if not reasons:
        return None
    settled = positive_definite(e) if need.kind == "invertible" else is_scalar(e.shape) and positive(e)
    if isinstance(e, Sym) and need.kind == "invertible":
        return Say(f"{{0}} is invertible, because it is {WORDS[reasons[0][1]]}.", (e,))
    form = quadratic(e)
    if not settled and form is not None and form[0] is not None and positive_definite(form[0]):
        what = "invertible" if need.kind == "invertible" else "positive"
        return Say(f"Then {{0}} is {what}, because {{1}} is positive definite.", (e, form[0]))
    if not settled or isinstance(e, Sym):
        return None
    said = " and ".join(f"{{{k}}} is {WORDS[word]}" for k, (_, word) in enumerate(reasons, 1))
    symbols = tuple(s for s, _ in reasons)
    if need.kind == "invertible":
        return Say(f"{{0}} is invertible, because {said}.", (e, *symbols))
    return Say(f"Here {{0}}, because {said}.", (Rel(num(0), "<", e), *symbols))


def given(e: Node, problem: Problem) -> bool:
    """Whether an expression is one of the symbols of the problem alone."""
    return not find(e, D) and all(problem.symbols.get(s.name) == s for s in find(e, Sym))


def needs(e: Node, *, kinks: bool) -> Iterator[Need]:
    """What each operation asks for to have a value; with ``kinks`` also what it asks for to be smooth."""
    match e:
        case Inv():
            yield Need("invertible", e.arg)
        case MatPow(exponent=Neg()):
            yield Need("invertible", e.base)
        case Call(name="logdet"):
            yield Need("invertible", e.args[0])
        case Call(name="log" | "sqrt"):
            yield _of("positive", e.args[0])
        case Call(name="abs" | "relu" | "sign") if kinks:
            yield _of("no kink", e.args[0])
        case Norm():
            yield from _norm(e, kinks)
        case Div():
            yield _of("not zero", e.den)
        case Pow(base=Norm(p=None), exponent=Num(value=p)) if p % 2 == 0:  # smooth everywhere
            yield from needs(e.base.arg, kinks=kinks)  # type: ignore[attr-defined]
            return
        case Pow():
            yield from _power(e)
    for k in children(e):
        yield from needs(k, kinks=kinks)


def _of(kind: Kind, e: Node) -> Need:
    return Need(kind, e, not is_scalar(e.shape))


def _norm(e: Norm, kinks: bool) -> Iterator[Need]:
    if e.p != num(1):
        yield Need("not zero", e.arg)
    elif kinks:
        yield _of("no kink", e.arg)
    if e.p is not None and not isinstance(e.p, Num):
        yield Need("above one", e.p)


def _power(e: Pow) -> Iterator[Need]:
    p = e.exponent.arg if isinstance(e.exponent, Neg) else e.exponent
    if not isinstance(p, Num) or p.value.denominator != 1:
        yield _of("positive", e.base)
    elif p is not e.exponent:
        yield _of("not zero", e.base)


def reduced(need: Need) -> Iterator[Need]:
    """What a condition comes down to: nothing where it is evident, otherwise conditions on the parts."""
    if not find(tidy(need.of), Sym):
        return
    if need.kind == "invertible":
        yield from _invertible(need)
    elif need.kind in ("positive", "not zero", "no kink"):
        yield from () if positive(need.of) else _sign(need)
    else:
        yield need


def _sign(need: Need) -> Iterator[Need]:
    """Of a number, or of every entry: that it is positive, or not zero."""
    e = need.of
    form = quadratic(e) if is_scalar(e.shape) and need.kind != "no kink" else None
    if form is not None and (form[0] is None or positive_definite(form[0])):
        yield from reduced(Need("not zero", form[1]))
        return
    if isinstance(e, Norm) and need.kind != "no kink":
        yield from reduced(Need("not zero", e.arg))
    elif need.kind == "positive" and isinstance(e, Pow) and not isinstance(e.exponent, Num | Neg):
        yield from reduced(Need("positive", e.base, need.entries))
    elif need.kind == "positive":
        yield need
    else:
        yield from _not_zero(need)


def _not_zero(need: Need) -> Iterator[Need]:
    e = need.of

    def also(part: Node, kind: Kind = need.kind) -> Iterator[Need]:
        return reduced(Need(kind, part, not is_scalar(part.shape) and (need.entries or kind != need.kind)))

    match e:
        case Pow() | T() | Neg() if need.kind == "not zero":
            yield from also(children(e)[0])
        case Mul() if is_scalar(e.shape) and len(parts := pieces(e.factors)) > 1:
            for part in parts:
                yield from also(mul(*part))
        case Had() if need.entries:
            for f in e.factors:
                yield from also(f)
        case Call(name="sqrt"):
            yield from also(e.args[0], "positive")
        case Call(name="det"):
            yield from reduced(Need("invertible", e.args[0]))
        case _:
            yield need


def _invertible(need: Need) -> Iterator[Need]:
    e = need.of
    if positive_definite(e) or (isinstance(e, Sym) and e.assume & {"invertible", "orthogonal"}):
        return
    form = quadratic(e)
    match e:
        case Inv() | T() | MatPow() | Neg():
            yield from reduced(Need("invertible", children(e)[0]))
        case Call(name="diag"):
            yield from reduced(Need("not zero", e.args[0], entries=True))
        case Call(name="kron") if all(same(*part.shape) for part in e.args):
            for part in e.args:
                yield from reduced(Need("invertible", part))
        case Mul() if all(is_scalar(f.shape) or same(*f.shape) for f in e.factors):
            for f in e.factors:
                yield from reduced(Need("not zero" if is_scalar(f.shape) else "invertible", f))
        case Mul() if form is not None and (form[0] is None or positive_definite(form[0])):
            turned = isinstance(form[1], T)
            yield Need("row rank" if turned else "rank", children(form[1])[0] if turned else form[1])
        case _:
            yield need
