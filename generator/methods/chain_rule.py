"""The chain rule itself: why the effects add up, and the product of Jacobians in the order of the layout."""

from __future__ import annotations

from generator.expr.calculus import App, Dims, Group, Partial, Rel, Sum, Under
from generator.expr.layout import Layout
from generator.expr.make import add, mul, num
from generator.expr.nodes import Entry, Mul, Node, Sym, T
from generator.expr.shapes import Dim, Dimension, is_column, is_scalar, resolve
from generator.methods import chain_factors
from generator.methods.bound import Letters
from generator.methods.chain_factors import oriented
from generator.methods.chain_stages import Stage
from generator.methods.lemma import Lemma
from generator.methods.story import Story
from generator.problem import Problem

Way = tuple[Stage, ...]
MOST_WRITTEN_OUT = 4  # a sum over so many entries is written out


def rows_are_inputs(way: Way, layout: Layout) -> bool:
    """Whether the product runs from the inside to the outside: a row for each input."""
    of, into = way[-1].out.shape, way[0].into
    if len(into) > 1:
        return layout.gradient == "column"
    if is_scalar(into[0].shape):
        return is_scalar(of) and layout.jacobian == "denominator"
    return chain_factors.turned(of, into[0].shape, layout)


def product_order(way: Way, layout: Layout) -> list[int]:
    """The stages in the order of the product; numbers go first where the layout leaves the order open."""
    factors = [chain_factors.factor(stage, layout) for stage in way]
    outward = list(range(len(factors)))
    if not rows_are_inputs(way, layout):
        return outward[::-1]
    if layout.jacobian == "denominator":
        return outward
    numbers = [k for k in outward[::-1] if factors[k].number]
    return numbers + [k for k in outward if not factors[k].number]


def sum_first(story: Story, problem: Problem, chain: tuple[Stage, ...]) -> None:
    """The chain rule as a sum over the entries of the vector in the middle."""
    middle, f = chain[0].out, problem.function
    story.step("Add up the effects of all entries")
    what = " and ".join(f"{{{k + 2}}}" for k in range(len(problem.wrt)))
    story.say(
        f"A change of {what} changes every entry of {{0}}, and every entry changes {{1}}. "
        "To first order these effects add up:", middle, f, *problem.wrt,
    )  # fmt: skip
    letters = Letters.beside((*problem.named, *(s.out for s in chain)))
    for x in problem.wrt:
        by = Entry(x, (letters.next(x.shape[0]),)) if is_column(x.shape) else x
        story.line(Partial(f, by, problem.layout), effects(problem, middle, by, letters), "chain rule")


def effects(problem: Problem, middle: Sym, by: Node, letters: Letters) -> Node:
    """The sum of the effects of a number through all entries of a vector, in the order of the layout."""
    side: Dimension = resolve(middle.shape[0])

    def term(k: Node) -> Node:
        e = Entry(middle, (k,))
        factors = Partial(problem.function, e, problem.layout), Partial(e, by, problem.layout)
        return mul(*(factors[::-1] if problem.layout.jacobian == "denominator" else factors))

    if isinstance(side, Dim) and not side.names and side.factor <= MOST_WRITTEN_OUT:
        return add(*(term(num(k)) for k in range(1, side.factor + 1)))
    index = letters.next(side)
    return Sum(index, term(index))


def tell(story: Story, problem: Problem, head: Node, ways: tuple[Way, ...], lemma: Lemma | None) -> None:
    """The product of the Jacobians with their sizes, for several ways a sum of them; a result is cited."""
    several = len(ways) > 1
    story.step("Add up the ways" if several else "Multiply the derivatives of the stages")
    products = [named_product(way, problem.layout) for way in ways]
    first, last = products[0], ways[0][-1].out
    turned = len(first) == 2 and is_scalar(last.shape) and any(isinstance(e, T) for e in first)
    if lemma is not None and not several:
        cite(story, problem, head, ways[0], lemma)
    elif turned and not several:
        transposed(story, head, first)
    else:
        what = "a sum of products, one for each way" if several else "a product"
        inward = product_order(ways[0], problem.layout)[0] == 0
        order = "from the inside to the outside" if inward else "from the outside to the inside"
        story.say(f"The chain rule is {what}, {order}; the size of each factor stands under it:")
    story.line(head, add(*(mul(*(Under(e, (Dims(e.shape),)) for e in p)) for p in products)), "chain rule")
    arrays = ([e for e in p if not is_scalar(e.shape)] for p in products)
    for shapes in dict.fromkeys(tuple(e.shape for e in p) for p in arrays if len(p) > 1):
        sizes = Mul(tuple(Group(Dims(shape)) for shape in shapes))
        story.say("The inner sizes agree: {0}.", Rel(sizes, "=", Dims((shapes[0][0], shapes[-1][1]))))


def named_product(way: Way, layout: Layout) -> list[Node]:
    """The factors of the product by name, in their order and orientation."""
    factors = [chain_factors.factor(stage, layout) for stage in way]
    turned = rows_are_inputs(way, layout)
    return [oriented(factors[k], factors[k].name, turned) for k in product_order(way, layout)]


def transposed(story: Story, head: Node, named: list[Node]) -> None:
    """A gradient that is a column, as the transpose of a product of Jacobians."""
    inner, outer = (e.arg if isinstance(e, T) else T(e) for e in named)
    story.say("The Jacobian of a composition is the product of the Jacobians, the outer one first. "
              "That of a number is a row, and the gradient is its transpose:")  # fmt: skip
    story.line(head, T(mul(outer, inner)), "chain rule")


def composition(lemmas: tuple[Lemma, ...]) -> Lemma | None:
    """An earlier result about a composition of functions of which nothing more is known."""
    return next((x for x in lemmas if isinstance(x.body, App) and isinstance(x.body.args[0], App)), None)


def depth(e: Node) -> int:
    """How many functions are applied one after another."""
    return 1 + depth(e.args[0]) if isinstance(e, App) else 0


def cite(story: Story, problem: Problem, head: Node, chain: Way, lemma: Lemma) -> None:
    """Use an earlier result about a composition; all but the first stage may be its outer function."""
    inner, f = chain[0].out, problem.function
    factors = [chain_factors.factor(stage, problem.layout) for stage in chain]
    if depth(lemma.body) == 2 < len(chain) and is_scalar(inner.shape):
        story.say(f"This is the composition of {lemma.label}, "
                  "with {0} inside and all that follows outside:", inner)  # fmt: skip
        outside = Partial(f, inner, problem.layout)
        story.line(head, mul(outside, factors[0].name), "an earlier result")
        story.say("What is outside is a function of one number, so the chain rule of one variable applies:")
        story.line(outside, mul(*(factors[k].name for k in range(len(chain) - 1, 0, -1))), "chain rule")
        story.say("Together:")
    else:
        story.say(f"This is a composition as in {lemma.label}, so the derivatives are multiplied as there; "
                  "the size of each stands under it:")  # fmt: skip
