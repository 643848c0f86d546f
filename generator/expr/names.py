"""How the name of a symbol is taken apart: ``W1`` is W with subscript 1, ``x_star`` is x with a star."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

ACCENTS = ("hat", "bar", "tilde", "dot")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts: base letter or word, accent, subscript, superscript."""

    base: str
    accent: str = ""
    sub: str = ""
    sup: str = ""


@cache
def split_name(name: str) -> Name:
    """The parts of a name; trailing digits and an unknown suffix become a subscript."""
    stem, _, suffix = name.partition("_")
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)", stem)
    base, digits = found.groups() if found else (stem, "")
    if suffix in ACCENTS:
        return Name(base, accent=suffix, sub=digits)
    if suffix == "star":
        return Name(base, sub=digits, sup=suffix)
    return Name(base, sub=",".join(part for part in (digits, suffix.replace("_", ",")) if part))
