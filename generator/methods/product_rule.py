"""The product rule for inner products: ∇(uᵀv) = J_uᵀ v + J_vᵀ u, proved or cited, and then applied."""

from __future__ import annotations

from dataclasses import dataclass

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Partial
from generator.expr.make import add, mul, num, t
from generator.expr.match import depends, substitute
from generator.expr.nodes import Div, Eye, Mul, Node, Norm, Pow, Sym, T
from generator.expr.shapes import is_column, is_scalar
from generator.methods import chain_factors, frame, partials, product_proof
from generator.methods.chain_stages import Stage, kind
from generator.methods.lemma import Lemma
from generator.methods.naming import fresh
from generator.methods.present import transpose_pass
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.tidy import tidy

LETTERS = ("u", "u", "U")


@dataclass
class Product:
    """A problem whose function is a multiple of uᵀv; ``names`` are those that the telling gives."""

    problem: Problem
    scale: Node | None
    u: Node
    v: Node
    names: tuple[tuple[Sym, Node], ...]
    story: Story

    @property
    def head(self) -> Node:
        """The gradient that is asked for."""
        return frame.gradient_of(self.problem)

    def scaled(self, e: Node) -> Node:
        """Something times the constant before the product."""
        return e if self.scale is None else mul(self.scale, e)

    def slope(self, factor: Node) -> Node:
        """The Jacobian of a factor, as it is written."""
        x, layout = self.problem.wrt[0], self.problem.layout
        if isinstance(factor, App) and factor.args == (x,):
            return Jac(factor.fun, factor.args, layout)
        return Partial(factor, x, layout)

    def term(self, slope: Node, other: Node) -> Node:
        """J_uᵀ v as the layout writes it."""
        layout = self.problem.layout
        if is_scalar(other.shape):
            return mul(slope, other)
        if layout.gradient == "row":
            return mul(T(other), slope)
        return mul(slope if layout.jacobian == "denominator" else T(slope), other)

    @property
    def rule(self) -> Node:
        """J_uᵀ v + J_vᵀ u."""
        terms = (self.term(self.slope(a), b) for a, b in ((self.u, self.v), (self.v, self.u)))
        return self.scaled(add(*terms))


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = ()) -> Derivation:
    """The gradient of an inner product of two parts that both depend on the variable.

    Raises:
        NotDerivable: the function is no such product, or the variable is no vector.
    """
    told = product(problem)
    name_factors(told)
    general = next((lemma for lemma in lemmas if is_general(lemma)), None)
    if general is None:
        product_proof.prove(told)
    else:
        cite(told, general)
    answer = with_jacobians(told)
    idea = Say("{0} is a product of two functions of {1}: differentiate one at a time.",
               (problem.function, problem.wrt[0]))  # fmt: skip
    return frame.derivation(problem, "product", told.story, answer, idea, told.names)


def product(problem: Problem) -> Product:
    """The two factors, with names where they are more than a symbol or a function of the variable."""
    x = problem.wrt[0]
    vary = frozenset({x.name})
    found = factors(problem.body, vary) if len(problem.wrt) == 1 and is_column(x.shape) else None
    if found is None or not all(depends(e, vary) and is_vector(e) for e in found[1:]):
        by = " and ".join(s.name for s in problem.wrt)
        told = f"{problem.function.name} is no inner product of two parts that both depend on {by}"
        raise NotDerivable(told, hint="use --method differential")
    scale, u, v = found
    used = {*problem.symbols, *problem.functions, problem.function.name, problem.answer_symbol.name}
    named: dict[Node, Sym] = {}
    for part in dict.fromkeys((u, v)):
        if part != x and not (isinstance(part, App) and part.args == (x,)):
            named[part] = Sym(fresh(LETTERS, part, used), part.shape)
            used.add(named[part].name)
    names = tuple((sym, part) for part, sym in named.items())
    return Product(problem, scale, named.get(u, u), named.get(v, v), names, Story())


def is_vector(e: Node) -> bool:
    """Whether an expression is a column or a number."""
    return is_column(e.shape) or is_scalar(e.shape)


def factors(e: Node, vary: frozenset[str]) -> tuple[Node | None, Node, Node] | None:
    """A constant (or nothing), u and v of c uᵀv; ``None`` where an expression has no such form."""
    match e:
        case Pow(base=Norm(p=None) as norm) if e.exponent == num(2):
            return None, norm.arg, norm.arg
        case Div() if is_scalar(e.shape) and not depends(e.den, vary):
            inner = factors(e.num, vary)
            return inner and (mul(*filter(None, (Div(num(1), e.den), inner[0]))), *inner[1:])
        case Mul() if is_scalar(e.shape):
            scalars = [f for f in e.factors if is_scalar(f.shape)]
            constants = [f for f in scalars if not depends(f, vary)]
            live, chain = [f for f in scalars if f not in constants], e.factors[len(scalars) :]
            scale = mul(*constants) if constants else None
            if len(live) == 2 and not chain:
                return scale, live[0], live[1]
            if len(live) == 1 and constants and not chain:
                inner = factors(live[0], vary)
                return inner and (mul(*filter(None, (scale, inner[0]))), *inner[1:])
            if not live and len(chain) > 1 and not any(is_scalar(f.shape) for f in chain):
                return scale, t(chain[0]), mul(*chain[1:])
    return None


def inner(u: Node, v: Node) -> Node:
    """uᵀv, or the product of two numbers."""
    return mul(u, v) if is_scalar(u.shape) else mul(T(u), v)


def name_factors(told: Product) -> None:
    """Define the names of the factors."""
    if not told.names:
        return
    told.story.step("Name the factors")
    for sym, part in told.names:
        told.story.line(sym, part, mode="definition")
    told.story.line(partials.value_of(told.problem), told.scaled(inner(told.u, told.v)), "substitution")


# --- the rule ---------------------------------------------------------------------------------------


def is_general(lemma: Lemma) -> bool:
    """Whether an earlier problem is the rule itself: the gradient of f(x)ᵀg(x) for abstract f and g."""
    x = lemma.wrt
    found = factors(lemma.body, frozenset({x.name}))
    return found is not None and all(isinstance(e, App) and e.args == (x,) for e in found[1:])


def cite(told: Product, lemma: Lemma) -> None:
    """Use the rule that an earlier problem has proved."""
    story, u, v, layout = told.story, told.u, told.v, told.problem.layout
    found = factors(lemma.body, frozenset({lemma.wrt.name}))
    assert found is not None
    f, g = (e.fun.name for e in found[1:] if isinstance(e, App))
    numbers = is_scalar(u.shape) and is_column(found[1].shape)
    how = [", for vectors with one entry"] if numbers else []
    if [e.fun.name for e in (u, v) if isinstance(e, App)] != [f, g]:
        both = f"{{0}} for both {f} and {g}" if u == v else f"{{0}} for its {f} and {{1}} for its {g}"
        how.append(f", with {both}")
    story.step("Use the product rule")
    story.say(f"This is the inner product of {lemma.label}{''.join(how)}.", *dict.fromkeys((u, v)))
    if numbers and layout.gradient == "column" and layout.jacobian == "numerator":
        story.say("The Jacobian of a number is a single row, and its transpose is the gradient:")
    story.line(told.head, told.rule, "an earlier result")


# --- its Jacobians ----------------------------------------------------------------------------------


def with_jacobians(told: Product) -> Node:
    """Put in the Jacobians of factors that have a formula, and work the sum out."""
    story, now = told.story, told.rule
    formulas: dict[Node, Node] = dict(told.names)
    known: dict[Node, Node] = {}
    for factor in dict.fromkeys((told.u, told.v)):
        if isinstance(factor, App):
            continue
        story.step(f"The Jacobian of {factor.name}" if isinstance(factor, Sym) else "A Jacobian")
        known[told.slope(factor)] = jacobian(told, factor, formulas.get(factor))
    if known:
        story.step("Put the Jacobians in")
        story.line(told.head, substitute(now, known), "substitution")
        now = substitute(now, known)
    now = worked_out(told, now)
    if any(depends(now, frozenset({sym.name})) for sym, _ in told.names):
        story.step("Put the names back in")
        story.line(told.head, now, "identification")
        now = tidy(substitute(now, formulas), collect=False)
        story.line(told.head, now, "substitution")
        now = worked_out(told, now)
    final = factored(tidy(now))
    if final != now:
        story.line(told.head, final, "collect")
    return final


def jacobian(told: Product, factor: Node, body: Node | None) -> Node:
    """The Jacobian of a factor with a formula; that of the variable is the identity."""
    x, story = told.problem.wrt[0], told.story
    if body is None:
        story.line(told.slope(factor), Eye(x.shape[0]), "identification")
        return Eye(x.shape[0])
    assert isinstance(factor, Sym)
    stage = Stage(factor, body, (x,), kind(body, (x,)))
    f = chain_factors.factor(stage, told.problem.layout)
    return chain_factors.tell(story, stage, f, told.problem, (stage, stage))


def worked_out(told: Product, now: Node) -> Node:
    """Transposes of products pushed in, and what then is plain arithmetic."""
    while True:
        turned = transpose_pass(now, frozenset())
        new = tidy(turned, collect=False)
        if new == now:
            return now
        told.story.line(told.head, new, "collect" if turned == now else "transpose of a product")
        now = new
