"""The chain rule as a product of Jacobians: name the stages, differentiate each, multiply by the layout."""

from __future__ import annotations

from collections.abc import Callable

from generator.derivation import Derivation, Say
from generator.expr.calculus import Mat, Rel
from generator.expr.make import add, had, mul, num
from generator.expr.match import children, depends, find, substitute, transform
from generator.expr.nodes import Call, Entry, Mul, Node, Num, T
from generator.expr.shapes import is_column, is_scalar
from generator.methods import chain_factors, chain_rule, frame, partials, several
from generator.methods.chain_factors import Factor, oriented
from generator.methods.chain_stages import Stage, stages
from generator.methods.identify import transpose_pass
from generator.methods.lemma import Lemma
from generator.methods.story import Story
from generator.methods.symmetry import symmetric, use_symmetry
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.tidy import tidy


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = ()) -> Derivation:
    """The derivative of a composition as a product of Jacobians.

    Raises:
        NotDerivable: the function is no composition, or a stage has a derivative of more than two indices.
    """
    spread = several.several(problem)
    if spread is not None:
        return several.tell(spread, chain_rule.composition(lemmas))
    chain = stages(problem)
    factors = [chain_factors.factor(stage, problem.layout) for stage in chain]
    story = Story()
    name_stages(story, problem, chain)
    proof = all(stage.kind == "abstract" for stage in chain)
    numbers = all(is_scalar(s.shape) for s in problem.wrt)
    if len(chain) == 2 and is_column(chain[0].out.shape) and (numbers or proof):
        chain_rule.sum_first(story, problem, chain)
    order = chain_rule.tell(story, problem, chain, factors, chain_rule.composition(lemmas))
    values: dict[int, Node] = {}
    if proof:
        story.step("The derivatives of the stages")
        story.say("Each stage is one of the given functions, and its derivative has a name:")
    for k in order:
        stage = chain[k]
        if not proof:
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


def multiply(story: Story, problem: Problem, factors: list[Factor], values: list[Node]) -> Node:
    """Put the derivatives of the stages into the product and work it out."""
    head, turned = frame.gradient_of(problem), chain_rule.rows_are_inputs(problem)
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
