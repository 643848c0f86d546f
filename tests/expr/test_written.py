"""Entries written out, with dots where there are many; each is read back and confirmed."""

import pytest

from generator.expr.calculus import App, Grad, Mat, Partial
from generator.expr.latex_writer import to_latex, write_relation
from generator.expr.layout import LAYOUTS
from generator.expr.make import matrix, num, scalar, vector
from generator.expr.nodes import Entry, Node, Sym, T
from generator.expr.shapes import SCALAR, same_shape
from generator.expr.written import written_out
from generator.prose import parse_prose
from generator.verify import scope_of, verify_text
from tests.problems import problem

A, x, v, c = matrix("A", "n", "m"), vector("x", "n"), vector("v", 2), scalar("c")
y, s, t = vector("y", "m"), scalar("s"), scalar("t")
f = Sym("f", SCALAR)
N, D = LAYOUTS["numerator"], LAYOUTS["denominator"]


def entries(e: Node) -> list[str]:
    return [to_latex(cell) for cell in written_out(e).cells]


@pytest.mark.parametrize(
    ("e", "columns", "corners"),
    [
        (v, 1, (Entry(v, (num(1),)), Entry(v, (num(2),)))),
        (T(v), 2, (Entry(v, (num(1),)), Entry(v, (num(2),)))),
        (Grad(f, (v,), (v,), N), 2, (Partial(f, Entry(v, (num(1),))), Partial(f, Entry(v, (num(2),))))),
        (Grad(f, (v,), (), D), 1, (Partial(f, Entry(v, (num(1),))), Partial(f, Entry(v, (num(2),))))),
        (Grad(f, (s, t), (), N), 2, (Partial(f, s), Partial(f, t))),
        (Partial(v, c), 1, (Partial(Entry(v, (num(1),)), c), Partial(Entry(v, (num(2),)), c))),
        (Partial(App(f, (v,)), v, N), 2, (Partial(App(f, (v,)), Entry(v, (num(k),))) for k in (1, 2))),
    ],
)
def test_short_sides_have_no_dots(e: Node, columns: int, corners: tuple[Node, ...]) -> None:
    assert written_out(e) == Mat(tuple(corners), columns)


def test_the_jacobian_follows_the_layout() -> None:
    w = vector("w", 3)
    for layout, place in ((N, 1), (D, 2)):
        cell = written_out(Partial(v, w, layout)).cells[place]
        assert cell == Partial(Entry(v, (num(1),)), Entry(w, (num(2),)))


def test_the_hessian_names_the_row_first() -> None:
    cell = written_out(Grad(f, (v,), (), N, 2)).cells[1]
    assert cell == Partial(Partial(f, Entry(v, (num(2),))), Entry(v, (num(1),)))


@pytest.mark.parametrize(
    "e", [A, T(A), x, Partial(y, x), Partial(y, x, D), Grad(f, (x,)), Grad(f, (A,)), Grad(f, (x,), (), N, 2)]
)
def test_long_sides_have_dots(e: Node) -> None:
    found = written_out(e)
    assert same_shape(found.shape, e.shape)
    assert any("dots" in cell for cell in entries(e))


@pytest.mark.parametrize("layout", [N, D])
def test_what_is_written_out_is_confirmed(layout) -> None:
    subjects = [
        problem("exp(x.T @ x)", "x", x, layout=layout),
        problem("exp(x.T @ x)", "x", x, layout=layout, order=2),
        problem("A.T @ x", "x", A, x, function="y", layout=layout),
        problem("tr(A.T @ A)", "A", A, layout=layout),
        problem("s * t**2", "s,t", s, t, layout=layout),
    ]
    for subject in subjects:
        (math,) = parse_prose("{derivative written out}", subject)
        text = write_relation(math.nodes, ["="])
        report = verify_text(
            f"% scope: p\n\\[ {text} \\]\n% end scope\n", "latex", {"p": scope_of(subject)}, "t"
        )
        assert report.ok, report.failures
        assert report.checked[0].kind == "equality"
