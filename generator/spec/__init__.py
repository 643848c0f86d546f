"""The spec format: folders of TOML files become collections of problems; docs/spec.md is its reference.

``load`` reads a folder, ``problems`` makes one problem, ``models`` say what a file may hold, ``complaints``
and ``keylines`` say what is wrong and where, ``schema`` and ``scaffold`` help to write a file. Pydantic is
imported when a file is read.
"""

from generator.spec.collection import Collection, Part
from generator.spec.concept import Concept
from generator.spec.load import load_collection, load_problem
from generator.spec.problems import Defaults
from generator.spec.scaffold import new_collection
from generator.spec.schema import write_schema

__all__ = [
    "Collection",
    "Concept",
    "Defaults",
    "Part",
    "load_collection",
    "load_problem",
    "new_collection",
    "write_schema",
]
