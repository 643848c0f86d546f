"""The tester is tested: what is wrong is rejected, and for the right reason."""

import re

import pytest

from generator.expr.make import matrix, vector
from generator.verify import Scope, scope_of, verify_text
from tests.problems import SCOPES, check, only, problem

VALUES = r"the left side is -?\d.*, the right side is -?\d"
SIZES = r"sizes"

# Each true line with wrong ones that differ from it by one slip, and why they are rejected.
MUTANTS = {
    "gradient of a quadratic trace": ("quadratic", r"\nabla_X L = (A + A^\top) X", {
        "sign": (r"\nabla_X L = (A - A^\top) X", VALUES),
        "overall sign": (r"\nabla_X L = -(A + A^\top) X", VALUES),
        "as if A were symmetric": (r"\nabla_X L = 2 A X", VALUES),
        "lost term": (r"\nabla_X L = A X", VALUES),
        "factor": (r"\nabla_X L = 2 (A + A^\top) X", VALUES),
        "factor 1.001": (r"\nabla_X L = 1.001 (A + A^\top) X", VALUES),
        "transpose of the whole": (r"\nabla_X L = ((A + A^\top) X)^\top", SIZES),
        "order": (r"\nabla_X L = X (A + A^\top)", SIZES),
    }),
    "its differential": ("quadratic", r"dL = \text{tr}((dX)^\top A X + X^\top A dX)", {
        "sign": (r"dL = \text{tr}((dX)^\top A X - X^\top A dX)", VALUES),
        "lost differential": (r"dL = \text{tr}((dX)^\top A X + X^\top A X)", VALUES),
        "lost both differentials": (r"dL = 2 \text{tr}(X^\top A X)", VALUES),
        "lost transpose": (r"dL = \text{tr}((dX) A X + X^\top A dX)", SIZES),
        "transposed constant": (r"dL = \text{tr}((dX)^\top A^\top X + X^\top A^\top dX)", None),
        "only one transposed": (r"dL = 2 \text{tr}((dX)^\top A^\top X)", VALUES),
        "factor 1.001": (r"dL = 1.001 \text{tr}((dX)^\top A X + X^\top A dX)", VALUES),
        "the variable is constant": (r"dX = \mathbf{0}", VALUES),
    }),
    "transpose of a product": ("quadratic", r"(A X)^\top = X^\top A^\top", {
        "order": (r"(A X)^\top = A^\top X^\top", SIZES),
        "lost transpose": (r"(A X)^\top = X^\top A", VALUES),
    }),
    "order of square factors": ("quadratic", r"A A^\top A = A (A^\top A)", {
        "order": (r"A A^\top A = A A A^\top", VALUES),
        "square trap": (r"A A^\top = A^\top A", VALUES),
        "symmetric trap": (r"A^\top = A", VALUES),
        "orthogonal trap": (r"A^\top A = I", VALUES),
        "exponent": (r"A A = A^3", VALUES),
        "inverse": (r"A^{-1} A A = A^{-1}", VALUES),
    }),
    "trace": ("quadratic", r"\operatorname{tr}(X^\top A X) = \operatorname{tr}(A X X^\top)", {
        "transpose": (r"\operatorname{tr}(X^\top A X) = \operatorname{tr}(X^\top A)", SIZES),
        "order": (r"\operatorname{tr}(A A^\top A) = \operatorname{tr}(A A A)", VALUES),
        "cut": (r"\operatorname{tr}(A A) = \operatorname{tr}(A) \operatorname{tr}(A)", VALUES),
    }),
    "components": ("affine", r"y_i = \sum_{k=1}^{n} W_{ik} x_k + b_i", {
        "index": (r"y_i = \sum_{k=1}^{n} W_{ik} x_k + b_1", VALUES),
        "swapped indices": (r"y_i = \sum_{k=1}^{n} W_{ki} x_k + b_i", SIZES + "|index"),
        "range": (r"y_i = \sum_{k=1}^{m} W_{ik} x_k + b_i", SIZES + "|index|runs"),
        "lost term": (r"y_i = \sum_{k=1}^{n} W_{ik} x_k", VALUES),
        "sign": (r"y_i = \sum_{k=1}^{n} W_{ik} x_k - b_i", VALUES),
    }),
    "one partial": ("affine", r"\frac{\partial y_i}{\partial x_j} = W_{ij}", {
        "swapped indices": (r"\frac{\partial y_i}{\partial x_j} = W_{ji}", SIZES + "|index"),
        "fixed index": (r"\frac{\partial y_i}{\partial x_j} = W_{i1}", VALUES),
        "not differentiated": (r"\frac{\partial y_i}{\partial x_j} = W_{ij} x_j", VALUES),
        "by another": (r"\frac{\partial y_i}{\partial x_j} = 0 \quad (i \neq j)", VALUES),
    }),
    "Jacobian": ("affine", r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}} = \mathbf{W}", {
        "transpose": (r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}} = \mathbf{W}^\top", SIZES),
        "factor": (r"\mathbf{J} = 2 \mathbf{W}", VALUES),
    }),
    "diagonal": ("elementwise", r"\mathbf{J} = \operatorname{diag}(\sigma'(\mathbf{h}))", {
        "lost prime": (r"\mathbf{J} = \operatorname{diag}(\sigma(\mathbf{h}))", VALUES),
        "lost diag": (r"\mathbf{J} = \sigma'(\mathbf{h})", SIZES),
        "missing guard": (r"\frac{\partial z_i}{\partial h_j} = 0", VALUES),
        "wrong guard": (r"\frac{\partial z_i}{\partial h_j} = 0 \quad (i = j)", VALUES),
        "wrong entry between dots": (
            r"\mathbf{J} = \begin{bmatrix} \sigma'(h_1) & \cdots & 0 \\ \vdots & \ddots & \vdots \\ "
            r"0 & \cdots & \sigma'(h_1) \end{bmatrix}", VALUES),
    }),
    "powers and numbers": ("polynomial", r"f(\mathbf{x}) = 3 x_1^2 + 2 x_1 x_2 + x_2^2", {
        "exponent": (r"f(\mathbf{x}) = 3 x_1^2 + 2 x_1 x_2 + x_2^3", VALUES),
        "exponent of a factor": (r"f(\mathbf{x}) = 3 x_1 + 2 x_1 x_2 + x_2^2", VALUES),
        "index": (r"f(\mathbf{x}) = 3 x_1^2 + 2 x_1 x_1 + x_2^2", VALUES),
        "number": (r"f(\mathbf{x}) = 3.003 x_1^2 + 2 x_1 x_2 + x_2^2", VALUES),
    }),
    "values at a point": ("polynomial", r"\nabla f(\mathbf{p}) = \begin{bmatrix} 4 \\ 0 \end{bmatrix}", {
        "number": (r"\nabla f(\mathbf{p}) = \begin{bmatrix} 4 \\ 1 \end{bmatrix}", VALUES),
        "swapped": (r"\nabla f(1, -1) = \begin{bmatrix} 0 \\ 4 \end{bmatrix}", VALUES),
        "arithmetic": (r"6(1) + 2(-1) = 8", VALUES),
        "another point": (r"\nabla f(-1, 1) = \begin{bmatrix} 4 \\ 0 \end{bmatrix}", VALUES),
        "coordinate": (r"x_1 = 2", VALUES),
        "coordinates swapped": (r"x_2 = 1", VALUES),
        "row": (r"\nabla f(\mathbf{p}) = \begin{bmatrix} 4 & 0 \end{bmatrix}", SIZES),
    }),
    "rounded value": ("polynomial", r"\frac{2}{3} \approx 0.667", {
        "last digit": (r"\frac{2}{3} \approx 0.666", "rounded value is wrong"),
        "sign": (r"\frac{2}{3} \approx -0.667", "rounded value is wrong"),
        "no number": (r"x_1 \approx x_2", "rounded value is wrong"),
    }),
    "normal equations": ("least", r"A^\top A x^\star = A^\top b", {
        "sign": (r"A^\top A x^\star = -A^\top b", VALUES),
        "factor": (r"2 A^\top A x^\star = A^\top b", VALUES),
        "factor 1.001": (r"1.001 A^\top A x^\star = A^\top b", VALUES),
        "no equation": (r"A x^\star = b", VALUES),
        "order": (r"A A^\top x^\star = A^\top b", SIZES),
        "lost inverse": (r"x^\star = A^\top b", VALUES),
        "holds everywhere": (r"\nabla L(x^\star) = 2 A^\top (A x^\star - b)",
                             "holds everywhere"),
        "lost star": (r"A^\top A x = A^\top b", VALUES),
    }),
    "Hessian": ("least", r"2 \mathbf{A}^\top \mathbf{A} \succeq 0", {
        "sign": (r"-2 \mathbf{A}^\top \mathbf{A} \succeq 0", "eigenvalue"),
        "strictly": (r"\mathbf{A} \mathbf{A}^\top \succ 0", "eigenvalue"),
        "no number to compare": (r"2 \mathbf{A}^\top \mathbf{A} \succeq 1", "compared with 0"),
        "wrong inequality": (r"\lVert \mathbf{x} \rVert_2 < 0", "inequality fails"),
        "not always": (r"x_1 > 0", "inequality fails"),
    }),
}  # fmt: skip
ROWS = [
    pytest.param(scope, text, reason, id=f"{name}: {slip}")
    for name, (scope, _, mutants) in MUTANTS.items()
    for slip, (text, reason) in mutants.items()
]


@pytest.mark.parametrize(("scope", "true"), [row[:2] for row in MUTANTS.values()], ids=MUTANTS)
def test_the_line_itself_is_confirmed(scope, true):
    assert only(check(scope, true)).message == ""


@pytest.mark.parametrize(("scope", "text", "reason"), ROWS)
def test_mutants_are_rejected_for_the_right_reason(scope, text, reason):
    entry = only(check(scope, text))
    if reason is None:  # an equivalent one, which must not be rejected
        assert entry.ok
        return
    assert re.search(reason, entry.message), entry.message
    assert "could not be evaluated" not in entry.message
    assert entry.error > 1e-5 or entry.kind == "unread" or reason == "holds everywhere"


UNREADABLE = {
    "unknown macro": (r"L = \foo{X}", "foo"),
    "undeclared symbol": (r"L = \operatorname{tr}(Q X)", "Q is not declared"),
    "unbalanced": (r"L = \left( X", "could not be read"),
    "half a relation": (r"L =", "missing"),
    "unknown function": (r"L = \operatorname{rank}(X)", "rank"),
    "undeclared size": (r"X \in \mathbb{R}^{n \times q}", "`q` is not the name of a size"),
    "undeclared member": (r"Q \in \mathbb{R}^{n}", "Q is not declared"),
    "used before it is defined": (r"\mathbf{M}^\top = \mathbf{M}", "M is not declared"),
    "words": (r"\text{obviously}", "could not be read"),
    "only a name is defined": (r"X^\top \coloneqq A", "only a name can be defined"),
}


@pytest.mark.parametrize(("text", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_failure(text, told):
    report = check("quadratic", text)
    assert not report.ok
    assert report.counts == {}
    assert told in only(report).message
    assert only(report).kind == "unread"


def test_wrong_declarations_and_sizes_are_rejected():
    assert "declared is a n×m" in only(check("quadratic", r"X \in \mathbb{R}^{m \times n}")).message
    assert "inner sizes" in only(check("quadratic", r"(n \times m)(n \times m) = n \times m")).message


def test_a_formula_outside_every_scope():
    report = verify_text(r"\( L = 2 \) and \( 1 + 1 = 2 \)", "latex", SCOPES, "test")
    assert [c.ok for c in report.checked] == [False, True]
    assert "outside every scope" in report.failures[0].message


def test_an_unknown_scope():
    report = verify_text("% scope: nowhere\n\\(1 + 1 = 2\\)", "latex", SCOPES, "test")
    assert "the scope `nowhere` is not known" in only(report).message


def test_letters_of_an_inner_scope_are_not_those_of_the_outer_one():
    text = "% scope: quadratic\n% scope: rule\n\\( L = 2 \\)\n% end scope\n"
    report = verify_text(text, "latex", {**SCOPES, "rule": Scope({"U": matrix("U", "n", "n")})}, "test")
    assert "L is not declared" in only(report).message


@pytest.mark.parametrize(
    ("formulas", "told"),
    [
        ((r"X \coloneqq A A",), "`X` is already defined"),
        ((r"M \coloneqq A", r"M \coloneqq A A"), "`M` is already defined"),
        ((r"M \coloneqq M A",), "M is not declared"),
        ((r"L \coloneqq \operatorname{tr}(A)",), VALUES),
        ((r"M \coloneqq A X = X",), VALUES),
    ],
)
def test_wrong_definitions(formulas, told):
    failure = check("quadratic", *formulas).failures[0]
    assert re.search(told, failure.message)


def test_a_name_may_be_used_again_in_a_later_step():
    text = "% scope: quadratic\n% step: 1\n$M \\coloneqq A$\n% step: 2\n$M \\coloneqq A X$ $M = A X$ $M = A$"
    report = verify_text(text, "latex", SCOPES, "test")
    assert [c.ok for c in report.checked] == [True, True, True, False]


@pytest.mark.parametrize("text", ["A = A", r"A X = A X", "L = L", r"\mathrm{d}X = \mathrm{d}X", "4 = 4"])
def test_what_says_nothing_is_rejected(text):
    assert "says nothing" in only(check("quadratic", text)).message


@pytest.mark.parametrize(
    ("formulas", "right"),
    [
        ((r"d(A X) = (dA) X + A dX = A dX",), True),
        ((r"d(A X) = (dA) A X + A dX = A dX",), False),
        ((r"d(A X) = -(dA) X + A dX",), False),
        ((r"dA = \mathbf{0}", r"(dA) X = \mathbf{0}", r"d(A X) = A dX"), True),
        # the second line drops one dA and writes another: right, because it goes on from the first
        ((r"d(A X + A A X) = A dX + d(A A X)", r"d(A X + A A X) = A dX + (dA) A X + A d(A X)"), True),
        ((r"d(A X + A A X) = A dX + d(A A X)", r"d(A X + A A X) = A dX - (dA) A X + A d(A X)"), False),
    ],
)
def test_a_written_differential_of_a_constant_must_be_right_too(formulas, right):
    report = check("quadratic", *formulas)
    assert report.ok == right
    if not right:
        assert re.search(f"with A varying .*{VALUES}", report.failures[0].message)


def test_a_line_between_differentials_must_hold_with_everything_varying():
    # true for a constant A: holds with only X varying, but a wrong dA would not be seen then
    assert check("quadratic", r"\mathrm{d}(A X) = A \, \mathrm{d}X").ok
    assert not check("quadratic", r"\mathrm{d}(A X) = A \, \mathrm{d}X + (\mathrm{d}X^\top) A").ok
    free = Scope({"A": matrix("A", "n", "n"), "x": vector("x", "n")})  # no variable: everything varies
    report = verify_text(
        "% scope: s\n\\( \\mathrm{d}(A x) = A \\, \\mathrm{d}x \\)", "latex", {"s": free}, "test"
    )
    assert re.search(VALUES, only(report).message)


def test_where_nothing_can_be_evaluated_nothing_is_confirmed():
    scope = Scope({"X": matrix("X", "n", "m"), "c": matrix("c", 1, 1)})
    for text in (
        r"\log(-1) = 2",
        r"(X X^\top X X^\top - X X^\top X X^\top)^{-1} = X X^\top",
        r"\frac{1}{0} = 1",
    ):
        report = verify_text(f"% scope: s\n\\( {text} \\)", "latex", {"s": scope}, "test")
        assert "could not be evaluated" in only(report).message


def test_no_unique_stationary_point():
    p = problem("tr(A @ X)", "X", matrix("A", "n", "n"), matrix("X", "n", "n"), set_to_zero=True)
    report = verify_text("% scope: s\n\\( X^\\star = A \\)", "latex", {"s": scope_of(p)}, "test")
    assert "no unique stationary point" in only(report).message


def test_dots_hide_nothing_that_is_printed():
    good = (
        r"\mathbf{h} = \begin{bmatrix} h_1 \\ \vdots \\ h_k \end{bmatrix}",
        r"\mathbf{h} = \begin{bmatrix} h_1 \\ h_2 \\ \vdots \\ h_k \end{bmatrix}",
    )
    bad = (
        r"\mathbf{h} = \begin{bmatrix} h_1 \\ \vdots \\ h_1 \end{bmatrix}",
        r"\mathbf{h} = \begin{bmatrix} h_1 \\ h_1 \\ \vdots \\ h_k \end{bmatrix}",
    )
    assert check("elementwise", *good).ok
    assert len(check("elementwise", *bad).failures) == 2


def test_one_wrong_row_of_a_chain_is_named_by_its_line():
    sides = ("X^\\top A X", "X X^\\top A", "X X^\\top A^\\top A", "A X X^\\top")
    rows = " \\\\\n &= ".join(rf"\text{{tr}}({side})" for side in sides)
    text = "% scope: quadratic\n\\begin{align*}\n L &= " + rows + "\n\\end{align*}"
    report = verify_text(text, "latex", SCOPES, "test")
    assert [c.line_number for c in report.failures] == [5, 6]
    assert [c.ok for c in report.checked] == [True, True, False, False]
