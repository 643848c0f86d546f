"""How hard a problem is, measured from its derivation: lines, laws used, and how long the numbers are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from generator.derivation import Derivation
from generator.expr.match import walk
from generator.expr.nodes import Num

LAW, DIGIT = 1.0, 0.1  # what a law and a digit weigh, in lines


@dataclass(frozen=True, slots=True)
class Difficulty:
    """What there is to do in a solution; ``score`` is one number, in lines."""

    steps: int
    lines: int
    rules: int
    digits: int

    @property
    def score(self) -> float:
        """Lines, and for every further law and digit a part of a line."""
        return round(self.lines + LAW * self.rules + DIGIT * self.digits, 1)

    def apart(self, reference: float) -> float:
        """How far the score is from a reference, relative to that."""
        return abs(self.score - reference) / reference if reference else 0.0


def difficulty(derivation: Derivation) -> Difficulty:
    """The difficulty of a problem as it is solved here."""
    lines = list(derivation.lines())
    return Difficulty(
        steps=sum(1 for _ in derivation.all_steps()),
        lines=len(lines),
        rules=len({line.rule for line in lines if line.rule}),
        digits=sum(_digits(n.value) for line in lines for _, n in walk(line.rhs) if isinstance(n, Num)),
    )


def _digits(value: Fraction) -> int:
    """The digits of a number beyond the first of its numerator: 3 has none, 12 one, 3/4 one."""
    below = len(str(value.denominator)) if value.denominator > 1 else 0
    return len(str(value.numerator)) - 1 + below
