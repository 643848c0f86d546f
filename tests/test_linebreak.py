"""Long displays are broken where readers expect it; short ones are left alone."""

from __future__ import annotations

import pytest

from generator.confirmation import scopes
from generator.derivation import Line
from generator.expr.calculus import D, Partial, Rel
from generator.expr.latex_reader import read
from generator.expr.latex_table import Table
from generator.expr.latex_writer import to_latex
from generator.expr.make import add, matrix, mul, neg, num, scalar, t, tr, vector
from generator.expr.nodes import Add, Entry, Idx, Mul, Neg, Node
from generator.expr.notation import Notation
from generator.expr.shapes import dim
from generator.linebreak import ROOM, rows, width
from generator.verify import Scope, verify_text
from tests.golden.handmade import trace

A, B, X, L = matrix("A", "n", "n"), matrix("B", "n", "n"), matrix("X", "n", "n"), scalar("L")


def term(k: int) -> Node:
    return tr(mul(*[A, t(X)] * k, D(X)))


def text_of(*lines: Line) -> list[str]:
    return [f"{r.lhs} | {r.relation} | {r.rhs}" for r in rows(lines, Notation())]


def test_a_short_chain_has_a_row_for_each_line():
    found = text_of(Line(D(L), tr(A)), Line(None, tr(t(A))))
    assert found == [
        r"\mathrm{d}L | = | \operatorname{tr}(\mathbf{A})",
        r" | = | \operatorname{tr}(\mathbf{A}^{\top})",
    ]


MODES = {
    "identity": (Line(L, num(1)), "L | = | 1"),
    "definition": (Line(L, num(1), mode="definition"), r"L | \coloneqq | 1"),
    "condition": (Line(L, num(1), mode="condition"), "L | = | 1"),
    "display": (Line(None, num(1), mode="display"), " |  | 1"),
    "first without a left side": (Line(None, num(1)), " |  | 1"),
}


@pytest.mark.parametrize(("line", "want"), MODES.values(), ids=MODES)
def test_modes(line, want):
    assert text_of(line) == [want]


def test_a_guard_stands_after_the_line():
    i, j, x = Idx("i", dim("n")), Idx("j", dim("n")), vector("x", "n")
    line = Line(Partial(Entry(x, (i,)), Entry(x, (j,))), num(0), guard=Rel(i, "≠", j))
    assert text_of(line)[0].endswith(r"| = | 0 \quad (i \neq j)")


def test_a_long_sum_is_broken_at_its_terms_and_keeps_them_all():
    total = add(*(term(3) if k % 2 else neg(term(3)) for k in range(6)))
    assert isinstance(total, Add)
    found = rows([Line(D(L), total)], Notation())
    assert len(found) > 1
    assert all(r.rhs.startswith((r"\quad + ", r"\quad -")) and not r.relation for r in found[1:])
    joined = " ".join(r.rhs.removeprefix(r"\quad ") for r in found).replace("- ", "-")
    assert joined == to_latex(total).replace("- ", "-")


def test_no_row_is_wider_than_the_page():
    total = add(*(term(2) for _ in range(9)))
    per_row = [r.rhs.count("operatorname") for r in rows([Line(D(L), total)], Notation())]
    assert max(per_row) * width(term(2)) <= ROOM


def test_a_wide_left_side_gets_a_row_of_its_own():
    found = rows([Line(term(7), term(8)), Line(None, term(8))], Notation())
    assert [r.relation for r in found] == ["", r"\quad =", r"\quad ="]
    assert found[0].rhs == to_latex(term(7))
    assert not any(r.lhs for r in found)


def test_a_broken_line_reads_back_as_one_equality():
    derivation = trace()
    A, X = derivation.problem.symbols.values()
    part = tr(mul(*[A, X] * 4))
    line = Line(num(0), Add((*[part] * 4, *[Neg(part)] * 4)))
    body = " \\\\\n".join(f"{r.lhs} &{r.relation} {r.rhs}" for r in rows([line], Notation()))
    text = f"% scope: linear\n\\begin{{align*}}\n{body}\n\\end{{align*}}\n% end scope\n"
    report = verify_text(text, "latex", scopes({"linear": derivation}), "broken")
    assert body.count(r"\quad") > 1
    assert report.ok, report.failures
    assert [c.kind for c in report.checked] == ["equality"]


def test_a_long_product_of_numbers_is_broken_at_its_factors():
    a, b, c, u = (scalar(name) for name in "abcu")
    wide = add(*(mul(a, b, c, num(k)) for k in range(2, 10)))
    total = mul(u, wide, wide)
    found = rows((Line(L, total),), Notation())
    assert len(found) == 2
    assert found[1].rhs.startswith(r"\quad \cdot (")
    assert not found[1].relation
    names = {s.name: s for s in (L, a, b, c, u)}
    rows_of = rf"{to_latex(mul(wide, u, wide))} &= {found[0].rhs} \\ & {found[1].rhs}"
    text = f"% scope: p\n\\begin{{align*}} {rows_of} \\end{{align*}}\n% end scope"
    report = verify_text(text, "latex", {"p": Scope(names)}, "test")
    assert [c.kind for c in report.checked] == ["equality"]
    assert report.ok, report.failures


@pytest.mark.parametrize(
    "total",
    [
        Add((add(term(2), term(2)), Add((Neg(term(3)), term(3))))),
        Add((term(3), Add((Neg(Neg(term(3))), term(3))))),
        Mul((add(*[scalar("c")] * 20), Mul((scalar("c"), add(*[scalar("c")] * 20))))),
    ],
    ids=["a sum in a sum", "one that begins with a minus sign", "a product in a product"],
)
def test_what_stands_in_a_row_of_its_own_keeps_its_parentheses(total):
    found = rows([Line(L, total)], Notation())
    assert len(found) > 1
    text = " ".join(r.rhs for r in found).replace(r"\quad ", "")
    assert read(text, Table({s.name: s for s in (A, X, scalar("c"))}, variables=(X,))) == total


def test_a_slide_is_narrower_than_a_page():
    total = add(*(mul(scalar("a"), scalar("b"), num(k)) for k in range(2, 16)))
    wide, narrow = (rows((Line(L, total),), Notation(), room) for room in (width(total) + 4, 20.0))
    assert len(wide) == 1
    assert len(narrow) > 1
