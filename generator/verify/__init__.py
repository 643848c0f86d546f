"""Finished text -> report: every printed formula is read back and confirmed by numbers.

Sees the text and, as plain data, what the letters mean; never the rules, methods or writers that made it.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.verify.checker import Checker
from generator.verify.formulas import Kind, extract
from generator.verify.report import Checked, Report, require
from generator.verify.scopes import Scope, scope_of

__all__ = ["Checked", "Report", "Scope", "require", "scope_of", "verify_text"]


def verify_text(text: str, kind: Kind, scopes: Mapping[str, Scope], name: str) -> Report:
    """Check every formula of a finished LaTeX or Markdown text.

    ``scopes`` gives the meaning of letters by the names that the text's scope comments use; ``name`` is the
    name of the document in messages. Nothing is raised for a wrong or unreadable formula: see ``require``.
    """
    checker = Checker(scopes)
    return Report(name, tuple(entry for found in extract(text, kind) for entry in checker.check(found)))
