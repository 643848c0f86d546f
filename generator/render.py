"""Derivations into finished text through Jinja templates. The only file that imports jinja2.

Whatever a template prints is escaped, unless it is a formula or a sentence that is set already. A lecturer's
own folders come first, file by file; ``docs/templates.md`` is their manual.
"""

from __future__ import annotations

import json
import re
import textwrap
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from generator.derivation import Derivation
from generator.editions import TITLES, edition_of, on_site, released
from generator.errors import InputError
from generator.escape import Kind, Raw, comment, escape, slug
from generator.expr.layout import TITLES as LAYOUT_TITLES
from generator.setting import DELIMITERS, Setter

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from generator.spec import Collection
    from generator.views import ProblemView

SUFFIX: Mapping[Kind, str] = {"latex": "tex", "markdown": "md"}

_PLACES = (Path(__file__).parent / "templates", Path(__file__).parents[1] / "templates")
# One set of marks for all templates; none of them is LaTeX, Markdown or an anchor such as {#here}.
_MARKS: Mapping[str, str] = {
    "block_start_string": "((*", "block_end_string": "*))",
    "variable_start_string": "(((", "variable_end_string": ")))",
    "comment_start_string": "((#", "comment_end_string": "#))",
}  # fmt: skip


def render_document(
    collection: Collection,
    derivations: Mapping[str, Derivation],
    edition: str,
    kind: Kind = "latex",
    templates: Sequence[Path] = (),
) -> str:
    """A whole collection as one document; ``derivations`` are found by the ids of its problems.

    Raises:
        InputError: an unknown edition, no template for this kind of collection, or a template that is wrong.
    """
    from generator.document import set_document

    document = set_document(collection, derivations, kind, edition_of(collection.kind, edition))
    environment = _environment(kind, tuple(templates))
    name = f"{collection.kind}.{SUFFIX[kind]}.j2"
    if name not in environment.list_templates():
        raise InputError(f"collections of the kind {collection.kind!r} have no {kind} template ({name})")
    return _fill(environment, name, document=document, edition=edition)


def render_pages(
    collection: Collection,
    derivations: Mapping[str, Derivation],
    templates: Sequence[Path] = (),
    downloads: Sequence[str] | None = None,
) -> dict[str, str]:
    """The pages of the site by path: the collection's own page first, then one a problem.

    ``downloads`` names the editions whose handouts the pages link to, at ``download_path``; by default all
    that are released. The pages themselves show no more than what is released.

    Raises:
        InputError: a template that is wrong.
    """
    shown = on_site(collection.kind, collection.release)
    from generator.document import set_document

    document = set_document(collection, derivations, "markdown", shown)
    if downloads is None:
        downloads = [edition.name for edition in released(collection.kind, collection.release)]
    environment = _environment("markdown", tuple(templates))
    links = [(edition, f"../{download_path(collection.id, edition)}") for edition in downloads]
    fill = partial(
        _fill, environment, document=document, links=links, anchors=True, pages=True, edition="site"
    )
    pages = {page_path(collection.id): fill("index.md.j2")}
    entries = document.entries
    for part in document.parts:
        for entry in part.entries:
            at = entries.index(entry)
            before = entries[at - 1] if at else None
            after = entries[at + 1] if at + 1 < len(entries) else None
            name = "page.md.j2" if entry.kind == "problem" else "concept-page.md.j2"
            page = fill(name, part=part, **{entry.kind: entry}, before=before, after=after)
            pages[page_path(collection.id, entry.id)] = page
    return pages


def render_derivation(
    derivation: Derivation, kind: Kind, templates: Sequence[Path] = (), *, dollars: bool = True
) -> str:
    """One problem with its solution as a fragment; LaTeX needs a document with amsmath and mathtools.

    Formulas in Markdown stand between dollars, which most readers of Markdown know, or in round brackets as
    on our site.

    Raises:
        InputError: a template that is wrong.
    """
    marks = ("dollar", "$$", "$$") if dollars else ("round", r"\[", r"\]")
    problem = _alone(derivation, kind, DELIMITERS["round" if kind == "latex" else marks[0]])
    environment = _environment(kind, tuple(templates), display=marks[1:])
    return _fill(environment, f"derivation.{SUFFIX[kind]}.j2", problem=problem)


def render_standalone(derivation: Derivation, title: str, templates: Sequence[Path] = ()) -> str:
    """One problem with its solution as a whole LaTeX document.

    Raises:
        InputError: a template that is wrong.
    """
    problem = _alone(derivation, "latex", DELIMITERS["round"])
    values = {"document": {"title": title, "kind": ""}, "edition": "", "edition_names": {"": ""}}
    return _fill(_environment("latex", tuple(templates)), "document.tex.j2", problem=problem, **values)


def render_item(derivation: Derivation, choices: Sequence[Any], templates: Sequence[Path] = ()) -> str:
    """A question of a question bank as Markdown, its pieces marked; ``choices`` have a text and feedback.

    Raises:
        InputError: a template that is wrong.
    """
    problem = _alone(derivation, "markdown", DELIMITERS["round"])
    return _fill(_environment("markdown", templates), "item.md.j2", problem=problem, choices=choices)


def _alone(derivation: Derivation, kind: Kind, marks: tuple[str, str]) -> ProblemView:
    plain = replace(derivation.problem, plot=None)  # a text alone cannot bring a picture
    return Setter(kind, plain.notation, marks).problem(replace(derivation, problem=plain))


def render_template(name: str, kind: Kind, templates: Sequence[Path] = (), **values: Any) -> str:
    """A template filled with records that are set already.

    Raises:
        InputError: a template that is wrong.
    """
    return _fill(_environment(kind, tuple(templates)), name, **values)


def download_path(collection_id: str, edition: str) -> str:
    """Where the site keeps a handout."""
    return f"downloads/{slug(collection_id)}-{edition}.pdf"


def page_path(collection_id: str, problem_id: str | None = None) -> str:
    """Where the site keeps the page of a collection or of one of its problems."""
    return f"{slug(collection_id)}/{slug(problem_id) if problem_id else 'index'}.md"


@lru_cache(16)  # a template is compiled once, and again when its file changes
def _environment(
    kind: Kind, templates: tuple[Path, ...], display: tuple[str, str] = (r"\[", r"\]")
) -> Environment:
    import jinja2

    folders = [_folder(own) / kind for own in templates]
    ours = next(place for place in _PLACES if place.is_dir()) / kind
    environment = _sandbox()(  # a folder of templates may come from somebody else
        loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in (*folders, ours)]),
        bytecode_cache=_kept(),
        undefined=jinja2.StrictUndefined,
        autoescape=True,  # keeps finished text apart from words; `finalize` is what escapes the words
        finalize=partial(_finalize, kind=kind),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **_MARKS,
    )
    environment.filters |= {
        "cell": _cell, "comment": comment, "hang": _hang, "quoted": _quoted, "target": _target,
    }  # fmt: skip
    environment.globals |= {"display": tuple(map(Raw, display)), "edition_names": TITLES, "anchors": False}
    environment.globals |= {"layouts": tuple(LAYOUT_TITLES.values()), "pages": False}
    return environment


@cache
def _sandbox() -> type[ImmutableSandboxedEnvironment]:
    """Jinja's sandbox, which asks once for a class and the name of an attribute, not for every object."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        safe: ClassVar[dict[tuple[type, str], bool]] = {}

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            key = (type(obj), attr)
            if key not in self.safe:
                self.safe[key] = super().is_safe_attribute(obj, attr, value)
            return self.safe[key]

    return Sandbox


def _kept() -> BytecodeCache | None:
    """Compiled templates among the user's temporary files, where Jinja finds that safe: a quicker start."""
    import jinja2

    try:
        return jinja2.FileSystemBytecodeCache()
    except (RuntimeError, OSError):
        return None


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise InputError(f"there is no folder of templates at {path}")
    return path


def _finalize(value: Any, kind: Kind) -> Any:
    """Escape what a template prints; what is set already stays as it is."""
    if value is None:
        raise InputError("a template prints a value that this problem does not have")
    return value if hasattr(value, "__html__") else escape(str(value), kind)


def _hang(text: str, by: int = 4) -> Raw:
    """Indent all lines but the first: what a list item or an admonition needs in Markdown."""
    return Raw(textwrap.indent(text, " " * by).removeprefix(" " * by))


def _cell(text: str) -> Raw:
    """What may stand in a cell of a Markdown table: one line without the sign that parts cells."""
    plain = text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return Raw(" ".join(plain.split()))


def _quoted(value: str) -> Raw:
    """A string for the front matter."""
    return Raw(json.dumps(value, ensure_ascii=False))


def _target(address: str) -> Raw:
    """An address as the second half of a Markdown link."""
    return Raw(f"({address})")


def _fill(environment: Environment, name: str, **values: Any) -> str:
    import jinja2

    try:
        text = environment.get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"template {error.name}, line {error.lineno}: {error.message}") from None
    except jinja2.TemplateNotFound as error:
        raise InputError(f"template {name}: there is no template called {error.name}") from None
    except jinja2.TemplateError as error:
        raise InputError(f"template {_place(error, name)}: {error.message}") from None
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _place(error: Exception, name: str) -> str:
    """The file and the line of a template where an error arose."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else name
