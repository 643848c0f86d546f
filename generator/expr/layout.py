"""Layout: the conventions that change results (not glyphs): how derivatives are arranged.

The three fields of the design are two here, because the third (a matrix gradient has the shape of its
input) is the same in every convention that the program knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.expr.shapes import Shape, is_column, is_scalar


@dataclass(frozen=True, slots=True)
class Layout:
    """How a vector gradient and a Jacobian are arranged."""

    gradient: Literal["column", "row"] = "column"
    jacobian: Literal["numerator", "denominator"] = "numerator"

    def derivative_shape(self, of: Shape, wrt: Shape) -> Shape | None:
        """The shape of ∂of/∂wrt, or ``None`` where it is a tensor of more than two indices."""
        if is_scalar(of):
            return (wrt[1], wrt[0]) if is_column(wrt) and self.gradient == "row" else wrt
        if is_scalar(wrt):
            return of
        if is_column(of) and is_column(wrt):
            return (of[0], wrt[0]) if self.jacobian == "numerator" else (wrt[0], of[0])
        return None


LAYOUTS: dict[str, Layout] = {
    "gradient-column": Layout("column", "numerator"),
    "numerator": Layout("row", "numerator"),
    "denominator": Layout("column", "denominator"),
}
TITLES = {
    "gradient-column": "Gradient as a column",
    "numerator": "Numerator layout",
    "denominator": "Denominator layout",
}
