"""What is refused in a collection and in hostile files; everything at once."""

import pytest

from generator.spec import load_collection
from tests.spec.files import COLLECTION, PROBLEM, complaints, folder

EVERYTHING = """\
collection.toml:5: part[1].minuets: found an unknown key; did you mean `minutes`?
collection.toml:6: part[1].problems[2]: there is no file scond.toml; did you mean `second`?
first.toml:8: given.L: unknown name `Y`; declared are A, X
  L = "tr(A @ Y)"
              ^
first.toml:11: find.wrt[1]: unknown symbol `x`; declared are A, X
second.toml:1: title: found the number 3; expected text in quotes
second.toml:1: no part lists this problem; add "second" to the problems of a part in collection.toml, \
or remove the file"""


def test_all_mistakes_of_all_files_at_once(tmp_path):
    place = folder(
        tmp_path,
        collection=COLLECTION.replace("problems", "minuets = 3\nproblems").replace(
            '"first"', '"first", "scond"'
        ),
        first=PROBLEM.replace("@ X", "@ Y").replace('wrt = "X"', 'wrt = "x"\nat = [1]'),
        second="title = 3\n" + PROBLEM.partition("\n")[2],
    )
    assert complaints(place) == EVERYTHING


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title", "titel", "collection.toml:1: titel: found an unknown key; did you mean `title`?"),
        ('"A collection"', '"C"\nkind = "tutoriel"', "collection.toml:2: kind: found the text 'tutoriel'"),
        ('["first"]', '["first", "first"]', "part[1].problems[2]: `first` is listed twice"),
        ('["first"]', '["frist"]', "there is no file frist.toml; did you mean `first`?"),
        ('["first"]', '["first.toml"]', "there is no file first.toml.toml; did you mean `first`?"),
        ('["first"]', '["../first"]', "there is no file ../first.toml"),
        ('["first"]', "[]", "part[1].problems: found 0 entries; expected at least 1"),
        ('["first"]', '["first"]\nnote = "see {x}"', "part[1].note: mathematics in braces needs the symbols"),
        (
            '"A part"',
            '"A part"\nminutes = "5"',
            "part[1].minutes: found the text '5'; expected a whole number",
        ),
        ("[[part]]", "part = 3\n[x]", "collection.toml:3: part: found the number 3; expected a list"),
        (
            '"A collection"',
            '"C"\nnotation = {transpos = 1}',
            "notation.transpos: found an unknown key; did you",
        ),
    ],
)
def test_wrong_collections(tmp_path, old, new, told):
    text = COLLECTION.replace(old, new, 1)
    assert text != COLLECTION
    assert told in complaints(folder(tmp_path, collection=text))


@pytest.mark.parametrize(("duration", "fine"), [(12, True), (11, False), (13, False)])
def test_minutes_add_up(tmp_path, duration, fine):
    part = '[[part]]\ntitle = "P"\nminutes = {}\nproblems = ["{}"]\n'
    collection = f'title = "C"\nduration = {duration}\n' + part.format(5, "first") + part.format(7, "second")
    place = folder(tmp_path, collection=collection, second=PROBLEM)
    if fine:
        assert load_collection(place).minutes == duration
    else:
        told = f"collection.toml:2: duration: found {duration} minutes; the parts' minutes add up to 12"
        assert told in complaints(place)


def test_minutes_may_be_left_out(tmp_path):
    place = folder(tmp_path, collection="duration = 30\n" + COLLECTION)
    assert load_collection(place).parts[0].minutes is None


USES = """\
first.toml:1: uses[1]: `second` comes later; expected an earlier problem
first.toml:1: uses[2]: `frist` is no problem of this collection; expected an earlier problem
second.toml:1: uses[1]: `firts` is no problem of this collection; expected an earlier problem; \
did you mean `first`?"""


def test_uses_name_earlier_problems(tmp_path):
    place = folder(
        tmp_path,
        collection=COLLECTION.replace('["first"]', '["first", "second"]'),
        first='uses = ["second", "frist"]\n' + PROBLEM,
        second='uses = ["firts"]\n' + PROBLEM,
    )
    assert complaints(place) == USES


def test_ids_are_unique(tmp_path):
    collection = COLLECTION.replace('["first"]', '["first", "second"]')
    place = folder(tmp_path, collection=collection, second='id = "first"\n' + PROBLEM)
    assert "second.toml:1: id: another problem of the collection is called `first`" in complaints(place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = A", "first.toml:1: column 9: not TOML: Invalid value\n  title = A\n          ^"),
        ('title = "A\n', "first.toml:1: column 11: not TOML"),
        ("x = [", "not TOML"),
        ("x = 1\nx = 2", "first.toml:2: column 6: not TOML: Cannot overwrite a value"),
        (PROBLEM.encode() + b"\xff", "first.toml:12: the file is not written in UTF-8"),
        (PROBLEM + "x = '\0'", "first.toml:12: column 6: not TOML"),
        (PROBLEM + r'x = "\u0000"', "first.toml:12: find.x: found the control character U+0000"),
        (PROBLEM + r'"\u001b" = 1', "found the control character U+001B"),
        (PROBLEM + r'x = "\u202e"', "found the control character U+202E"),
        ("x = " + "[" * 50_000, "first.toml:1: the file is nested too deeply"),
        ("a." * 5_000 + "b = 1", "tables within tables"),
        ("x = " + "9" * 5_000, "not TOML: Exceeds the limit"),
        ("#" * 1_000_001, "first.toml:1: the file is larger than 1 MB"),
        ("", "first.toml:1: symbols: is missing"),
    ],
    ids=range(14),
)
def test_hostile_files(tmp_path, text, told):
    found = complaints(folder(tmp_path, first=text))
    assert told in found
    assert len(found) < 2_000


def test_a_folder_in_the_place_of_a_file(tmp_path):
    place = folder(tmp_path)
    (place / "second.toml").mkdir()
    assert "second.toml:1: this is not a file" in complaints(place)
