"""Expression tree -> LaTeX, in the subset that KaTeX and pdfLaTeX share.

Total over all node classes. Brackets come from ``grammar.brackets``, spacing and bracket sizes from the
tree; nothing is decided by looking into strings.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.expr import latex_algebra, latex_calculus  # noqa: F401 - they register their nodes
from generator.expr.calculus import Op
from generator.expr.latex_parts import guard as write_guard
from generator.expr.latex_parts import write
from generator.expr.nodes import Node
from generator.expr.notation import RELATIONS, Notation

_PLAIN = Notation()


def to_latex(node: Node, notation: Notation = _PLAIN) -> str:
    """The expression as LaTeX, without math delimiters."""
    return write(node, notation)


def write_relation(
    items: Sequence[Node], ops: Sequence[Op], guard: Node | None = None, notation: Notation = _PLAIN
) -> str:
    """A chain such as a = b = c, with a condition under which it holds, as in (i ≠ j)."""
    text = to_latex(items[0], notation)
    for op, item in zip(ops, items[1:], strict=True):
        text += f" {RELATIONS[op]} {to_latex(item, notation)}"
    return text if guard is None else rf"{text} \quad ({write_guard(guard, notation)})"
