"""Reads question banks with pyslet and amc2moodle, and marks answers with them; see ``scripts/read-banks``.

Nothing of Workings is imported. What should come out is taken from the bank's JSON.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import tempfile
import types
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

logging.disable(logging.CRITICAL)
ROUGH = 1e-3


def require(holds: bool, told: str) -> None:
    """Stop with a message where something does not hold."""
    if not holds:
        sys.exit(f"error: {told}")


# --- QTI 2.1, by pyslet: it runs the response processing ---------------------------------------------


def document(reader: Any, path: Path) -> Any:
    """The root of an XML file as pyslet reads it."""
    from pyslet import rfc2396

    found = reader.QTIDocument(baseURI=str(rfc2396.URI.from_path(str(path.resolve()))))
    found.read()
    return found.root


def answered(item: Any, answers: dict[str, Any]) -> tuple[float, list[str]]:
    """The score and the feedback for these answers."""
    from pyslet.qtiv2.variables import ItemSessionState

    state = ItemSessionState(item)
    state.begin_session()
    with contextlib.suppress(NotImplementedError):  # it cannot draw every interaction, its last step here
        state.begin_attempt()
    for name, value in answers.items():
        state[name].set_value(value)
    state.end_attempt()
    return float(state["SCORE"].value or 0), sorted(state["FEEDBACK"].value or [])


def mark(item: Any, data: dict[str, Any]) -> None:
    """Right answers earn all points, tolerances are kept, known mistakes get their feedback."""
    points, name = float(data["points"]), data["id"]
    for k, choice in enumerate(data["choices"]):
        score, feedback = answered(item, {"RESPONSE": f"choice{k}"})
        require(abs(score - points * choice["right"]) < ROUGH, f"{name}: choice {k} scores {score}")
        require((f"choice{k}" in feedback) == bool(choice["feedback"]), f"{name}: feedback of choice {k}")
    right = {f"b{k}": float(b["value"]) for k, b in enumerate(data["blanks"], 1)}
    if right:
        require(abs(answered(item, right)[0] - points) < ROUGH, f"{name}: the right numbers")
    for k, blank in enumerate(data["blanks"], 1):
        off, share = float(blank["tolerance"]), points / len(right)
        for shift, earned in ((0.9 * off, points), (1.1 * off + 1e-6, points - share)):
            score, _ = answered(item, {**right, f"b{k}": right[f"b{k}"] + shift})
            require(abs(score - earned) < ROUGH, f"{name}: blank {k} off by {shift} scores {score}")
        for j, (value, _) in enumerate(blank["wrong"]):
            score, feedback = answered(item, {**right, f"b{k}": float(value)})
            require(f"b{k}wrong{j}" in feedback and score < points, f"{name}: mistake {j} in blank {k}")
    if data["kind"] == "essay":
        require(answered(item, {"RESPONSE": "anything"})[0] == 0, f"{name}: an essay has marked itself")


def read_21(package: Path, bank: dict[str, Any]) -> str:
    """All items and the test of a QTI 2.1 package."""
    from pyslet import imsqtiv2p1

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as files:
        files.extractall(folder)
        for name, data in bank.items():
            item = document(imsqtiv2p1, Path(folder, f"{name}.xml"))
            for equal in item.find_children_depth_first(imsqtiv2p1.Equal):
                if isinstance(equal.tolerance, str):  # two numbers, which it forgets to part
                    equal.tolerance = equal.tolerance.split()
            mark(item, data)
        (part,) = document(imsqtiv2p1, Path(folder, "test.xml")).TestPart
        held = [ref.identifier for section in part.AssessmentSection for ref in section.SectionPart]
    require(sorted(held) == sorted(f"q-{name}" for name in bank), "the test does not hold every item")
    return f"QTI 2.1 by pyslet: {len(bank)} items read, answered right and wrong, and marked"


# --- QTI 1.2, by pyslet: it reads the items ----------------------------------------------------------


def read_12(package: Path, bank: dict[str, Any]) -> str:
    """All items of a Canvas package, without the assessment around them, over which pyslet stumbles."""
    from pyslet import imsqtiv1p2p1

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as files:
        (quiz,) = (n for n in files.namelist() if n.endswith(".xml") and n.count("/") and "meta" not in n)
        root = ET.fromstring(files.read(quiz))
        space = root.tag.partition("}")[0] + "}"
        ET.register_namespace("", space[1:-1])
        alone = ET.Element(f"{space}questestinterop")
        alone.extend(root.iter(f"{space}item"))
        path = Path(folder, "items.xml")
        ET.ElementTree(alone).write(path, "utf-8", xml_declaration=True)
        items = document(imsqtiv1p2p1, path).ObjectMixin
    for item in items:
        data = bank[item.ident]
        require(item.Presentation is not None and len(item.ResProcessing) == 1, f"{item.ident}: its parts")
        told = {feedback.ident for feedback in item.ItemFeedback}
        expected = {f"choice{k}_fb" for k, c in enumerate(data["choices"]) if c["feedback"]} | {"general_fb"}
        require(expected <= told, f"{item.ident}: feedback is missing")
    require({item.ident for item in items} == set(bank), "the quiz does not hold every item")
    return f"QTI 1.2 by pyslet: {len(items)} items read with their feedback"


# --- Moodle XML, by amc2moodle -----------------------------------------------------------------------


def read_moodle(path: Path, bank: dict[str, Any]) -> str:
    """The questions of a Moodle file as amc2moodle turns them into LaTeX; it knows no cloze questions."""
    for name in ("wand", "wand.image"):  # draws pictures, which there are none of
        sys.modules[name] = types.ModuleType(name)
    sys.modules["wand.image"].Image = object  # type: ignore[attr-defined]
    from amc2moodle.moodle2amc import Quiz

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "questions.tex")
        Quiz(str(path)).convert(str(target))
        text = target.read_text("utf-8")
    known = {name: data for name, data in bank.items() if len(data["blanks"]) <= 1}
    for name, data in known.items():
        found = re.search(rf"\\begin{{question\w*}}{{{name}:.*?\\end{{question\w*}}", text, re.DOTALL)
        require(found is not None, f"{name}: not in what amc2moodle reads")
        assert found is not None
        if data["kind"] == "choice":
            signs = re.findall(r"\\(correct|wrong)choice", found[0])
            right = [choice["right"] for choice in data["choices"]]
            require([sign == "correct" for sign in signs] == right, f"{name}: the choices are {signs}")
        if data["kind"] == "number":
            value = data["blanks"][0]["value"]
            require(value in found[0], f"{name}: {value} is not its value")
    return f"Moodle XML by amc2moodle: {len(known)} of {len(bank)} questions read (it knows no cloze)"


def main() -> None:
    """Read all banks of a folder."""
    folder = Path(sys.argv[1])
    (table,) = folder.glob("*.json")
    bank = {item["id"]: item for item in json.loads(table.read_text("utf-8"))}
    print(read_21(next(folder.glob("*-qti21.zip")), bank))
    print(read_12(next(folder.glob("*-canvas.zip")), bank))
    print(read_moodle(next(folder.glob("*-moodle.xml")), bank))


if __name__ == "__main__":
    main()
