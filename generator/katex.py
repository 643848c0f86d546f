"""KaTeX: where its files are, what of them a site needs, and formulas set by it without a browser."""

from __future__ import annotations

import base64
import functools
import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from generator.errors import CheckFailed, MissingPart

PLACES = (Path("node_modules/katex/dist"), Path("/usr/share/javascript/katex"))
INSTALL = "apt-get install libjs-katex   (not on Debian or Ubuntu: npm install --no-save katex@0.16.4)"

_LICENCES = ("../LICENSE", "../../doc/libjs-katex/copyright")  # beside npm's folder, beside Debian's
_OLD_FONTS = re.compile(r",\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)")
_FACE = re.compile(
    r"@font-face\s*\{[^}]*font-family:\s*\"?(?P<family>\w+)[^}]*(?P<url>url\([^)]*?(?P<file>[\w-]+\.woff2)\))[^}]*\}"
)
_RENDER = "katex.renderToString(dukpy['tex'], {displayMode: dukpy['display'], strict: 'ignore'})"

# Formulas, and what must not be taken for one. A formula contains no tag: Markdown has escaped its "<".
_MARKUP = r"<(?P<name>script|style|pre|code|title|textarea)\b.*?</(?P=name)>|<!--.*?-->|<[^>]*>"
_SCAN = re.compile(
    rf"{_MARKUP}|\\\((?P<inline>[^<]+?)\\\)|\\\[(?P<display>[^<]+?)\\\]|(?P<stray>\\[()\[\]])", re.DOTALL
)


class Rejected(ValueError):
    """KaTeX cannot set a formula; the message is its reason."""


def find() -> Path:
    """The folder with katex.min.js, katex.min.css and fonts/."""
    for place in PLACES:
        if (place / "katex.min.js").is_file() and (place / "fonts").is_dir():
            return place
    raise MissingPart("KaTeX, which sets the formulas of the site, is not installed", hint=f"run: {INSTALL}")


def copy_to(target: Path) -> None:
    """Copy what a page needs: the script, the style sheet, the fonts in one format, and the licence."""
    source = find()
    fonts = target / "fonts"
    fonts.mkdir(parents=True)
    shutil.copyfile(source / "katex.min.js", target / "katex.min.js")
    (target / "katex.min.css").write_text(_style(source), "utf-8")
    for font in sorted((source / "fonts").glob("*.woff2")):
        shutil.copyfile(font, fonts / font.name)
    for licence in _LICENCES:
        if (source / licence).is_file():
            shutil.copyfile(source / licence, target / "LICENSE.txt")


def _style(source: Path) -> str:
    """The style sheet. Every browser that can show the rest reads woff2: other formats are dead weight."""
    return _OLD_FONTS.sub("", (source / "katex.min.css").read_text("utf-8"))


def embedded_style(page: str) -> str:
    """The style sheet for a page that stands alone: the fonts that it needs are inside, no others."""
    source = find()
    style = _style(source)
    present = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', page))))
    rules = re.findall(r"([^{}]+)\{[^{}]*\b(KaTeX_\w+)[^{}]*\}", _FACE.sub("", style))
    used = {family for selectors, family in rules for one in selectors.split(",") if _classes(one) <= present}

    def embed(face: re.Match[str]) -> str:
        data = base64.b64encode((source / "fonts" / face["file"]).read_bytes()).decode()
        embedded = face[0].replace(face["url"], f"url(data:font/woff2;base64,{data})")
        return embedded if face["family"] in used else ""

    return _FACE.sub(embed, style)


def _classes(selector: str) -> set[str]:
    return set(re.findall(r"\.([\w-]+)", selector))


@functools.cache  # starting the engine takes longer than most pages
def typesetter() -> Callable[[str, bool], str]:
    """A function (TeX, is it a display?) -> HTML with MathML inside; it raises ``Rejected``."""
    import dukpy  # type: ignore[import-untyped]  # here: most commands never need it

    engine = dukpy.JSInterpreter()
    engine.evaljs((find() / "katex.min.js").read_text("utf-8") + ";0")

    @functools.cache  # the pages of a collection share most of their formulas
    def typeset(tex: str, display: bool) -> str:
        try:
            return str(engine.evaljs(_RENDER, tex=tex, display=display))
        except dukpy.JSRuntimeError as error:
            raise Rejected(str(error).splitlines()[0].removeprefix("ParseError: ")) from None

    return typeset


def set_formulas(text: str, put: Callable[[str, bool], str], where: str) -> tuple[str, int]:
    """The HTML with its formulas replaced by what ``put`` makes of them (TeX, is it a display?); how many.

    Raises:
        CheckFailed: a formula that KaTeX rejects, or a delimiter without its partner.
    """
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        tex = match["inline"] or match["display"]
        if match["stray"]:
            near = html.unescape(text[max(0, match.start() - 40) : match.end() + 40])
            raise CheckFailed(f"{where}: {match['stray']} has no partner in: {near}")
        if tex is None:
            return match[0]
        count += 1
        try:
            return put(html.unescape(tex).strip(), match["display"] is not None)
        except Rejected as error:
            raise CheckFailed(f"{where}: KaTeX cannot set {html.unescape(match[0])}\n  {error}") from None

    return _SCAN.sub(replace, text), count
