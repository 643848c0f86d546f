"""TeX source to PDF. The only file that runs TeX.

A run has a folder of its own, no shell, and no access to files above that folder, so a document can neither
read nor change anything else. A document reaches its place in one move, and only when TeX lost nothing on the
way: an unresolved reference or a missing character is a failure, not a warning.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from generator.errors import CheckFailed, MissingPart

INSTALL_HINT = "apt-get install --no-install-recommends texlive-latex-extra lmodern latexmk"

_SETTINGS = {
    "openin_any": "p",  # paranoid: no absolute paths, no parent folders, no dot files
    "openout_any": "p",
    "max_print_line": "1000",  # TeX breaks log lines at 79 characters by default, in the middle of words
    "error_line": "254",
    "half_error_line": "238",
}
_OVERFULL_FROM = 1.0  # points; less than that is invisible
_EXCERPT = (72, 24)  # characters of a source line shown before and after the place of an error
_REFERENCE_SUFFIXES = {".aux", ".toc", ".out", ".nav", ".lof", ".lot"}

_ERROR = re.compile(
    r"^!\s*(?P<message>.+(?:\n +\S.*)*)\n(?P<context>(?:(?!^! |^Here is how).*\n)*)", re.MULTILINE
)
_PLACE = re.compile(r"^l\.(?P<number>\d+) ?(?P<text>.*)$", re.MULTILINE)
_NO_PACKAGE = re.compile(
    r"File `(?P<name>[^']+\.(?:sty|cls|def|fd|tfm|clo))' not found|Font (?P<font>\S+) at \S+ not found"
)
_PAGES = re.compile(r"^Output written on .* \((\d+) pages?", re.MULTILINE)
_PART = re.compile(r"^workings-part (\d+)$", re.MULTILINE)
_OVERFULL = re.compile(r"^Overfull \\[hv]box \((?P<points>[\d.]+)pt too .*$", re.MULTILINE)
_LOSS = re.compile(
    r"^(?:Missing character: .*"
    r"|LaTeX Warning: (?:Reference|Citation|Hyper reference) .* undefined.*"
    r"|LaTeX Warning: Label .* multiply defined.*"
    r"|LaTeX Warning: Label\(s\) may have changed.*)$",
    re.MULTILINE,
)
_NOT_A_REFERENCE = re.compile(r"^(?:\\relax|\\gdef \\@abspage@last\{\d+\}) *\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PdfResult:
    """A PDF that was made, and TeX's words about every line or page that sticks out of its box.

    ``parts`` says how many pages stand before each place that writes ``workings-part`` to the log.
    """

    path: Path
    pages: int
    overfull: tuple[str, ...]
    seconds: float
    parts: tuple[int, ...] = ()


def compile_tex(
    source: str, target: Path, *, files: Mapping[str, bytes] = MappingProxyType({}),
    passes: int = 4, engine: str = "pdflatex", timeout: float = 120.0,
) -> PdfResult:  # fmt: skip
    """Set ``source`` and put the PDF at ``target``, whose folder is made if need be.

    ``files`` are what the document includes, by name: its pictures.

    TeX runs until the references are settled, which takes one pass or two in most documents, and at most
    ``passes`` times; ``timeout`` is in seconds for each pass. If the environment holds ``SOURCE_DATE_EPOCH``,
    the same source gives the same bytes.

    Raises ``MissingPart`` if the engine or a TeX package is not installed, and ``CheckFailed``, with TeX's
    message and the source line, if the document has an error, runs into the timeout, or loses references or
    characters. Then ``target`` is as it was before.
    """
    if shutil.which(engine) is None:
        raise MissingPart(f"{engine} is not installed", hint=INSTALL_HINT)
    start = time.perf_counter()
    target.parent.mkdir(parents=True, exist_ok=True)
    # Next to the target, because only a move within one file system is atomic.
    with tempfile.TemporaryDirectory(prefix=".tex-", dir=target.parent) as name:
        folder = Path(name).resolve()
        (folder / "document.tex").write_text(source, encoding="utf-8")
        for file, data in files.items():
            (folder / file).write_bytes(data)
        log = _run_passes(folder, source, passes, engine, timeout)
        if losses := list(dict.fromkeys(_LOSS.findall(log))):
            raise CheckFailed(f"TeX lost something in {target.name}:\n  " + "\n  ".join(losses))
        pages = _PAGES.search(log)
        if pages is None:
            raise CheckFailed(f"{target.name} has no pages")
        (folder / "document.pdf").replace(target)
    parts = tuple(int(m[1]) for m in _PART.finditer(log))
    return PdfResult(target, int(pages[1]), _overfull(log), time.perf_counter() - start, parts)


def _run_passes(folder: Path, source: str, passes: int, engine: str, timeout: float) -> str:
    """The log of the last pass."""
    log, references = "", ""
    for _ in range(passes):
        log = _run(folder, source, engine, timeout)
        before, references = references, _references(folder)
        if references == before:
            break
    return log


def _run(folder: Path, source: str, engine: str, timeout: float) -> str:
    command = [engine, "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "document.tex"]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CheckFailed(
            f"{engine} did not finish within {timeout:g} s", hint="look for a macro that calls itself"
        ) from None
    log_file = folder / "document.log"
    log = (log_file.read_bytes() if log_file.exists() else done.stdout).decode("utf-8", errors="replace")
    if done.returncode != 0:
        raise _failure(log, source, engine)
    return log


def _environment(folder: Path) -> dict[str, str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEXINPUTS", "TEXMFHOME"))
    }
    # A user's own macros must not change a document, so only the installed TeX counts.
    environment |= _SETTINGS | {"TEXMFHOME": str(folder)}
    if "SOURCE_DATE_EPOCH" in environment:
        environment["FORCE_SOURCE_DATE"] = "1"
    return environment


def _references(folder: Path) -> str:
    """All that one pass leaves for the next; empty for a document without references."""
    files = sorted(file for file in folder.iterdir() if file.suffix in _REFERENCE_SUFFIXES)
    text = "".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
    return _NOT_A_REFERENCE.sub("", text)


def _failure(log: str, source: str, engine: str) -> CheckFailed | MissingPart:
    error = _ERROR.search(log)
    if error is None:
        return CheckFailed(
            f"{engine} stopped without an error message; its last words:\n{log[-400:].strip()}"
        )
    message = " ".join(error["message"].split())
    if missing := _NO_PACKAGE.search(message):
        return MissingPart(f"TeX has no {missing['name'] or 'font ' + missing['font']}", hint=INSTALL_HINT)
    return CheckFailed(f"TeX: {message}{_excerpt(error['context'], log[error.end() :], source)}")


def _excerpt(context: str, rest: str, source: str) -> str:
    """The source line of an error, with a caret under the last character that TeX had read."""
    place = _PLACE.search(context) or _PLACE.search(rest)
    if place is None:
        return ""
    number, read = int(place["number"]), place["text"].removeprefix("...").strip()
    lines = source.split("\n")
    # The number may belong to a file that the document loads; then the text read is not in our line.
    if number > len(lines) or read not in lines[number - 1]:
        return f"\n  l.{number} {read}"
    line = lines[number - 1]
    stop = line.index(read) + len(read)
    start = max(0, stop - _EXCERPT[0])
    caret = " " * (stop - start - 1) + "^"
    return f"\n  {number:>4} | {line[start : stop + _EXCERPT[1]].rstrip()}\n  {'':>4} | {caret}"


def _overfull(log: str) -> tuple[str, ...]:
    return tuple(m[0] for m in _OVERFULL.finditer(log) if float(m["points"]) >= _OVERFULL_FROM)
