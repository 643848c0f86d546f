"""The index method: one entry as sums, one partial derivative, deltas, and back to matrix form."""

from __future__ import annotations

from dataclasses import dataclass

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Dots, Partial, Rel, Sum
from generator.expr.make import add, mul, neg, num
from generator.expr.match import children, depends, find, substitute, with_children
from generator.expr.nodes import Entry, Eye, Idx, Inv, Mul, Node, Row, Size, Sym
from generator.expr.shapes import is_column, is_matrix
from generator.methods import diagonal, frame
from generator.methods.components import Letters, component, iterate, places
from generator.methods.deltas import collapse
from generator.methods.identify import transpose_pass
from generator.methods.recognise import recognise
from generator.methods.story import Story
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


def tell(problem: Problem) -> Derivation:
    """The derivative of a problem by indices.

    Raises:
        NotDerivable: more than one variable, a tensor-valued derivative, or no index form.
    """
    if problem.tensor:
        f, x = problem.function.name, problem.wrt[0].name
        raise NotDerivable(f"the derivative of {f} by {x} has more than two indices")
    told = indexed(problem)
    sizes(told)
    write_out(told)
    if diagonal.applies(told.entry, told.out, told.into, told.problem.wrt[0]):
        answer = diagonal.tell(told.story, told.problem, told.value, told.wrt, told.entry)
    else:
        survivor = surviving_sum(told)
        result = by_survivor(told, survivor) if survivor is not None else by_deltas(told)
        answer = assemble(told, result)
    idea = Say(
        "Look at one entry of the result and one entry of the input; "
        "when every entry is known, so is the whole."
    )
    return frame.derivation(problem, "index", told.story, answer, idea)


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


def surviving_sum(told: Indexed) -> Sum | None:
    """The one sum that holds the variable linearly, all else being constant: Σ_k c_k x_k."""
    x = told.problem.wrt[0]
    live = [t for t in iterate(told.entry) if depends(t, told.vary)]
    if len(told.into) != 1 or len(live) != 1 or not isinstance(live[0], Sum):
        return None
    total = live[0]
    factors = total.body.factors if isinstance(total.body, Mul) else (total.body,)
    varying = [f for f in factors if depends(f, told.vary)]
    plain = len(varying) == 1 and isinstance(varying[0], Entry) and varying[0].base == x
    return total if plain and varying[0].indices == (total.index,) else None  # type: ignore[attr-defined]


def by_survivor(told: Indexed, total: Sum) -> Node:
    """Write the sum out and see which term survives."""
    story, j, k = told.story, told.into[0], total.index
    story.step("Differentiate, and see what survives")
    shown = (num(1), j, Size(k.size))
    spread = add(*(Dots(k, total.body, shown) if t is total else t for t in iterate(told.entry)))
    story.line(told.derivative, Partial(spread, told.wrt, told.problem.layout), "substitution")
    constants = [t for t in iterate(told.entry) if t is not total]
    for c in constants:
        zero = Rel(Partial(c, told.wrt), "=", num(0))
        story.say("{0} does not contain {1}: {2}.", c, told.wrt, zero, bullet=True)
    story.say(
        "For {0} the term under the sum does not contain {1} either:", Rel(k, "≠", j), told.wrt, bullet=True
    )
    story.line(Partial(total.body, told.wrt), num(0), "constants", guard=Rel(k, "≠", j))
    story.say(
        "Only the term with {0} survives, and its derivative is its coefficient:", Rel(k, "=", j), bullet=True
    )
    kept = substitute(total.body, {k: j})
    story.line(told.derivative, Partial(kept, told.wrt), "surviving term")
    factors = kept.factors if isinstance(kept, Mul) else (kept,)
    result = tidy(mul(*(num(1) if f == told.wrt else f for f in factors)))
    story.line(told.derivative, result, "coefficient")
    return result


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
