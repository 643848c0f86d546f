"""Workings: software that shows its working.

The map, top to bottom (upper may import lower, never the reverse)::

    cli         arguments, progress, exit codes
    build       the pipeline as one function: problem -> derivation -> text -> verify -> pdf | site
    exam        a paper for every student: draw, derive, verify, set, split, record
    pdf, site   the two ways out; they take only what verify passed
    verify      finished text -> report; sees neither rules nor methods
    render      derivation -> text through Jinja templates
    variants    parameters, counted spaces, constraints; draws without replacement
    methods     ways to tell a solution
    derivation  lines, steps, derivations, and their replay
    rules       the laws of calculus and algebra, one row each; and the classic mistakes
    problem     TOML specs, collections, layout
    expr        the expression tree and its readers, writers and evaluator
    errors      what goes wrong, said to people
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.version import __version__

if TYPE_CHECKING:
    from generator.api import check as check
    from generator.api import derive as derive

__all__ = ["__version__", "check", "derive"]


def __getattr__(name: str) -> Any:
    """Import the Python interface on first use, so that ``import generator`` stays fast."""
    if name in ("check", "derive"):
        from generator import api

        return getattr(api, name)
    raise AttributeError(f"module 'generator' has no attribute {name!r}")
