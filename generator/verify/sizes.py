r"""Statements about sizes, no expressions: x ∈ ℝⁿ, f: ℝⁿ → ℝ, (m × n)(n × 1) = m × 1, i = 1, …, n."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from generator.errors import InputError
from generator.expr.notation import Notation
from generator.expr.shapes import ONE, SCALAR, Dim, Shape, dim, same_shape, show
from generator.verify.rows import pieces

Kind = Literal["declaration", "size"]
_REAL = r"\\(?:mathbb\s*(?:\{R\}|R)|R|Reals)(?![a-zA-Z])"
_POWER = r"(?:\^(?P<power>\{.*\}|\S))?\s*"
_MEMBER = re.compile(rf"(?P<names>.+?)\\in(?![a-zA-Z])\s*{_REAL}\s*{_POWER}\Z", re.DOTALL)
_REAL_POWER = rf"{_REAL}\s*(?:\^(?:\{{[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}}|\w|\\\w+))?"
_MAP = re.compile(
    rf"(?P<names>.+?)(?:\\colon(?![a-zA-Z])|:)\s*"
    rf"(?P<source>{_REAL_POWER}(?:\s*\\times\s*{_REAL_POWER})*)\s*"
    rf"\\to(?![a-zA-Z])\s*(?P<target>{_REAL_POWER})\s*\Z",
    re.DOTALL,
)
_RANGE = re.compile(
    r"(?P<names>[a-z](?:\s*,\s*[a-z])*)\s*(?:=\s*1\s*,\s*(?P<two>2\s*,\s*)?\\(?:l|c)?dots\s*,\s*(?P<last>\S.*)"
    r"|\\in\s*\\\{\s*1\s*,\s*(?:2\s*,\s*)?\\(?:l|c)?dots\s*,\s*(?P<top>\S.*?)\s*\\\})\Z"
)
_SIZE_WORD = re.compile(r"\\times(?![a-zA-Z])")


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about sizes: of which kind, and what is wrong with it, if anything."""

    kind: Kind
    trouble: str = ""


class SizeReader:
    """Reads and judges statements about sizes with the sizes and symbols of a scope."""

    def __init__(
        self,
        dimensions: Iterable[str],
        shape: Callable[[str], Shape],
        notation: Notation,
        source: Callable[[str], tuple[Shape, ...] | None] = lambda name: None,
    ) -> None:
        self.glyphs = {re.sub(r"[{}\s]", "", notation.symbol(name)): name for name in dimensions}
        self.shape, self.source = shape, source

    def judge(self, latex: str) -> Claim | None:
        """What a statement claims about sizes; ``None`` where it is no such statement.

        Raises:
            InputError: it is one, with a name that is not declared.
        """
        if (m := _MAP.match(latex)) is not None:
            return self._mapping(m)
        if (m := _RANGE.match(latex)) is not None:
            self.dimension(m["last"] or m["top"])
            return Claim("declaration")
        if (m := _MEMBER.match(latex)) is not None:
            return self._member(m)
        if _SIZE_WORD.search(latex) and self._looks_like_sizes(latex):
            return self._product(latex)
        return None

    def _mapping(self, m: re.Match[str]) -> Claim:
        source = tuple(self._real(space) for space in re.findall(_REAL_POWER, m["source"]))
        target = self._real(m["target"])
        for name in map(str.strip, m["names"].split(",")):
            declared = self.shape(name)
            if not same_shape(declared, target):
                trouble = f"the text maps to a {show(target)}, the function is a {show(declared)}"
                return Claim("declaration", trouble)
            takes = self.source(name) or source
            if len(takes) != len(source) or not all(map(same_shape, takes, source)):
                said, meant = (" and a ".join(map(show, shapes)) for shapes in (source, takes))
                return Claim("declaration", f"the text maps from a {said}, the function from a {meant}")
        return Claim("declaration")

    def _real(self, latex: str) -> Shape:
        """The shape of the arrays in ℝ with an exponent."""
        power = re.sub(_REAL, "", latex, count=1).strip().removeprefix("^").strip()
        return self.space(power[1:-1] if power.startswith("{") else power)

    def _member(self, m: re.Match[str]) -> Claim:
        power = m["power"] or ""
        said = self.space(power[1:-1] if power.startswith("{") else power)
        for name in pieces(m["names"]):
            declared = self.shape(name.strip())
            if not same_shape(declared, said):
                return Claim("declaration", f"the text says {show(said)}, declared is a {show(declared)}")
        return Claim("declaration")

    def space(self, power: str) -> Shape:
        """The shape that an exponent of ℝ stands for."""
        if not power.strip():
            return SCALAR
        sides = [self.dimension(part) for part in _SIZE_WORD.split(power)]
        if len(sides) > 2:
            raise InputError(f"a space of {len(sides)} indices has no matrices in it")
        return (sides[0], sides[1] if len(sides) == 2 else ONE)

    def dimension(self, latex: str) -> Dim:
        """A size such as ``n``, ``2`` or ``n m``.

        Raises:
            InputError: the name of a size that is not declared.
        """
        factor, names = 1, []
        text = re.sub(r"\\cdot(?![a-zA-Z])|[{}\s]|\\[,;:!]", " ", latex).strip()
        for token in re.findall(r"[0-9]+|\\[a-zA-Z]+(?:_\w+)?|[a-zA-Z](?:_\w+)?|\S", text):
            if token.isdigit():
                factor *= int(token)
            elif token in self.glyphs:
                names.append(self.glyphs[token])
            else:
                raise InputError(f"`{token}` is not the name of a size here")
        if not text:
            raise InputError("a size is missing")
        return Dim(factor, tuple(sorted(names))) if names else dim(factor)

    def _looks_like_sizes(self, latex: str) -> bool:
        rest = re.sub(r"\\times(?![a-zA-Z])|\\(?:left|right|cdot|quad|;|,|:|!)|[()=\s\d{}]", " ", latex)
        return all(re.fullmatch(r"[a-zA-Z]|\\[a-zA-Z]+|_\w", token) for token in rest.split())

    def _product(self, latex: str) -> Claim:
        """Multiply out every side of a chain of sizes and compare."""
        plain = re.sub(r"\\(?:left|right|bigl|bigr|quad)(?![a-zA-Z])|\\[,;:!]", " ", latex)
        results: list[tuple[Dim, ...]] = []
        for side in plain.split("="):
            result = self._multiplied(side)
            if isinstance(result, str):
                return Claim("size", result)
            results.append(result)
        for left, right in pairwise(results):
            if left != right:
                return Claim("size", f"the sizes multiply out to {_show(left)}, the text says {_show(right)}")
        return Claim("size")

    def _multiplied(self, side: str) -> tuple[Dim, ...] | str:
        """The size of a product of sizes such as (m × n)(n × 1); m × (n × k) is one size of three numbers."""
        groups = [(a.strip(), b.strip()) for a, b in re.findall(r"\(([^()]*)\)|([^()]+)", side)]
        if any(loose not in ("", r"\cdot", r"\times") for _, loose in groups):
            factors = [re.sub("[()]", " ", side)]
        else:
            factors = [inner for inner, _ in groups if inner]
        sizes = [tuple(self.dimension(part) for part in _SIZE_WORD.split(f)) for f in factors]
        if not sizes:
            return "a size is missing"
        whole = sizes[0]
        for factor in sizes[1:]:
            if whole[-1] != factor[0]:
                return f"the inner sizes {whole[-1]} and {factor[0]} of the product differ"
            whole = (*whole[:-1], *factor[1:])
        return whole


def _show(size: tuple[Dim, ...]) -> str:
    return " × ".join(map(str, size))
