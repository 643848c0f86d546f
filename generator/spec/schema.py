"""JSON Schemas of the spec files, for editors: they complete keys and mark mistakes while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROBLEM_SCHEMA = "problem.schema.json"
COLLECTION_SCHEMA = "collection.schema.json"


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    from pydantic import BaseModel

    from generator.spec.models import CollectionFile, ProblemFile

    models: dict[str, type[BaseModel]] = {PROBLEM_SCHEMA: ProblemFile, COLLECTION_SCHEMA: CollectionFile}
    dialect = {"$schema": "http://json-schema.org/draft-07/schema#"}  # the one that TOML editors understand
    return {name: dialect | model.model_json_schema() for name, model in models.items()}


def write_schema(folder: Path) -> None:
    """Write the schemas into a folder; it is made if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
