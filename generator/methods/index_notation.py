"""The index method: one entry as sums, one partial derivative, deltas, and back to matrix form."""

from __future__ import annotations

from dataclasses import replace

from generator.derivation import Derivation, Line, Say
from generator.errors import NotDerivable
from generator.expr.make import add, mul, t
from generator.expr.nodes import Entry, Mul, Node, Row, Sym, T
from generator.expr.shapes import is_column, is_matrix
from generator.methods import abstract, diagonal, frame
from generator.methods.components import iterate
from generator.methods.differential import Telling
from generator.methods.identify import in_given_symbols
from generator.methods.index_parts import by_deltas, spelled_out
from generator.methods.indexed import Indexed, indexed, with_names
from generator.methods.present import settled
from generator.methods.recognise import recognise
from generator.methods.survivor import by_survivor, surviving_sum
from generator.problem import Problem
from generator.rules.tidy import tidy

IDEA = Say(
    "Look at one entry of the result and one entry of the input; when every entry is known, so is the whole."
)


def tell(problem: Problem, *, deltas: bool = False) -> Derivation:
    """The derivative of a problem by indices.

    With ``deltas`` Kronecker deltas are used even where a sum written out shows which term survives.
    Where the entries form no expression in matrix notation, the answer is the formula of one entry.

    Raises:
        NotDerivable: more than one variable, a tensor-valued derivative, or no index form; or ``deltas`` are
            asked for where they are used anyway.
    """
    if problem.tensor:
        f, x = problem.function.name, problem.wrt[0].name
        raise NotDerivable(f"the derivative of {f} by {x} has more than two indices")
    told = indexed(problem)
    sizes(told)
    elementwise = diagonal.applies(told.entry, told.out, told.into, told.problem.wrt[0])
    total = surviving_sum(told.entry, told.wrt)
    if deltas and not elementwise and total is None:
        raise NotDerivable("index notation needs Kronecker deltas here anyway", hint="use --method index")
    method = "deltas" if deltas else "index"
    if elementwise and not deltas:
        write_out(told)
        whole = diagonal.tell(told.story, problem, told.value, told.wrt, told.entry)
        return frame.derivation(problem, method, told.story, whole, IDEA)
    if total is not None and not deltas:
        write_out(told)
        entry = by_survivor(told.story, told.derivative, told.entry, total)
    else:
        told = told if elementwise or total is not None else with_names(told)
        write_out(told)
        entry = by_deltas(told)
    answer = assemble(told, entry)
    if answer is None:
        return by_entry(told, entry)
    return frame.derivation(problem, method, told.story, answer, IDEA, tuple(told.parts))


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
    story = told.story
    if told.parts:
        story.step("Name the parts")
        for sym, part in told.parts:
            story.line(sym, part, mode="definition")
    story.step("Write out one entry" if told.out else "Write the function as a sum")
    row = row_form(told)
    if row is not None:
        if len(told.out) == 2:
            story.say("An entry of a product is a row of the first factor times a column of the second:")
        story.line(told.value, row, "rows")
    elif not told.out and told.body != told.entry:
        story.line(told.value, told.body, "substitution")
    story.line(told.value, told.entry, "components")


def row_form(told: Indexed) -> Node | None:
    """Entry i of Wx + b as (row i of W) x + b_i; entry i, j of AB as row i of A times column j of B."""
    if len(told.out) == 2 and isinstance(told.body, Mul) and len(told.body.factors) == 2:
        a, b = told.body.factors
        if is_matrix(a.shape) and is_matrix(b.shape):
            return mul(Row(a, told.out[0]), T(Row(t(b), told.out[1])))
    terms: list[Node] = []
    for term in iterate(told.body) if len(told.out) == 1 else ():
        if isinstance(term, Sym) and is_column(term.shape):
            terms.append(Entry(term, told.out))
        elif isinstance(term, Mul) and len(term.factors) == 2 and is_matrix(term.factors[0].shape):
            terms.append(mul(Row(term.factors[0], told.out[0]), term.factors[1]))
        else:
            return None
    return add(*terms) if any(isinstance(e, Mul) for e in terms) else None


def assemble(told: Indexed, result: Node) -> Node | None:
    """Entries into a vector or a matrix, by recognition; ``None`` where no matrix notation is found."""
    problem, story = told.problem, told.story
    d = frame.gradient_of(problem)
    order = (*told.out, *told.into)
    if told.out and told.into and problem.layout.jacobian == "denominator":
        order = (*told.into, *told.out)
    answer = recognise(result, order)
    if answer is None:
        return None
    answer = tidy(answer)
    if not told.out and is_column(told.problem.wrt[0].shape) and problem.layout.gradient == "row":
        answer = frame.transposed(answer)
    story.step("Assemble" if told.into else "The derivative")
    if told.into:
        where = "entry {2} of" if len(order) == 1 else "row {2}, column {3} of"
        story.say(f"{{0}} stands in {where} {{1}}. All entries together:", result, d, *order)
    story.line(d, answer, "recognition")
    telling = Telling(problem, story, told.vary, told.parts)
    return settled(story, d, in_given_symbols(telling, settled(story, d, answer)))


def by_entry(told: Indexed, result: Node) -> Derivation:
    """The formula of one entry as the answer, in the given symbols."""
    formula = spelled_out(told, result)
    if formula != result:
        told.story.step("Put the names back in")
        told.story.line(told.derivative, formula, "substitution")
    abstract.flattened(told.story, told.problem)
    found = frame.derivation(told.problem, "index", told.story, formula, IDEA)
    return replace(found, answers=(Line(told.derivative, formula, "delta"),))
