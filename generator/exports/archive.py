"""Zip files that are the same whenever they are made of the same, written piece by piece."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import BinaryIO
from xml.etree import ElementTree as ET

EPOCH = (1980, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
File = tuple[str, Iterable[str]]
"""A name, and a text in pieces."""


def pack(files: Iterable[File], target: BinaryIO) -> None:
    """Write a zip of these files, in their order, with a date that never changes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, pieces in files:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with made.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece.encode())


def packed(files: Iterable[File]) -> bytes:
    """The same in memory."""
    buffer = io.BytesIO()
    pack(files, buffer)
    return buffer.getvalue()


def document(root: ET.Element) -> str:
    """An XML document."""
    return HEAD + piece(root)


def piece(root: ET.Element) -> str:
    """An element as a part of a document."""
    ET.indent(root, " ")
    return f"{ET.tostring(root, 'unicode')}\n"
