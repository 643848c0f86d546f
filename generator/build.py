"""The pipeline: load, derive, render, verify, then PDF and site. ``run`` is its table of contents.

Only what ``verify`` confirmed goes on. A document that fails leaves nothing behind: not a new file, and not
the former one, which would pass for current.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from generator import pdf, site
from generator.confirmation import judge_answers
from generator.editions import editions_of, released
from generator.errors import InputError, WorkingsError, did_you_mean
from generator.plot import Form
from generator.render import download_path, page_path, render_document, render_pages
from generator.solved import Solved, picture, solve
from generator.spec import Collection, load_collection
from generator.verify import Report, Scope, require, verify_text
from generator.workers import Progress, work_through, workers


@dataclass(frozen=True)
class Request:
    """What to build, from where, to where; without ``output`` everything is checked and nothing written."""

    collections: tuple[str, ...] = ()
    content: Path = Path("content")
    templates: tuple[Path, ...] = ()
    editions: tuple[str, ...] = ()  # by default all that each kind of document has
    pdf: bool = True
    site: bool = True
    output: Path | None = Path("build")
    jobs: int | None = None
    layout: str = ""  # by default that of each collection


@dataclass(frozen=True)
class Document:
    """What became of a document: a line about it, pages for the site, where it is, warnings, or an error."""

    name: str
    summary: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    path: Path | None = None
    warnings: tuple[str, ...] = ()
    error: WorkingsError | None = None
    seconds: float = 0.0


def run(request: Request, progress: Progress = lambda what, done, of: None) -> list[Document]:
    """Build (or only check) the collections; return an entry for each document, with its error if it failed.

    Raises:
        InputError: a collection cannot be found or read.
    """
    found = folders(request.collections, request.content)
    collections = [load_collection(folder, request.layout) for folder in found]
    known = {edition.name for one in collections for edition in editions_of(one.kind)}
    if unknown := [name for name in request.editions if name not in known]:
        raise InputError(f"none of the collections has an edition {unknown[0]!r}")
    with workers(request.jobs) as pool:
        solved = work_through(pool, solve, collections, "derived", progress)
        solved = _illustrated(solved, request, pool, progress)
        jobs = [(one, edition, request) for one in solved for edition in editions(request, one.collection)]
        documents = work_through(pool, make, jobs, "confirmed", progress)
    if request.site and request.output and not any(d.error for d in documents):
        documents.append(publish(solved, documents, request.output))
    return documents


def _illustrated(
    solved: Sequence[Solved], request: Request, pool: Executor | None, progress: Progress
) -> list[Solved]:
    """The collections with their pictures, each drawn once for all editions."""
    wished: dict[Form, bool] = {"pdf": request.pdf, "svg": request.site}
    forms = [form for form, wish in wished.items() if wish and request.output]
    wanted = [[(p, form) for p in one.pictured for form in forms] for one in solved]
    drawn = iter(work_through(pool, picture, [job for jobs in wanted for job in jobs], "drawn", progress))
    return [one.illustrated(islice(drawn, len(jobs))) for one, jobs in zip(solved, wanted, strict=True)]


def folders(names: Sequence[str], content: Path) -> list[Path]:
    """The folders of collections given by name or path; all below ``content`` by default.

    Raises:
        InputError: there is no such collection.
    """
    known = sorted(file.parent for file in content.glob("*/collection.toml"))
    if not known and not names:
        hint = f"`workings new {content / 'my-collection'}` makes one"
        raise InputError(f"there is no collection in {content}", hint=hint)
    return [_folder(name, content, known) for name in names] or known


def _folder(name: str, content: Path, known: Sequence[Path]) -> Path:
    for folder in (content / name, Path(name)):
        if (folder / "collection.toml").is_file():
            return folder
    hint = did_you_mean(name, (folder.name for folder in known))
    raise InputError(f"there is no collection {name} in {content} (no collection.toml)", hint=hint)


def editions(request: Request, collection: Collection) -> tuple[str, ...]:
    """What to make of a collection: editions of the handout, and ``site`` for the pages of the site.

    Raises:
        InputError: there are no editions of this kind of document.
    """
    check = request.output is None
    known = tuple(edition.name for edition in editions_of(collection.kind))
    wanted = tuple(name for name in known if name in request.editions or not request.editions)
    handouts = wanted if request.pdf or check else ()
    return (*handouts, "site") if request.site or check else handouts


def make(job: tuple[Solved, str, Request]) -> Document:
    """Render a document, verify the text, write its report; then its PDF or its pages. Errors are kept."""
    solved, edition, request = job
    name = f"{solved.collection.id}-{edition}"
    start = time.perf_counter()
    try:
        if solved.error:
            raise solved.error
        if edition == "site":
            done = _pages(solved, name, request)
        else:
            done = _handout(solved, edition, name, request)
    except WorkingsError as error:
        _withdraw(name, edition, request)
        done = Document(name, error=error)
    return replace(done, seconds=time.perf_counter() - start)


def _handout(solved: Solved, edition: str, name: str, request: Request) -> Document:
    text = render_document(solved.collection, solved.derivations, edition, "latex", request.templates)
    report = verify_text(text, "latex", solved.scopes, name)
    _write_report(name, (report,), request)
    require(report)
    judge_answers(solved.derivations.values())
    if not request.output:
        return Document(name, report.summary())
    pictures = solved.shown(text, "pdf")
    result = pdf.compile_tex(text, request.output / "pdf" / f"{name}.pdf", files=pictures)
    return Document(name, report.summary(), path=result.path, warnings=result.overfull)


def _pages(solved: Solved, name: str, request: Request) -> Document:
    collection, derivations = solved.collection, solved.derivations
    pages = render_pages(collection, derivations, request.templates, _downloads(collection, request))
    known = solved.scopes
    reports = tuple(verify_text(text, "markdown", known, path) for path, text in pages.items())
    _write_report(name, reports, request)
    for report in reports:
        require(report)
    judge_answers(solved.derivations.values())
    whole = Report(name, tuple(entry for report in reports for entry in report.checked))
    drawn = solved.shown("".join(pages.values()), "svg")
    home = Path(page_path(collection.id)).parent
    return Document(name, whole.summary(), pages, {f"{home}/{file}": data for file, data in drawn.items()})


def _downloads(collection: Collection, request: Request) -> tuple[str, ...]:
    """The editions that pages link to: those of this build; where it makes none, those of an earlier one."""
    public = _public(collection)
    if request.pdf or not request.output:
        return tuple(e for e in public if e in request.editions or not request.editions)
    return tuple(e for e in public if _pdf_file(collection, e, request.output).is_file())


def _public(collection: Collection) -> tuple[str, ...]:
    """The names of the editions that are released."""
    return tuple(edition.name for edition in released(collection.kind, collection.release))


def _pdf_file(collection: Collection, edition: str, output: Path) -> Path:
    return output / "pdf" / f"{collection.id}-{edition}.pdf"


def _write_report(name: str, reports: Sequence[Report], request: Request) -> None:
    if not request.output:
        return
    file = request.output / "reports" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    parts = ",\n".join(report.to_json() for report in reports)
    file.write_text(parts if len(reports) == 1 else f"[\n{parts}\n]", "utf-8")


def _withdraw(name: str, edition: str, request: Request) -> None:
    """Remove what an earlier build left: it would pass for the present state."""
    if request.output and edition == "site":
        shutil.rmtree(request.output / "site", ignore_errors=True)
    elif request.output:
        (request.output / "pdf" / f"{name}.pdf").unlink(missing_ok=True)


def publish(solved: Sequence[Solved], documents: Sequence[Document], output: Path) -> Document:
    """Build the site of all collections from their confirmed pages, with the PDFs that these link to."""
    made = {d.name: d.pages for d in documents}
    nav = [_listed(one.collection, list(made[f"{one.collection.id}-site"])) for one in solved]
    pages = {path: text for d in documents for path, text in d.pages.items()}
    handouts = [(one.collection, edition) for one in solved for edition in _public(one.collection)]
    files = {download_path(c.id, edition): _pdf_file(c, edition, output) for c, edition in handouts}
    downloads = {path: file for path, file in files.items() if file.is_file()}
    try:
        staged = site.stage(
            pages, output / "staged", source=site_source(), nav=nav, downloads=downloads,
            pictures={path: data for d in documents for path, data in d.pictures.items()},
        )  # fmt: skip
        index = site.build(staged, output / "site") / "index.html"
    except WorkingsError as error:
        shutil.rmtree(output / "site", ignore_errors=True)
        return Document("site", error=error)
    return Document("site", f"site: {len(pages)} pages", path=index)


def _listed(collection: Collection, paths: list[str]) -> site.NavItem:
    """A collection in the navigation; of a comparison only the table, which leads to the other pages."""
    return {collection.title: paths[0] if collection.kind == "comparison" else paths}


def site_source() -> Path:
    """The settings and hand-written pages of the site: the user's own folder, or ours."""
    own = Path("site")
    return own if (own / "mkdocs.yml").is_file() else Path(__file__).parents[1] / "site"


def raise_errors(errors: Sequence[WorkingsError]) -> None:
    """Raise one error for all, each message once; a failed check outranks what is missing."""
    told = list(dict.fromkeys(map(str, errors)))
    if len(told) > 1:
        raise type(min(errors, key=lambda error: error.exit_code))("\n\n".join(told))
    if told:
        raise errors[0]


def check_texts(files: Sequence[Path], content: Path) -> Iterator[str]:
    """Verify finished texts in the scopes of all collections; give a summary line for each.

    Raises:
        CheckFailed: a formula is not confirmed.
    """
    known: dict[str, Scope] = {}
    for folder in folders((), content) if files else ():
        known |= solve(load_collection(folder)).scopes
    for file in files:
        kind: Literal["latex", "markdown"] = "latex" if file.suffix == ".tex" else "markdown"
        report = verify_text(file.read_text("utf-8"), kind, known, str(file))
        require(report)
        yield report.summary()
