"""`workings exam`: arguments and words; the heavy parts are imported by the command that needs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.frame import example, progress
from generator.errors import CheckFailed, InputError

if TYPE_CHECKING:
    from generator.exam.run import Made

MOST_TOLD = 20  # changes
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_jobs = click.option("--jobs", "-j", type=click.IntRange(1), help="Processes; by default one a core.")


class Exams(click.Group):
    """A group whose first command needs no name: `workings exam FILE` makes an exam."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Take what is no command for the file of an exam."""
        first = args[0] if args else ""
        return super().resolve_command(ctx, args if first in self.commands else ["make", *args])


_EXAMPLES = example(
    "workings exam midterm.toml --students roster.csv",
    "workings exam midterm.toml --copies 30 --output somewhere",
    "workings exam midterm.toml --students roster.csv --reissue 4711",
    "workings exam verify build/exams/midterm/manifest.json",
)


@click.group(cls=Exams, subcommand_metavar="FILE [OPTIONS] | verify MANIFEST", epilog=_EXAMPLES)
def exam() -> None:
    """Make an exam: a paper for every student, all different, with key and solutions."""


@exam.command(name="make")
@click.argument("file", type=_file)
@click.option("--students", type=_file, help="CSV with the columns id and name.")
@click.option("--copies", type=click.IntRange(1, 100_000), help="Papers without names, instead of a roster.")
@click.option("--reissue", multiple=True, metavar="ID", help="Give this student another paper.")
@click.option("--no-pdf", is_flag=True, help="Only draw, derive and confirm; manifest and answers.")
@click.option("--bank", is_flag=True, help="Also question banks: Moodle, Canvas, QTI 2.1, CSV, JSON.")
@click.option("--count", is_flag=True, help="Only count the variants.")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="By default build/exams/ and the name."
)
@click.option(
    "--templates", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with templates of your own; they override ours file by file.",
)  # fmt: skip
@click.option("--cluster", default="", metavar="ADDRESS", help="A Dask scheduler instead of processes.")
@_jobs
def make(
    file: Path, students: Path | None, copies: int | None, reissue: tuple[str, ...], no_pdf: bool,
    bank: bool, cluster: str, count: bool, output: Path | None, templates: tuple[Path, ...], jobs: int | None,
) -> None:  # fmt: skip
    """Make the papers, keys, worked solutions and marker's copies of an exam.

    Students who have a paper in the manifest of the output folder keep it; others are drawn.
    """
    from generator.exam.plan import load_exam
    from generator.exam.roster import copies as nameless
    from generator.exam.roster import read_roster
    from generator.exam.run import Request, run

    if students and copies:
        raise InputError("a roster and a number of copies exclude each other")
    plan = load_exam(file)
    people = read_roster(students) if students else nameless(copies or 1)
    if count:
        _tell_counts([(slot.name, plan.pool(slot).survey(len(people))) for slot in plan.slots])
        return
    place = output or Path("build") / "exams" / plan.id
    with progress() as shown:
        made = run(plan, Request(people, place, templates, jobs, not no_pdf, bank, cluster, reissue), shown)
    _tell(made, len(people))


def _tell(made: Made, students: int) -> None:
    _tell_counts(made.counts)
    click.echo(f"{students} papers: {made.formulas} formulas, all of them confirmed or of a named kind")
    for path in (*made.whole, *made.banks, made.manifest):
        click.echo(f"  {path}")
    for warning in made.warnings:
        click.echo(f"warning: {warning}", err=True)


def _tell_counts(counts: Any) -> None:
    """How many variants each problem has, structure by structure."""
    for name, parts in counts:
        click.echo(f"{name}:")
        for part in parts:
            label = f"{part.label}: " if part.label else ""
            least = "" if part.exact else "at least "
            noun = "variant" if part.different == 1 else "variants"
            click.echo(
                f"  {label}{least}{part.different} {noun} of {part.size} combinations; "
                f"{100 * part.rate:.0f} % of {part.tried} tried are allowed"
            )


@exam.command()
@click.argument("manifest", type=_file)
@click.option("--exam", "file", type=_file, help="The file of the exam, if it has moved.")
@_jobs
def verify(manifest: Path, file: Path | None, jobs: int | None) -> None:
    """Derive the papers of MANIFEST again and report any change in statement or key."""
    from generator.exam.check import check

    with progress() as shown:
        found = check(manifest, file, jobs, shown)
    if found.changes:
        many, told = len(found.changes), [str(change) for change in found.changes[:MOST_TOLD]]
        told += [f"… and {many - MOST_TOLD} more"] if many > MOST_TOLD else []
        lead = f"{many} of {found.problems} problems in {found.papers} papers have changed:"
        raise CheckFailed("\n  ".join([lead, *told]))
    click.echo(f"{found.papers} papers, {found.problems} problems: no statement and no key has changed")
