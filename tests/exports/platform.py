"""Learning platforms, as far as a question bank concerns them: read a file, take an answer, mark it.

Written from the descriptions of the formats alone, without the program's writers: Moodle XML with embedded
answers, QTI 1.2 response processing, QTI 2.1 response processing.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

Answers = Mapping[str, str]
CLOZE = re.compile(r"\{(\d+):NUMERICAL:((?:\\.|[^}\\])*)\}")


@dataclass(frozen=True)
class Marked:
    """The share of the points, from 0 to 1, and the feedback that is shown."""

    share: Decimal
    feedback: tuple[str, ...]


# --- Moodle ---------------------------------------------------------------------------------------


def moodle(text: str) -> dict[str, ET.Element]:
    """The questions of a file by their id number, without the category."""
    questions = [q for q in ET.fromstring(text.encode()) if q.get("type") != "category"]
    return {q.findtext("idnumber") or "": q for q in questions}


def mark_moodle(question: ET.Element, answer: str | list[str]) -> Marked:
    kind = question.get("type")
    if kind == "multichoice":
        chosen = question.findall("answer")["abcdefgh".index(str(answer))]
        return Marked(Decimal(chosen.get("fraction", "0")) / 100, (chosen.findtext("feedback/text") or "",))
    if kind == "numerical":
        for known in question.findall("answer"):
            if near(str(answer), known.findtext("text"), known.findtext("tolerance")):
                told = known.findtext("feedback/text") or ""
                return Marked(Decimal(known.get("fraction", "0")) / 100, (told,))
        return Marked(Decimal(0), ())
    blanks = CLOZE.findall(question.findtext("questiontext/text") or "")
    assert kind == "cloze"
    assert len(blanks) == len(answer)
    total = sum(int(weight) for weight, _ in blanks)
    earned, feedback = Decimal(0), []
    for (weight, ways), given in zip(blanks, answer, strict=True):
        share, told = cloze(ways, given)
        earned += share * int(weight) / total
        feedback += [told] if told else []
    return Marked(earned, tuple(feedback))


def cloze(ways: str, given: str) -> tuple[Decimal, str]:
    """The first way of a blank that fits what was given."""
    for way in re.split(r"(?<!\\)~", ways):
        body, _, told = re.sub(r"\\(?=[#}~/\"\\])", "\0", way).partition("#")
        found = re.fullmatch(r"(=|%(\d+)%)([^:]+):(.+)", body)
        assert found, way
        if near(given, found[3], found[4]):
            return Decimal(1 if found[1] == "=" else int(found[2]) / 100), told.replace("\0", "")
    return Decimal(0), ""


def near(given: str, value: str | None, tolerance: str | None) -> bool:
    try:
        return abs(Decimal(given) - Decimal(value or "")) <= Decimal(tolerance or "0")
    except InvalidOperation:
        return False


# --- packages -------------------------------------------------------------------------------------


def unpacked(data: bytes) -> dict[str, ET.Element]:
    """The files of a zip as trees without namespaces; all that the manifest names must be there."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        files = {name: bare(ET.fromstring(package.read(name))) for name in package.namelist()}
    named = {file.get("href") for file in files["imsmanifest.xml"].iter("file")}
    assert named == files.keys() - {"imsmanifest.xml"}
    return files


def bare(root: ET.Element) -> ET.Element:
    for element in root.iter():
        element.tag = element.tag.partition("}")[2] or element.tag
    return root


# --- QTI 1.2 --------------------------------------------------------------------------------------


def mark_canvas(item: ET.Element, answers: Answers) -> Marked:
    """Response conditions in order, until one that does not continue; the score is in percent."""
    score, shown = Decimal(0), []
    for condition in item.findall("resprocessing/respcondition"):
        variables = condition.find("conditionvar")
        assert variables is not None
        if all(holds_12(test, answers) for test in variables):
            for change in condition.findall("setvar"):
                value = Decimal(change.text or "")
                score = score + value if change.get("action") == "Add" else value
            shown += [d.get("linkrefid") or "" for d in condition.findall("displayfeedback")]
            added = any(c.get("action") == "Add" for c in condition.findall("setvar"))
            if condition.get("continue") != "Yes" and not added:
                break
    texts = {
        f.get("ident"): f.findtext("flow_mat/material/mattext") or "" for f in item.findall("itemfeedback")
    }
    return Marked(score / 100, tuple(texts[ident] for ident in shown))


def holds_12(test: ET.Element, answers: Answers) -> bool:
    if test.tag in ("or", "and"):
        return (any if test.tag == "or" else all)(holds_12(inner, answers) for inner in test)
    if test.tag == "other":
        return True
    given, value = answers.get(test.get("respident") or "", ""), test.text or ""
    if test.tag == "varequal":
        return given == value
    try:
        above = Decimal(given) >= Decimal(value)
        below = Decimal(given) <= Decimal(value)
    except InvalidOperation:
        return False
    return {"vargte": above, "varlte": below}[test.tag]


# --- QTI 2.1 --------------------------------------------------------------------------------------


def mark_qti(item: ET.Element, answers: Answers) -> Marked:
    """Response processing: the score in points over the largest one, and the feedback by its identifiers."""
    outcomes: dict[str, list[str]] = {}
    for declared in item.findall("outcomeDeclaration"):
        outcomes[declared.get("identifier") or ""] = [
            v.text or "" for v in declared.findall("defaultValue/value")
        ]
    for branch in item.findall("responseProcessing/responseCondition/responseIf"):
        test, *actions = branch
        if holds_21(test, answers):
            for action in actions:
                outcomes[action.get("identifier") or ""] = value_of(action[0], outcomes)
    told = [
        "".join(f.itertext()) for f in item.findall("modalFeedback")
        if f.get("identifier") in outcomes[f.get("outcomeIdentifier") or ""]
    ]  # fmt: skip
    largest = next(
        d.get("normalMaximum") for d in item.findall("outcomeDeclaration") if d.get("normalMaximum")
    )
    return Marked(Decimal(outcomes["SCORE"][0]) / Decimal(largest or "1"), tuple(told))


def holds_21(test: ET.Element, answers: Answers) -> bool:
    variable, base = test.find("variable"), test.findtext("baseValue") or ""
    assert variable is not None
    given = answers.get(variable.get("identifier") or "", "")
    if test.tag == "match":
        return given == base
    assert test.tag == "equal"
    below, above = (test.get("tolerance") or "0 0").split()
    try:
        return Decimal(base) - Decimal(below) <= Decimal(given) <= Decimal(base) + Decimal(above)
    except InvalidOperation:
        return False


def value_of(expression: ET.Element, outcomes: Mapping[str, list[str]]) -> list[str]:
    if expression.tag == "baseValue":
        return [expression.text or ""]
    if expression.tag == "variable":
        return outcomes[expression.get("identifier") or ""]
    parts = [value for inner in expression for value in value_of(inner, outcomes)]
    return [str(sum(map(Decimal, parts)))] if expression.tag == "sum" else parts
