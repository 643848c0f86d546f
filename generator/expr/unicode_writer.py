"""Expression tree -> one line of Unicode mathematics, for the terminal; every node class has a form.

What one line cannot show (a brace with a note under it) is left to ``terminal``. Brackets follow
``grammar.brackets``; only the slash, which does not bracket as a fraction bar does, is decided here.
"""

from __future__ import annotations

from generator.expr import unicode_algebra, unicode_calculus  # noqa: F401 - they register their nodes
from generator.expr.nodes import Node
from generator.expr.unicode_parts import pieces, write

__all__ = ["pieces", "to_unicode"]


def to_unicode(node: Node) -> str:
    """The expression as one line of Unicode."""
    return write(node)
