"""The schemas for editors, and the starting collection."""

import json
import tomllib

import pytest

from generator.errors import InputError
from generator.spec import load_collection, new_collection, write_schema
from generator.spec.schema import schemas
from tests.spec.files import COLLECTION, ROOT, folder

FILES = sorted((ROOT / "content").glob("*/*.toml"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")


def kind(path):
    if path.name == "collection.toml":
        return "collection"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return "concept" if "section" in data else "exam" if "problem" in data else "problem"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_committed_schemas_are_current(name, tmp_path):
    write_schema(tmp_path)
    current = (tmp_path / name).read_text(encoding="utf-8")
    assert (ROOT / "schema" / name).read_text(encoding="utf-8") == current, "run `workings schema`"


@every_file
def test_every_file_names_its_schema(path):
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("#:schema ")
    named = (path.parent / first.removeprefix("#:schema ")).resolve()
    assert named == ROOT / "schema" / f"{kind(path)}.schema.json"


@every_file
def test_every_key_is_in_the_schema(path):
    known = json.loads((ROOT / "schema" / f"{kind(path)}.schema.json").read_text(encoding="utf-8"))[
        "properties"
    ]
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) <= set(known)


@pytest.mark.parametrize("title", ["Week 3", 'Quotes " and \\ and {braces}', "Ableitungen, größer"])
def test_the_starting_collection_loads(tmp_path, title):
    place = tmp_path / "week-3"
    new_collection(place, title)
    found = load_collection(place)
    assert (found.id, found.title) == ("week-3", title)
    assert sum(len(part.problems) for part in found.parts) == 2
    for path in place.glob("*.toml"):
        named = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("#:schema ")
        assert (place / named).is_file()


def test_the_starting_collection_uses_schemas_that_are_there(tmp_path):
    write_schema(tmp_path / "schema")
    place = tmp_path / "content" / "week-3"
    new_collection(place, "Week 3")
    assert (place / "trace.toml").read_text().startswith("#:schema ../../schema/problem.schema.json\n")
    assert not (place / ".schema").exists()


def test_nothing_is_overwritten(tmp_path):
    place = folder(tmp_path)
    with pytest.raises(InputError, match="left as it is"):
        new_collection(place, "T")
    assert (place / "collection.toml").read_text() == COLLECTION


@pytest.mark.parametrize("title", ["", " ", "two\nlines", "x" * 300])
def test_titles_of_starting_collections(tmp_path, title):
    with pytest.raises(InputError, match="title"):
        new_collection(tmp_path / "new", title)
    assert not (tmp_path / "new").exists()
