"""The ``[parameters]`` table: what each parameter may be, as a counted space."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from generator.errors import InputError
from generator.expr.infer import check_name
from generator.spec.complaints import Complaints, Source, told_value
from generator.variants import spaces
from generator.variants.spaces import Product, Space

if TYPE_CHECKING:
    from generator.spec.models import ParameterTable

KINDS = ("integer", "rational", "choice", "vector", "matrix")
BELONG = {
    "denominators": ("rational",), "structure": ("matrix",), "rank": ("matrix",), "pivots": ("matrix",),
    "entries": ("vector", "matrix"), "exclude": ("integer", "vector", "matrix"),
}  # fmt: skip
"""Which keys go with which kind."""
MOST_VALUES = 100_000  # of one number
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6}|/[1-9][0-9]{0,5})?")


def read_parameters(
    tables: Mapping[str, ParameterTable], taken: Mapping[str, object], source: Source, complaints: Complaints
) -> Product:
    """The parameters of a problem; ``taken`` are the names of its symbols."""
    found = {}
    for name, table in tables.items():
        try:
            check_name(name)
            found[name] = _space(table)
            if name in taken and not found[name].structure:  # a word may stand for the name of a symbol
                raise InputError(f"`{name}` is a symbol already", hint="choose another name")
        except InputError as error:
            complaints.wrong(source, ("parameters", name), error)
    return Product(found)


def _space(table: ParameterTable) -> Space:
    """The space of one parameter.

    Raises:
        InputError: the table says nothing, too much, or something empty.
    """
    kinds = [kind for kind in KINDS if getattr(table, kind)]
    if len(kinds) != 1:
        raise InputError(f"expected one of {', '.join(KINDS)}; found {' and '.join(kinds) or 'none of them'}")
    kind = kinds[0]
    for key, owners in BELONG.items():
        if getattr(table, key) and kind not in owners:
            raise InputError(f"`{key}` belongs to a {' or a '.join(owners)}, not to `{kind}`")
    space = _MAKERS[kind](table)
    if not all(space.axes):
        raise InputError("no value is left")
    return space


def _integers(bounds: list[int], exclude: list[int]) -> tuple[Fraction, ...]:
    low, high = bounds
    if high - low >= MOST_VALUES:
        raise InputError(f"found more than {MOST_VALUES} values")
    return tuple(Fraction(k) for k in range(low, high + 1) if k not in exclude)


def _integer(table: ParameterTable) -> Space:
    return spaces.chosen(_integers(table.integer, table.exclude))


def _rational(table: ParameterTable) -> Space:
    low, high = (_number(v) for v in table.rational)
    denominators = table.denominators or [1, 2]
    if min(denominators) < 1 or max(denominators) * (high - low) > MOST_VALUES:
        raise InputError(f"expected denominators from 1, and at most {MOST_VALUES} values")
    return spaces.chosen(spaces.fractions(low, high, denominators))


def _choice(table: ParameterTable) -> Space:
    words = [isinstance(v, str) and not NUMBER.fullmatch(v) for v in table.choice]
    if all(words):
        return spaces.chosen([str(v).strip() for v in table.choice])
    if any(words):
        raise InputError("a choice is among numbers, or among texts, not among both")
    return spaces.chosen([_number(v) for v in table.choice])


def _vector(table: ParameterTable) -> Space:
    return spaces.vectors(table.vector, _entries(table))


def _matrix(table: ParameterTable) -> Space:
    (rows, columns), entries = table.matrix, _entries(table)
    if not (1 <= rows <= 12 and 1 <= columns <= 12):
        raise InputError("a matrix has from 1 to 12 rows and columns")
    if table.structure and rows != columns:
        raise InputError(f"a matrix that is {table.structure.replace('_', ' ')} is square")
    if table.rank and table.structure:
        raise InputError("expected a structure or a rank, not both")
    if table.rank > min(rows, columns):
        raise InputError(f"a {rows}×{columns} matrix has at most rank {min(rows, columns)}")
    if table.pivots and table.structure != "positive_definite":
        raise InputError("`pivots` belongs to a positive definite matrix")
    match table.structure:
        case "symmetric":
            return spaces.symmetric(rows, entries)
        case "positive_definite":
            pivots = _integers(table.pivots or [1, 2], [])
            if not pivots or pivots[0] < 1:
                raise InputError("the pivots of a positive definite matrix are positive")
            return spaces.positive_definite(rows, entries, pivots)
        case "invertible":
            return spaces.invertible(rows, entries)
    if table.rank:
        return spaces.of_rank(rows, columns, table.rank, entries)
    return spaces.matrices(rows, columns, entries)


def _entries(table: ParameterTable) -> tuple[Fraction, ...]:
    return _integers(table.entries or [-3, 3], table.exclude)


def _number(value: Any) -> Fraction:
    text = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if not NUMBER.fullmatch(text):
        raise InputError(f'found {told_value(value)}; expected a short number, or text such as "1/2"')
    return Fraction(text)


_MAKERS = {
    "integer": _integer, "rational": _rational, "choice": _choice, "vector": _vector, "matrix": _matrix,
}  # fmt: skip
