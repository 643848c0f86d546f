"""QTI 1.2 as Canvas imports it: a zip with a manifest, the quiz's settings, and one file of questions.

Source: IMS Question and Test Interoperability 1.2 (ASI), and the question types that Canvas adds to it in
``qtimetadata``. Several numbers are blanks that are compared as text, so every usual spelling is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from generator.exports.archive import HEAD, File, document, piece
from generator.exports.item import Bank, Blank, Item, shown

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
TYPES = {"choice": "multiple_choice_question", "number": "numerical_question", "essay": "essay_question"}
BLANKS = "fill_in_multiple_blanks_question"


def canvas_package(bank: Bank, title: str, name: str = "workings") -> Iterator[File]:
    """The files of the zip that Canvas imports as a quiz; of every category it gives one question."""
    yield "imsmanifest.xml", [document(_manifest(name))]
    yield f"{name}/assessment_meta.xml", [document(_settings(bank, title, name))]
    yield f"{name}/{name}.xml", _quiz(bank, title, name)


def _manifest(name: str) -> ET.Element:
    manifest = ET.Element("manifest", identifier=f"{name}-manifest", xmlns=CONTENT)
    metadata = ET.SubElement(manifest, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    quiz = ET.SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    ET.SubElement(quiz, "file", href=f"{name}/{name}.xml")
    ET.SubElement(quiz, "dependency", identifierref=f"{name}-settings")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    href = f"{name}/assessment_meta.xml"
    settings = ET.SubElement(resources, "resource", identifier=f"{name}-settings", type=kind, href=href)
    ET.SubElement(settings, "file", href=href)
    return manifest


def _settings(bank: Bank, title: str, name: str) -> ET.Element:
    quiz = ET.Element("quiz", identifier=name, xmlns=CANVAS)
    ET.SubElement(quiz, "title").text = title
    ET.SubElement(quiz, "shuffle_answers").text = "false"  # the order is drawn already
    points = sum((next(iter(items)).points for items in bank.values()), Fraction(0))
    ET.SubElement(quiz, "quiz_type").text = "assignment"
    ET.SubElement(quiz, "points_possible").text = shown(points)
    return quiz


def _quiz(bank: Bank, title: str, name: str) -> Iterator[str]:
    """The file of questions, one after the other: a class has many."""
    yield f"{HEAD}<questestinterop xmlns={quoteattr(QTI)}>\n"
    yield f'<assessment ident={quoteattr(name)} title={quoteattr(title)}>\n<section ident="root_section">\n'
    for k, (category, items) in enumerate(bank.items(), 1):
        yield f'<section ident="group{k}" title={quoteattr(category)}>\n'
        yield piece(_selection(next(iter(items))))
        yield from (piece(_item(item)) for item in items)
        yield "</section>\n"
    yield "</section>\n</assessment>\n</questestinterop>\n"


def _selection(first: Item) -> ET.Element:
    """One question of a group is given."""
    ordering = ET.Element("selection_ordering")
    selection = ET.SubElement(ordering, "selection")
    ET.SubElement(selection, "selection_number").text = "1"
    extension = ET.SubElement(selection, "selection_extension")
    ET.SubElement(extension, "points_per_item").text = shown(first.points)
    return ordering


def _item(item: Item) -> ET.Element:
    several = len(item.blanks) > 1
    node = ET.Element("item", ident=item.id, title=item.title)
    fields = ET.SubElement(ET.SubElement(node, "itemmetadata"), "qtimetadata")
    kind = BLANKS if several else TYPES[item.kind]
    for label, entry in (("question_type", kind), ("points_possible", shown(item.points))):
        field = ET.SubElement(fields, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = label
        ET.SubElement(field, "fieldentry").text = entry
    presentation = ET.SubElement(node, "presentation")
    _material(presentation, item.prompt + (_grid(item) if several else ""))
    processing = ET.SubElement(node, "resprocessing")
    outcomes = ET.SubElement(processing, "outcomes")
    ET.SubElement(outcomes, "decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")
    _display(_always(processing), "general_fb")  # the worked solution, whatever was answered
    if item.kind == "choice":
        _choices(presentation, processing, item)
    elif several:
        _blanks(presentation, processing, item)
    else:
        _typed(presentation, processing, item)
    for ident, text in _feedback(item):
        feedback = ET.SubElement(node, "itemfeedback", ident=ident)
        _material(ET.SubElement(feedback, "flow_mat"), text)
    return node


def _feedback(item: Item) -> Iterator[tuple[str, str]]:
    yield "general_fb", item.solution
    yield from ((f"choice{k}_fb", c.feedback) for k, c in enumerate(item.choices) if c.feedback)
    if len(item.blanks) == 1:
        yield from ((f"wrong{k}_fb", why) for k, (_, why) in enumerate(item.blanks[0].wrong))


def _choices(presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    response = ET.SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    offered = ET.SubElement(response, "render_choice")
    for k, choice in enumerate(item.choices):
        _material(ET.SubElement(offered, "response_label", ident=f"choice{k}"), choice.text)
        if choice.feedback:
            condition = _condition(processing, go_on=True)
            _equal(ET.SubElement(condition, "conditionvar"), f"choice{k}")
            _display(condition, f"choice{k}_fb")
    right = next(k for k, choice in enumerate(item.choices) if choice.right)
    condition = _condition(processing)
    _equal(ET.SubElement(condition, "conditionvar"), f"choice{right}")
    _score(condition, Decimal(100))


def _typed(presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    """A number; or an essay, which nothing but a person marks."""
    response = ET.SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    render = ET.SubElement(response, "render_fib", {"fibtype": "Decimal"} if item.blanks else {})
    ET.SubElement(render, "response_label", ident="answer1", rshuffle="No")
    for blank in item.blanks:
        for k, (value, _) in enumerate(blank.wrong):
            condition = _condition(processing, go_on=True)
            _near(condition, value, blank)
            _display(condition, f"wrong{k}_fb")
        condition = _condition(processing)
        _near(condition, blank.value, blank)
        _score(condition, Decimal(100))


def _near(condition: ET.Element, value: Decimal, blank: Blank) -> None:
    """Equal, or within the tolerance."""
    either = ET.SubElement(ET.SubElement(condition, "conditionvar"), "or")
    _equal(either, shown(value))
    within = ET.SubElement(either, "and")
    ET.SubElement(within, "vargte", respident="response1").text = shown(value - blank.tolerance)
    ET.SubElement(within, "varlte", respident="response1").text = shown(value + blank.tolerance)


def _blanks(presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    shares = _shares(len(item.blanks))
    for k, blank in enumerate(item.blanks, 1):
        response = ET.SubElement(presentation, "response_lid", ident=f"response_b{k}")
        ET.SubElement(ET.SubElement(response, "material"), "mattext").text = f"b{k}"
        offered = ET.SubElement(response, "render_choice")
        for j, spelling in enumerate(spellings(blank)):
            label = ET.SubElement(offered, "response_label", ident=f"b{k}s{j}")
            material = ET.SubElement(label, "material")
            ET.SubElement(material, "mattext", texttype="text/plain").text = spelling
        condition = _condition(processing)
        _equal(ET.SubElement(condition, "conditionvar"), f"b{k}s0", f"response_b{k}")
        _score(condition, shares[k - 1], "Add")


def _shares(count: int) -> list[Decimal]:
    """A hundred percent in equal shares of two places; the last one makes up for the rounding."""
    share = (Decimal(100) / count).quantize(Decimal("0.01"))
    return [*[share] * (count - 1), 100 - share * (count - 1)]


def spellings(blank: Blank) -> tuple[str, ...]:
    """The usual ways to write the number of a blank; the first is ours."""
    text = shown(blank.value)
    whole = "." not in text
    ways = [text, f"{text}.0" if whole else f"{text}0", f"+{text}" if blank.value > 0 else ""]
    if not whole and abs(blank.value) < 1:
        ways.append(text.replace("0.", ".", 1))
    return tuple(dict.fromkeys(way for way in ways if way))


def _grid(item: Item) -> str:
    cells = [f"<td>[b{k}]</td>" for k in range(1, len(item.blanks) + 1)]
    rows = (cells[k : k + item.columns] for k in range(0, len(cells), item.columns))
    return "".join(["<table>", *(f"<tr>{''.join(row)}</tr>" for row in rows), "</table>"])


def _always(processing: ET.Element) -> ET.Element:
    condition = _condition(processing, go_on=True)
    ET.SubElement(ET.SubElement(condition, "conditionvar"), "other")
    return condition


def _condition(processing: ET.Element, *, go_on: bool = False) -> ET.Element:
    return ET.SubElement(processing, "respcondition", {"continue": "Yes" if go_on else "No"})


def _equal(parent: ET.Element, value: str, response: str = "response1") -> None:
    ET.SubElement(parent, "varequal", respident=response).text = value


def _display(condition: ET.Element, ident: str) -> None:
    ET.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=ident)


def _score(condition: ET.Element, percent: Decimal, action: str = "Set") -> None:
    ET.SubElement(condition, "setvar", action=action, varname="SCORE").text = shown(percent)


def _material(parent: ET.Element, text: str) -> None:
    ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype="text/html").text = text
