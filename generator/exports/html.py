"""From our Markdown to the HTML of learning platforms, whose MathJax sets \\(…\\) and \\[…\\]."""

from __future__ import annotations

import re

from generator import page

WRAPPED = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)


def to_html(markdown: str) -> str:
    """The HTML of a Markdown text, its formulas without the marks that our own pages need."""
    return WRAPPED.sub(lambda found: found[2], page.to_html(markdown))
