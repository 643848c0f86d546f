"""How trees are compared: by class and fields, as dataclasses are, with a hash that is computed only once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform


class Hashed:
    """What cannot change keeps its hash; trees of different hashes are not compared part by part."""

    __slots__ = ("_hash",)
    _hash: int
    FIELDS: ClassVar[tuple[str, ...]] = ()
    _salt: ClassVar[str]
    _values: ClassVar[attrgetter[Any]]

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            known = hash((self._salt, self._values(self)))
            object.__setattr__(self, "_hash", known)  # no field, so that it is not pickled: names hash anew
            return known

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return False
        try:
            if self._hash != other._hash:
                return False
        except AttributeError:
            if hash(self) != hash(other):
                return False
        return bool(self._values(self) == self._values(other))


N = TypeVar("N", bound=Hashed)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def node(kind: type[N]) -> type[N]:
    """A class of nodes: a frozen dataclass that inherits its equality."""
    made = dataclass(frozen=True, slots=True, eq=False)(kind)
    made.FIELDS = tuple(f.name for f in fields(made) if f.init)  # type: ignore[arg-type]
    if made.FIELDS:
        made._salt = kind.__name__
        made._values = attrgetter(*made.FIELDS)
    return made
