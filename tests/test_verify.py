"""True lines are confirmed, each as the kind that it is."""

import json

import pytest

from generator.errors import CheckFailed
from generator.expr.make import matrix, scalar, vector
from generator.expr.nodes import Sym
from generator.expr.notation import Notation
from generator.verify import Checked, Report, Scope, require, scope_of, verify_text
from generator.verify.sample import Sampler, size_sets
from generator.verify.stationary import stationary_value
from tests.problems import LEAST_SQUARES, PROBLEMS, SCOPES, check, only, problem

AT, BX, BA = r"\mathbf{A}^\top", r"\mathbf{X}", r"\mathbf{A}"
DX = r"\mathrm{d}\mathbf{X}"

TRUE = {
    "quadratic": [
        (rf"\mathrm{{d}}L = \operatorname{{tr}}(({DX})^\top {BA} {BX} + {BX}^\top {BA} {DX})", "equality"),
        (rf"\mathrm{{d}}({BA}{BX}) = (\mathrm{{d}}{BA}) {BX} + {BA} {DX}", "equality"),
        (rf"\mathrm{{d}}({BA}{BX}) = {BA} {DX}", "equality"),
        (rf"\mathrm{{d}}{BA} = \mathbf{{0}}", "equality"),
        (rf"\mathbf{{G}}^\top = {BX}^\top ({AT} + {BA})", "equality"),
        (rf"\nabla_{{{BX}}} L = ({BA} + {AT}) {BX}", "equality"),
        (rf"\mathrm{{d}}L = \operatorname{{tr}}(\mathbf{{G}}^\top {DX})", "equality"),
        (r"3 \cdot 2 = 6", "equality"),
        (rf"{BX} \in \mathbb{{R}}^{{n \times m}}", "declaration"),
        (r"(n \times n)(n \times m) = n \times m", "size"),
        (r"n \times m", "size"),
        (rf"{BA} {BX}", "display"),
        (rf"\underbrace{{{BX}^\top {BA} {BX}}}_{{\text{{m}} \times \text{{m}}}}", "display"),
        (rf"{BX}", "mention"),
        (r"X_{ij}", "mention"),
        (r"n", "mention"),
        (r"\operatorname{tr}", "mention"),
    ],
    "least": [
        (r"\mathbf{A}^\top \mathbf{A} \mathbf{x}^\star = \mathbf{A}^\top \mathbf{b}", "condition"),
        (r"\mathbf{x}^\star = (\mathbf{A}^\top \mathbf{A})^{-1} \mathbf{A}^\top \mathbf{b}", "condition"),
        (r"\nabla L(\mathbf{x}^\star) = \mathbf{0}", "condition"),
        (r"2 \mathbf{A}^\top \mathbf{A} \succeq \mathbf{0}", "inequality"),
        (r"\lVert \mathbf{x} \rVert_2 > 0", "inequality"),
        (r"\mathbf{x} \neq \mathbf{0}", "inequality"),
        (r"\mathbf{x}^\star", "mention"),
    ],
    "affine": [
        (r"y_i = \sum_{k=1}^{n} W_{ik} x_k + b_i", "equality"),
        (r"\frac{\partial y_i}{\partial x_j} = W_{ij}", "equality"),
        (r"\frac{\partial}{\partial x_j}(W_{ik} x_k) = 0 \quad (k \neq j)", "equality"),
        (r"\mathbf{J} = \frac{\partial \mathbf{y}}{\partial \mathbf{x}}", "equality"),
        (r"\mathbf{J} = \mathbf{W}", "equality"),
        (r"\sum_{k=1}^{n} W_{ik} x_k = W_{i1} x_1 + \cdots + W_{in} x_n", "equality"),
        (r"i \neq j", "mention"),
        (r"i = 1, \dots, m", "declaration"),
    ],
    "elementwise": [
        (r"\frac{\partial z_i}{\partial h_j} = 0 \quad (i \neq j)", "equality"),
        (r"\frac{\partial z_i}{\partial h_i} = \sigma'(h_i)", "equality"),
        (r"\frac{\partial z_i}{\partial h_j} = \sigma'(h_i) \delta_{ij}", "equality"),
        (r"\frac{\partial \mathbf{z}}{\partial \mathbf{h}} = \text{diag}(\sigma'(\mathbf{h}))", "equality"),
        (
            r"\mathbf{J} = \begin{bmatrix} \sigma'(h_1) & 0 & \cdots & 0 \\ 0 & \sigma'(h_2) & \cdots & 0 \\ "
            r"\vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & \sigma'(h_k) \end{bmatrix}",
            "equality",
        ),
    ],
    "polynomial": [
        (r"f(\mathbf{x}) = 3 x_1^2 + 2 x_1 x_2 + x_2^2", "equality"),
        (r"\frac{\partial f}{\partial x_1} = 6 x_1 + 2 x_2 (1) + 0", "equality"),
        (r"\nabla f(\mathbf{x}) = \begin{bmatrix} 6 x_1 + 2 x_2 \\ 2 x_1 + 2 x_2 \end{bmatrix}", "equality"),
        (r"\nabla f(1, -1) = \begin{bmatrix} 6(1) + 2(-1) \\ 2(1) + 2(-1) \end{bmatrix}", "equality"),
        (r"\nabla f(\mathbf{p}) = \begin{bmatrix} 4 \\ 0 \end{bmatrix}", "equality"),
        (r"\mathbf{p} = \begin{bmatrix} 1 \\ -1 \end{bmatrix}", "equality"),
        (r"x_1 = 1", "condition"),
        (r"\mathbf{x} = \mathbf{p}", "condition"),
    ],
    "logarithm": [
        (r"\mathrm{d}L = \frac{s}{c} \, \mathrm{d}c", "equality"),  # holds for positive c, with s constant
        (r"\frac{\partial L}{\partial c} = \frac{s}{c}", "equality"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "formula", "kind"), [(s, f, k) for s, rows in TRUE.items() for f, k in rows]
)
def test_true_lines_are_confirmed(scope, formula, kind):
    entry = only(check(scope, formula))
    assert (entry.message, entry.kind) == ("", kind)


def test_every_two_neighbours_of_a_chain_are_one_entry():
    report = check("quadratic", rf"\mathrm{{d}}({BA}{BX}) = (\mathrm{{d}}{BA}){BX} + {BA}{DX} = {BA}{DX}")
    assert [c.formula for c in report.checked] == [
        rf"\mathrm{{d}}({BA}{BX}) = (\mathrm{{d}}{BA}){BX} + {BA}{DX}",
        rf"(\mathrm{{d}}{BA}){BX} + {BA}{DX} = {BA}{DX}",
    ]
    assert report.ok


def test_lists_are_taken_apart():
    report = check("polynomial", "x_1 = 1, x_2 = -1", "(1, -1)", r"x_1 = 1 \text{ and } x_2 = -1")
    assert [c.kind for c in report.checked] == ["condition"] * 2 + ["mention", "display"] + ["condition"] * 2
    assert report.ok


def test_definitions_hold_to_the_end_of_the_scope():
    text = r"""
    % scope: least
    % step: Name
    \[ \mathbf{r} \coloneqq \mathbf{A}\mathbf{x} - \mathbf{b} \]
    % step: Use
    \[ L = \mathbf{r}^\top \mathbf{r} \]
    \[ \mathrm{d}\mathbf{r} = \mathbf{A} \, \mathrm{d}\mathbf{x} \]
    \[ \nabla_{\mathbf{x}} L = 2 \mathbf{A}^\top \mathbf{r} \]
    % end scope
    % scope: least
    \[ L = \mathbf{r}^\top \mathbf{r} \]
    % end scope
    """
    report = verify_text(text, "latex", SCOPES, "test")
    assert [(c.kind, c.ok) for c in report.checked] == [
        ("definition", True), ("equality", True), ("equality", True), ("equality", True), ("unread", False),
    ]  # fmt: skip


def test_a_definition_may_hold_differentials():
    report = check(
        "quadratic",
        rf"\mathbf{{M}} \coloneqq ({DX})^\top {BA} {BX}",
        rf"\mathbf{{M}}^\top = {BX}^\top {AT} {DX}",
        rf"\operatorname{{tr}}(({DX})^\top {BA} {BX}) = \operatorname{{tr}}(\mathbf{{M}}^\top)",
    )
    assert report.ok, report.failures


def test_a_nested_scope_has_letters_of_its_own():
    letters = {name: matrix(name, "n", "n") for name in "UVW"}
    text = r"""
    % scope: quadratic
    % step: Product rule
    % scope: rule:product
    \( \mathrm{d}(U V W) = (\mathrm{d}U) V W + U (\mathrm{d}V) W + U V \, \mathrm{d}W \)
    % end scope
    \( L = \operatorname{tr}(X^\top A X) \)
    % end scope
    """
    report = verify_text(text, "latex", {**SCOPES, "rule:product": Scope(letters)}, "test")
    assert report.ok, report.failures
    assert [c.scope for c in report.checked] == ["rule:product", "quadratic"]


def test_what_varies_can_be_fixed_by_the_scope():
    letters = {"A": matrix("A", "n", "n"), "X": matrix("X", "n", "n")}
    text = "% scope: r\n\\( \\mathrm{d}(A X) = A \\, \\mathrm{d}X \\)"
    assert verify_text(text, "latex", {"r": Scope(letters, varying=frozenset("X"))}, "test").ok
    assert not verify_text(text, "latex", {"r": Scope(letters)}, "test").ok


ASSUMED = {
    "symmetric": r"S^\top = S",
    "positive_definite": r"S \succ 0",
    "diagonal": r"S = \operatorname{diag}(\operatorname{diag}(S))",
    "orthogonal": r"S^\top S = I",
}


@pytest.mark.parametrize(("assumption", "formula"), ASSUMED.items(), ids=ASSUMED)
def test_assumptions_hold_at_every_point_and_along_the_way(assumption, formula):
    def passes(text: str, *assume: str) -> bool:
        scope = Scope({"S": matrix("S", "n", "n", assume)})
        return verify_text(f"% scope: s\n\\( {text} \\)", "latex", {"s": scope}, "test").ok

    assert passes(formula, assumption)
    assert not passes(formula)
    if assumption == "symmetric":
        assert passes(r"\mathrm{d}(S^\top) = \mathrm{d}S", assumption)
    if assumption == "orthogonal":
        assert passes(r"\mathrm{d}(S^\top S) = \mathbf{0}", assumption)


def test_an_assumption_of_the_variable_does_not_bind_its_entries():
    p = problem("tr(A @ S)", "S", matrix("A", "n", "n"), matrix("S", "n", "n", ["symmetric"]))
    text = "% scope: s\n$\\nabla_S L = A^\\top$ and $\\mathrm{d}(S^\\top) = \\mathrm{d}S$"
    report = verify_text(text, "latex", {"s": scope_of(p)}, "test")
    assert [c.ok for c in report.checked] == [True, False]


def test_values_belong_to_names_not_to_the_order_of_evaluation():
    first, second = (Sampler(SCOPES["least"]) for _ in range(2))
    late = second.point(3), second.point(0)
    for a, b in zip((first.point(0), first.point(3)), reversed(late), strict=True):
        assert all((a.values[k] == b.values[k]).all() for k in a.values)
        assert all((a.directions[k] == b.directions[k]).all() and a.directions[k].any() for k in a.values)


def test_sizes_are_pairwise_different_and_each_is_once_the_largest():
    names = ["d", "k", "m", "n", "q"]
    sets = size_sets(names, avoid={1, 3})
    assert all(len({*s.values(), 1, 3}) == len(names) + 2 for s in sets)
    assert {s["n"] % 2 for s in sets[:2]} == {0, 1}
    assert all(any(s[a] > s[b] for s in sets) for a in names for b in names if a != b)


def test_the_stationary_point_of_a_function_that_is_no_quadratic():
    p = problem(
        "log(1 + exp(c)) - c/4 + lam*c**2", "c", scalar("c"), scalar("lam", ["positive"]), set_to_zero=True
    )
    scope = scope_of(p)
    point = Sampler(scope).point(1)
    c = float(stationary_value(p.function, p.wrt[0], point))
    slope = 1 / (1 + 2.718281828459045**-c) - 0.25 + 2 * float(point.values["lam"]) * c
    assert abs(slope) < 1e-9
    text = r"% scope: s" + "\n" + r"\( \sigma(c^\star) + 2 \lambda c^\star = \frac{1}{4} \)"
    assert verify_text(text, "latex", {"s": scope}, "test").counts == {"condition": 1}


def test_concrete_sizes_are_honoured():
    p = problem("W @ x", "x", matrix("W", 2, 3), vector("x", 3), function="y")
    text = "% scope: s\n\\( y_2 = W_{21} x_1 + W_{22} x_2 + W_{23} x_3 \\)"
    assert verify_text(text, "latex", {"s": scope_of(p)}, "test").ok


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_the_layout_belongs_to_the_scope(layout):
    from generator.expr.layout import LAYOUTS

    p = problem("W @ x", "x", matrix("W", "m", "n"), vector("x", "n"), function="y", layout=LAYOUTS[layout])
    claims = {"numerator": r"\mathbf{J} = \mathbf{W}", "denominator": r"\mathbf{J} = \mathbf{W}^\top"}
    for claimed, formula in claims.items():
        report = verify_text(f"% scope: s\n\\( {formula} \\)", "latex", {"s": scope_of(p)}, "test")
        assert report.ok == (claimed == layout)


def test_notation_of_the_scope_is_read():
    p = problem(
        "x.T @ x", "x", vector("x", "n"), notation=Notation(bold=False, transpose="T", differential="d")
    )
    report = verify_text("% scope: s\n$dL = 2 x^T dx$", "latex", {"s": scope_of(p)}, "test")
    assert report.counts == {"equality": 1}


def test_markdown_is_checked_as_latex_is():
    text = (
        "<!-- scope: least -->\n\n$$\n\\nabla L = 2 A^\\top (A x - b)\n$$\n\n$\\nabla L = A^\\top (A x - b)$"
    )
    report = verify_text(text, "markdown", SCOPES, "test")
    assert [(c.ok, c.line_number) for c in report.checked] == [(True, 4), (False, 7)]


def test_scope_of_names_the_answer_and_leaves_given_names_alone():
    for name, p in PROBLEMS.items():
        assert p.answer_symbol.name in SCOPES[name].definitions
    taken = problem("tr(G @ X)", "X", matrix("G", "n", "n"), matrix("X", "n", "n"))
    scope = scope_of(taken)
    assert scope.symbols["G"] == Sym("G", taken.symbols["G"].shape)
    assert "G" not in scope.definitions
    assert set(SCOPES["least"].stationary) == {f"{LEAST_SQUARES.wrt[0].name}_star"}
    assert not SCOPES["quadratic"].stationary


def test_report_counts_tells_and_converts():
    report = check("quadratic", "L = 2", rf"{BX}", r"3 = 2 + 1", rf"{BX} \in \mathbb{{R}}^{{n \times m}}")
    assert report.summary() == (
        "test: 2 formulas: 1 equality confirmed (worst error 0e+00), 1 failed; "
        "besides 1 declared shape, 1 name"
    )
    data = json.loads(report.to_json())
    assert (data["ok"], data["formulas"], data["failed"]) == (False, 2, 1)
    assert data["counts"] == {"mention": 1, "equality": 1, "declaration": 1}
    assert len(data["checked"]) == 4
    assert json.loads(check("quadratic", r"\mathbf{X} = \mathbf{A}").to_json())["checked"][0]["error"] is None


def test_require_names_place_formula_and_both_values():
    text = "% scope: quadratic\n% step: Identify\n\\[ \\nabla_X L = 2 A X \\]"
    with pytest.raises(CheckFailed) as failed:
        require(verify_text(text, "latex", SCOPES, "handout.tex"))
    message = failed.value.message
    for part in ("handout.tex", "line 3", "problem quadratic", "step “Identify”", r"\nabla_X L = 2 A X"):
        assert part in message
    assert "the left side is" in message
    assert "the right side is" in message
    require(check("quadratic", "1 + 1 = 2"))


def test_require_tells_of_the_first_failures_only():
    wrong = Checked("a = b", "equality", 1.0, "p", "", 3, "wrong")
    with pytest.raises(CheckFailed, match=r"7 of 7 statements(?s:.*)and 2 more") as failed:
        require(Report("r", (wrong,) * 7))
    assert failed.value.message.count("a = b") == 5
