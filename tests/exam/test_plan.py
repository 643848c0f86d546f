"""Exam files: what they say, and what is wrong with them."""

import pytest

from generator.errors import InputError
from tests.exam.files import EXAM, exam

SQUARE = "title = 'P'\n[symbols]\nt = ''\n[given]\nf = 't**2'\n[find]\nwrt = 't'\n"


def sheets(tmp_path, *spaces):
    text = EXAM.partition("[[problem]]")[0]
    files = {
        f"p{k}": "title = 'P'\n[symbols]\nt = ''\n[given]\nf = 't**2'\n[find]\nwrt = 't'\n"
        for k in range(len(spaces))
    }
    text += "".join(f"[[problem]]\nfile = 'p{k}'\npoints = 1\nspace = {s}\n" for k, s in enumerate(spaces))
    return [[s.number for s in sheet] for sheet in exam(tmp_path, midterm=text, **files).sheets]


def test_read(tmp_path):
    one = exam(tmp_path)
    assert (one.id, one.points, one.pages, one.minutes) == ("midterm", 8, 2, 60)
    assert [(s.name, s.points, s.kind) for s in one.slots] == [
        ("plain", 5, "worked"),
        ("chained", 3, "numerical"),
    ]


@pytest.mark.parametrize(
    ("spaces", "pages"),
    [
        ((0.5, 0.5), [[1, 2]]),
        ((0.5, 0.6), [[1], [2]]),
        ((0.3333, 0.3333, 0.3334, 1), [[1, 2, 3], [4]]),
        ((0.5, 2, 0.5), [[1], [2], [], [3]]),
    ],
)
def test_pages(tmp_path, spaces, pages):
    assert sheets(tmp_path, *spaces) == pages


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points = 5", "points = 0", "problem[1].points: found the number 0; expected at least 1"),
        ('file = "chained"', 'file = "plain"', "`plain` is listed twice"),
        ('file = "chained"', 'file = "chaind"', "there is no file chaind.toml; did you mean `chained`?"),
        ('secret = "not a secret"', 'secret = "short"', "secret"),
        ("space = 0.5", "spce = 0.5", "did you mean `space`"),
        ('kind = "numerical"', 'kind = "numeric"', "did you mean `numerical`"),
        ("duration = 60", 'duration = 60\npaper = "a3"', "paper"),
        ('kind = "numerical"', "none_of_these = true", 'it belongs to a problem of kind = "choice"'),
    ],
)
def test_complaints(tmp_path, old, new, told):
    with pytest.raises(InputError) as caught:
        exam(tmp_path, midterm=EXAM.replace(old, new))
    assert told in str(caught.value)
    assert "midterm.toml:" in str(caught.value)


BOWL = SQUARE.replace("wrt = 't'", "wrt = 't'\norder = 2\nset_to_zero = true")
PICTURE = SQUARE.replace("t = ''", "x = '2'").replace("t**2", "x_1**2 + x_2**2").replace("'t'", "'x'") + (
    "[plot]\nkind = 'contour'\nrange = [[-1, 1], [-1, 1]]\n"
)


@pytest.mark.parametrize(
    ("kind", "problem", "told"),
    [
        ('kind = "choice"', BOWL, "asks for a stationary point, for which there are no choices"),
        ("", PICTURE, "chained.toml:8: plot: an exam draws no pictures; describe it in words"),
    ],
)
def test_what_an_exam_cannot_do_is_said_at_once(tmp_path, kind, problem, told):
    with pytest.raises(InputError) as caught:
        exam(tmp_path, midterm=EXAM.replace('kind = "numerical"', kind), chained=problem)
    assert told in str(caught.value)
