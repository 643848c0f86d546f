"""The site: pages staged as plain Markdown, built with MkDocs, their formulas set by KaTeX."""

from __future__ import annotations

import html
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from generator import katex
from generator.errors import CheckFailed, InputError

NavItem: TypeAlias = "str | Mapping[str, str | Nav]"
Nav: TypeAlias = "Sequence[NavItem]"
"""What MkDocs calls ``nav``: paths of pages, ``{title: path}``, and ``{title: [items]}`` for sections."""

_KATEX = "assets/katex"
_MATH_SCRIPTS = (f"{_KATEX}/katex.min.js", "javascripts/math.js")
_MATH_SCRIPT_TAGS = re.compile(
    rf'<script[^>]*\bsrc="[^"]*(?:{"|".join(map(re.escape, _MATH_SCRIPTS))})"[^>]*></script>'
)


def stage(
    pages: Mapping[str, str],
    target: Path,
    *,
    source: Path,
    nav: Nav,
    downloads: Mapping[str, Path] = MappingProxyType({}),
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> Path:
    """Write a folder that MkDocs (or another engine that reads ``mkdocs.yml``) can build; return ``target``.

    ``source`` holds ``mkdocs.yml`` and the hand-written ``pages/``. ``pages`` are the generated ones, as
    Markdown by path; ``downloads`` are files by path, ``pictures`` contents by path; ``nav`` follows what
    ``mkdocs.yml`` has already.
    """
    with _replacing(target) as fresh:
        docs = fresh / "docs"
        shutil.copytree(source / "pages", docs)
        for path, text in pages.items():
            _free(docs, path).write_text(text, "utf-8")
        for path, data in pictures.items():
            _free(docs, path).write_bytes(data)
        for path, file in downloads.items():
            shutil.copyfile(file, _free(docs, path))
        katex.copy_to(docs / _KATEX)
        (fresh / "mkdocs.yml").write_text(_settings(source / "mkdocs.yml", nav), "utf-8")
    return target


def build(staged: Path, target: Path) -> Path:
    """Build a staged folder into ``target``; return ``target``.

    A warning of MkDocs or a formula that KaTeX rejects is a ``CheckFailed``; a failed build leaves the former
    ``target`` as it was.
    """
    with _replacing(target) as fresh:
        _mkdocs(staged / "mkdocs.yml", fresh)
        prerender(fresh)
    return target


def prerender(site: Path) -> int:
    """Set the formulas of all pages of a built site and return their number.

    The pages then need no script for them, and the search index holds no TeX.
    """
    typeset = katex.typesetter()
    count = 0
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        text, found = katex.set_formulas(page.read_text("utf-8"), typeset, name)
        page.write_text(_MATH_SCRIPT_TAGS.sub("", text), "utf-8")
        count += found
    for script in _MATH_SCRIPTS:
        (site / script).unlink(missing_ok=True)
    _clean_search(site / "search", typeset)
    return count


def _clean_search(folder: Path, typeset: Callable[[str, bool], str]) -> None:
    """In the index, inline formulas become plain characters and displays go: nobody searches for TeX."""
    index = folder / "search_index.json"
    if not index.is_file():
        return
    data = json.loads(index.read_text("utf-8"))

    def plain(tex: str, display: bool) -> str:
        return "" if display else html.escape(_characters(typeset(tex, False)), quote=False)

    for entry in data["docs"]:
        for part in ("title", "text"):
            entry[part], _ = katex.set_formulas(entry[part], plain, f"search index, {entry['location']}")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    index.write_text(text, "utf-8")
    inlined = folder / "search_index.js"  # the same for pages opened from disk, by the offline plugin
    if inlined.is_file():
        inlined.write_text(f"var __index = {text}", "utf-8")


def _characters(rendered: str) -> str:
    """The text of a formula set by KaTeX, from its MathML: ``tr(X⊤A)``."""
    mathml = re.sub(r".*(<math.*)<annotation.*", r"\1", rendered, flags=re.DOTALL)
    return re.sub(r"[\u2060-\u2064\u200b]|\s+(?=\W)", "", html.unescape(re.sub(r"<[^>]*>", "", mathml)))


def _free(docs: Path, path: str) -> Path:
    place = docs / path
    if place.exists():
        raise InputError(f"two files of the site are called {path}", hint="rename one of them")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _settings(file: Path, nav: Nav) -> str:
    import yaml  # type: ignore[import-untyped]

    settings = yaml.safe_load(file.read_text("utf-8"))
    settings["nav"] = [*settings.get("nav", ()), *nav]
    return str(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=120))


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _mkdocs(settings: Path, target: Path) -> None:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material prints a banner about its own future
    from mkdocs.commands.build import build as run
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    seen = _Warnings()
    logger = logging.getLogger("mkdocs")
    level = logger.level
    logger.addHandler(seen)
    logger.setLevel(logging.WARNING)  # strict mode counts log records, whatever the program itself logs
    try:
        config = load_config(str(settings.absolute()), site_dir=str(target.absolute()), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            run(config)
        finally:
            config.plugins.on_shutdown()
    except MkDocsException as error:  # also its Abort, which is a SystemExit
        reasons = seen.messages or [str(error)]
        raise CheckFailed("\n  ".join(["MkDocs cannot build the site:", *reasons])) from None
    finally:
        logger.removeHandler(seen)
        logger.setLevel(level)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """An empty folder that takes the place of ``target`` if the block ends well, and vanishes if not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    hold = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    fresh, former = hold / "new", hold / "former"  # not `hold` itself: that one is readable by its owner only
    try:
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(former)
        fresh.rename(target)
    except BaseException:
        if former.exists() and not target.exists():
            former.rename(target)
        raise
    finally:
        shutil.rmtree(hold, ignore_errors=True)
