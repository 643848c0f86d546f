"""JSON Schemas of the spec files, for editors: they complete keys and mark mistakes while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

PROBLEM_SCHEMA = "problem.schema.json"
CONCEPT_SCHEMA = "concept.schema.json"
COLLECTION_SCHEMA = "collection.schema.json"
EXAM_SCHEMA = "exam.schema.json"


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    from pydantic import BaseModel

    from generator.spec.exam_models import ExamFile
    from generator.spec.models import CollectionFile, ConceptFile, ProblemFile

    models: dict[str, type[BaseModel]] = {
        PROBLEM_SCHEMA: ProblemFile, CONCEPT_SCHEMA: ConceptFile, COLLECTION_SCHEMA: CollectionFile,
        EXAM_SCHEMA: ExamFile,
    }  # fmt: skip
    dialect = {"$schema": "http://json-schema.org/draft-07/schema#"}  # the one that TOML editors understand
    return {name: dialect | _brief(model.model_json_schema()) for name, model in models.items()}


def _brief(schema: Any) -> Any:
    """The schema without what pydantic adds for machines: titles made of names, and empty defaults."""
    if isinstance(schema, list):
        return [_brief(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    noise = {
        k for k, v in schema.items() if (k == "title" and isinstance(v, str)) or (k == "default" and not v)
    }
    return {k: _brief(v) for k, v in schema.items() if k not in noise}


def write_schema(folder: Path, more: Mapping[str, dict[str, Any]] = MappingProxyType({})) -> None:
    """Write the schemas, and ``more`` by file name, into a folder; it is made if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in {**schemas(), **more}.items():
        (folder / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
