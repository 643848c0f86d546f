"""A commented starting collection."""

from __future__ import annotations

import json
import os
from pathlib import Path

from generator.errors import InputError
from generator.spec.schema import COLLECTION_SCHEMA, PROBLEM_SCHEMA, write_schema

_COLLECTION = """\
#:schema {schemas}/collection.schema.json
title = {title}
kind = "tutorial"
duration = 45               # minutes; the parts' minutes add up to it
layout = "gradient-column"  # or "numerator", "denominator": how derivatives are arranged
instructor_notes = ["What you want to tell whoever teaches this; only their edition shows it."]

# [notation]                # glyphs; they change no result
# bold = true
# gradient = "nabla"        # or "partial"
# matrix = "bmatrix"        # or "pmatrix"

[[part]]
title = "Vectors"
minutes = 20
intro = "Words before the problems of this part."
note = "A note for the instructor."
problems = ["least-squares"]  # files of this folder, without .toml

[[part]]
title = "Matrices"
minutes = 25
theorem = "identification"    # a rule in a box
problems = ["trace"]
"""

_VECTOR = """\
#:schema {schemas}/problem.schema.json
title = "Least squares"
# Mathematics in text stands in braces; it is read and checked like every formula.
hints = ["Which of the letters in {{A @ x - b}} is the variable?"]

[symbols]                   # "n" a vector, "n m" a matrix, "" a scalar; sizes are names or numbers
A = "m n"
x = "n"
b = "m"
# S = {{shape = "n n", assume = ["symmetric"]}}

[given]                     # NumPy's operators: @ for products, * and ** entry by entry, .T for the transpose
L = "norm(A @ x - b)**2"    # or "f(x)" = "…" for a function that is written with its argument

[find]
wrt = "x"
set_to_zero = true          # also solve gradient = 0
"""

_MATRIX = """\
#:schema {schemas}/problem.schema.json
title = "A trace with two products"

[symbols]
A = "n n"
B = "m m"
X = "n m"

[given]
L = "tr(X.T @ A @ X @ B)"

[find]
wrt = "X"
"""


def new_collection(folder: Path, title: str) -> None:
    """Make a folder with a starting collection, and JSON Schemas for editors if there are none to refer to.

    Raises:
        InputError: the folder holds something already, or cannot be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} exists already and is left as it is", hint="choose another folder")
    if not title.strip() or len(title) > 200 or not title.isprintable():
        raise InputError("a title is one line of at most 200 characters")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        schemas = _schemas(folder)
        values = {"schemas": schemas, "title": json.dumps(title, ensure_ascii=False)}
        texts = {"collection": _COLLECTION, "least-squares": _VECTOR, "trace": _MATRIX}
        for name, text in texts.items():
            (folder / f"{name}.toml").write_text(text.format(**values), encoding="utf-8")
    except OSError as e:
        raise InputError(f"{folder} cannot be made: {e.strerror}") from None


def _schemas(folder: Path) -> str:
    """Where the schemas are, seen from the folder; they are written into it if no folder above has them."""
    for above in list(folder.resolve().parents)[:3]:
        place = above / "schema"
        if all((place / name).is_file() for name in (COLLECTION_SCHEMA, PROBLEM_SCHEMA)):
            return Path(os.path.relpath(place, folder.resolve())).as_posix()
    write_schema(folder / ".schema")
    return ".schema"
