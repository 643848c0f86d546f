"""Question banks for learning platforms: items made of confirmed text, written in the formats they import.

``item`` is the data, ``compose`` makes it of a derivation, ``html`` is the one step from our Markdown to the
HTML that platforms show. ``moodle``, ``canvas`` (QTI 1.2), ``qti`` (QTI 2.1) and ``tables`` write it.
"""

from generator.exports.archive import File, pack
from generator.exports.canvas import canvas_package
from generator.exports.compose import choice_item, essay_item, has_numbers, number_item
from generator.exports.item import Bank, Blank, Choice, Item, item_of
from generator.exports.moodle import moodle_xml
from generator.exports.qti import qti_package
from generator.exports.tables import csv_text, json_text

__all__ = [
    "Bank", "Blank", "Choice", "File", "Item", "canvas_package", "choice_item", "csv_text", "essay_item",
    "has_numbers", "item_of", "json_text", "moodle_xml", "number_item", "pack", "qti_package",
]  # fmt: skip
