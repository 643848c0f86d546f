"""The pipeline: what it writes, what it refuses to write, and what it takes away."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import build, confirmation, serve, site
from generator.build import Request, check_texts, folders, raise_errors, run
from generator.errors import CheckFailed, InputError, MissingPart
from generator.pdf import PdfResult
from generator.workers import work_through, workers

COLLECTION = """\
title = "A small collection"
kind = "tutorial"

[[part]]
title = "Traces"
problems = ["first", "second"]
"""
PROBLEM = """\
title = "{title}"

[symbols]
A = "n n"
X = "n n"

[given]
L = "{text}"

[find]
wrt = "X"
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "small"
    folder.mkdir(parents=True)
    (folder / "collection.toml").write_text(COLLECTION, "utf-8")
    for name, text in {"first": "tr(A @ X)", "second": "tr(X.T @ A @ X)"}.items():
        (folder / f"{name}.toml").write_text(PROBLEM.format(title=name.title(), text=text), "utf-8")
    return folder.parent


@pytest.fixture
def request_(content: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """A build in this process, with stand-ins for TeX and MkDocs that show what they were given."""

    def compile_tex(source: str, target: Path, **more: Any) -> PdfResult:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source, "utf-8")
        return PdfResult(target, 1, ("Overfull \\hbox",), 0.1)

    def stage(pages: dict[str, str], target: Path, **more: Any) -> Path:
        target.mkdir(parents=True, exist_ok=True)
        (target / "nav.json").write_text(json.dumps(more["nav"]), "utf-8")
        (target / "downloads.json").write_text(json.dumps(sorted(more["downloads"])), "utf-8")
        (target / "index.html").write_text("<body>" + "\n".join(pages.values()) + "</body>", "utf-8")
        return target

    def build_site(staged: Path, target: Path) -> Path:
        return staged.rename(target) if not target.exists() else target

    monkeypatch.setattr(build.pdf, "compile_tex", compile_tex)
    monkeypatch.setattr(site, "stage", stage)
    monkeypatch.setattr(site, "build", build_site)
    return Request(content=content, output=content.parent / "build", jobs=1)


def spoil(
    monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[str], str], edition: str = ""
) -> None:
    """Let the renderer make a mistake, in one edition or in all."""
    true: Callable[..., Any] = getattr(build, name)

    def wrong(*args: Any, **named: Any) -> Any:
        made = true(*args, **named)
        if edition and edition not in args:
            return made
        return change(made) if isinstance(made, str) else {path: change(text) for path, text in made.items()}

    monkeypatch.setattr(build, name, wrong)


def sign_lost(text: str) -> str:
    return text.replace(r"\mathbf{A} + \mathbf{A}", r"\mathbf{A} - \mathbf{A}")


def test_a_build_makes_reports_handouts_and_the_site(request_: Request) -> None:
    progress: list[tuple[str, int, int]] = []
    documents = run(request_, lambda *step: progress.append(step))
    assert [d.error for d in documents] == [None] * 5
    assert [d.name for d in documents] == [
        "small-student",
        "small-solutions",
        "small-instructor",
        "small-site",
        "site",
    ]
    assert all("0 failed" in d.summary for d in documents[:-1])
    assert documents[0].warnings == ("Overfull \\hbox",)
    out = request_.output
    assert out is not None
    assert sorted(f.name for f in (out / "pdf").iterdir()) == [
        "small-instructor.pdf", "small-solutions.pdf", "small-student.pdf",
    ]  # fmt: skip
    report = json.loads((out / "reports" / "small-solutions.json").read_text("utf-8"))
    assert report["ok"]
    assert report["counts"]["equality"] > 20
    assert progress[0] == ("derived", 0, 1)
    assert progress[-1] == ("confirmed", 4, 4)


def test_the_site_gets_confirmed_pages_and_the_public_handouts(request_: Request) -> None:
    run(request_)
    place = Path(request_.output or "") / "site"
    (section,) = json.loads((place / "nav.json").read_text("utf-8"))
    assert section == {"A small collection": ["small/index.md", "small/first.md", "small/second.md"]}
    offered = json.loads((place / "downloads.json").read_text("utf-8"))
    assert offered == ["downloads/small-solutions.pdf", "downloads/small-student.pdf"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"pdf": False}, ["small-site", "site"]),
        ({"site": False}, ["small-student", "small-solutions", "small-instructor"]),
        ({"site": False, "editions": ("solutions",)}, ["small-solutions"]),
        ({"output": None, "pdf": False, "site": False},
         ["small-student", "small-solutions", "small-instructor", "small-site"]),
    ],
)  # fmt: skip
def test_parts_of_a_build(request_: Request, change: dict[str, Any], names: list[str]) -> None:
    wanted = Request(**{**vars(request_), **change})
    assert [d.name for d in run(wanted)] == names
    if wanted.output is None:
        assert not (Path(str(request_.output))).exists()


def test_a_wrong_handout_is_not_made_and_its_former_pdf_goes(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(request_)
    out = Path(request_.output or "")
    spoil(monkeypatch, "render_document", sign_lost, "solutions")
    documents = {d.name: d for d in run(request_)}
    assert isinstance(documents["small-solutions"].error, CheckFailed)
    assert "problem second" in str(documents["small-solutions"].error)
    assert not (out / "pdf" / "small-solutions.pdf").exists()
    assert (out / "pdf" / "small-student.pdf").exists()
    assert json.loads((out / "reports" / "small-solutions.json").read_text("utf-8"))["failed"] > 0
    assert "site" not in documents, "a site was built beside a handout that failed"


def test_wrong_pages_take_the_site_away(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    run(request_)
    assert (Path(request_.output or "") / "site").exists()
    spoil(monkeypatch, "render_pages", sign_lost)
    documents = {d.name: d for d in run(request_)}
    assert isinstance(documents["small-site"].error, CheckFailed)
    assert "small/second.md" in str(documents["small-site"].error)
    assert not (Path(request_.output or "") / "site").exists()


def test_a_wrong_answer_stops_every_document(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(problem: Any, answer: Any) -> float:
        raise CheckFailed(f"the answer to {problem.id} is wrong")

    monkeypatch.setattr(confirmation, "judge", judge)
    documents = run(request_)
    assert {str(d.error) for d in documents} == {"the answer to first is wrong"}
    assert not list(Path(request_.output or "").glob("pdf/*"))


def test_missing_tex_leaves_no_former_pdf(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    run(request_)

    def missing(source: str, target: Path, **more: Any) -> PdfResult:
        raise MissingPart("pdflatex is not installed")

    monkeypatch.setattr(build.pdf, "compile_tex", missing)
    errors = [d.error for d in run(request_) if d.error]
    assert len(errors) == 3
    assert not list((Path(request_.output or "") / "pdf").iterdir())
    with pytest.raises(MissingPart, match=r"^pdflatex is not installed$"):
        raise_errors(errors)


def test_processes_give_what_one_process_gives(content: Path) -> None:
    one, two = (run(Request(content=content, output=None, jobs=jobs)) for jobs in (1, 2))
    assert [(d.name, d.summary, d.pages) for d in one] == [(d.name, d.summary, d.pages) for d in two]


def test_check_texts(request_: Request, content: Path, tmp_path: Path) -> None:
    run(request_)
    good = tmp_path / "good.tex"
    good.write_bytes((Path(request_.output or "") / "pdf" / "small-solutions.pdf").read_bytes())
    assert "0 failed" in next(check_texts([good], content))
    bad = tmp_path / "bad.tex"
    bad.write_text(sign_lost(good.read_text("utf-8")), "utf-8")
    with pytest.raises(CheckFailed, match=r"bad\.tex"):
        list(check_texts([bad], content))
    assert list(check_texts([], tmp_path)) == []


def test_folders(content: Path) -> None:
    assert folders((), content) == [content / "small"]
    assert folders(("small",), content) == folders((str(content / "small"),), Path("nowhere"))
    with pytest.raises(InputError, match="did you mean `small`"):
        folders(("smal",), content)
    with pytest.raises(InputError, match="workings new"):
        folders((), content / "small")


def test_several_errors_become_one() -> None:
    raise_errors([])
    with pytest.raises(CheckFailed, match=r"(?s)^a\n\nb$") as caught:
        raise_errors([MissingPart("a"), CheckFailed("b"), MissingPart("a")])
    assert caught.value.exit_code == 1


def double(n: int) -> int:
    return 2 * n


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_keeps_its_order(jobs: int) -> None:
    steps: list[tuple[str, int, int]] = []
    with workers(jobs) as pool:
        assert work_through(pool, double, range(5), "doubled", lambda *s: steps.append(s)) == [0, 2, 4, 6, 8]
    assert steps == [("doubled", k, 5) for k in range(6)]


# --- the site on this machine ----------------------------------------------------------------------


@pytest.fixture
def served(request_: Request) -> Iterator[tuple[serve.State, Callable[[str], str]]]:
    state = serve.State(Path(request_.output or "") / "site")
    server = serve.start(state, 18000)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def get(path: str) -> str:
        address = f"http://{serve.HOST}:{server.server_address[1]}{path}"
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code} {error.read().decode()}"

    yield state, get
    server.shutdown()
    server.server_close()


def test_pages_reload_after_a_build(
    served: tuple[serve.State, Callable[[str], str]], request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, get = served
    told: list[str] = []
    serve.rebuild(request_, state, told.append)
    assert get(serve.VERSION) == "1"
    assert "location.reload" in get("/")
    assert "small-site" in told[-2]
    assert get("/nav.json").startswith("[{")
    assert get("/nothing.html").startswith("404")

    spoil(monkeypatch, "render_pages", sign_lost)
    serve.rebuild(request_, state, told.append)
    assert get(serve.VERSION) == "2"
    problem = get("/index.html")
    assert problem.startswith("500")
    assert "not confirmed" in problem
    assert "location.reload" in problem


def test_a_port_in_use_is_passed_over(served: Any, tmp_path: Path) -> None:
    other = serve.start(serve.State(tmp_path), 18000)
    assert other.server_address[1] != 18000
    other.server_close()


def test_sources_are_folders_that_exist(request_: Request) -> None:
    assert request_.content in serve.sources(request_)
    assert all(place.is_dir() for place in serve.sources(request_))
