"""The chain rule as a product of Jacobians: name the stages, differentiate each, multiply by the layout."""

from __future__ import annotations

from collections.abc import Callable

from generator.derivation import Derivation, Say
from generator.expr.calculus import Dims, Group, Mat, Partial, Rel, Sum, Under
from generator.expr.make import add, had, mul, num
from generator.expr.match import children, depends, find, substitute, transform
from generator.expr.nodes import Call, Entry, Idx, Mul, Node, Num, T
from generator.expr.shapes import Dim, is_column, is_scalar, resolve
from generator.methods import chain_factors, frame, partials
from generator.methods.bound import Letters
from generator.methods.chain_factors import Factor, oriented
from generator.methods.chain_stages import Stage, stages
from generator.methods.identify import transpose_pass
from generator.methods.story import Story
from generator.methods.symmetry import symmetric, use_symmetry
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.tidy import tidy

MOST_WRITTEN_OUT = 4  # a sum over so many entries is written out


def tell(problem: Problem) -> Derivation:
    """The derivative of a composition as a product of Jacobians.

    Raises:
        NotDerivable: the function is no composition, or a stage has a derivative of more than two indices.
    """
    chain = stages(problem)
    factors = [chain_factors.factor(stage, problem.layout) for stage in chain]
    story = Story()
    name_stages(story, problem, chain)
    if len(chain) == 2 and is_column(chain[0].out.shape) and all(is_scalar(s.shape) for s in problem.wrt):
        sum_first(story, problem, chain)
    order = product_order(problem, factors)
    chain_rule(story, problem, chain, factors, order)
    values: dict[int, Node] = {}
    for k in order:
        stage = chain[k]
        story.step(f"From {' and '.join(s.name for s in stage.into)} to {stage.out.name}")
        values[k] = chain_factors.tell(story, stage, factors[k], problem, chain)
    answer = multiply(story, problem, [factors[k] for k in order], [values[k] for k in order])
    answer = in_the_variable(story, problem, chain, answer)
    idea = Say(
        "The function is a chain of {0} stages: differentiate each stage by what enters it, "
        "and multiply the derivatives.",
        (num(len(chain)),),
    )
    parts = tuple((stage.out, stage.body) for stage in chain[:-1])
    return frame.derivation(problem, "chain", story, answer, idea, parts)


def name_stages(story: Story, problem: Problem, chain: tuple[Stage, ...]) -> None:
    """Define what each stage makes, from the inside to the outside."""
    story.step("Name the stages")
    for stage in chain[:-1]:
        story.line(stage.out, stage.body, mode="definition")
    story.line(partials.value_of(problem), chain[-1].body, "substitution")


def rows_are_inputs(problem: Problem) -> bool:
    """Whether the product runs from the inside to the outside: a row for each input."""
    wrt = problem.wrt[0].shape if len(problem.wrt) == 1 else (problem.answer_symbol.shape[0], num(1).shape[0])
    if is_scalar(wrt):
        return is_scalar(problem.function.shape) and problem.layout.jacobian == "denominator"
    if len(problem.wrt) > 1:
        return problem.layout.gradient == "column"
    return chain_factors.turned(problem.function.shape, wrt, problem.layout)


def product_order(problem: Problem, factors: list[Factor]) -> list[int]:
    """The stages in the order of the product; numbers go first where the layout leaves the order open."""
    outward = list(range(len(factors)))
    if not rows_are_inputs(problem):
        return outward[::-1]
    if problem.layout.jacobian == "denominator":
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
    side = resolve(middle.shape[0])
    for x in problem.wrt:

        def term(k: Node, x: Node = x) -> Node:
            e = Entry(middle, (k,))
            return mul(Partial(f, e, problem.layout), Partial(e, x, problem.layout))

        if isinstance(side, Dim) and not side.names and side.factor <= MOST_WRITTEN_OUT:
            total = add(*(term(num(k)) for k in range(1, side.factor + 1)))
        else:
            symbols = (*problem.symbols.values(), f, *(s.out for s in chain))
            i: Idx = Letters.beside(symbols).next(side)
            total = Sum(i, term(i))
        story.line(Partial(f, x, problem.layout), total, "chain rule")


def chain_rule(
    story: Story, problem: Problem, chain: tuple[Stage, ...], factors: list[Factor], order: list[int]
) -> None:
    """The product of the Jacobians with their sizes."""
    story.step("Multiply the derivatives of the stages")
    turned = rows_are_inputs(problem)
    named = [oriented(factors[k], factors[k].name, turned) for k in order]
    way = "from the inside to the outside" if order[0] == 0 else "from the outside to the inside"
    story.say(f"The chain rule is a product, {way}; the size of each factor stands under it:")
    braced = [Under(e, (Dims(e.shape),)) for e in named]
    head = frame.gradient_of(problem)
    story.line(head, mul(*braced), "chain rule")
    sizes = [Group(Dims(e.shape)) for e in named if not is_scalar(e.shape)]
    if len(sizes) > 1:
        whole = Dims(mul(*named).shape)
        story.say("The inner sizes agree: {0}.", Rel(Mul(tuple(sizes)), "=", whole))


def multiply(story: Story, problem: Problem, factors: list[Factor], values: list[Node]) -> Node:
    """Put the derivatives of the stages into the product and work it out."""
    head, turned = frame.gradient_of(problem), rows_are_inputs(problem)
    story.step("Put the factors together")
    now = mul(*(oriented(f, v, turned) for f, v in zip(factors, values, strict=True)))
    story.line(head, now, "substitution")
    while (new := transpose_pass(now, frozenset())) != now:
        story.line(head, new, "transpose of a product")
        now = new
    moves: tuple[tuple[Callable[[Node], Node], str], ...] = (
        (tidy, "collect"), (work_out, "components"), (tidy, "collect"), (factored, "common factors"),
        (scaled, "a diagonal matrix scales"),
    )  # fmt: skip
    for change, rule in moves:
        while (new := change(now)) != now:
            story.line(head, new, rule)
            now = new
    return now


def work_out(e: Node) -> Node:
    """A product of matrices that are written out, multiplied row by column."""
    if not isinstance(e, Mul):
        return e
    scalars = [f for f in e.factors if is_scalar(f.shape)]
    arrays = [f for f in e.factors if not is_scalar(f.shape)]
    if len(arrays) < 2 or not all(isinstance(f, Mat) for f in arrays):
        return e
    whole = arrays[0]
    for right in arrays[1:]:
        assert isinstance(whole, Mat) and isinstance(right, Mat)  # noqa: PT018 - see above
        whole = _times(whole, right)
    return mul(*scalars, whole)


def _times(a: Mat, b: Mat) -> Node:
    rows = [a.cells[k : k + a.columns] for k in range(0, len(a.cells), a.columns)]
    columns = [b.cells[k :: b.columns] for k in range(b.columns)]
    cells = [add(*(mul(x, y) for x, y in zip(r, c, strict=True))) for r in rows for c in columns]
    return cells[0] if len(cells) == 1 else Mat(tuple(cells), b.columns)


def scaled(e: Node) -> Node:
    """The last diagonal matrix before a column, as a Hadamard product with it."""
    if not isinstance(e, Mul) or not is_column(e.shape):
        return e
    places = [k for k, f in enumerate(e.factors) if isinstance(f, Call) and f.name == "diag"]
    if not places or places[-1] == len(e.factors) - 1:
        return e
    k = places[-1]
    diagonal, after = e.factors[k], mul(*e.factors[k + 1 :])
    return tidy(mul(*e.factors[:k], had(children(diagonal)[0], after)), collect=False)


def in_the_variable(story: Story, problem: Problem, chain: tuple[Stage, ...], found: Node) -> Node:
    """Put back what the names stand for, and use what is known of the given matrices."""
    head, now = frame.gradient_of(problem), found
    names = frozenset(stage.out.name for stage in chain[:-1])
    if depends(now, names):
        story.step(f"In terms of {' and '.join(s.name for s in problem.wrt)}")
        story.line(head, now, "identification")
        for stage in reversed(chain[:-1]):
            now = substitute(now, {stage.out: stage.body})
        now = tidy(entries_read(now), collect=False)
        story.line(head, now, "substitution")
    known = use_symmetry(now)
    if known != now:
        facts = [Rel(T(e), "=", e) for e in dict.fromkeys(t.arg for t in find(now, T)) if symmetric(e)]
        listed = " and ".join(f"{{{k}}}" for k in range(len(facts)))
        story.say(f"Here {listed}.", *facts)
        story.line(head, known, "symmetric matrices")
    final = factored(tidy(known))
    if final != known:
        story.line(head, final, "collect")
    return final


def entries_read(e: Node) -> Node:
    """Entries of a vector that is written out, read off."""

    def read(n: Node) -> Node | None:
        written = isinstance(n, Entry) and isinstance(n.base, Mat) and len(n.indices) == 1
        if not written or not isinstance(n.indices[0], Num):  # type: ignore[attr-defined]
            return None
        return entries_read(n.base.cells[int(n.indices[0].value) - 1])  # type: ignore[attr-defined]

    return transform(e, read)
