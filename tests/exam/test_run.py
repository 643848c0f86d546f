"""A whole exam without TeX: texts, manifest, re-issue, a run that was stopped, keys of another time."""

import csv
import json
import re
import shutil

import pytest

from generator.errors import CheckFailed, InputError
from generator.exam import run as run_module
from generator.exam.check import check
from tests.exam.files import CLASS, PLAIN, exam, make


def data(made):
    return json.loads(made.manifest.read_text(encoding="utf-8"))


def drawn(made):
    return {
        p["id"]: (p["code"], p["issue"], {n: q["rank"] for n, q in p["problems"].items()})
        for p in data(made)["papers"]
    }


def texts(folder, edition):
    return [file.read_text(encoding="utf-8") for file in folder.glob(f".work/texts/*/{edition}.tex")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An exam for three students, made once for the tests that only look."""
    folder = tmp_path_factory.mktemp("exam")
    return make(exam(folder), folder / "out")


def test_the_manifest(made):
    found = data(made)
    assert [p["id"] for p in found["papers"]] == ["17", "4", "23"]
    assert all(p["checks"]["failed"] == 0 and p["checks"]["confirmed"] > 10 for p in found["papers"])
    assert "not a secret" not in made.manifest.read_text(encoding="utf-8")
    assert found["slots"][0]["structures"][0] | {"tried": 0} == {
        "structure": "", "combinations": 16, "tried": 0, "allowed": 16, "different": 16, "exact": True,
        "acceptance": 1.0,
    }  # fmt: skip
    assert found["slots"][0]["difficulty"].keys() == {"bound", "least", "median", "most", "spread"}
    for name in ("plain", "chained"):
        assert len({p["problems"][name]["statement"] for p in found["papers"]}) == 3


def test_the_answers(made):
    """The answers in the table are those of the parameters beside them."""
    table = (made.manifest.parent / "answers.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["name"] for row in rows] == [s.name for s in CLASS]
    for row in rows:
        a, b = map(int, re.findall(r"-?\d+", row["plain: parameters"]))
        value = f"[{2 * a + b * b}; {b}]".replace("-", "−")
        assert row["plain: answers"].endswith(f"= {value}")


def test_nothing_leaks_into_the_papers(made):
    """No answer, no step and no word of a solution is in what a student gets."""
    papers = "".join(texts(made.manifest.parent, "paper"))
    assert "Find the gradient" in papers
    for word in ("Solution", "Step", "workanswer", "worksolution", "Partial derivative", "Idea"):
        assert word not in papers
    for worked in texts(made.manifest.parent, "key"):
        for formula in re.findall(r"\\\[\n(.*?)\n\\\]", worked, re.DOTALL):
            assert formula.strip() not in papers


def test_the_fields_of_a_paper_tell_no_equation(tmp_path):
    """A field stands beside what is asked for, not beside the normal equations that lead there."""
    least = """\
title = "Least squares"
[parameters]
b = {vector = 3, entries = [-2, 2]}
[symbols]
x = "2"
[given]
"f(x)" = "norm([[2, 1], [1, 1], [0, 1]] @ x - b)**2"
[find]
wrt = "x"
set_to_zero = true
"""
    made = make(exam(tmp_path, chained=least), tmp_path / "out", 1)
    (paper,) = texts(made.manifest.parent, "paper")
    fields = re.findall(r"\\workfield\{(.*)\}", paper)
    assert fields[-2:] == [r"\(\nabla f(\mathbf{x})\) =", r"\(\mathbf{x}^{\star}\) ="]


def test_every_student_is_on_all_editions(made):
    for edition in ("paper", "key", "worked", "marker"):
        whole = texts(made.manifest.parent, edition)
        assert len(whole) == 3
        assert sum(p["code"] in text for p in data(made)["papers"] for text in whole) == 3


def test_points_of_the_marker_add_up(made):
    for text in texts(made.manifest.parent, "marker"):
        given = [m[1] for m in re.finditer(r"\\workmark\{(.*?) points?\}", text)]
        assert sum(float(g.replace("½", ".5") if "½" in g else g) for g in given) == 8


def test_the_same_again_elsewhere_and_in_another_order(tmp_path, made):
    again = make(exam(tmp_path), tmp_path / "out", CLASS[::-1])
    assert drawn(again) == drawn(made)


def test_others_may_come_and_go(tmp_path, made):
    one, out = exam(tmp_path), tmp_path / "out"
    first = drawn(make(one, out, CLASS[:2]))
    more = drawn(make(one, out, CLASS))
    assert {name: more[name] for name in first} == first
    less = make(one, out, CLASS[1:])
    assert drawn(less) == {name: more[name] for name in ("4", "23")}
    assert [p["id"] for p in data(less)["earlier"]] == ["17"]
    assert drawn(make(one, out, CLASS)) == more  # who comes back has the same paper


def test_reissue_changes_one_paper(tmp_path):
    one, out = exam(tmp_path), tmp_path / "out"
    before = drawn(make(one, out))
    after = drawn(make(one, out, anew=("4",)))
    assert {n: after[n] for n in ("17", "23")} == {n: before[n] for n in ("17", "23")}
    assert after["4"][0] != before["4"][0]
    assert after["4"][2]["plain"] != before["4"][2]["plain"]
    assert after["4"][1] == 1
    with pytest.raises(InputError, match="no student has the id '44'"):
        make(one, out, anew=("44",))


def test_kept_papers_need_the_same_parameters(tmp_path):
    make(exam(tmp_path), tmp_path / "out")
    for changed in ({"plain": PLAIN.replace("[1, 4]", "[2, 5]")}, {"midterm": None}):
        files = {k: v for k, v in changed.items() if v}
        one = exam(tmp_path, **files)
        if not files:
            one = type(one)(**{**vars(one), "secret": "another secret"})
        with pytest.raises(InputError, match="cannot be kept"):
            make(one, tmp_path / "out")


def test_a_class_that_is_too_large(tmp_path):
    with pytest.raises(InputError, match="chained has 12 different variants and 13 students"):
        make(exam(tmp_path), tmp_path / "out", 13)
    assert not (tmp_path / "out").exists()


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    one, out = exam(tmp_path), tmp_path / "out"
    whole, done = run_module.make_paper, []

    def dies(exam_, issue):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(issue.student.id)
        return whole(exam_, issue)

    monkeypatch.setattr(run_module, "make_paper", dies)
    with pytest.raises(KeyboardInterrupt):
        make(one, out)
    assert not (out / "manifest.json").exists()
    monkeypatch.setattr(run_module, "make_paper", lambda e, i: done.append(i.student.id) or whole(e, i))
    again = make(one, out)
    assert sorted(done) == sorted(s.id for s in CLASS)  # nobody twice
    assert drawn(again) == drawn(make(one, tmp_path / "fresh"))
    assert not list(out.rglob("*.part"))


def test_keys_are_the_same_today(tmp_path, made):
    found = check(made.manifest, jobs=1)
    assert (found.papers, found.problems, found.changes) == (3, 6, ())


def test_a_changed_key_is_told(tmp_path):
    made = make(exam(tmp_path), tmp_path / "out")
    exam(tmp_path, plain=PLAIN.replace("a*x_1**2", "a*x_1**3"))
    changes = check(made.manifest, jobs=1).changes
    assert {(c.student, c.slot) for c in changes} == {(s.id, "plain") for s in CLASS}
    assert "the statement prints otherwise; the key was ∇f(x) = " in str(changes[0])


def test_a_wrong_line_stops_the_exam(tmp_path):
    """A template of one's own that prints something false."""
    ours = run_module.Path(__file__).parents[2] / "templates" / "latex" / "exam-key.tex.j2"
    own = tmp_path / "own" / "latex"
    own.mkdir(parents=True)
    shutil.copy(ours, own)
    key = own / ours.name
    key.write_text(key.read_text().replace("% end scope", r"\[ f(x) = x_1 \]" + "\n% end scope", 1))
    with pytest.raises(CheckFailed, match=r"the paper of .*: midterm-key: "):
        make(exam(tmp_path), tmp_path / "out", 1, templates=(tmp_path / "own",))


def test_the_manifest_names_no_place_of_this_machine(made):
    assert str(made.manifest.parent) not in made.manifest.read_text(encoding="utf-8")
