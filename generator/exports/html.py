"""From our Markdown to the HTML of learning platforms, whose MathJax sets \\(…\\) and \\[…\\]."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

EXTENSIONS = ["attr_list", "pymdownx.arithmatex"]
SETTINGS = {"pymdownx.arithmatex": {"generic": True, "inline_syntax": ["round"], "block_syntax": ["square"]}}
COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
WRAPPED = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)


@cache
def _converter() -> Any:
    from markdown import Markdown  # type: ignore[import-untyped]

    return Markdown(extensions=EXTENSIONS, extension_configs=SETTINGS)


def to_html(markdown: str) -> str:
    """The HTML of a Markdown text; what only the checker reads is left out."""
    made = _converter().reset().convert(COMMENT.sub("", markdown))
    return WRAPPED.sub(lambda found: found[2], made)
