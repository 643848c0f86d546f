"""The form of a file: pydantic's findings in words for people."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.errors import did_you_mean
from generator.spec.complaints import NAME, NAME_IN_WORDS, Complaints, Source, told_value
from generator.spec.keylines import Key
from generator.spec.models import ONE_LINE, Unknown

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list [ … ]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
}
_PATTERNS = {ONE_LINE: "one line of text", NAME: NAME_IN_WORDS}


def validated(
    model: type[M], source: Source, complaints: Complaints, vital: Collection[Key] = ()
) -> M | None:
    """The file as a model.

    After complaints about keys that are not ``vital`` the rest is given back, so that it can be checked too.
    """
    try:
        return model.model_validate(source.data)
    except ValidationError as e:
        found = e.errors(include_url=False)
    for error in found:
        key, message, hint = _told(error, model)
        complaints.add(source, key, message, hint)
    wrong = [tuple(error["loc"]) for error in found]
    if any(key[: len(v)] == v[: len(key)] for key in wrong for v in vital):
        return None
    rest: Any = copy.deepcopy(dict(source.data))
    for key in sorted(
        wrong, key=str, reverse=True
    ):  # from the end of a list, so that places stay what they are
        _drop(rest, key)
    try:
        return model.model_validate({"title": "untitled", **rest})
    except ValidationError:
        return None


def _drop(value: Any, key: Key) -> None:
    """Remove what stands at a key, if anything does."""
    for part in key[:-1]:
        if isinstance(value, str) or part not in (value if isinstance(value, dict) else range(len(value))):
            return
        value = value[part]
    if isinstance(value, dict):
        value.pop(key[-1], None)
    elif isinstance(value, list) and isinstance(key[-1], int):
        del value[key[-1] : key[-1] + 1]


def _told(error: ErrorDetails, model: type[BaseModel]) -> tuple[Key, str, str | None]:
    """Key, message and hint of one finding."""
    key, kind, ctx = tuple(error["loc"]), error["type"], error.get("ctx", {})
    value: Any = error.get("input")
    if kind == "missing":
        what = _field(model, key)
        return key, f"is missing; expected {what}", None
    if kind == "extra_forbidden":
        known = _keys(model, key[:-1])
        near = did_you_mean(str(key[-1]), known)
        return key, "found an unknown key", near or f"expected one of {', '.join(known)}"
    if kind == "value_error" and isinstance(ctx.get("error"), Unknown):
        unknown: Unknown = ctx["error"]
        return key, f"found {told_value(value)}; {unknown}", did_you_mean(str(value)[:60], unknown.known)
    if kind in ("too_short", "too_long"):
        bound = "at least {min_length}" if kind == "too_short" else "at most {max_length}"
        return key, f"found {len(value)} entries; expected {bound.format(**ctx)}", None
    if kind == "string_pattern_mismatch":
        expected = _PATTERNS[ctx["pattern"]]
    else:
        expected = _EXPECTED.get(kind, error["msg"]).format(**ctx)
    found = (
        f"{len(value)} characters"
        if kind == "string_too_long" and isinstance(value, str)
        else told_value(value)
    )
    return key, f"found {found}; expected {expected}", None


def _inner(model: type[BaseModel], key: Key) -> type[BaseModel] | None:
    """The model of the table at a key."""
    if not key:
        return model
    field = model.model_fields.get(str(key[0]))
    inner = _model_in(field.annotation) if field else None
    rest = key[1:]
    if inner and rest and field and field.annotation is not inner:
        rest = rest[1:]  # past the element of a list, or the name in a table of tables
    return _inner(inner, rest) if inner else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(_model_in, get_args(annotation)) if m), None)


def _keys(model: type[BaseModel], key: Key) -> list[str]:
    table = _inner(model, key)
    return list(table.model_fields) if table else []


def _field(model: type[BaseModel], key: Key) -> str:
    """What a missing key would hold."""
    table = _inner(model, key[:-1])
    fields: Mapping[str, Any] = table.model_fields if table else {}
    name = str(key[-1])
    return fields[name].description or name if name in fields else name
