"""Factoring: what all terms of a sum share, and then what some of them share, is written once.

A term is a number, powers of scalars, and a chain of matrices. Numbers and powers go to the front, the common
beginning and end of the chains to either side, a common elementwise factor beside the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from generator.expr.make import add, had, mul, neg, num
from generator.expr.match import children, find, with_children
from generator.expr.nodes import Add, Div, Eye, Had, Mul, Neg, Node, Pow, Product, Zero
from generator.expr.shapes import is_scalar
from generator.rules.coefficient import common, with_number
from generator.rules.fractions import UNIT, gathered, literal, pieces, powers_of
from generator.rules.ink import ink
from generator.rules.tidy import tidy

ONE = num(1)
REMEMBERED = 4096  # expressions: forms of one answer share most of their parts
IDENTITY = 2  # signs that an identity matrix made by factoring has to save besides its own
SHORT = 2  # factors of a chain that stands well above a fraction line


class Term(NamedTuple):
    """number · powers · chain; the chain of a scalar is empty."""

    number: Fraction
    powers: dict[Node, Node]
    chain: tuple[Node, ...]


@lru_cache(REMEMBERED)
def factored(e: Node) -> Node:
    """The expression with every sum in it factored, where that is not longer."""
    kids = children(e)
    done = tuple([factored(k) if k.PARTS else k for k in kids])
    if done != kids:
        e = tidy(with_children(e, done), collect=False)
    if not isinstance(e, Add):
        return e
    made = written(factored_sum(e))
    return made if ink(made) <= ink(e) else e


def shared_factors(e: Node, vary: frozenset[str]) -> Node | None:
    """AB + AC = A(B + C)."""
    made = factored(e)
    return None if made == e else made


def multiplied_out(e: Node, *, every: bool = True) -> Node:
    """The sum that a product with a sum in it is; without ``every`` only of sums with an identity."""
    if isinstance(e, Add):
        return add(*(multiplied_out(t, every=every) for t in e.terms))
    if isinstance(e, Neg):
        return neg(multiplied_out(e.arg, every=every))
    if not isinstance(e, Product):
        return e
    build = mul if isinstance(e, Mul) else had
    for k, f in enumerate(e.factors):
        if isinstance(f, Add) and (every or identities(f)):
            terms = [t.arg if isinstance(t, Neg) else t for t in f.terms]
            parts = [build(*e.factors[:k], t, *e.factors[k + 1 :]) for t in terms]
            done = [multiplied_out(p, every=every) for p in parts]
            return add(*(neg(p) if isinstance(t, Neg) else p for p, t in zip(done, f.terms, strict=True)))
    return e


def factored_sum(e: Add) -> Term:
    """A sum as a term: what all its terms share, times the sum of the rest."""
    terms = like_terms([taken_apart(t) for t in e.terms])
    if not terms:
        return Term(Fraction(0), {}, () if is_scalar(e.shape) else (Zero(e.shape),))
    if len(terms) == 1:
        return terms[0]
    number = common(t.number for t in terms)
    if number.denominator > 1 and any(t.number.denominator == 1 for t in terms):
        number = UNIT
    if all(t.number < 0 for t in terms):
        number = -number
    shared = shared_powers(terms)
    rest = [t._replace(number=t.number / number, powers=less(t.powers, shared)) for t in terms]
    return around(rest, Term(number, shared, ()))


def like_terms(terms: list[Term]) -> list[Term]:
    """Terms that differ in their numbers only, added up."""
    kept: list[Term] = []
    for t in terms:
        same = next((k for k, o in enumerate(kept) if (o.powers, o.chain) == (t.powers, t.chain)), None)
        if same is None:
            kept.append(t)
        else:
            kept[same] = t._replace(number=kept[same].number + t.number)
    return [t for t in kept if t.number]


def around(terms: list[Term], outer: Term) -> Term:
    """The common beginning, end or elementwise factor of the chains, around the sum of the rest."""
    found = [*_between_ends(terms, outer), *_beside_hadamard(terms, outer)]
    inner = grouped(terms)
    found.append(outer._replace(chain=_chain(inner)) if not is_scalar(inner.shape) else _scalar(outer, inner))
    return min(found, key=lambda t: cost(written(t)))


def cost(e: Node) -> int:
    """What a way of factoring is judged by."""
    return ink(e) + IDENTITY * identities(e)


def identities(e: Node) -> int:
    """How many identity matrices there are; one that is made by factoring has to pay for itself."""
    return len(find(e, Eye))


def _between_ends(terms: list[Term], outer: Term) -> Iterator[Term]:
    chains = [t.chain for t in terms]
    if chains[0] and len(terms) > 1 and len(set(chains)) == 1:
        numbers = sum_of([t._replace(chain=()) for t in terms])
        yield _scalar(outer, numbers)._replace(chain=chains[0])
        return
    first, last = shared_ends(chains)
    middles = [middle(c, first, last) for c in chains] if first + last else []
    if len({m.shape for m in middles}) == 1:
        inner = sum_of([t._replace(chain=_chain(m)) for t, m in zip(terms, middles, strict=True)])
        yield outer._replace(chain=(*chains[0][:first], inner, *chains[0][len(chains[0]) - last :]))


def _beside_hadamard(terms: list[Term], outer: Term) -> Iterator[Term]:
    beside = shared_hadamard([t.chain for t in terms])
    if beside:
        inner = sum_of([t._replace(chain=_chain(without(t.chain[0], beside))) for t in terms])
        yield outer._replace(chain=(had(inner, *beside),))


def sum_of(terms: list[Term]) -> Node:
    """The sum of terms that share neither numbers nor powers."""
    return written(around(terms, Term(UNIT, {}, ())))


def _scalar(outer: Term, inner: Node) -> Term:
    powers = dict(outer.powers)
    powers[inner] = add(powers[inner], ONE) if inner in powers else ONE
    return outer._replace(powers=powers)


def _chain(e: Node) -> tuple[Node, ...]:
    return e.factors if isinstance(e, Mul) else (e,)


def grouped(terms: list[Term]) -> Node:
    """The sum of terms, with those put together that share a beginning, an end or a number."""
    for key in (lambda t: t.chain[:1], lambda t: t.chain[-1:], lambda t: tuple(t.powers.items())):
        for t in terms:
            group = [k for k, o in enumerate(terms) if key(t) and key(o) == key(t)]
            if 1 < len(group) < len(terms):
                before = add(*(written(terms[k]) for k in group))
                inner = factored(before)
                if not isinstance(inner, Add) and identities(inner) <= identities(before):
                    rest = [o for k, o in enumerate(terms) if k not in group]
                    at = sum(k < group[0] for k in range(len(terms)) if k not in group)
                    return grouped([*rest[:at], taken_apart(inner), *rest[at:]])
    return add(*map(written, terms))


def arranged(e: Node) -> Node:
    """The expression with sums that do not begin with a minus sign, where there is another way."""
    kids = children(e)
    done = tuple([arranged(k) if k.PARTS else k for k in kids])
    e = with_children(e, done) if done != kids else e
    if not isinstance(e, Add):
        return e
    parts = [turned_round(e.terms[0], e), *e.terms[1:]]
    first = next((k for k, p in enumerate(parts) if not isinstance(p, Neg)), 0)
    return add(parts[first], *parts[:first], *parts[first + 1 :])


def turned_round(e: Node, whole: Node) -> Node:
    """−A(b − c) as A(c − b), unless b − c stands in another place too."""
    inner = e.arg if isinstance(e, Neg) else None
    for k, f in enumerate(inner.factors if isinstance(inner, Mul) else ()):
        if not isinstance(f, Add) or len(f.terms) > 2 or find(whole, Add).count(f) > 1:
            continue
        first, second = f.terms
        if isinstance(second, Neg):
            turned = add(second.arg, neg(first))
            return mul(*inner.factors[:k], turned, *inner.factors[k + 1 :])  # type: ignore[union-attr]
    return e


def taken_apart(e: Node) -> Term:
    """An expression as a term."""
    if isinstance(e, Neg):
        inner = taken_apart(e.arg)
        return inner._replace(number=-inner.number)
    factors = e.factors if isinstance(e, Mul) and not is_scalar(e.shape) else (e,)
    scalars = [f for f in factors if is_scalar(f.shape)]
    chain: list[Node] = []
    for f in factors:
        if isinstance(f, Div) and is_scalar(f.den.shape) and not is_scalar(f.shape):
            scalars.append(Div(ONE, f.den))
            f = f.num
        chain += [] if is_scalar(f.shape) else _chain(f)
    parts = [mul(*p) for p in pieces(tuple(chain))] if len(chain) > 2 else chain
    scalars += [p for p in parts if is_scalar(p.shape)]
    kept = tuple(g for p in parts if not is_scalar(p.shape) for g in _chain(p))
    return _times(Term(UNIT, {}, kept), scalars)


def _times(term: Term, scalars: list[Node]) -> Term:
    known = [Pow(b, p) for b, p in term.powers.items()]
    number, powers = powers_of([num(term.number), *known, *scalars])
    return term._replace(number=number, powers=powers)


def written(t: Term) -> Node:
    """A term as it is written."""
    more, front = gathered([Pow(b, p) for b, p in t.powers.items()])
    number = t.number if more is UNIT else t.number * more
    size = -number if number.numerator < 0 else number
    if len(front) == 1 and isinstance(front[0], Div):
        front, size = [with_number(size, front[0])], Fraction(1)
    over = front[0] if front else None
    plain = not any(isinstance(f, Add) for f in t.chain)
    if isinstance(over, Div) and over.num == ONE and 0 < len(t.chain) <= SHORT and plain:
        whole: Node = Div(mul(*t.chain), over.den)
    else:
        whole = mul(*(() if size == 1 and (front or t.chain) else (num(size),)), *front, *t.chain)
    return neg(whole) if number.numerator < 0 else whole


def shared_powers(terms: list[Term]) -> dict[Node, Node]:
    """The powers that are in all terms: of each base the exponent that is nearest to zero."""
    found: dict[Node, Node] = {}
    for base, p in terms[0].powers.items():
        ps = [t.powers.get(base) for t in terms]
        values = [literal(q) for q in ps if q is not None]
        known = [v for v in values if v is not None]
        if len(known) == len(terms) and (min(known) > 0 or max(known) < 0):
            found[base] = num(min(known, key=abs))
        elif None not in ps and len(set(ps)) == 1:
            found[base] = p
    return found


def less(powers: dict[Node, Node], shared: dict[Node, Node]) -> dict[Node, Node]:
    """The powers without the shared ones."""
    return powers_of(
        [Pow(b, p) for b, p in powers.items()] + [Div(ONE, Pow(b, p)) for b, p in shared.items()]
    )[1]


def shared_ends(chains: list[tuple[Node, ...]]) -> tuple[int, int]:
    """How many factors all chains share at their beginning, and then at their end."""
    shortest = min(map(len, chains))

    def count(rows: list[tuple[Node, ...]]) -> int:
        columns = zip(*rows, strict=False)
        return next((k for k, column in enumerate(columns) if len(set(column)) > 1), shortest)

    first = count(chains)
    return first, min(count([c[::-1] for c in chains]), shortest - first)


def middle(chain: tuple[Node, ...], first: int, last: int) -> Node:
    """What is left of a chain between its ends: an identity where that is nothing."""
    rest = chain[first : len(chain) - last]
    return mul(*rest) if rest else Eye(chain[-last].shape[0] if last else chain[first - 1].shape[1])


def shared_hadamard(chains: list[tuple[Node, ...]]) -> list[Node]:
    """The elementwise factors that all chains share, where each is one elementwise product."""
    if not all(len(c) == 1 and isinstance(c[0], Had) for c in chains):
        return []
    first, *others = ([*c[0].factors] for c in chains)  # type: ignore[attr-defined]
    found: list[Node] = []
    for f in first:
        found += [f] * all(o.count(f) > found.count(f) for o in others)
    return found if all(len(c[0].factors) > len(found) for c in chains) else []  # type: ignore[attr-defined]


def without(e: Node, factors: list[Node]) -> Node:
    """An elementwise product without some of its factors."""
    left = list(e.factors) if isinstance(e, Had) else [e]
    for f in factors:
        left.remove(f)
    return had(*left)
