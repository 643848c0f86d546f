"""The command line: arguments, progress, exit codes. A command itself imports the heavy parts it needs."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from generator import __version__
from generator.editions import TITLES
from generator.errors import WorkingsError
from generator.expr.layout import LAYOUTS

if TYPE_CHECKING:
    from generator.build import Document, Request

FORMATS = ("terminal", "latex", "markdown", "json")
INTERNAL = 70  # the exit code of an error of our own
SHAPE = re.compile(r"[A-Za-z]\w*=[\w,*:]*")


class Failure(click.ClickException):
    """What went wrong, in the words of a ``WorkingsError`` and with its exit code."""

    def __init__(self, error: WorkingsError) -> None:
        super().__init__(str(error))
        vars(self)["exit_code"] = error.exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message on stderr."""
        click.echo(f"{click.style('error:', fg='red', bold=True)} {self.message}", file=file, err=True)


class Group(click.Group):
    """Turns what goes wrong into messages and exit codes; a traceback is for ``--debug`` only."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            ctx.exit(130)
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            if isinstance(error, WorkingsError):
                raise Failure(error) from None
            message = f"internal error, please report it: {type(error).__name__}: {error}"
            click.echo(f"{message}\n  hint: `workings --debug …` shows where it happened", err=True)
            ctx.exit(INTERNAL)


class Solve(click.Command):
    """Takes several values after one ``--shape``, as in ``--shape X=n,m A=n,n``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the option before each further value."""
        spread: list[str] = []
        among_shapes = False
        for before, arg in zip(["", *args], args, strict=False):
            more = among_shapes and before != "--shape" and SHAPE.fullmatch(arg) is not None
            among_shapes = more or before == "--shape" or arg.startswith("--shape")
            spread += ["--shape", arg] if more else [arg]
        return super().parse_args(ctx, spread)


def _example(*lines: str) -> str:
    return "\n".join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


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


@app.command(epilog=_example("workings build", "workings build week-3 --only pdf --edition solutions"))
@click.argument("collections", nargs=-1)
@click.option("--only", type=click.Choice(["pdf", "site"]), help="Make only the PDFs or only the site.")
@click.option("--edition", "editions", multiple=True, type=click.Choice([*TITLES]), help="Only this edition.")
@_output
@_content
@_templates
@_jobs
def build(
    collections: tuple[str, ...],
    only: str | None,
    editions: tuple[str, ...],
    output: Path,
    content: Path,
    templates: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Build PDFs and the site from COLLECTIONS (names or folders; by default all)."""
    from generator.build import Request

    pdf, site = only != "site", only != "pdf"
    _run(Request(collections, content, templates, editions, pdf, site, output, jobs))


@app.command(
    cls=Solve,
    epilog=_example(
        "workings solve 'tr(X.T @ A @ X)' --wrt X --shape X=n,m A=n,n",
        "workings solve 'norm(A @ x - b)**2' --wrt x --format latex",
        "workings solve '3*u**2 + 2*u*v' --wrt u,v --method partials",
        "workings solve 'x**3 - 3*x + y**2' --wrt x,y --hessian --set-to-zero",
    ),
)
@click.argument("function")
@click.option("--wrt", required=True, metavar="X", help="The variable, or several scalars: x,y,z.")
@click.option("--shape", "shapes", multiple=True, metavar="X=n,m …", help="Sizes that you want to fix.")
@click.option("--method", help="How to tell it: differential, vec, index or partials.")
@click.option("--hessian", is_flag=True, help="Ask for the second derivatives.")
@click.option("--set-to-zero", is_flag=True, help="Also solve gradient = 0.")
@click.option("--layout", type=click.Choice([*LAYOUTS]), default="gradient-column", show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
def solve(
    function: str,
    wrt: str,
    shapes: tuple[str, ...],
    method: str | None,
    hessian: bool,
    set_to_zero: bool,
    layout: str,
    form: str,
) -> None:
    """Derive the gradient of FUNCTION step by step.

    FUNCTION is written as in NumPy: @ multiplies matrices, .T transposes, and tr, det, logdet, inv, norm,
    sum, diag, exp, log, sigmoid … are known. It may have a name: 'f(x) = x.T @ x'. Nothing is printed
    that was not confirmed numerically.
    """
    from generator.api import derive

    order = 2 if hessian or method == "hessian" else 1
    solution = derive(
        function, wrt, shapes, method=method, layout=layout, order=order, set_to_zero=set_to_zero
    )
    match form:
        case "terminal":
            solution.show()
        case "latex":
            click.echo(solution.to_latex(), nl=False)
        case "markdown":
            click.echo(solution.to_markdown(), nl=False)
        case "json":
            click.echo(solution.to_json())


@app.command(epilog=_example("workings check", "workings check content/week-3 notes.md"))
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


@app.command(epilog=_example("workings serve", "workings serve --port 8080"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@_output
@_content
@_templates
def serve(port: int, output: Path, content: Path, templates: tuple[Path, ...]) -> None:
    """Show the site on this machine; it is built anew when the content or a template changes."""
    from generator.build import Request
    from generator.serve import serve as run

    run(Request((), content, templates, output=output), port, click.echo)


@app.command(epilog=_example("workings new content/week-3 --title 'Gradients, week 3'"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="By default made from the name of the folder.")
def new(folder: Path, title: str | None) -> None:
    """Make FOLDER with a commented starting collection."""
    from generator.spec import new_collection

    new_collection(folder, title or re.sub(r"[-_]+", " ", folder.name).capitalize())
    click.echo(f"made {folder}\nnext: workings build {folder}")


@app.command(epilog=_example("workings schema", "workings schema somewhere/schema"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("schema"))
def schema(folder: Path) -> None:
    """Write the JSON Schemas of the spec files, for editors, into FOLDER (by default schema)."""
    from generator.spec import write_schema

    write_schema(folder)
    click.echo(f"wrote the schemas into {folder}")


def _run(request: Request) -> None:
    """Build or check with a progress display; tell what was made before what failed."""
    from generator.build import raise_errors, run

    with _progress() as progress:
        documents = run(request, progress)
    _tell(documents)
    raise_errors([d.error for d in documents if d.error])


def _tell(documents: Sequence[Document]) -> None:
    for document in documents:
        if document.error is None:
            made = f"\n  {document.path}" if document.path else ""
            click.echo(f"{document.summary}{made}")
        for warning in document.warnings:
            click.echo(f"warning: {document.name}: {warning}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage while it runs, on stderr; nothing where that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # No refreshing thread: worker processes are forked while the display is on.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, refresh=True)

        yield show


def main() -> None:
    """Run the command line."""
    app(prog_name="workings")
