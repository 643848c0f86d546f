"""Zip files that are the same whenever they are made of the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as ET

EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(files: Mapping[str, str]) -> bytes:
    """A zip of these files, in their order, with a date that never changes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            made.writestr(info, text)
    return buffer.getvalue()


def document(root: ET.Element) -> str:
    """An XML document."""
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'
