"""The index method: one entry as sums, one partial derivative, deltas, and back to matrix form."""

from __future__ import annotations

from dataclasses import dataclass

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Partial, Rel, Sum
from generator.expr.make import add, mul, neg, num
from generator.expr.match import children, depends, find, with_children
from generator.expr.nodes import Entry, Eye, Idx, Inv, Mul, Node, Row, Sym
from generator.expr.shapes import is_column, is_matrix
from generator.methods import diagonal, frame
from generator.methods.components import Letters, component, iterate, places
from generator.methods.deltas import collapse, introduce
from generator.methods.identify import transpose_pass
from generator.methods.recognise import recognise
from generator.methods.story import Story
from generator.methods.survivor import by_survivor, surviving_sum
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.laws import law_for
from generator.rules.rule import Vary
from generator.rules.tidy import tidy


@dataclass
class Indexed:
    """A problem in index form: one output entry and the input entry to differentiate by."""

    problem: Problem
    story: Story
    letters: Letters
    out: tuple[Idx, ...]
    into: tuple[Idx, ...]
    value: Node
    wrt: Node
    entry: Node

    @property
    def derivative(self) -> Partial:
        """The partial derivative that is to be found."""
        return Partial(self.value, self.wrt, self.problem.layout)

    @property
    def vary(self) -> Vary:
        """The name of the variable."""
        return frozenset({self.problem.wrt[0].name})


def tell(problem: Problem, *, deltas: bool = False) -> Derivation:
    """The derivative of a problem by indices.

    With ``deltas`` Kronecker deltas are used even where a sum written out shows which term survives.

    Raises:
        NotDerivable: more than one variable, a tensor-valued derivative, or no index form; or ``deltas`` are
            asked for where they are used anyway.
    """
    if problem.tensor:
        f, x = problem.function.name, problem.wrt[0].name
        raise NotDerivable(f"the derivative of {f} by {x} has more than two indices")
    told = indexed(problem)
    sizes(told)
    write_out(told)
    elementwise = diagonal.applies(told.entry, told.out, told.into, told.problem.wrt[0])
    total = surviving_sum(told.entry, told.wrt)
    if deltas and not elementwise and total is None:
        raise NotDerivable("index notation needs Kronecker deltas here anyway", hint="use --method index")
    if elementwise and not deltas:
        answer = diagonal.tell(told.story, told.problem, told.value, told.wrt, told.entry)
    elif total is not None and not deltas:
        answer = assemble(told, by_survivor(told.story, told.derivative, told.entry, total))
    else:
        introduce(told.story, told.entry, told.wrt)
        answer = assemble(told, by_deltas(told))
    idea = Say(
        "Look at one entry of the result and one entry of the input; "
        "when every entry is known, so is the whole."
    )
    return frame.derivation(problem, "deltas" if deltas else "index", told.story, answer, idea)


def indexed(problem: Problem) -> Indexed:
    """Choose indices and write the function in components.

    Raises:
        NotDerivable: see ``tell``.
    """
    f, x = problem.function, problem.wrt[0]
    if len(problem.wrt) > 1:
        raise NotDerivable("the index method needs one variable", hint="use --method partials")
    symbols = (*problem.symbols.values(), f)
    letters = Letters.beside(symbols, (s.shape for s in symbols))
    out = places(f.shape, letters)
    into = places(x.shape, letters)
    value = Entry(f, out) if out else f
    wrt = Entry(x, into) if into else x
    entry = tidy(component(problem.body, out, letters), collect=False)
    return Indexed(problem, Story(), letters, out, into, value, wrt, entry)


def sizes(told: Indexed) -> None:
    """Dimension analysis: input, output, and therefore the derivative."""
    f, x, story = told.problem.function, told.problem.wrt[0], told.story
    if not is_column(f.shape):
        return
    d = frame.gradient_of(told.problem)
    story.step("Sizes first")
    story.say("Input: {0} has {1} entries.", x, frame.entries(x), bullet=True)
    story.say("Output: {0} has {1} entries.", f, frame.entries(f), bullet=True)
    rows = "output" if told.problem.layout.jacobian == "numerator" else "input"
    columns = "input" if rows == "output" else "output"
    story.say(f"The Jacobian has a row for each {rows} and a column for each {columns}: {{0}} is {{1}}.", d,
              frame.written_size(d), bullet=True)  # fmt: skip


def write_out(told: Indexed) -> None:
    """The function in components: rows first where it is a product with a matrix, then as sums."""
    story, problem = told.story, told.problem
    story.step("Write out one entry" if told.out else "Write the function as a sum")
    if told.out:
        row = row_form(problem.body, told.out)
        if row is not None:
            story.line(told.value, row, "rows")
    elif problem.body != told.entry:
        story.line(told.value, problem.body, "substitution")
    story.line(told.value, told.entry, "components")


def row_form(e: Node, at: tuple[Idx, ...]) -> Node | None:
    """Entry i of Wx + b as (row i of W) x + b_i, where the expression is a sum of such products."""
    terms: list[Node] = []
    for term in iterate(e) if len(at) == 1 else ():
        if isinstance(term, Sym) and is_column(term.shape):
            terms.append(Entry(term, at))
        elif isinstance(term, Mul) and len(term.factors) == 2 and is_matrix(term.factors[0].shape):
            terms.append(mul(Row(term.factors[0], at[0]), term.factors[1]))
        else:
            return None
    return add(*terms) if any(isinstance(t, Mul) for t in terms) else None


def inverse_entry(told: Indexed) -> None:
    """Say what the derivative of an entry of an inverse is, where one occurs."""
    x = told.problem.wrt[0]
    found = [e for e in find(told.entry, Entry) if isinstance(e.base, Inv) and e.base.arg == x]
    if not found:
        return
    product, slope = mul(x, found[0].base), Partial(found[0], told.wrt)
    identity = Rel(product, "=", Eye(x.shape[0]))
    told.story.say("Differentiate {0} and solve for an entry of the inverse:", identity)
    told.story.line(slope, step(slope, told.wrt, told.vary), "entry of the inverse")


def by_deltas(told: Indexed) -> Node:
    """Differentiate by the laws; ∂x_k/∂x_j is a Kronecker delta, and a sum with a delta has one term."""
    story = told.story
    story.step("Differentiate with Kronecker deltas")
    inverse_entry(told)
    now: Node = Partial(told.entry, told.wrt, told.problem.layout)
    story.line(told.derivative, now, "substitution")
    while find(now, Partial):
        now = tidy(one_pass(now, told.wrt, told.vary), collect=False)
        story.line(told.derivative, now, "term by term")
    if find(now, Delta):
        story.say("A sum with a delta keeps the one term whose indices agree:")
    final = collapse(now)
    if final != now:
        story.line(told.derivative, final, "delta")
    return final


def one_pass(e: Node, wrt: Node, vary: Vary) -> Node:
    """One step on every open partial derivative."""
    if isinstance(e, Partial):
        return step(e, wrt, vary)
    parts = tuple(one_pass(k, wrt, vary) for k in children(e))
    return with_children(e, parts) if parts else e


def step(e: Partial, wrt: Node, vary: Vary) -> Node:
    """One step: into a sum over an index, a delta for an entry of the variable, otherwise the law that fits.

    Raises:
        NotDerivable: an entry of something that has no elementary derivative in indices.
    """
    of = e.of
    if not depends(of, vary):
        return num(0)
    if isinstance(of, Sum):
        inner = Partial(of.body, e.wrt, e.layout)
        return Sum(of.index, step(inner, wrt, vary) if isinstance(of.body, Sum) else inner)
    if isinstance(of, Entry) and isinstance(wrt, Entry) and isinstance(of.base, Inv):
        if of.base.arg != wrt.base:
            raise NotDerivable("the inverse of an expression is not differentiated by indices",
                               hint="use --method differential")  # fmt: skip
        (i, j), (p, q) = of.indices, wrt.indices
        return neg(mul(Entry(of.base, (i, p)), Entry(of.base, (q, j))))
    if isinstance(of, Entry):
        if not isinstance(of.base, Sym) or not isinstance(wrt, Entry):
            raise NotDerivable("an inverse or a softmax of the variable is not differentiated by indices",
                               hint="use --method differential")  # fmt: skip
        return mul(*(Delta(a, b) for a, b in zip(of.indices, wrt.indices, strict=True)))
    if isinstance(of, Sym):
        return num(1)
    new = law_for(e, vary).apply(e, vary)
    assert new is not None
    return new


def assemble(told: Indexed, result: Node) -> Node:
    """Entries into a vector or a matrix, by recognition.

    Raises:
        NotDerivable: the entries form no expression in matrix notation that the program recognises.
    """
    problem, story = told.problem, told.story
    d = frame.gradient_of(problem)
    order = (*told.out, *told.into)
    if told.out and told.into and problem.layout.jacobian == "denominator":
        order = (*told.into, *told.out)
    answer = recognise(result, order)
    if answer is None:
        raise NotDerivable("the entries of the derivative do not assemble into matrix notation")
    answer = tidy(answer)
    if not told.out and is_column(told.problem.wrt[0].shape) and problem.layout.gradient == "row":
        answer = frame.transposed(answer)
    story.step("Assemble" if told.into else "The derivative")
    if told.into:
        where = "entry {2} of" if len(order) == 1 else "row {2}, column {3} of"
        story.say(f"{{0}} stands in {where} {{1}}. All entries together:", result, d, *order)
    story.line(d, answer, "recognition")
    return settled(story, d, answer)


def settled(story: Story, d: Node, answer: Node) -> Node:
    """Push a transpose to the symbols and factor out what all terms share: (Bx + Bᵀx)ᵀ = xᵀ(Bᵀ + B)."""
    while (new := tidy(transpose_pass(answer, frozenset()), collect=False)) != answer:
        story.line(d, new, "transpose of a product")
        answer = new
    final = factored(answer)
    if final != answer:
        story.line(d, final, "common factors")
    return final
