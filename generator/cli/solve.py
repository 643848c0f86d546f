"""The command that derives one function."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.frame import example, give_out
from generator.errors import InputError
from generator.expr.layout import LAYOUTS

if TYPE_CHECKING:
    from generator.solution import Solution

FORMATS = (
    *("terminal", "latex", "document", "markdown", "html", "json"),
    *("numpy", "jax", "torch", "sympy"),
)
SUFFIXES = {".tex": "document", ".md": "markdown", ".html": "html", ".json": "json", ".py": "numpy"}
METHODS = ("partials", "differential", "chain", "product", "vec", "index", "deltas", "limit")
DETAILS = ("brief", "standard", "full")
CASES = click.Path(exists=True, dir_okay=False, path_type=Path)
SHAPE = re.compile(r"[A-Za-z]\w*=[\w,*:]*")


class Solve(click.Command):
    """Takes several values after one ``--shape`` (``--shape X=n,m A=n,n``), and a function with a minus."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the option before each further value; what begins like no option is the function."""
        spread: list[str] = []
        told = [] if "--" in args else args
        functions = [a for a in told if a[:1] == "-" and a[1:2] not in ("", "-", *"ojh")]
        args = [a for a in args if a not in functions]
        among_shapes = False
        for before, arg in zip(["", *args], args, strict=False):
            more = among_shapes and before != "--shape" and SHAPE.fullmatch(arg) is not None
            among_shapes = more or before == "--shape" or arg.startswith("--shape")
            spread += ["--shape", arg] if more else [arg]
        return super().parse_args(ctx, [*spread, "--", *functions] if functions else spread)


@click.command(
    cls=Solve,
    epilog=example(
        "workings solve 'tr(X.T @ A @ X)' --wrt X --shape X=n,m A=n,n",
        "workings solve 'logdet(X)' --wrt X --assume X=symmetric --structured",
        "workings solve 'norm(A @ x - b)**2' --wrt x --format latex",
        "workings solve 'norm(A @ x - b)**2' --wrt x --output gradient.py",
        "workings solve '3*u**2 + 2*u*v' --wrt u,v --method partials",
        "workings solve 'x**3 - 3*x + y**2' --wrt x,y --hessian --set-to-zero",
        r"workings solve '\|Ax - b\|_2^2' --wrt x",
        "workings solve --file cases.toml --jobs 4",
    ),
)
@click.argument("function", required=False)
@click.option("--wrt", metavar="X", help="The variable, or several scalars: x,y,z.")
@click.option(
    "--function", "functions", multiple=True, metavar="f=d->n", help="Declare an abstract function."
)
@click.option("--shape", "shapes", multiple=True, metavar="X=n,m …", help="Sizes that you want to fix.")
@click.option(
    "--method",
    "methods",
    multiple=True,
    metavar="NAME,…",
    help=f"How to tell it: {', '.join(METHODS)}; several tell it in several ways.",
)
@click.option("--hessian", is_flag=True, help="Ask for the second derivatives.")
@click.option("--set-to-zero", is_flag=True, help="Also solve gradient = 0.")
@click.option("--detail", type=click.Choice(DETAILS), default="full", show_default=True, help="How much.")
@click.option("--assume", multiple=True, metavar="X=symmetric", help="What is known: symmetric, diagonal, …")
@click.option("--structured", is_flag=True, help="Keep X symmetric or diagonal.")
@click.option("--layout", type=click.Choice([*LAYOUTS]), default="gradient-column", show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default as the file is called.")
@click.option("--output", "-o", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where to.")
@click.option(
    "--file", "cases", type=CASES, help="Solve all functions of a file; docs/cases.md describes it."
)
@click.option("--others", is_flag=True, help="Name the other methods that would tell it.")
@click.option("--only", default="", metavar="TEXT", help="With --file: those whose id contains this.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="With --file: processes; by default one a core.")
def solve(
    function: str | None,
    wrt: str | None,
    functions: tuple[str, ...],
    shapes: tuple[str, ...],
    methods: tuple[str, ...],
    hessian: bool,
    set_to_zero: bool,
    detail: str,
    assume: tuple[str, ...],
    structured: bool,
    layout: str,
    form: str | None,
    file: Path | None,
    cases: Path | None,
    others: bool,
    only: str,
    jobs: int | None,
) -> None:
    """Derive the gradient of FUNCTION step by step.

    FUNCTION is written as in NumPy: @ multiplies matrices, .T transposes, and tr, det, logdet, inv, norm,
    sum, diag, exp, log, sigmoid … are known. It may have a name: 'f(x) = x.T @ x'. Nothing is printed
    that was not confirmed numerically. A function may also be written in LaTeX: '\\|Ax - b\\|_2^2'.
    """
    form = form or (SUFFIXES.get(file.suffix, "terminal") if file else "terminal")
    if cases:
        _solve_cases(cases, only, jobs, layout, form, file, function)
        return
    if function is None or wrt is None:
        raise click.UsageError("a function and --wrt are needed (or --file)")
    from generator.api import derive

    order = 2 if hessian or "hessian" in methods else 1
    method = ",".join(methods)
    solution = derive(
        function, wrt, shapes, method=method, layout=layout, order=order, set_to_zero=set_to_zero,
        functions=functions, detail=detail,
        assume=assumptions(assume), structured=structured,
    )  # fmt: skip
    if form == "terminal" and not file:
        solution.show()
        if others or sys.stdout.isatty():
            _tell_others(solution)
    else:
        give_out(solution.to(form), file)


def _tell_others(solution: Solution) -> None:
    """One line with the methods that would tell the same in another way."""
    from generator.methods import others

    if found := others(solution.derivation):
        click.echo(f"{click.style('Also'.ljust(9), fg='cyan', bold=True)}--method {' or '.join(found)}")


def _solve_cases(
    cases: Path, only: str, jobs: int | None, layout: str, form: str, file: Path | None, function: str | None
) -> None:
    """Tell what became of every entry; the exit code is that of the worst."""
    from generator.cli.cases import solve_file

    if function is not None:
        raise click.UsageError("either a function or --file")
    if form not in ("terminal", "json"):
        raise click.UsageError("--file prints a table, or --format json")
    text, code = solve_file(cases, only, jobs, layout, form)
    give_out(text, file)
    click.get_current_context().exit(code)


def assumptions(told: tuple[str, ...]) -> dict[str, list[str]]:
    """The words of ``X=symmetric,invertible``, by name.

    Raises:
        InputError: there is no name before the words.
    """
    found: dict[str, list[str]] = {}
    for item in told:
        name, equals, words = item.partition("=")
        if not equals:
            raise InputError(f"`--assume {item}` names no symbol", hint="write --assume X=symmetric")
        found.setdefault(name.strip(), []).extend(word.strip() for word in words.split(","))
    return found
