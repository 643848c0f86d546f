"""Concepts: what a file with sections becomes, and what is refused in it."""

from pathlib import Path

import pytest

from generator.errors import InputError
from generator.problem import Problem
from generator.spec import Concept, load_collection, load_problem
from generator.spec.concept import Section, Table
from tests.spec.files import PROBLEM, complaints, folder

CONCEPT = f"""{PROBLEM}
[[section]]
title = "Sizes"
text = "About {{A}}."

[section.table]
columns = ["Matrix", "Size"]
rows = [
  ["{{A}}", "{{A size}}"],
  ["{{A @ X}}", "{{A @ X size}}"],
]

[[section]]
title = "More"
text = "Words."
"""
COLLECTION = 'title = "C"\nkind = "{kind}"\n[[part]]\ntitle = "P"\nproblems = ["about", "first", "second"]\n'


def course(tmp_path: Path, kind: str = "tutorial", concept: str = CONCEPT) -> Path:
    return folder(tmp_path, collection=COLLECTION.format(kind=kind), about=concept, second=PROBLEM)


def test_sections_and_tables(tmp_path: Path) -> None:
    (part,) = load_collection(course(tmp_path)).parts
    concept, *rest = part.entries
    assert isinstance(concept, Concept)
    assert (concept.id, concept.title) == ("about", "A problem")
    table = Table(("Matrix", "Size"), (("{A}", "{A size}"), ("{A @ X}", "{A @ X size}")))
    assert concept.sections == (Section("Sizes", "About {A}.", table), Section("More", "Words."))
    assert tuple(rest) == part.problems


@pytest.mark.parametrize(
    ("kind", "labels"),
    [("tutorial", ["Problem 1", "Problem 2"]), ("sheet", ["Exercise 1 (a)", "Exercise 1 (b)"])],
)
def test_concepts_have_no_number(tmp_path: Path, kind: str, labels: list[str]) -> None:
    found = load_collection(course(tmp_path, kind))
    assert [p.label for p in found.problems] == labels
    assert [c.id for c in found.concepts] == ["about"]
    assert all(isinstance(p, Problem) for p in found.problems)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"About {A}."', '"About {Y}."', "about.toml:15: section[1].text: unknown name `Y`"),
        (
            '"{A size}"]',
            '"{A size}", "3"]',
            "about.toml:20: section[1].table.rows[1]: found 3 cells",
        ),
        ('"{A @ X}"', '"{A @ Y}"', "about.toml:21: section[1].table.rows[2][1]: unknown name `Y`"),
        ('"Matrix"', '"{Q}"', "about.toml:18: section[1].table.columns[1]: unknown name `Q`"),
        ('title = "More"', 'titel = "More"', "about.toml:25: section[2].titel: found an unknown key"),
        (
            'title = "A problem"',
            'title = "A problem"\nhints = ["no"]',
            "about.toml:2: hints: found an unknown key",
        ),
        ('wrt = "X"', 'wrt = "Z"', "about.toml:11: find.wrt[1]: unknown symbol `Z`"),
    ],
)
def test_what_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in CONCEPT
    assert told in complaints(course(tmp_path, concept=CONCEPT.replace(old, new, 1)))


def test_a_concept_has_no_result_to_use(tmp_path: Path) -> None:
    place = course(tmp_path)
    (place / "second.toml").write_text(f'uses = ["about"]\n{PROBLEM}')
    assert "second.toml:1: uses[1]: `about` is no problem of this collection" in complaints(place)


def test_ids_are_unique(tmp_path: Path) -> None:
    place = course(tmp_path)
    (place / "second.toml").write_text(f'id = "about"\n{PROBLEM}')
    assert "another problem of the collection is called `about`" in complaints(place)


def test_a_concept_is_no_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="section: this is a concept; expected a problem"):
        load_problem(course(tmp_path) / "about.toml")
