"""What it takes to confirm derivations: answers are judged, and the letters of their texts have a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from generator.derivation import Derivation, Quote
from generator.errors import CheckFailed, InputError, NotDerivable
from generator.expr.functions import FUNCTIONS
from generator.expr.match import substitute, symbols, transform
from generator.expr.nodes import Call, Node, Sym
from generator.expr.shapes import SCALAR
from generator.expr.text_reader import Scope as Names
from generator.expr.text_reader import parse
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.methods import derive, whole
from generator.methods.ordinary import ordinary
from generator.methods.tensor_entries import entry_indices
from generator.verify import Scope, scope_of

EXPRESSIONS = ("vec", "differential", "chain")  # methods whose answers are expressions


def judge_answers(derivations: Iterable[Derivation]) -> None:
    """Compare the answer of every telling with the derivative of the problem's own text, run by NumPy itself.

    Raises:
        CheckFailed: an answer is wrong, although every line that leads to it was confirmed.
    """
    for one in (one for told in derivations for one in told.tellings):
        judge(one.problem, whole(one))


def answer_in_text(derivation: Derivation) -> str | None:
    """The answer in the text language, or ``None`` where no method finds it in a form that has words there.

    An answer that is one entry in indices has none. Then another method tells the same derivative, stacked
    where it has more than two indices, and its answer is judged like every other.
    """
    if not any(entry_indices(derivation)):
        with suppress(InputError):
            return to_text(spelled(derivation.answer))
    bare = replace(derivation.problem, at=(), set_to_zero=False)
    for method in EXPRESSIONS:
        with suppress(InputError, NotDerivable, CheckFailed):
            told = derive(bare, method)
            text = to_text(spelled(told.answer))
            judge(bare, told.answer)
            return text
    return None


def spelled(e: Node) -> Node:
    """An expression without σ′ and its like, which others do not know: written with σ itself."""

    def change(n: Node) -> Node | None:
        if not (isinstance(n, Call) and n.order):
            return None
        x = Sym("x", SCALAR)
        slope = parse(FUNCTIONS[n.name].derivative, Names({"x": x}))
        for _ in range(n.order - 1):
            slope = ordinary(slope, x)
        shaped = Names({"x": Sym("x", n.shape)})
        return substitute(parse(to_text(spelled(slope)), shaped), {shaped.symbols["x"]: spelled(n.args[0])})

    return transform(e, change)


def scopes(derivations: Mapping[str, Derivation]) -> dict[str, Scope]:
    """What letters mean in each scope of a text: in every problem, and in every rule that is quoted."""
    found = {name: scope_of(d.problem) for name, d in derivations.items()}
    for derivation in (one for told in derivations.values() for one in told.tellings):
        for step in derivation.all_steps():
            for quote in (item for item in step.items if isinstance(item, Quote)):
                before = found.get(f"rule:{quote.rule}", Scope()).symbols
                letters = {**before, **{s.name: s for s in symbols(quote.lhs) | symbols(quote.rhs)}}
                varying = letters.keys() - quote.constant
                notation = derivation.problem.notation
                found[f"rule:{quote.rule}"] = Scope(letters, varying=frozenset(varying), notation=notation)
    return found
