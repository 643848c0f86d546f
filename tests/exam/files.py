"""An exam written for a test."""

from pathlib import Path

from generator.exam.plan import Exam, load_exam
from generator.exam.roster import Student, copies
from generator.exam.run import Made, Request, run

EXAM = """\
title = "A midterm"
secret = "not a secret"
date = "30 November"
duration = 60
instructions = ["Show your work & 100 % of it."]
[[problem]]
file = "plain"
points = 5
space = 0.5
[[problem]]
file = "chained"
points = 3
space = 0.5
kind = "numerical"
"""
PLAIN = """\
title = "A quadratic"
[parameters]
a = {integer = [1, 4]}
b = {integer = [-2, 2], exclude = [0]}
[symbols]
x = "2"
[given]
"f(x)" = "a*x_1**2 + b*x_1*x_2"
[find]
wrt = "x"
at = [1, "b"]
"""
CHAINED = """\
title = "A chain"
[parameters]
a = {integer = [2, 7]}
h = {choice = ["sin(a*t)", "exp(a*t)"]}
[symbols]
t = ""
[given]
"f(t)" = "h + t"
[find]
wrt = "t"
"""
CLASS = (Student("17", "Ada Lovelace"), Student("4", "Émilie du Châtelet"), Student("23", "O'Neil, Ö."))


def exam(folder: Path, **files: str) -> Exam:
    """The exam in a folder; files may be given in other words."""
    for name, text in ({"midterm": EXAM, "plain": PLAIN, "chained": CHAINED} | files).items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_exam(folder / "midterm.toml")


def make(one: Exam, folder: Path, students: tuple[Student, ...] | int = CLASS, **more: object) -> Made:
    """Make it without PDFs."""
    people = copies(students) if isinstance(students, int) else students
    return run(one, Request(people, folder, jobs=1, **({"pdf": False} | more)))  # type: ignore[arg-type]
