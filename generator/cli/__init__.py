"""The command line: arguments, progress, exit codes. A command itself imports the heavy parts it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli.exam import exam
from generator.cli.frame import Group, example, progress
from generator.cli.solve import solve
from generator.editions import TITLES
from generator.expr.layout import LAYOUTS

if TYPE_CHECKING:
    from generator.build import Document, Request


def _folder(name: str, default: str, told: str) -> Callable[[Any], Any]:
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option(name, type=kind, default=default, show_default=True, help=told)


_content = _folder("--content", "content", "Folder of the collections.")
_output = _folder("--output", "build", "Folder for the results.")
_templates = click.option(
    "--templates",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with templates of your own; they override ours file by file.",
)
_jobs = click.option("--jobs", "-j", type=click.IntRange(1), help="Processes; by default one a core.")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="workings")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def app(debug: bool) -> None:
    """Matrix-calculus derivations written out step by step, every line checked numerically."""


app.add_command(solve)
app.add_command(exam)


@app.command(epilog=example("workings build", "workings build week-3 --only pdf --edition solutions"))
@click.argument("collections", nargs=-1)
@click.option("--only", type=click.Choice(["pdf", "site"]), help="Make only the PDFs or only the site.")
@click.option("--edition", "editions", multiple=True, type=click.Choice([*TITLES]), help="Only this edition.")
@click.option("--layout", type=click.Choice([*LAYOUTS]), help="Instead of each collection's own.")
@_output
@_content
@_templates
@_jobs
def build(
    collections: tuple[str, ...],
    only: str | None,
    editions: tuple[str, ...],
    layout: str | None,
    output: Path,
    content: Path,
    templates: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Build PDFs and the site from COLLECTIONS (names or folders; by default all)."""
    from generator.build import Request

    pdf, site = only != "site", only != "pdf"
    _run(Request(collections, content, templates, editions, pdf, site, output, jobs, layout or ""))


@app.command(epilog=example("workings check", "workings check content/week-3 notes.md"))
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_content
@_templates
@_jobs
def check(paths: tuple[Path, ...], content: Path, templates: tuple[Path, ...], jobs: int | None) -> None:
    """Check collections, or rendered text, without building anything.

    PATHS are folders of collections, or finished texts (.tex, .md) whose comments name problems of the
    content folder; by default all collections.
    """
    from generator.build import Request, check_texts

    texts = [p for p in paths if p.suffix in (".tex", ".md")]
    names = tuple(dict.fromkeys(str(p if p.is_dir() else p.parent) for p in paths if p not in texts))
    if names or not texts:
        _run(Request(names, content, templates, output=None, jobs=jobs))
    for summary in check_texts(texts, content):
        click.echo(summary)


@app.command(epilog=example("workings serve", "workings serve --port 8080"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@_output
@_content
@_templates
def serve(port: int, output: Path, content: Path, templates: tuple[Path, ...]) -> None:
    """Show the site on this machine; it is built anew when the content or a template changes."""
    from generator.build import Request
    from generator.serve import serve as run

    run(Request((), content, templates, output=output), port, click.echo)


@app.command(epilog=example("workings new content/week-3 --title 'Gradients, week 3'"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="By default made from the name of the folder.")
def new(folder: Path, title: str | None) -> None:
    """Make FOLDER with a commented starting collection."""
    from generator.spec import new_collection

    new_collection(folder, title or re.sub(r"[-_]+", " ", folder.name).capitalize())
    click.echo(f"made {folder}\nnext: workings build {folder}")


@app.command(epilog=example("workings schema", "workings schema somewhere/schema"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("schema"))
def schema(folder: Path) -> None:
    """Write the JSON Schemas of spec files and of derivations into FOLDER (by default schema)."""
    from generator import record_models
    from generator.spec import write_schema

    write_schema(folder, {record_models.SCHEMA: record_models.schema()})
    click.echo(f"wrote the schemas into {folder}")


def _run(request: Request) -> None:
    """Build or check with a progress display; tell what was made before what failed."""
    from generator.build import raise_errors, run

    with progress() as show:
        documents = run(request, show)
    _tell(documents)
    raise_errors([d.error for d in documents if d.error])


def _tell(documents: Sequence[Document]) -> None:
    for document in documents:
        if document.error is None:
            made = f"\n  {document.path}" if document.path else ""
            click.echo(f"{document.summary}{made}")
        for warning in document.warnings:
            click.echo(f"warning: {document.name}: {warning}", err=True)


def main() -> None:
    """Run the command line."""
    app(prog_name="workings")
