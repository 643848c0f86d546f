"""QTI 2.1: a zip with a manifest and one file a question (IMS Question and Test Interoperability 2.1).

The text of a question is XHTML there, so the HTML is read and put in as elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from generator.exports.archive import File, document
from generator.exports.item import Bank, Blank, Item, shown

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"
ITEM_TYPE, TEST_TYPE = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
TEST = "test.xml"


def qti_package(bank: Bank, title: str) -> Iterator[File]:
    """The files of the zip for platforms that import QTI 2.1; a test takes one question of every category."""
    names: dict[str, list[str]] = {}
    for category, items in bank.items():
        names[category] = []
        for item in items:
            names[category].append(item.id)
            yield f"{item.id}.xml", [document(_item(item))]
    yield TEST, [document(_test(names, title))]
    yield "imsmanifest.xml", [document(_manifest(names, title))]


def _test(names: Mapping[str, Sequence[str]], title: str) -> ET.Element:
    test = ET.Element("assessmentTest", xmlns=QTI, identifier="test", title=title)
    part = ET.SubElement(
        test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous"
    )
    for k, (category, ids) in enumerate(names.items(), 1):
        section = ET.SubElement(part, "assessmentSection", identifier=f"s{k}", title=category, visible="true")
        ET.SubElement(section, "selection", select="1")
        for name in ids:
            ET.SubElement(section, "assessmentItemRef", identifier=_name(name), href=f"{name}.xml")
    return test


def _manifest(names: Mapping[str, Sequence[str]], title: str) -> ET.Element:
    manifest = ET.Element("manifest", identifier="workings-manifest", xmlns=CONTENT)
    metadata = ET.SubElement(manifest, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
    organizations = ET.SubElement(manifest, "organizations")
    ET.SubElement(ET.SubElement(organizations, "organization", identifier="quiz"), "title").text = title
    resources = ET.SubElement(manifest, "resources")
    whole = ET.SubElement(resources, "resource", identifier="test", type=TEST_TYPE, href=TEST)
    ET.SubElement(whole, "file", href=TEST)
    for name in (name for ids in names.values() for name in ids):
        href = f"{name}.xml"
        resource = ET.SubElement(resources, "resource", identifier=_name(name), type=ITEM_TYPE, href=href)
        ET.SubElement(resource, "file", href=href)
    return manifest


def _item(item: Item) -> ET.Element:
    root = ET.Element(
        "assessmentItem", xmlns=QTI, identifier=_name(item.id), title=item.title, adaptive="false",
        timeDependent="false",
    )  # fmt: skip
    root.extend(_declared(item))
    score = _outcome("SCORE", "float", "0")
    score.set("normalMaximum", shown(item.points))
    root.extend((score, _outcome("FEEDBACK", "identifier", "general", cardinality="multiple")))
    body = ET.SubElement(root, "itemBody")
    body.append(_xhtml(item.prompt))
    _interactions(body, item)
    if item.rubric:
        ET.SubElement(body, "rubricBlock", view="scorer").append(_xhtml(item.rubric))
    if item.kind != "essay":
        root.append(_processing(item))
    shown_by = {"outcomeIdentifier": "FEEDBACK", "showHide": "show"}
    for ident, text in _feedback(item):
        ET.SubElement(root, "modalFeedback", shown_by, identifier=ident).append(_xhtml(text))
    return root


def _declared(item: Item) -> Iterator[ET.Element]:
    """The response variables with what is right."""
    if item.kind == "choice":
        right = next(k for k, choice in enumerate(item.choices) if choice.right)
        yield _response("RESPONSE", "identifier", f"choice{right}")
    elif item.kind == "essay":
        yield _response("RESPONSE", "string")
    else:
        yield from (_response(f"b{k}", "float", shown(b.value)) for k, b in enumerate(item.blanks, 1))


def _response(name: str, base: str, right: str = "") -> ET.Element:
    node = ET.Element("responseDeclaration", identifier=name, cardinality="single", baseType=base)
    if right:
        ET.SubElement(ET.SubElement(node, "correctResponse"), "value").text = right
    return node


def _outcome(name: str, base: str, value: str, cardinality: str = "single") -> ET.Element:
    node = ET.Element("outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    ET.SubElement(ET.SubElement(node, "defaultValue"), "value").text = value
    return node


def _interactions(body: ET.Element, item: Item) -> None:
    if item.kind == "choice":
        once = {"shuffle": "false", "maxChoices": "1"}  # the order is drawn already
        choices = ET.SubElement(body, "choiceInteraction", once, responseIdentifier="RESPONSE")
        for k, choice in enumerate(item.choices):
            ET.SubElement(choices, "simpleChoice", identifier=f"choice{k}").append(_xhtml(choice.text))
    elif item.kind == "essay":
        ET.SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="15")
    else:
        table = ET.SubElement(ET.SubElement(body, "table"), "tbody")
        for start in range(0, len(item.blanks), item.columns):
            row = ET.SubElement(table, "tr")
            for k in range(start + 1, start + item.columns + 1):
                place = ET.SubElement(ET.SubElement(row, "td"), "p")
                ET.SubElement(place, "textEntryInteraction", responseIdentifier=f"b{k}", expectedLength="8")


def _processing(item: Item) -> ET.Element:
    """Points for what is right, and the feedback that belongs to what was answered."""
    processing = ET.Element("responseProcessing")
    for k, choice in enumerate(item.choices):
        if choice.right:
            _earn(processing, _match("RESPONSE", f"choice{k}"), shown(item.points))
        if choice.feedback:
            _tell(processing, _match("RESPONSE", f"choice{k}"), f"choice{k}")
    for k, blank in enumerate(item.blanks, 1):
        _earn(processing, _near(f"b{k}", shown(blank.value), blank), shown(item.points / len(item.blanks)))
        for j, (value, _) in enumerate(blank.wrong):
            _tell(processing, _near(f"b{k}", shown(value), blank), f"b{k}wrong{j}")
    return processing


def _feedback(item: Item) -> Iterator[tuple[str, str]]:
    yield "general", item.solution
    yield from ((f"choice{k}", c.feedback) for k, c in enumerate(item.choices) if c.feedback)
    for k, blank in enumerate(item.blanks, 1):
        yield from ((f"b{k}wrong{j}", why) for j, (_, why) in enumerate(blank.wrong))


def _match(variable: str, value: str) -> ET.Element:
    test = ET.Element("match")
    ET.SubElement(test, "variable", identifier=variable)
    ET.SubElement(test, "baseValue", baseType="identifier").text = value
    return test


def _near(variable: str, value: str, blank: Blank) -> ET.Element:
    off = shown(blank.tolerance)
    exact, near = {"toleranceMode": "exact"}, {"toleranceMode": "absolute", "tolerance": f"{off} {off}"}
    test = ET.Element("equal", near if blank.tolerance else exact)
    ET.SubElement(test, "variable", identifier=variable)
    ET.SubElement(test, "baseValue", baseType="float").text = value
    return test


def _earn(processing: ET.Element, test: ET.Element, points: str) -> None:
    total = ET.SubElement(_set(processing, test, "SCORE"), "sum")
    ET.SubElement(total, "variable", identifier="SCORE")
    ET.SubElement(total, "baseValue", baseType="float").text = points


def _tell(processing: ET.Element, test: ET.Element, feedback: str) -> None:
    both = ET.SubElement(_set(processing, test, "FEEDBACK"), "multiple")
    ET.SubElement(both, "variable", identifier="FEEDBACK")
    ET.SubElement(both, "baseValue", baseType="identifier").text = feedback


def _set(processing: ET.Element, test: ET.Element, outcome: str) -> ET.Element:
    condition = ET.SubElement(ET.SubElement(processing, "responseCondition"), "responseIf")
    condition.append(test)
    return ET.SubElement(condition, "setOutcomeValue", identifier=outcome)


def _xhtml(html: str) -> ET.Element:
    """HTML as elements within a ``div``."""
    return ET.fromstring(f"<div>{html}</div>")


def _name(name: str) -> str:
    """An identifier of QTI: it does not begin with a digit."""
    return f"q-{name}"
