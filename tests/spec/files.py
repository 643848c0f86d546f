"""Spec files written for a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import InputError
from generator.problem import Problem
from generator.spec import load_collection, load_problem

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "content" / "trace-trick-tutorial"
PROBLEM = """\
title = "A problem"

[symbols]
A = "n n"
X = "n n"

[given]
L = "tr(A @ X)"

[find]
wrt = "X"
"""
COLLECTION = """\
title = "A collection"

[[part]]
title = "A part"
problems = ["first"]
"""


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    """A folder of files; ``collection`` and ``first`` are right unless they are given."""
    place = tmp_path / "course"
    place.mkdir(exist_ok=True)
    for name, text in ({"collection": COLLECTION, "first": PROBLEM} | files).items():
        content = text.encode() if isinstance(text, str) else text
        (place / f"{name.replace('_', '-')}.toml").write_bytes(content)
    return place


def complaints(place: Path) -> str:
    """What is said about a folder, without the path of the folder."""
    with pytest.raises(InputError) as caught:
        load_collection(place)
    return str(caught.value).replace(f"{place}/", "")


def about(tmp_path: Path, text: str) -> str:
    """What is said about a folder with this problem."""
    return complaints(folder(tmp_path, first=text))


def problem(tmp_path: Path, text: str) -> Problem:
    """The problem of a file."""
    path = tmp_path / "some-problem.toml"
    path.write_text(text)
    return load_problem(path)
