from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator import katex, site
from generator.errors import CheckFailed, InputError, MissingPart

SOURCE = Path(__file__).parents[1] / "site"
NAV: site.Nav = [{"Traces": [{"A quadratic form": "traces/quadratic.md"}]}]
PAGE = r"""# A quadratic form

Let \(\mathbf{X} \in \mathbb{R}^{n \times p}\) with \(n < p\). Not a formula: `\(code\)`. See [step 1](#quadratic-step-1).

??? success "Solution"

    #### Step 1 — Take the differential {#quadratic-step-1}

    \[
    \begin{aligned}
    \mathrm{d}L &= \mathrm{d}\operatorname{tr}(\mathbf{X}^\top \mathbf{A}\,\mathbf{X}) \\
    &= \operatorname{tr}((\mathrm{d}\mathbf{X})^\top \mathbf{A}\,\mathbf{X} + \mathbf{X}^\top \mathbf{A}\,\mathrm{d}\mathbf{X}) \\
    &= \operatorname{tr}(\underbrace{\mathbf{X}^\top(\mathbf{A}+\mathbf{A}^\top)}_{\coloneqq\,\mathbf{G}^\top}\,\mathrm{d}\mathbf{X}) \\
    &\overset{!}{=} \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
    \end{aligned}
    \]

    \[
    \boxed{\nabla_{\mathbf{X}} L = (\mathbf{A}+\mathbf{A}^\top)\,\mathbf{X}}
    \]

[The sheet](quadratic.pdf)
"""  # noqa: E501


@pytest.fixture(scope="module", autouse=True)
def _katex_is_installed() -> None:
    try:
        katex.find()
    except MissingPart as missing:
        pytest.skip(str(missing))


def stage(folder: Path, pages: Mapping[str, str], nav: site.Nav = ()) -> Path:
    return site.stage(pages, folder / "staged", source=SOURCE, nav=nav)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "sheet.pdf").write_bytes(b"%PDF-1.7")
    return site.stage(
        {"traces/quadratic.md": PAGE},
        folder / "staged",
        source=SOURCE,
        nav=NAV,
        downloads={"traces/quadratic.pdf": folder / "sheet.pdf"},
    )


@pytest.fixture(scope="module")
def built(staged: Path) -> Path:
    return site.build(staged, staged.parent / "built")


@pytest.fixture(scope="module")
def page(built: Path) -> str:
    return (built / "traces/quadratic.html").read_text("utf-8")


def words(html: str) -> str:
    """What a reader sees: no tags, no code, no TeX kept in KaTeX's annotations."""
    html = re.sub(r"<(script|style|code|annotation)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", html)


def test_staged_folder_is_plain_markdown_and_complete(staged: Path) -> None:
    assert (staged / "docs/traces/quadratic.md").read_text("utf-8") == PAGE
    assert (staged / "docs/index.md").is_file()
    settings = (staged / "mkdocs.yml").read_text("utf-8")
    assert "traces/quadratic.md" in settings
    assert "reading.md" in settings  # the entries of site/mkdocs.yml stay
    assert "!!python" not in settings  # other engines refuse such tags
    for path in re.findall(r"^- ((?:assets|javascripts|stylesheets)/.*)$", settings, re.MULTILINE):
        assert (staged / "docs" / path).is_file(), path


def test_katex_comes_along_with_exactly_the_fonts_it_names(built: Path) -> None:
    folder = built / "assets/katex"
    named = set(re.findall(r"url\(['\"]?([^)'\"]+)", (folder / "katex.min.css").read_text("utf-8")))
    there = {font.relative_to(folder).as_posix() for font in (folder / "fonts").iterdir()}
    assert named == there
    assert len(there) >= 20
    assert "MIT" in (folder / "LICENSE.txt").read_text("utf-8") or "Expat" in (
        folder / "LICENSE.txt"
    ).read_text("utf-8")


def test_formulas_are_set_in_the_page(page: str) -> None:
    assert page.count('class="katex-display"') == 2
    assert page.count('class="katex"') == 4
    assert "katex-error" not in page
    assert not re.search(r"\\[()\[\]]|\\[a-z]+", words(page))
    assert r"<code>\(code\)</code>" in page
    assert 'id="quadratic-step-1"' in page


def test_a_page_needs_no_maths_script(built: Path, page: str) -> None:
    assert "katex.min.js" not in page
    assert "math.js" not in page
    assert not (built / "javascripts/math.js").exists()
    assert "katex.min.css" in page
    assert "details.js" in page


def test_nothing_comes_from_another_host(built: Path) -> None:
    loads = re.compile(
        r"<(?:script|link|img|iframe|source|video|object|embed)\b[^>]*?\b(?:src|href|data)=\"?([^\"\s>]+)"
    )
    for file in built.rglob("*.html"):
        for address in loads.findall(file.read_text("utf-8")):
            assert not re.match(r"(https?:)?//", address), f"{file.name}: {address}"
    for file in built.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", file.read_text("utf-8")), file.name


def test_search_index_holds_words_instead_of_tex(built: Path) -> None:
    text = (built / "search/search_index.json").read_text("utf-8")
    found = [
        entry["text"] for entry in json.loads(text)["docs"] if entry["location"] == "traces/quadratic.html"
    ]
    assert "Let X∈Rn×p with n&lt;p." in found[0]
    assert "aligned" not in text
    assert (built / "search/search_index.js").read_text("utf-8") == f"var __index = {text}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# A\n\n[gone](nowhere.md)\n", "nowhere.md"),
        ("# A\n\n[gone](#nowhere)\n", "nowhere"),
        ("# A\n\nA formula: \\(\\unheard{x}\\)\n", r"a\.html: KaTeX cannot set .*\\unheard"),
        ("# A\n\n\\[\n\\mathbf{x\n\\]\n", r"a\.html: KaTeX cannot set"),
    ],
)
def test_a_bad_page_stops_the_build_and_leaves_the_former_site(
    tmp_path: Path, text: str, message: str
) -> None:
    former = tmp_path / "built"
    former.mkdir()
    (former / "index.html").write_text("former")
    with pytest.raises(CheckFailed, match=message):
        site.build(stage(tmp_path, {"a.md": text}, ["a.md"]), former)
    assert [path.read_text() for path in former.iterdir()] == ["former"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["built", "staged"]


def test_nav_entry_without_a_page_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match=r"gone\.md"):
        site.build(stage(tmp_path, {}, [{"Gone": "gone.md"}]), tmp_path / "built")


def test_unclosed_formula_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>here \\(x = 1 it</p>")
    with pytest.raises(CheckFailed, match=r"a\.html: \\\( has no partner in: .*here"):
        site.prerender(tmp_path)


def test_failed_staging_leaves_the_former_folder(tmp_path: Path) -> None:
    staged = stage(tmp_path, {"a.md": "# A\n"})
    with pytest.raises(InputError, match=r"two files of the site are called index\.md"):
        stage(tmp_path, {"index.md": "# Mine\n"})
    assert (staged / "docs/a.md").is_file()
    assert list(tmp_path.iterdir()) == [staged]


def test_staging_again_leaves_nothing_of_before(tmp_path: Path) -> None:
    stage(tmp_path, {"a.md": "# A\n"})
    staged = stage(tmp_path, {"b.md": "# B\n"})
    assert not (staged / "docs/a.md").exists()
    assert os.access(staged, os.R_OK)
    assert staged.stat().st_mode & 0o777 == 0o777 & ~_umask()  # not the private mode of a temporary folder


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_missing_katex_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(katex, "PLACES", (tmp_path,))
    with pytest.raises(MissingPart, match="apt-get install libjs-katex"):
        stage(tmp_path, {})
    assert list(tmp_path.iterdir()) == []
