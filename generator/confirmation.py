"""What it takes to confirm derivations: answers are judged, and the letters of their texts have a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.derivation import Derivation, Quote
from generator.expr.match import symbols
from generator.judge import judge
from generator.methods import whole
from generator.verify import Scope, scope_of


def judge_answers(derivations: Iterable[Derivation]) -> None:
    """Compare the answer of every telling with the derivative of the problem's own text, run by NumPy itself.

    Raises:
        CheckFailed: an answer is wrong, although every line that leads to it was confirmed.
    """
    for one in (one for told in derivations for one in told.tellings):
        judge(one.problem, whole(one))


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
