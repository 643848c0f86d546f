"""What a student's PDF must not hold: looked for by a library that has no part in making it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypdf import PdfReader

WORDS = (
    "Solution", "Step", "Idea.", "Answer.", "Marker", "Usual mistakes", "Choices.", "right", "minimum",
    "Partial derivative", "Evaluate at the point", "lost constant", "Only a constant",
)  # fmt: skip
SHORTEST = 6  # signs of an answer: "∇f(x)=" alone is asked for


def squeezed(text: str) -> str:
    """A text without spaces: where a PDF puts them is left to its reader."""
    return re.sub(r"\s+", "", text)


def text_of(path: Path) -> str:
    """All text of all pages, whatever its colour and place."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def answers_in(key: Path) -> Iterator[str]:
    """The answers on a key: what stands between the headings of its problems, as it is read from the PDF."""
    for page in PdfReader(key).pages:
        blocks = re.split(r"^Problem \d+ .*points?$", page.extract_text(), flags=re.MULTILINE)
        yield from (
            answer for block in blocks[1:] if len(answer := squeezed(_without_foot(block))) >= SHORTEST
        )


def _without_foot(block: str) -> str:
    return re.sub(r"\n\d+\s*$", "", block)


def leaks(paper: Path, keys: Iterable[Path], words: Iterable[str] = WORDS) -> list[str]:
    """Everything in a paper that should not be there, in words."""
    text, answers = text_of(paper), (answer for key in keys for answer in answers_in(key))
    found = [f"the word {word!r}" for word in words if word in text]
    found += [f"the answer {answer}" for answer in answers if answer in squeezed(text)]
    return [*found, *_hidden(PdfReader(paper))]


def _hidden(reader: PdfReader) -> Iterator[str]:
    """What a PDF can carry beside its pages."""
    yield from (f"the property {name}" for name in reader.metadata or {} if name != "/Producer")
    yield from ["XMP metadata"] if reader.xmp_metadata is not None else []
    yield from (f"the attachment {name}" for name in reader.attachments)
    yield from ["bookmarks"] if reader.outline else []
    known = ("/Type", "/Pages", "/Version")
    yield from (f"a catalogue with {key}" for key in reader.trailer["/Root"] if key not in known)
    for k, page in enumerate(reader.pages, 1):
        yield from (f"page {k} with {key}" for key in ("/Annots", "/AA") if key in page)
