"""What the solutions of the tutorial must show, in order; problems of the same kind are told alike."""

from __future__ import annotations

import pytest

from generator.derivation import Chain, Derivation, Line, Quote, Say
from generator.expr.calculus import Cases, D, Dots, Ellipsis, Group, Mat, Sum, Under
from generator.expr.match import find
from generator.expr.nodes import Eye, Inv, Norm, Num, Row, T, Zero
from generator.expr.unicode_writer import to_unicode
from tests.methods.telling import line, note, sentence
from tests.methods.tutorial import renamed, tutorial

NAMES = ("quadratic", "affine-map", "elementwise", "linear-trace", "quadratic-trace", "least-squares")


def lines(d: Derivation) -> list[Line]:
    return list(d.lines())


def texts(d: Derivation) -> list[str]:
    """The right-hand sides as text, in printing order."""
    return [to_unicode(x.rhs) for x in lines(d)]


def sayings(d: Derivation) -> str:
    return "\n".join(sentence(i) for s in d.all_steps() for i in s.items if isinstance(i, Say))


def in_order(parts: list[str], whole: list[str]) -> None:
    """The parts occur in this order."""
    rest = iter(whole)
    missing = [p for p in parts if not any(p == x for x in rest)]
    assert missing == [], "\n".join(whole)


def title(d: Derivation, of: Line) -> str:
    """The title of the step that a line stands in."""
    return next(s.title for s in d.all_steps() for i in s.items if isinstance(i, Chain) and of in i.lines)


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_has_the_same_skeleton(name):
    d = tutorial()[name]
    assert d.idea.text.endswith(".")
    assert len(d.steps) >= 3
    assert d.checks
    assert d.answers[0].lhs is not None
    if d.answer.shape == d.problem.wrt[0].shape:
        assert d.size
    assert len({s.title for s in d.steps}) == len(d.steps)


@pytest.mark.parametrize("name", NAMES)
def test_problems_of_one_kind_are_told_alike(name):
    """Other letters, sizes and coefficients: the same steps, the same rules, the same kinds of lines."""

    def skeleton(d: Derivation) -> list[tuple[object, ...]]:
        out: list[tuple[object, ...]] = []
        for s in d.all_steps():
            for i in s.items:
                out += [(x.rule, x.mode, x.guard is None) for x in i.lines] if isinstance(i, Chain) else []
                out += [(i.rule,)] if isinstance(i, Quote) else []
                out += [("sentence", len(i.parts))] if isinstance(i, Say) else []
        return out

    one, other = skeleton(tutorial()[name]), skeleton(renamed()[name])
    if name == "quadratic":  # what is said of a gradient depends on its numbers
        one, other = ([x for x in s if x[0] not in ("sentence", "length")] for s in (one, other))
    assert one == other


# --- A1: partial derivatives -------------------------------------------------------------------------------


def test_partials_name_the_role_of_every_term():
    d = tutorial()["quadratic"]
    roles = [[note(b) for b in find(x.rhs, Under)] for x in lines(d) if x.rule == "roles"]
    assert roles == [
        ["depends on x₁", "linear in x₁", "constant"],
        ["constant", "linear in x₂", "depends on x₂"],
    ]


def test_partials_show_each_derivative_before_it_is_simplified():
    d = tutorial()["quadratic"]
    in_order(
        [
            "[∂f/∂x₁; ∂f/∂x₂]",
            "∂/∂x₁ (3x₁²) + ∂/∂x₁ (2x₁x₂) + ∂/∂x₁ (x₂²)",
            "6x₁ + 2x₂(1) + 0",
            "6x₁ + 2x₂",
            "0 + 2x₁(1) + 2x₂",
            "2x₁ + 2x₂",
            "[6x₁ + 2x₂; 2x₁ + 2x₂]",
            "[6(1) + 2(−1); 2(1) + 2(−1)]",
            "[6 − 2; 2 − 2]",
            "[4; 0]",
        ],
        texts(d),
    )
    unevaluated = [x for x in lines(d) if x.rule == "term by term"]
    assert all(find(x.rhs, Group) and Num(0) in find(x.rhs, Num) for x in unevaluated)


def test_the_number_is_interpreted():
    told = sayings(tutorial()["quadratic"])
    assert "grows fastest in the direction" in told
    assert "slope" in told
    assert [to_unicode(x.rhs) for x in tutorial()["quadratic"].answers] == [
        "[6x₁ + 2x₂; 2x₁ + 2x₂]",
        "[4; 0]",
    ]


def test_another_polynomial():
    d = renamed()["quadratic"]
    in_order(
        ["10v₁ + 4v₂(1) + 0", "0 + 4v₁(1) + 14v₂", "[10(2) + 4(−3); 4(2) + 14(−3)]", "[8; −34]"], texts(d)
    )


# --- A2: indices -----------------------------------------------------------------------------------------


def test_the_affine_map_says_sizes_first():
    d = tutorial()["affine-map"]
    assert d.steps[0].title == "Sizes first"
    told = sayings(d)
    for part in ("Input: x has n entries", "Output: y has m entries", "∂y/∂x is m×n"):
        assert part in told


def test_the_affine_map_goes_from_a_row_to_a_sum_to_one_surviving_term():
    d = tutorial()["affine-map"]
    kinds = [
        kind
        for x in lines(d)
        for kind in (Row, Sum, Dots)
        if find(x.rhs, kind) and x.rule != "surviving term"
    ]
    assert kinds[:3] == [Row, Sum, Dots]
    in_order(["W_i: x + b_i", "Σ_k W_ik x_k + b_i", "0", "W_ij", "W"], texts(d))
    (guarded,) = [x for x in lines(d) if x.guard is not None]
    assert line(guarded) == "∂/∂x_j (W_ik x_k) = 0  for k ≠ j  [constants]"
    dots = next(find(x.rhs, Dots)[0] for x in lines(d) if find(x.rhs, Dots))
    assert [to_unicode(e) for e in dots.shown] == ["1", "j", "n"]
    assert "∂b_i/∂x_j = 0" in sayings(d)


# --- A3: the diagonal Jacobian -----------------------------------------------------------------------------


def test_the_elementwise_function_has_two_cases_and_a_matrix():
    d = tutorial()["elementwise"]
    assert any("affect" in s.title for s in d.steps)
    told = sayings(d)
    assert told.index("i ≠ j") < told.index("i = j")
    in_order(["σ(h_i)", "0", "σ′(h_i)", "diag(σ′(h))"], texts(d))
    (matrix,) = [x.rhs for x in lines(d) if isinstance(x.rhs, Mat)]
    assert {e.kind for e in find(matrix, Ellipsis)} == {"cdots", "vdots", "ddots"}
    assert to_unicode(matrix.cells[0]) == "σ′(h₁)"
    assert to_unicode(matrix.cells[-1]) == "σ′(h_k)"
    assert matrix.shape == d.answer.shape
    assert "diagonal because" in told
    assert not find(matrix, Cases)


# --- A4, A5: the trace -----------------------------------------------------------------------------------


def test_the_linear_trace():
    d = tutorial()["linear-trace"]
    in_order(["d(tr(AX))", "tr(d(AX))", "tr(A dX)", "tr(Gᵀ dX)", "A", "Aᵀ"], texts(d))
    assert [x.rule for x in lines(d)][:3] == ["substitution", "trace", "constant factors"]


def test_the_quadratic_trace():
    d = tutorial()["quadratic-trace"]
    in_order(
        [
            "tr((d(Xᵀ))AX + Xᵀ(dA)X + XᵀA dX)",
            "tr((d(Xᵀ))AX + XᵀA dX)",
            "tr((dX)ᵀAX + XᵀA dX)",
            "tr((dX)ᵀAX) + tr(XᵀA dX)",
            "(dX)ᵀAX",
            "XᵀAᵀ((dX)ᵀ)ᵀ",
            "XᵀAᵀ dX",
            "tr(Mᵀ)",
            "tr(XᵀAᵀ dX)",
            "tr(XᵀAᵀ dX) + tr(XᵀA dX)",
            "tr(Xᵀ(Aᵀ + A) dX)",
            "tr(Gᵀ dX)",
            "Xᵀ(Aᵀ + A)",
            "(Xᵀ(Aᵀ + A))ᵀ",
            "(Aᵀ + A)ᵀX",
            "(A + Aᵀ)X",
        ],
        texts(d),
    )


def test_the_product_rule_has_three_factors_under_braces():
    d = tutorial()["quadratic-trace"]
    (product,) = [x for x in lines(d) if x.rule == "product rule"]
    assert [note(b) for b in find(product.rhs, Under)] == ["change Xᵀ", "change A", "change X"]
    (quote,) = [
        i for s in d.all_steps() for i in s.items if isinstance(i, Quote) and i.rule == "product rule"
    ]
    assert to_unicode(quote.rhs) == "(dU)VW + U(dV)W + UV dW"
    assert "dA = 0" in sayings(d)


def test_the_two_terms_are_numbered():
    d = tutorial()["quadratic-trace"]
    (split,) = [x for x in lines(d) if x.rule == "linearity of the trace"]
    assert [note(b) for b in find(split.rhs, Under)] == ["term 1", "term 2"]


def test_the_transpose_trick_is_a_calculation_of_its_own():
    d = tutorial()["quadratic-trace"]
    (definition,) = [x for x in lines(d) if x.mode == "definition"]
    assert line(definition) == "M := (dX)ᵀAX"
    assert title(d, definition) == "The transpose trick"
    heads = [
        to_unicode(x.lhs) for x in lines(d) if x.lhs is not None and title_of(d, x) == "The transpose trick"
    ]
    assert heads == ["M", "Mᵀ", "tr((dX)ᵀAX)"]  # nothing is said of dL in this step


def title_of(d: Derivation, x: Line) -> str:
    return "" if x in d.answers else title(d, x)


def test_the_letter_of_the_side_calculation_is_free():
    d = renamed()["quadratic-trace"]
    (definition,) = [x for x in lines(d) if x.mode == "definition"]
    assert definition.lhs is not None
    assert to_unicode(definition.lhs) not in {*d.problem.symbols, d.problem.function.name}


# --- A6: least squares -----------------------------------------------------------------------------------


def test_least_squares():
    d = tutorial()["least-squares"]
    in_order(
        [
            "Ax − b", "‖r‖²", "rᵀr", "tr(rᵀr)", "d(tr(rᵀr))", "d(tr(rᵀIr))", "tr(2rᵀ dr)", "d(Ax − b)",
            "d(Ax) − db", "d(Ax)", "A dx", "tr(2rᵀ(A dx))", "tr(2rᵀA dx)", "2rᵀA dx", "Gᵀ dx", "2rᵀA",
            "(2rᵀA)ᵀ", "2Aᵀr", "2Aᵀ(Ax − b)", "𝟎", "Aᵀb", "(AᵀA)⁻¹Aᵀb", "2AᵀA", "2‖A dx‖²",
        ],
        [t.replace("0", "𝟎") if t == "0" else t for t in texts(d)],
    )  # fmt: skip


def test_least_squares_cites_the_earlier_problem_with_the_identity():
    d = tutorial()["least-squares"]
    told = sayings(d)
    assert "Problem 5" in told
    assert "the identity in place of its matrix A" in told
    assert any(find(x.rhs, Eye) for x in lines(d))
    assert any(x.rule == "an earlier result" for x in lines(d))


def test_least_squares_is_set_to_zero_and_solved():
    d = tutorial()["least-squares"]
    conditions = [x for x in lines(d) if x.mode == "condition"]
    assert [isinstance(x.rhs, Zero) for x in conditions[:2]] == [True, True]
    assert [to_unicode(x.lhs) for x in d.answers if x.lhs is not None] == ["∇_x L", "AᵀAx⋆", "x⋆"]
    assert find(d.answers[2].rhs, Inv)
    told = sayings(d)
    for part in (
        "normal equations",
        "full column rank",
        "infinitely many",
        "never negative",
        "global minimum",
    ):
        assert part in told
    assert find(lines(d)[-4].rhs, Norm)  # the last line before the answers: a sum of squares


def test_without_an_earlier_result_least_squares_is_told_directly():
    from generator.methods import derive

    d = derive(tutorial()["least-squares"].problem)
    assert "squared norm of a vector" in [x.rule for x in lines(d)]
    assert not any(find(x.rhs, Eye) for x in lines(d))
    assert d.answer == tutorial()["least-squares"].answer


def test_every_differential_stands_for_a_symbol_at_the_end():
    for d in (*tutorial().values(), *renamed().values()):
        assert not find(d.answer, D)
        assert not [e for e in find(d.answer, T) if isinstance(e.arg, T)]
