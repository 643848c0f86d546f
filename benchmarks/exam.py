"""What an exam costs by phase, for classes of different sizes: papers and worked keys of two questions.

Run ``python benchmarks/exam.py [STUDENTS …]``. Everything runs in one process, so seconds are processor
seconds, those of TeX included. The floor is one plain run of TeX on the same texts; ``in all`` is without it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measure import machine
from generator import pdf
from generator.exam.banks import items
from generator.exam.issuing import issue
from generator.exam.papers import class_text, fragment
from generator.exam.plan import Exam, load_exam
from generator.exam.roster import copies
from generator.exam.split import split
from generator.exam.variant import Paper, make_paper
from generator.exports import canvas_package, json_text, moodle_xml, qti_package
from generator.exports.archive import packed
from generator.solved import scopes
from generator.verify import require, verify_text
from generator.workers import patient

R = TypeVar("R")
EDITIONS = ("paper", "worked")
BARS = {100: 12.0, 1000: 60.0}  # seconds in all
PHASES = ("draw", "derive", "render", "verify", "TeX", "split")
PLAIN = ("pdflatex", "-interaction=batchmode", "-output-directory")
QUESTIONS = Path(__file__).parents[1] / "content" / "sample-exam"
EXAM = """title = "Two questions"
secret = "only for measuring"
[[problem]]
file = "gradient-at-a-point"
points = 5
[[problem]]
file = "quadratic-forms"
points = 5
"""


def timed(work: Callable[[], R]) -> tuple[R, float]:
    """What the work gives, and its processor time in seconds, that of child processes included."""
    start = os.times()
    result = work()
    return result, sum(os.times()[:4]) - sum(start[:4])


def two_questions(folder: Path) -> Exam:
    """An exam of two problems of the sample."""
    for name in ("gradient-at-a-point", "quadratic-forms"):
        (folder / f"{name}.toml").write_text((QUESTIONS / f"{name}.toml").read_text("utf-8"), "utf-8")
    (folder / "two.toml").write_text(EXAM, "utf-8")
    return load_exam(folder / "two.toml")


def plain(text: str, folder: Path) -> None:
    """One run of TeX, and nothing else."""
    (folder / "plain.tex").write_text(text, "utf-8")
    subprocess.run([*PLAIN, str(folder), str(folder / "plain.tex")], check=True, stdout=subprocess.DEVNULL)


def measure(count: int, folder: Path) -> tuple[dict[str, float], float, int, float]:
    """Seconds by phase for a class, the floor, the formulas confirmed, and milliseconds of export an item."""
    exam = two_questions(folder)
    spent = dict.fromkeys(PHASES, 0.0)
    pools = {slot.name: exam.pool(slot) for slot in exam.slots}
    issued, spent["draw"] = timed(lambda: issue(exam, pools, copies(count), (), None))
    texts: dict[str, list[str]] = {edition: [] for edition in EDITIONS}
    formulas, floor, last = 0, 0.0, None
    for one in issued.issues:
        paper, cost = timed(lambda one=one: make_paper(exam, one))
        spent["derive"] += cost
        known, cost = timed(lambda p=paper: scopes({v.problem.id: v.derivation for v in p.variants}))
        spent["verify"] += cost
        for edition in EDITIONS:
            text, cost = timed(lambda p=paper, e=edition: fragment(exam, p, e))
            spent["render"] += cost
            report, cost = timed(lambda t=text, k=known: verify_text(t, "latex", k, "exam"))
            spent["verify"] += cost
            require(report)
            formulas += report.formulas
            texts[edition].append(text)
        last = paper
    for edition in EDITIONS:
        body = class_text(exam, edition, texts[edition])
        made, cost = timed(lambda b=body, e=edition: pdf.compile_tex(b, folder / f"{e}.pdf", timeout=900))
        spent["TeX"] += cost
        floor += timed(lambda b=body: plain(b, folder))[1]
        ends = pairwise((*made.parts, made.pages))
        parts = [(folder / f"{edition}-{k}.pdf", a, b) for k, (a, b) in enumerate(ends)]
        spent["split"] += timed(lambda m=made, p=parts: split(m.path, p))[1]
    assert last is not None
    return spent, floor, formulas, exported(last)


def exported(paper: Paper) -> float:
    """Milliseconds for one question in all formats, after it was derived and confirmed."""
    found = items(paper)
    bank = {item.id: [item] * 50 for item in found}

    def write() -> Iterator[object]:
        yield "".join(moodle_xml(bank, "Exam"))
        yield packed(canvas_package(bank, "Exam"))
        yield packed(qti_package({name: some[:1] for name, some in bank.items()}, "Exam"))
        yield "".join(json_text([item for some in bank.values() for item in some]))

    return 1000 * timed(lambda: list(write()))[1] / (50 * len(found))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time exams by phase.")
    parser.add_argument("students", nargs="*", type=int, default=[1, 20, 100])
    options = parser.parse_args()
    patient()  # as in every run of an exam
    print(machine())
    heads = "".join(f"{phase:>8}" for phase in (*PHASES, "in all", "bar", "floor"))
    print(f"{'students':>8} {heads}  formulas  export  memory")
    for count in options.students:
        with tempfile.TemporaryDirectory() as folder:
            spent, floor, formulas, export = measure(count, Path(folder))
        total, bar = sum(spent.values()), BARS.get(count)
        row = "".join(f"{spent[phase]:8.2f}" for phase in PHASES)
        told = f"{bar:8.0f}" if bar else " " * 8
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        end = f"{floor:8.2f}  {formulas:8}  {export:.1f} ms an item  {memory:.0f} MB"
        print(f"{count:8} {row}{total:8.2f}{told}{end}")


if __name__ == "__main__":
    main()
