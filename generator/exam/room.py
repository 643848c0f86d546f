"""Whether every problem keeps to its room on the paper, so that all papers have the same pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from generator.errors import CheckFailed
from generator.exam.plan import Exam


def require_room(exam: Exam, starts: Sequence[int], overfull: Sequence[str], text: str) -> None:
    """Every paper has the same pages, and no problem is higher than its room.

    Raises:
        CheckFailed: one is.
    """
    high = [words for words in overfull if r"\vbox" in words]
    if high or any(b - a != exam.pages for a, b in pairwise(starts)):
        told = _place(high[0], text) if high else "the papers differ in their pages"
        raise CheckFailed(f"a problem does not fit its room: {told}", hint="give it more `space`")


def _place(overfull: str, text: str) -> str:
    """Which problem of which paper TeX complains of."""
    line = re.search(r"line (\d+)", overfull)
    before = "\n".join(text.splitlines()[: int(line[1])]) if line else ""
    problems, papers = re.findall(r"% scope: (\S+)", before), re.findall(r"\\workstudent\{(\w+)\}", before)
    size = re.search(r"\((.*?)\)", overfull)
    if not problems or not papers or not size:
        return overfull
    return f"`{problems[-1]}` on paper {papers[-1]} is {size[1]}"
