"""One PDF of a class into one a student, and back. The only file that imports pikepdf."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def split(source: Path, cuts: Sequence[tuple[Path, int, int]]) -> None:
    """Write pages ``first`` … ``last`` − 1, counted from 0, of a PDF to each target, in one move each."""
    import pikepdf

    with pikepdf.open(source) as whole:
        for target, first, last in cuts:
            with pikepdf.new() as part:
                part.pages.extend(whole.pages[first:last])
                _save(part, target)


def join(sources: Sequence[Path], target: Path) -> None:
    """All pages of some PDFs in one, in order."""
    import pikepdf

    with pikepdf.new() as whole:
        for source in sources:
            with pikepdf.open(source) as part:
                whole.pages.extend(part.pages)
        _save(whole, target)


def _save(document: object, target: Path) -> None:
    """Save beside the target, then move: a killed run leaves no half of a file under its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    document.save(draft, deterministic_id=True)  # type: ignore[attr-defined]
    draft.replace(target)
