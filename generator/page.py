"""One derivation as a web page of its own: formulas set by KaTeX, style and fonts inside, nothing to load."""

from __future__ import annotations

import html
import re
from functools import cache
from string import Template
from typing import Any

from generator import katex

_EXTENSIONS = ["admonition", "attr_list", "tables", "pymdownx.arithmatex"]
_SETTINGS = {"pymdownx.arithmatex": {"generic": True, "inline_syntax": ["round"], "block_syntax": ["square"]}}
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$katex
:root { color-scheme: light dark; --accent: #1f3f77; --hair: #c3cbdb; --paper: #f1f4fa; }
@media (prefers-color-scheme: dark) { :root { --accent: #9db8e8; --hair: #465064; --paper: #1d2430; } }
body { max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; line-height: 1.6;
  font-family: system-ui, sans-serif; }
h1, h4 { color: var(--accent); line-height: 1.3; }
h1 { font-size: 1.5rem; border-bottom: 2px solid var(--accent); padding-bottom: 0.5rem; }
h4 { font-size: 1.05rem; margin: 2rem 0 0.6rem; }
blockquote { margin: 1rem 0; padding: 0.4rem 1rem; background: var(--paper);
  border-left: 3px solid var(--hair); }
blockquote p { margin: 0.3rem 0; }
.katex { font-size: 1.12em; }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: 0.2rem 0; }
</style>
</head>
<body>
<h1>$heading</h1>
$body
</body>
</html>
""")


@cache
def _converter() -> Any:
    from markdown import Markdown  # type: ignore[import-untyped]

    return Markdown(extensions=_EXTENSIONS, extension_configs=_SETTINGS)


def to_html(text: str) -> str:
    """The HTML of Markdown; formulas stay as they are, what only the checker reads is left out."""
    made: str = _converter().reset().convert(_COMMENT.sub("", text))
    return made


def page(text: str, title: str, heading: str) -> str:
    """The page of a derivation, from its Markdown with formulas in ``\\(…\\)`` and ``\\[…\\]``.

    Raises:
        CheckFailed: KaTeX cannot set a formula.
        MissingPart: KaTeX is not installed.
    """
    body, _ = katex.set_formulas(to_html(text), katex.typesetter(), "the page")
    style = katex.embedded_style(body)
    title, heading = (html.escape(words, quote=False) for words in (title, heading))
    return _PAGE.substitute(title=title, heading=heading, katex=style, body=body)
