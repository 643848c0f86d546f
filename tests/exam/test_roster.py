"""Rosters as they come from anywhere."""

import pytest

from generator.errors import InputError
from generator.exam.roster import Student, copies, read_roster

ADA, BOB = Student("17", "Ada Lovelace"), Student("4", "Bob")


def roster(tmp_path, data):
    path = tmp_path / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "data",
    [
        "id,name\n17,Ada Lovelace\n4,Bob\n",
        "17,Ada Lovelace\n4,Bob",
        "\ufeffid;name\r\n17;Ada Lovelace\r\n4;Bob\r\n",
        'Name\tStudent ID\n"Ada  Lovelace"\t 17 \nBob\t4\n\n',
        'id,name,group\n"17","Ada Lovelace",A\n\n4,Bob,B\n',
        "id,first name,last name\n17,Ada,Lovelace\n4,,Bob\n",
        "id,name\n17,Ada Lovelace\n4,Bob\n".encode("utf-16"),
    ],
)
def test_read(tmp_path, data):
    assert read_roster(roster(tmp_path, data)) == (ADA, BOB)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("id,name\n17,Ada\n4,Bob\n17,Eve\n", "roster.csv:4: the id '17' is in line 2 already"),
        ("id,name\n,Ada\n", "roster.csv:2: this row has no id"),
        ("id,name\n", "names no student"),
        ("", "names no student"),
        ("17,Ada\x07\n", "cannot be printed"),
        (b"17,\xff\xe4\n", "not written in UTF-8"),
    ],
)
def test_refused(tmp_path, data, told):
    with pytest.raises(InputError) as caught:
        read_roster(roster(tmp_path, data))
    assert told in str(caught.value)


def test_copies():
    assert [s.id for s in copies(3)] == ["001", "002", "003"]
