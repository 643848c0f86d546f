"""Who sits the exam: a CSV file with an id and a name in each row, as it comes from anywhere."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from generator.errors import InputError

IDS = ("id", "student", "student id", "student_id", "studentid", "number", "matriculation", "sis user id")
NAMES = ("name", "student name", "full name", "fullname")
PARTS = (("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name"))
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Student:
    """Someone who gets a paper; the name may be unknown."""

    id: str
    name: str = ""


def copies(count: int) -> tuple[Student, ...]:
    """Papers without names: 001, 002, …"""
    return tuple(Student(f"{k:03}") for k in range(1, count + 1))


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a file, with commas, semicolons or tabs, perhaps a byte order mark and a header.

    Raises:
        InputError: the file cannot be read, is empty, or names someone twice; with file and line.
    """
    rows = _rows(path)
    columns, rest = _header(rows)
    students: dict[str, int] = {}
    found = []
    for line, row in rest:
        cells = [" ".join(cell.split()) for cell in row] + [""] * len(columns)
        student = Student(cells[columns[0]], " ".join(filter(None, (cells[k] for k in columns[1:]))))
        if not student.id:
            raise InputError(f"{path}:{line}: this row has no id")
        bad = next((c for c in student.id + student.name if not c.isprintable()), None)
        if bad is not None or len(student.id) > 60 or len(student.name) > 120:
            raise InputError(f"{path}:{line}: an id or a name that cannot be printed")
        if student.id in students:
            raise InputError(
                f"{path}:{line}: the id {student.id!r} is in line {students[student.id]} already"
            )
        students[student.id] = line
        found.append(student)
    if not found:
        raise InputError(f"{path} names no student", hint="write a row `id, name` for each")
    return tuple(found)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their lines."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not written in UTF-8", hint="save it as CSV in UTF-8") from None
    if len(data) > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB")
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=mark)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: {error}") from None


def _header(rows: list[tuple[int, list[str]]]) -> tuple[list[int], list[tuple[int, list[str]]]]:
    """The columns of the id and of the name, and the rows below the header."""
    heads = [cell.strip().lower().replace("_", " ") for cell in rows[0][1]] if rows else []
    ids = [k for k, head in enumerate(heads) if head in IDS]
    if not ids:
        return [0, 1], rows  # no header
    names = [k for k, head in enumerate(heads) if head in NAMES]
    names = names[:1] or [k for part in PARTS for k, head in enumerate(heads) if head in part]
    return [ids[0], *names], rows[1:]
