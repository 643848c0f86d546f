"""What makes two variants the same: the marks of their printed statements."""

from __future__ import annotations

import hashlib

from generator.problem import Problem
from generator.setting import Setter


def statement(problem: Problem) -> str:
    """The mark of a statement as it is printed: equal for equal print."""
    setter = Setter("latex", problem.notation)
    parts = [problem.title, *map(str, setter.statement(problem)), *setter.questions(problem)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
