"""What all commands share: messages and exit codes for what goes wrong, examples in the help, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from generator.errors import InputError, WorkingsError

INTERNAL = 70  # the exit code of an error of our own


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


def example(*lines: str) -> str:
    """The examples at the end of a help text."""
    return "\n".join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
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


def give_out(text: str, file: Path | None) -> None:
    """Print a text, or write it to a file.

    Raises:
        InputError: the file cannot be written.
    """
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {file}", err=True)
