"""KaTeX: where its files are, what of them a site needs, and formulas set by it without a browser."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from generator.errors import MissingPart

PLACES = (Path("node_modules/katex/dist"), Path("/usr/share/javascript/katex"))
INSTALL = "apt-get install libjs-katex   (not on Debian or Ubuntu: npm install --no-save katex@0.16.4)"

_LICENCES = ("../LICENSE", "../../doc/libjs-katex/copyright")  # beside npm's folder, beside Debian's
_OLD_FONTS = re.compile(r",\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)")
_RENDER = "katex.renderToString(dukpy['tex'], {displayMode: dukpy['display'], strict: 'ignore'})"


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
    # Every browser that can show the rest of the site reads woff2: the other formats would be dead weight.
    style = _OLD_FONTS.sub("", (source / "katex.min.css").read_text("utf-8"))
    (target / "katex.min.css").write_text(style, "utf-8")
    for font in sorted((source / "fonts").glob("*.woff2")):
        shutil.copyfile(font, fonts / font.name)
    for licence in _LICENCES:
        if (source / licence).is_file():
            shutil.copyfile(source / licence, target / "LICENSE.txt")


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
