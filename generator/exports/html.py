"""From our Markdown to the HTML of learning platforms, whose MathJax sets \\(…\\) and \\[…\\]."""

from __future__ import annotations

import re

from generator import page

WRAPPED = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)


def to_html(markdown: str) -> str:
    """The HTML of a Markdown text, formulas without the marks of our own pages; displays are paragraphs."""
    return WRAPPED.sub(lambda m: f"<p>{m[2]}</p>" if m[1] == "div" else m[2], page.to_html(markdown))
