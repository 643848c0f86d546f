"""Which formulas are found in a text, and where."""

import pytest

from generator.errors import InputError
from generator.expr.make import matrix, scalar, vector
from generator.expr.notation import Notation
from generator.verify.formulas import extract
from generator.verify.glyphs import name_of
from generator.verify.rows import marks, pieces, relations
from generator.verify.sizes import SizeReader

LATEX = {
    "inline": (r"Let \(a\) and \( b \).", ["a", "b"]),
    "dollars": (r"Let $a$ and $$b = c$$.", ["a", "b = c"]),
    "display": (r"\[ a = b. \]", ["a = b"]),
    "equation": ("\\begin{equation*}\n a = b\n\\end{equation*}", ["a = b"]),
    "gather": (r"\begin{gather*} a = b \\ c = d \end{gather*}", ["a = b", "c = d"]),
    "chain": (r"\begin{align*} a &= b \\[4pt] &= c \\ d &= e \end{align*}", ["a = b = c", "d = e"]),
    "aligned": (r"\[ \begin{aligned} a &= b \\ &= c \end{aligned} . \]", ["a = b = c"]),
    "boxed": (r"\[ \boxed{ a = b } \]", ["a = b"]),
    "long sum": (r"\begin{align*} a &= b + c \\ &\quad + d \end{align*}", ["a = b + c + d"]),
    "inner rows": (
        r"\[ x = \begin{bmatrix} a & b \\ c & d \end{bmatrix} \]",
        [r"x = \begin{bmatrix} a & b \\ c & d \end{bmatrix}"],
    ),
    "wide gap": (r"\[ a = b, \qquad c = d \]", ["a = b", "c = d"]),
    "guard": (r"\[ a = 0 \quad (i \neq j) \]", [r"a = 0 \quad (i \neq j)"]),
    "escaped": (r"50\% off, 5\$ and 6\$, \\[2pt] \(a\)", ["a"]),
    "comment": ("% \\(a\\)\n\\(b\\) % \\(c\\)\n", ["b"]),
    "comment inside": ("\\[ a % \\]\n = b \\]", ["a = b"]),
    "verbatim": (r"\begin{verbatim} \(a\) \end{verbatim} \verb|$b$| \(c\)", ["c"]),
    "words with dollars": (r"$a \text{ for $i$} = b$", [r"a \text{ for $i$} = b"]),
    "number": (r"\[ a = b \tag{1} \label{eq:one} \]", ["a = b"]),
}
MARKDOWN = {
    "dollars": ("Let $a$ and\n\n$$\nb = c\n$$\n", ["a", "b = c"]),
    "round": (r"Let \(a\) and \[b = c\].", ["a", "b = c"]),
    "indented": ("??? note\n    $$\n    a = b\n    $$\n", ["a = b"]),
    "code": ("`$a$` and ``$b$`` and $c$", ["c"]),
    "fence": ("```tex\n$a$\n```\n\n    ~~~\n    $b$\n    ~~~\n$c$", ["c"]),
    "front matter": ("---\ntitle: $5\n---\n$a$", ["a"]),
    "escaped": (r"\$5 and \$6 and $a$ \\(not this\\)", ["a"]),
    "comment": ("<!-- $a$ --> $b$", ["b"]),
    "aligned": ("$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$", ["a = b = c"]),
}


@pytest.mark.parametrize(("text", "formulas"), LATEX.values(), ids=LATEX)
def test_latex(text, formulas):
    found = extract(text, "latex")
    assert [" ".join(f.latex.split()) for f in found] == formulas
    assert not any(f.trouble for f in found)


@pytest.mark.parametrize(("text", "formulas"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown(text, formulas):
    found = extract(text, "markdown")
    assert [" ".join(f.latex.split()) for f in found] == formulas
    assert not any(f.trouble for f in found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("latex", r"\(a and no end"),
        ("latex", "\\[ a\n\n\\]"),
        ("latex", r"\begin{align*} a = b"),
        ("latex", "a lone $ sign"),
        ("latex", "% end scope"),
        ("markdown", "a lone $ sign"),
        ("markdown", "$ a$"),
        ("markdown", "$a $"),
        ("markdown", "$$ a"),
        ("markdown", "<!-- end scope -->"),
    ],
)
def test_trouble_is_kept(kind, text):
    assert extract(text, kind)[0].trouble


def test_scopes_nest_and_remember_their_steps():
    text = "\n".join(
        [
            r"\(a\)",
            "% scope: outer", "% step: One", r"\(b\)",
            "% scope: rule:inner", r"\(c\)", "% end scope",
            r"\(d\)", "% step: Two", r"\(e\)", "% end scope",
            "% scope: outer", r"\(f\)",
        ]
    )  # fmt: skip
    found = {f.latex: f for f in extract(text, "latex")}
    places = {k: (f.scope, f.step, f.line) for k, f in found.items()}
    assert places == {
        "a": ("", "", 1), "b": ("outer", "One", 4), "c": ("rule:inner", "One", 6), "d": ("outer", "One", 8),
        "e": ("outer", "Two", 10), "f": ("outer", "", 13),
    }  # fmt: skip
    assert found["b"].visit == found["e"].visit != found["f"].visit


def test_ordinary_comments_are_no_directives():
    assert extract("% the scope of this\n% step by step\n% scope\n", "latex") == []
    assert extract("<!-- steps follow --> <!-- scope -->", "markdown") == []


def test_every_row_knows_its_line():
    text = "\\begin{align*}\n  a &= b \\\\\n    &= c \\\\\n\n% note\n    &= d\n\\end{align*}"
    assert extract(text, "latex")[0].trouble  # TeX stops at the empty line
    (found,) = extract(text.replace("\n\n", "\n"), "latex")
    assert [row.line for row in found.rows] == [2, 3, 5]


def test_marks_stand_outside_all_brackets():
    text = r"f(a, b) = \left(c = d\right), \{e = f\} \begin{cases} a & b = c \end{cases} \le g_{h=i}"
    assert [m.kind for m in marks(text)] == ["relation", "comma", "relation"]
    assert [text[m.start : m.end] for m in relations(text)] == ["=", r"\le"]


def test_pieces():
    assert pieces(r"x_1 = 1,\; y = f(a, b).") == ["x_1 = 1", "y = f(a, b)"]


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"\mathbf{r}", "r"), ("M", "M"), (r"\boldsymbol{\theta}", "theta"), (r"\mathbf{W}_1", "W1"),
        (r"\hat{\mathbf{x}}", "x_hat"), (r"\mathbf{x}^\star", "x_star"), (r"\mathbf{x}^{\star}", "x_star"),
        (r"\mathbf{r}_{12}", "r12"), (r"\lambda", "lambda"), (r"\mathit{err}", "err"),
    ],
)  # fmt: skip
def test_name_of_a_new_symbol(latex, name):
    from generator.expr.notation import key

    assert key(name_of(latex)) == key(name)


@pytest.mark.parametrize("latex", ["a + b", r"f(x)", r"M^\top", "", r"\frac{a}{b}", r"\operatorname{tr}"])
def test_only_names_are_defined(latex):
    with pytest.raises(InputError):
        name_of(latex)


SYMBOLS = {s.name: s for s in (matrix("A", "m", "n"), vector("x", "n"), scalar("c"), vector("y", 3))}


def sizes(latex):
    def shape(text):
        return SYMBOLS[text.replace(r"\mathbf{", "").strip("{} ")].shape

    return SizeReader(["n", "m", "k"], shape, Notation()).judge(latex)


@pytest.mark.parametrize(
    ("latex", "kind"),
    [
        (r"\mathbf{x} \in \mathbb{R}^{n}", "declaration"),
        (r"\mathbf{x} \in \mathbb{R}^n", "declaration"),
        (r"\mathbf{A} \in \mathbb{R}^{m \times n}", "declaration"),
        (r"c \in \mathbb{R}", "declaration"),
        (r"\mathbf{y} \in \mathbb{R}^3", "declaration"),
        (r"c \colon \mathbb{R}^{n} \to \mathbb{R}", "declaration"),
        (r"\mathbf{y} \colon \mathbb{R}^{m \times n} \to \mathbb{R}^{3}", "declaration"),
        (r"i = 1, \dots, n", "declaration"),
        (r"i \in \{1, 2, \ldots, m\}", "declaration"),
        (r"m \times n", "size"),
        (r"2 \times 1", "size"),
        (r"m \times (m \times n)", "size"),
        (r"(m \times n) \times k", "size"),
        (r"(m \times n) \cdot (n \times k) = m \times k", "size"),
        (r"(m \times n)(n \times 1) = m \times 1", "size"),
        (r"(m \times n)(n \times k)(k \times 1) = m \times 1", "size"),
        (r"(1 \times m)\,(m \times n) = (1 \times n)", "size"),
        (r"a \times b = c + d", None),
        (r"A x = b", None),
    ],
)  # fmt: skip
def test_sizes_are_read(latex, kind):
    claim = sizes(latex)
    assert (claim and claim.kind) == kind
    assert not claim or not claim.trouble


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        (r"\mathbf{x} \in \mathbb{R}^{m}", "vector of size m"),
        (r"\mathbf{A} \in \mathbb{R}^{n \times m}", "n×m"),
        (r"c \in \mathbb{R}^{n}", "scalar"),
        (r"c \colon \mathbb{R}^{n} \to \mathbb{R}^{m}", "maps to a vector of size m"),
        (r"(m \times n)(m \times 1) = m \times 1", "inner sizes n and m"),
        (r"(m \times n)(n \times 1) = n \times 1", "multiply out to m × 1"),
    ],
)
def test_wrong_sizes_are_refuted(latex, told):
    assert told in sizes(latex).trouble


def test_an_unknown_size_is_an_error():
    with pytest.raises(InputError, match="`q` is not the name of a size"):
        sizes(r"(m \times q)(q \times 1) = m \times 1")
