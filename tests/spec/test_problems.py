"""What is refused in a problem file, and in which words."""

import pytest

from generator.spec import load_collection
from tests.spec.files import PROBLEM, about, complaints, folder

TITLE = '"A problem"'
WRT = 'wrt = "X"'
A = '"n n"\nX'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title", "titel", "first.toml:1: titel: found an unknown key; did you mean `title`?"),
        ("title", "titel", "first.toml:1: title: is missing; expected a title"),
        (TITLE, '""', "title: found the text ''; expected some text"),
        (TITLE, r'"A\nB"', "title: found the text 'A\\nB'; expected one line of text"),
        (TITLE, '"T"\nminutes = 0', "first.toml:2: minutes: found the number 0; expected at least 1"),
        (TITLE, '"T"\nminutes = true', "minutes: found true; expected a whole number"),
        (
            TITLE,
            '"T"\nid = "A b"',
            "id: found the text 'A b'; expected lower-case letters, digits and hyphens",
        ),
        (
            TITLE,
            '"T"\nlayout = "numrator"',
            "first.toml:2: layout: found the text 'numrator'; expected one of",
        ),
        (TITLE, '"T"\nlayout = "numrator"', "did you mean `numerator`?"),
        (TITLE, '"T"\nhints = "one"', "hints: found the text 'one'; expected a list"),
        (TITLE, '"T"\nhints = [\n"fine",\n3]', "first.toml:4: hints[2]: found the number 3; expected text"),
        (TITLE, '"T"\nnotation = {bolt = 1}', "notation.bolt: found an unknown key; did you mean `bold`?"),
        (TITLE, '"T"\nnotation = {bold = 1}', "bold: found the number 1; expected one of true, false"),
        (TITLE, "\"T\"\nnotation = {transpose = '\\input{x}'}", "notation.transpose: found the text"),
        (A, '"n n n"\nX', "first.toml:4: symbols.A: `A` has 3 sides"),
        (A, '"0 n"\nX', "symbols.A: a dimension is a name or an integer from 1 to 10000, found '0'"),
        (A, '"9999999999 n"\nX', "symbols.A: a dimension is a name or an integer"),
        (A, '"1000 1000"\nX', "symbols.A: `A` has more than 10000 entries"),
        (A, "3\nX", "symbols.A: found the number 3; expected a table"),
        (A, '{shpae = "n"}\nX', "symbols.A.shpae: found an unknown key; did you mean `shape`?"),
        (A, '{shape = "n n", assume = ["symetric"]}\nX', "did you mean `symmetric`?"),
        (A, '{shape = "n", assume = ["symmetric"]}\nX', "`A` cannot be symmetric"),
        ("A =", "tr = ''\nA =", "first.toml:4: symbols.tr: `tr` cannot name a symbol"),
        ("A =", "norm = ''\nA =", "symbols.norm: `norm` cannot name a symbol: it is a function"),
        ("A =", "n = ''\nA =", "symbols.n: `n` is printed like the size n"),
        ("A =", "W1 = ''\nW_1 = ''\nA =", "first.toml:5: symbols.W_1: `W_1` is printed like `W1`"),
        ("A =", "X_11 = ''\nA =", "symbols.X_11: `X_11` is an entry of `X` already"),
        ("tr(A @ X)", "tr(A @", "given.L: syntax error"),
        ("tr(A @ X)", "trace(X)", "given.L: unknown function `trace`"),
        ("tr(A @ X)", "ones(k)", "given.L: unknown dimension `k`"),
        ("tr(A @ X)", "A[i, j]", "given.L: the index i is not summed over"),
        ("tr(A @ X)", "d(A)", "unknown function `d`"),
        ("L =", "X =", "given.X: `X` is a symbol already"),
        ("L =", '"y = f(x)" =', 'found no name of a function; expected for example L or "f(x)"'),
        ("L =", '"f(Z)" =', 'given."f(Z)": unknown symbol `Z`; declared are A, X'),
        ("L =", '"f(X, X)" =', "an argument is written twice"),
        (
            "L =",
            'R = "A"\nL =',
            'first.toml:11: find: several functions are given; say which: derivative = "L"',
        ),
        (WRT, 'derivative = "M"\nwrt = "X"', "first.toml:11: find.derivative: `M` is not given; given is L"),
        (WRT, 'wrt = "Z"', "find.wrt[1]: unknown symbol `Z`; declared are A, X"),
        (WRT, "wrt = []", "find.wrt: found 0 entries; expected at least 1"),
        (
            WRT,
            'wrt = ["A", "X"]',
            "wrt[1]: found `A`, a n×n matrix; expected one symbol, or a list of scalars",
        ),
        (WRT, "", "first.toml:10: find.wrt: is missing; expected the variable"),
        (WRT, 'wrt = "X"\nat = [1]', "find.at: the size of `X` is not a number"),
        (WRT, 'wrt = "X"\nmethod = "diferential"', "did you mean `differential`?"),
        (
            WRT,
            'wrt = "X"\nmethod = ["index", "diferential"]',
            "first.toml:12: find.method[2]: found the text",
        ),
        (
            WRT,
            'wrt = "X"\nmethod = ["index", "index"]',
            "first.toml:12: find.method: a method is listed twice",
        ),
        (TITLE, '"T"\nquestions = ["Is {tr(Y)} zero?"]', "first.toml:2: questions[1]: unknown"),
        (WRT, 'wrt = "X"\nexplain = ["diagnol"]', "find.explain[1]: found the text 'diagnol'"),
    ],
)
def test_one_mistake(tmp_path, old, new, told):
    text = PROBLEM.replace(old, new, 1)
    assert text != PROBLEM
    assert told in about(tmp_path, text)


@pytest.mark.parametrize(("letter", "mark"), [("T", "transpose"), ("d", "differential")])
def test_a_letter_that_the_notation_prints_for_something_else(tmp_path, letter, mark):
    text = PROBLEM.replace("A =", f"{letter} = ''\nA =", 1)
    told = about(tmp_path, f'{text}\n[notation]\n{mark} = "{letter}"\n')
    assert f"symbols.{letter}: `{letter}` is also printed for something else in this notation" in told


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("[1]", "find.at: found 1 entries; expected 4"),
        ('["1/0", 1, 1, 1]', "find.at[1]: found the text '1/0'; expected a short number"),
        ("[1, true, 1, 1]", "find.at[2]: found true"),
        ("[1, 1, nan, 1]", "find.at[3]: found"),
        ("[1, 1, 1, 1e300]", "find.at[4]: found a gigantic number"),
        ('[1, 1, 1, "x"]', "find.at[4]: found the text 'x'"),
        ("[1, 1, 1, [1]]", "find.at[4]: found a list"),
        ('[1, 1, 1, 1]\npoint = "A"', "find.point: the point would be called `A`, and so is something else"),
        ('[1, 1, 1, 1]\npoint = "2"', "find.point: '2' cannot name a symbol"),
    ],
)
def test_wrong_points(tmp_path, entries, told):
    text = PROBLEM.replace("n n", "2 2").replace('wrt = "X"', f'wrt = "X"\nat = {entries}')
    assert told in about(tmp_path, text)


@pytest.mark.parametrize("question", ['wrt = "s"\nset_to_zero = true', 'wrt = ["s", "t"]'])
def test_what_only_a_scalar_function_can_be_asked(tmp_path, question):
    given = 'symbols = {s = "", t = "", x = "n"}\ngiven = {y = "s * t * x"}'
    text = f'title = "T"\n{given}\n[find]\n{question}\n'
    assert "`y` is a vector of size n; expected a scalar" in about(tmp_path, text)


def test_the_name_of_a_file_is_an_id(tmp_path):
    place = folder(tmp_path, first='id = "first"\n' + PROBLEM)
    load_collection(place)
    (place / "first.toml").rename(place / "First.toml")
    (place / "First.toml").write_text(PROBLEM)
    (place / "collection.toml").write_text((place / "collection.toml").read_text().replace("first", "First"))
    assert "First.toml:1: the file's name, 'First', cannot be the problem's id" in complaints(place)


def test_a_symbol_that_looks_like_a_function(tmp_path):
    text = PROBLEM.replace("A =", 'sigma = ""\nA =').replace("tr(A @ X)", "sum(sigmoid(X))")
    assert "`sigma` is printed like the function sigmoid; rename the symbol" in about(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'statement = "Let {x}"',
            'first.toml:1: statement: unknown name `x`\n  statement = "Let {x}"\n' + " " * 20 + "^",
        ),
        ('remark = "{"', "remark: a `{` without its partner; write {{ or }}"),
        (
            'hints = [\n"fine",\n"bad {A @ b}"]',
            'first.toml:3: hints[2]: unknown name `b`\n  "bad {A @ b}"]\n            ^',
        ),
        ('remark = """\nTwo\nlines {L @ 1}"""', "first.toml:3: remark: `@` needs vectors or matrices"),
        ('remark = "{L = A}"', "remark: the left side is a scalar, this side is a n×n matrix"),
        ('remark = "{A == X}"', "remark: a relation has one of the signs = < > <= >= !="),
        ('remark = "{L written out}"', "remark: a number has no entries to write out"),
        ('remark = "{A =}"', "remark: `A` has no definition"),
    ],
)
def test_prose_is_read_when_it_is_loaded(tmp_path, text, told):
    assert told in about(tmp_path, f"{text}\n{PROBLEM}")
