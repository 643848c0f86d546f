"""The page in a terminal: order, alignment, width, colours."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from generator.terminal import compose, show, task
from tests.samples import linear_trace, written_out

PAGE = """\
Gradient of L = tr(AX) with respect to X

Given    A ∈ ℝⁿˣᵐ   X ∈ ℝᵐˣⁿ, invertible
         (sizes of A inferred)
Size     ∇_X L has the size of X.
Idea     Read G off.

1  Take the differential
   Rule: d(tr(A)) = tr(dA)  (the trace is a sum of entries)
   dL = d(tr(AX))
      = tr(A dX)

2  Identify
   Gᵀ ≔ A

2.1  Transpose
   • Transpose G:
   G = Aᵀ

╭────────────╮
│ ∇_X L = Aᵀ │
╰────────────╯
Note     X must be invertible.
Checks   The sizes agree.
Verified 5 formulas confirmed
"""


def printed(width: int = 80, color: str | None = None) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, color_system=color, force_terminal=color is not None, highlight=False
    )  # type: ignore[arg-type]
    show(linear_trace(), "5 formulas confirmed", {"A"}, console)
    return out.getvalue()


def test_the_page() -> None:
    assert printed() == PAGE


def test_a_pipe_gets_plain_text_and_a_terminal_colours() -> None:
    assert "\x1b" not in printed()
    assert "\x1b" in printed(color="standard")


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(color="standard").replace("\x1b[3m", "")  # slant may stay, colours may not


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    for derivation in (linear_trace(), written_out()):
        rows = list(compose(derivation, "12 formulas: all confirmed", {"A"}, width))
        assert (
            max(cell_len(row.label.ljust(9) if row.label else "") + cell_len(row.text) for row in rows)
            <= width
        )


def test_relation_signs_are_aligned_and_long_sums_continue_under_them() -> None:
    rows = [row.text for row in compose(written_out(), width=40)]
    start = rows.index("1  Look")
    chain = rows[start + 1 : rows.index("", start)]
    assert chain[:2] == ["   f = 3u − uv", "       3u: linear in u   uv: mixed"]
    assert chain[2].startswith("     = x₁ + 2x₂ +") or chain[2].startswith("     = 1x₁ + 2x₂ +")
    assert all(line.startswith("       + ") for line in chain[3:-1])
    assert chain[-1] == "   u = 0   (u ≠ v)"


@pytest.mark.parametrize(
    ("derivation", "line"),
    [
        (linear_trace(), "Gradient of L = tr(AX) with respect to X"),
        (written_out(), "Gradient of f(u, v) = 3u − uv with respect to u, v"),
    ],
)
def test_task(derivation: object, line: str) -> None:
    assert task(derivation.problem) == line  # type: ignore[attr-defined]
