"""The command that derives one function."""

from __future__ import annotations

import re
from pathlib import Path

import click

from generator.cli.frame import example
from generator.errors import InputError
from generator.expr.layout import LAYOUTS

FORMATS = (
    *("terminal", "latex", "document", "markdown", "html", "json"),
    *("numpy", "jax", "torch", "sympy"),
)
SUFFIXES = {".tex": "document", ".md": "markdown", ".html": "html", ".json": "json", ".py": "numpy"}
SHAPE = re.compile(r"[A-Za-z]\w*=[\w,*:]*")


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


@click.command(
    cls=Solve,
    epilog=example(
        "workings solve 'tr(X.T @ A @ X)' --wrt X --shape X=n,m A=n,n",
        "workings solve 'norm(A @ x - b)**2' --wrt x --format latex",
        "workings solve 'norm(A @ x - b)**2' --wrt x --output gradient.py",
        "workings solve '3*u**2 + 2*u*v' --wrt u,v --method partials",
        "workings solve 'x**3 - 3*x + y**2' --wrt x,y --hessian --set-to-zero",
    ),
)
@click.argument("function")
@click.option("--wrt", required=True, metavar="X", help="The variable, or several scalars: x,y,z.")
@click.option("--shape", "shapes", multiple=True, metavar="X=n,m …", help="Sizes that you want to fix.")
@click.option(
    "--method",
    "methods",
    multiple=True,
    metavar="NAME,…",
    help="How to tell it: differential, chain, vec, index or partials; several tell it in several ways.",
)
@click.option("--hessian", is_flag=True, help="Ask for the second derivatives.")
@click.option("--set-to-zero", is_flag=True, help="Also solve gradient = 0.")
@click.option("--layout", type=click.Choice([*LAYOUTS]), default="gradient-column", show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default as the file is called.")
@click.option("--output", "-o", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where to.")
def solve(
    function: str,
    wrt: str,
    shapes: tuple[str, ...],
    methods: tuple[str, ...],
    hessian: bool,
    set_to_zero: bool,
    layout: str,
    form: str | None,
    file: Path | None,
) -> None:
    """Derive the gradient of FUNCTION step by step.

    FUNCTION is written as in NumPy: @ multiplies matrices, .T transposes, and tr, det, logdet, inv, norm,
    sum, diag, exp, log, sigmoid … are known. It may have a name: 'f(x) = x.T @ x'. Nothing is printed
    that was not confirmed numerically.
    """
    from generator.api import derive

    order = 2 if hessian or "hessian" in methods else 1
    method = ",".join(methods)
    solution = derive(
        function, wrt, shapes, method=method, layout=layout, order=order, set_to_zero=set_to_zero
    )
    form = form or (SUFFIXES.get(file.suffix, "terminal") if file else "terminal")
    if file:
        _write(file, solution.to(form))
    elif form == "terminal":
        solution.show()
    else:
        click.echo(solution.to(form), nl=False)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {file}", err=True)
