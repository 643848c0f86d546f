"""Moodle XML: a category and its questions (docs.moodle.org, "Moodle XML format" and "Embedded Answers").

A choice becomes ``multichoice``, one number ``numerical``, several numbers ``cloze`` with a table of blanks,
a worked solution ``essay``. Wrong numbers that a known mistake leads to get their feedback, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from generator.exports.item import Bank, Blank, Item, shown


def moodle_xml(bank: Bank, title: str) -> Iterator[str]:
    """The file that Moodle imports, piece by piece: a class has many questions."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    for name, items in bank.items():
        place = "/".join(part.replace("/", "//") for part in (title, name))
        category = ET.Element("question", type="category")
        within = ET.SubElement(category, "category")
        ET.SubElement(within, "text").text = f"$course$/top/{place}"
        yield ET.tostring(category, "unicode") + "\n"
        yield from (ET.tostring(_question(item), "unicode") + "\n" for item in items)
    yield "</quiz>\n"


def _question(item: Item) -> ET.Element:
    several = len(item.blanks) > 1
    kind = {"choice": "multichoice", "number": "cloze" if several else "numerical", "essay": "essay"}[
        item.kind
    ]
    question = ET.Element("question", type=kind)
    ET.SubElement(ET.SubElement(question, "name"), "text").text = f"{item.id}: {item.title}"
    _html(question, "questiontext", item.prompt + (_grid(item) if several else ""))
    _html(question, "generalfeedback", item.solution)
    if not several:  # a cloze question counts its blanks
        ET.SubElement(question, "defaultgrade").text = shown(item.points)
    ET.SubElement(question, "penalty").text = "0.3333333"
    ET.SubElement(question, "hidden").text = "0"
    ET.SubElement(question, "idnumber").text = item.id
    if item.kind == "choice":
        _choices(question, item)
    elif item.kind == "essay":
        ET.SubElement(question, "responseformat").text = "editor"
        ET.SubElement(question, "responserequired").text = "1"
        ET.SubElement(question, "responsefieldlines").text = "15"
        _html(question, "graderinfo", item.rubric)
    elif not several:
        _numbers(question, item.blanks[0])
    return question


def _choices(question: ET.Element, item: Item) -> None:
    ET.SubElement(question, "single").text = "true"
    ET.SubElement(question, "shuffleanswers").text = "false"  # the order is drawn already
    ET.SubElement(question, "answernumbering").text = "abc"
    for choice in item.choices:
        answer = _html(question, "answer", choice.text, fraction="100" if choice.right else "0")
        _html(answer, "feedback", choice.feedback)


def _numbers(question: ET.Element, blank: Blank) -> None:
    known = [("100", blank.value, ""), *(("0", value, why) for value, why in blank.wrong)]
    for fraction, value, why in known:
        answer = ET.SubElement(question, "answer", fraction=fraction, format="moodle_auto_format")
        ET.SubElement(answer, "text").text = shown(value)
        _html(answer, "feedback", why)
        ET.SubElement(answer, "tolerance").text = shown(blank.tolerance)


def _grid(item: Item) -> str:
    """A table of blanks, each with an equal weight."""
    cells = [f"<td>{_cloze(blank)}</td>" for blank in item.blanks]
    rows = (cells[k : k + item.columns] for k in range(0, len(cells), item.columns))
    return "".join(["<table>", *(f"<tr>{''.join(row)}</tr>" for row in rows), "</table>"])


def _cloze(blank: Blank) -> str:
    """A blank in Moodle's own writing: ``{1:NUMERICAL:=4:0.01~%0%5:0.01#feedback}``."""
    right = f"={shown(blank.value)}:{shown(blank.tolerance)}"
    wrong = [f"~%0%{shown(v)}:{shown(blank.tolerance)}#{_plain(why)}" for v, why in blank.wrong]
    return f"{{1:NUMERICAL:{right}{''.join(wrong)}}}"


def _plain(text: str) -> str:
    """Feedback inside a blank, its special signs escaped."""
    return re.sub(r"([}#~/\"\\])", r"\\\1", text)


def _html(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {**attributes, "format": "html"})
    ET.SubElement(element, "text").text = text
    return element
