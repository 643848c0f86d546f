"""The SymPy bridge for scalar work: exact roots, simplification and signs. The only file that imports sympy.

What comes back is checked elsewhere like everything that is printed; what SymPy cannot do is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from generator.errors import NotDerivable
from generator.expr.make import add, mul, neg, num
from generator.expr.match import walk
from generator.expr.nodes import Add, Call, Div, Entry, Mul, Neg, Node, Num, Pow, Sym
from generator.expr.shapes import is_scalar

if TYPE_CHECKING:
    import sympy

HIGHEST_DEGREE = 4  # of an equation: roots beyond that have no formula
MOST_UNKNOWNS = 3
LARGEST = 40  # nodes of a coordinate that is still worth printing
FUNCTIONS = ("exp", "log", "sin", "cos", "tanh", "sqrt")


class Bridge:
    """Scalar expressions as SymPy's and back; symbols and entries of vectors are real symbols there."""

    def __init__(self, *nodes: Node) -> None:
        import sympy

        self.sympy = sympy
        leaves = [
            e for node in nodes for _, e in walk(node) if isinstance(e, Sym | Entry) and is_scalar(e.shape)
        ]
        self.symbols: dict[Node, Any] = {}
        for k, leaf in enumerate(dict.fromkeys(leaves)):
            base = leaf.base if isinstance(leaf, Entry) else leaf
            positive = True if isinstance(base, Sym) and "positive" in base.assume else None
            self.symbols[leaf] = sympy.Symbol(f"x{k}", real=True, positive=positive)
        self.back: dict[Any, Node] = {s: leaf for leaf, s in self.symbols.items()}

    def into(self, e: Node) -> sympy.Expr:
        """The expression as SymPy's.

        Raises:
            NotDerivable: it is not made of numbers, symbols, arithmetic and known functions.
        """
        if e in self.symbols:
            return self.symbols[e]
        match e:
            case Num(value=v):
                return self.sympy.Rational(v.numerator, v.denominator)
            case Add():
                return self.sympy.Add(*map(self.into, e.terms))
            case Mul():
                return self.sympy.Mul(*map(self.into, e.factors))
            case Neg():
                return -self.into(e.arg)
            case Div():
                return self.into(e.num) / self.into(e.den)
            case Pow():
                return self.into(e.base) ** self.into(e.exponent)
            case Call(order=0) if e.name in FUNCTIONS:
                return getattr(self.sympy, e.name)(self.into(e.args[0]))
        raise NotDerivable(f"exact algebra does not know a {type(e).__name__} in this place")

    def out(self, value: sympy.Expr) -> Node:  # noqa: C901 - a table of SymPy's classes
        """SymPy's expression as ours; a power with a negative exponent is a quotient.

        Raises:
            NotDerivable: it has no form here.
        """
        if value in self.back:
            return self.back[value]
        if value.is_Rational:
            return num(Fraction(int(value.p), int(value.q)))
        if value.is_Add and not (value.is_number and value.as_numer_denom()[1] != 1):
            terms = value.as_ordered_terms()
            if value.is_number:
                terms.sort(key=lambda t: not t.is_Rational)
            return add(*map(self.out, terms))
        if value.could_extract_minus_sign():
            return neg(self.out(-value))
        if isinstance(value, self.sympy.exp) and not value.is_number:
            return Call("exp", (self.out(value.args[0]),))
        above, below = value.as_numer_denom()
        if below != 1:
            return Div(self.out(above), self.out(below))
        if value.is_Mul:
            return mul(*map(self.out, value.as_ordered_factors()))
        if value.is_Pow:
            if value.exp == self.sympy.Rational(1, 2):
                return Call("sqrt", (self.out(value.base),))
            return Pow(self.out(value.base), self.out(value.exp))
        if value == self.sympy.E:
            return Call("exp", (num(1),))
        name = type(value).__name__
        if name in FUNCTIONS:
            return Call(name, (self.out(value.args[0]),))
        raise NotDerivable("an exact value has no form that could be printed")

    def product(self, value: sympy.Expr) -> sympy.Expr:
        """A factored form; exponentials are left as they stand."""
        whole = {e: self.sympy.Dummy(positive=True) for e in value.atoms(self.sympy.exp)}
        for e, name in whole.items():
            self.back[name] = self.out(e)
        return self.sympy.factor(value.xreplace(whole))


def simplified(e: Node) -> Node:
    """A shorter exact form of a scalar expression."""
    bridge = Bridge(e)
    return bridge.out(bridge.sympy.simplify(bridge.into(e)))


def expanded(e: Node) -> Node:
    """A scalar expression multiplied out, like terms collected; powers and functions keep their sums."""
    bridge = Bridge(e)
    return bridge.out(bridge.sympy.expand(bridge.into(e), power_base=False, power_exp=False, log=False))


def shortened(e: Node) -> Node:
    """A factored form where that is clearly shorter, otherwise the expression as it is."""
    try:
        bridge = Bridge(e)
        new = bridge.out(bridge.product(bridge.into(e)))
    except NotDerivable:
        return e
    return new if 4 * _size(new) <= 3 * _size(e) else e


def _size(e: Node) -> int:
    return sum(1 for _ in walk(e))


def factored(e: Node) -> Node | None:
    """A polynomial as a product of factors, or ``None`` where it has only one."""
    bridge = Bridge(e)
    product = bridge.product(bridge.into(e))
    several = product.is_Mul and sum(not f.is_number for f in product.args) > 1
    return bridge.out(product) if several else None


def difference_quotient(e: Node, x: Node, h: Sym, at: int | None = None) -> tuple[Node, Node]:
    """The change of a polynomial as x grows by h, multiplied out; and the same divided by h.

    The second may be asked for at a value of h.

    Raises:
        NotDerivable: the expression is no polynomial in x.
    """
    bridge = Bridge(e, x, h)
    value, step, by = bridge.into(e), bridge.symbols[h], bridge.symbols[x]
    if not value.is_polynomial(by):
        raise NotDerivable("a difference quotient is worked out for polynomials only")
    change = bridge.sympy.expand(value.subs(by, by + step) - value)
    rate = bridge.sympy.expand(change / step)
    return bridge.out(change), bridge.out(rate if at is None else rate.subs(step, at))


def sign(e: Node) -> int | None:
    """The sign of a scalar expression under the assumptions on its symbols; ``None`` where it is open."""
    bridge = Bridge(e)
    value = bridge.sympy.factor(bridge.sympy.simplify(bridge.into(e)))
    if value.is_zero:
        return 0
    return 1 if value.is_positive else -1 if value.is_negative else None


def solve(equations: Sequence[Node], unknowns: Sequence[Node]) -> list[tuple[Node, ...]]:
    """All real points at which the equations ``e = 0`` hold, in increasing order where they are numbers.

    Raises:
        NotDerivable: the equations are not polynomials of small degree in few unknowns (up to factors that
            never vanish), or the points are not isolated or have no short form.
    """
    bridge = Bridge(*equations, *unknowns)
    sympy, xs = bridge.sympy, [bridge.symbols[x] for x in unknowns]
    whole = [bridge.into(e) for e in equations]
    system = [_polynomial(sympy, e, xs) for e in whole]
    found = sympy.solve([p for p in system if p != 0], xs, dict=True)
    points = []
    for solution in found:
        values = [sympy.simplify(solution.get(x, x)) for x in xs]
        if any(v.free_symbols & set(xs) for v in values):
            raise NotDerivable("the points where the gradient vanishes are not isolated")
        if all(v.is_real for v in values) and _defined(sympy, whole, dict(zip(xs, values, strict=True))):
            points.append(values)
    if all(v.is_number for values in points for v in values):
        points.sort(key=lambda values: [float(v) for v in values])
    told = [tuple(map(bridge.out, values)) for values in points]
    if any(_size(v) > LARGEST for values in told for v in values):
        raise NotDerivable("the points where the gradient vanishes have no short exact form")
    return told


def _polynomial(sympy: Any, e: Any, xs: list[Any]) -> Any:
    """The numerator of an equation, without factors exp(…), which never vanish."""
    if len(xs) > MOST_UNKNOWNS:
        raise NotDerivable(f"gradient = 0 is solved for at most {MOST_UNKNOWNS} unknowns")
    product = sympy.factor(sympy.fraction(sympy.together(e))[0])
    kept = sympy.Mul(*(f for f in sympy.Mul.make_args(product) if not isinstance(f, sympy.exp)))
    if not kept.is_polynomial(*xs):
        raise NotDerivable("gradient = 0 is solved only where it is a system of polynomials")
    if sympy.Poly(kept, *xs).total_degree() > HIGHEST_DEGREE:
        raise NotDerivable(f"gradient = 0 is solved up to degree {HIGHEST_DEGREE} only")
    return kept


def _defined(sympy: Any, equations: list[Any], point: dict[Any, Any]) -> bool:
    """Whether the equations themselves, not only their numerators, hold at a point."""
    return all(sympy.simplify(e.subs(point)) == 0 for e in equations)
