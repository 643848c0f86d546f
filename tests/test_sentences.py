"""What is given and asked, in words; every formula of these sentences is confirmed."""

from __future__ import annotations

import pytest

from generator.errors import InputError
from generator.expr.make import matrix, num, scalar, vector
from generator.expr.nodes import Sym
from generator.expr.text_reader import Scope, parse
from generator.problem import Problem
from generator.sentences import asked, consider, given, remarks, theorem
from generator.setting import Setter
from generator.verify import scope_of, verify_text


def problem(text: str, wrt: str, *symbols: Sym, function: str = "L", **more) -> Problem:
    table = {s.name: s for s in symbols}
    body = parse(text, Scope(table))
    return Problem(
        "p", "P", table, Sym(function, body.shape), body, text, tuple(table[w] for w in wrt.split()), **more
    )


A, X, x = matrix("A", "n", "n"), matrix("X", "n", "n"), vector("x", "n")
TRACE = problem("tr(A @ X)", "X", A, X)
POINT = problem(
    "x_1**2 + x_2", "x", vector("x", 2), function="f", parameters=(vector("x", 2),), at=(num(1), num(-1))
)
SQUARES = problem("norm(A @ x)**2", "x", A, x, set_to_zero=True)
ACTIVATION = problem("sigmoid(h)", "h", vector("h", "k"), function="z", explain=("diagonal",))
SEVERAL = problem("a*b + tanh(a)", "a b", scalar("a"), scalar("b"), function="f")
ONE = problem("log(c)", "c", scalar("c", ["positive"]))
PROBLEMS = {
    "trace": TRACE,
    "point": POINT,
    "zero": SQUARES,
    "activation": ACTIVATION,
    "several": SEVERAL,
    "one": ONE,
}


def words(*sentences) -> str:
    setter = Setter("markdown", TRACE.notation, ("", ""))
    return " | ".join(setter.prose(s) for s in sentences)


GIVEN = {
    "one line": (TRACE, r"Let \mathbf{A}, \mathbf{X} \in \mathbb{R}^{n \times n}."),
    "entries": (POINT, r"Let \mathbf{x} \in \mathbb{R}^{2} with entries x_1 and x_2."),
    "two": (SQUARES, r"Let \mathbf{A} \in \mathbb{R}^{n \times n} and \mathbf{x} \in \mathbb{R}^{n}."),
    "scalars": (SEVERAL, r"Let a, b \in \mathbb{R}."),
    "assumed": (ONE, r"Let c \in \mathbb{R}, with c positive."),
    "definite": (
        problem("logdet(S)", "S", matrix("S", "n", "n", ["positive_definite", "symmetric", "invertible"])),
        r"Let \mathbf{S} \in \mathbb{R}^{n \times n}, "
        r"with \mathbf{S} symmetric positive definite and invertible.",
    ),
}


@pytest.mark.parametrize(("p", "want"), GIVEN.values(), ids=GIVEN)
def test_given(p, want):
    assert words(given(p)) == want


ASKED = {
    "gradient": (TRACE, r"Find the gradient \nabla_"),
    "jacobian": (ACTIVATION, r"What is the size of the Jacobian \mathbf{J} = "),
    "diagonal": (ACTIVATION, "Explain why the Jacobian is diagonal."),
    "point": (POINT, r"Evaluate the gradient at the point \mathbf{p} = "),
    "zero": (SQUARES, r"Set the gradient to zero and solve for \mathbf{x}."),
    "derivative": (ONE, "Find the derivative "),
}


@pytest.mark.parametrize(("p", "want"), ASKED.values(), ids=ASKED)
def test_asked(p, want):
    assert want in words(*asked(p))


def test_one_question_where_one_thing_is_asked():
    assert [len(asked(p)) for p in PROBLEMS.values()] == [1, 2, 2, 3, 1, 1]


def test_kinds_of_functions():
    found = [
        words(consider(p)) for p in (TRACE, POINT, ACTIVATION, problem("A @ X", "X", A, X, function="Y"))
    ]
    assert found == [
        "Consider the scalar",
        "Consider the scalar function",
        "Consider the vector",
        "Consider the matrix",
    ]


def test_functions_are_explained():
    assert (
        words(remarks(ACTIVATION))
        == r"Here σ is the sigmoid function, applied to each entry: z_i = \sigma(h_i)."
    )
    assert words(remarks(problem("sum(tanh(x))", "x", x))) == "Here tanh is applied to each entry."
    assert words(remarks(SEVERAL)) == words(remarks(TRACE)) == ""


@pytest.mark.parametrize("p", PROBLEMS.values(), ids=PROBLEMS)
def test_every_formula_of_a_statement_is_confirmed(p):
    setter = Setter("latex", p.notation)
    parts = [setter.prose(s) for s in (given(p), remarks(p), *asked(p))]
    text = "% scope: p\n" + "\n".join(parts) + "\n% end scope\n"
    report = verify_text(text, "latex", {"p": scope_of(p)}, "statement")
    assert report.ok, report.failures


class TestTheorem:
    def test_it_speaks_in_the_letters_of_the_first_matrix_problem(self):
        owner, step = theorem("identification", [ACTIVATION, SQUARES, TRACE])
        assert owner is TRACE
        setter = Setter("latex", owner.notation)
        rows = [row for item in setter.items(step.items) if item.kind == "display" for row in item.rows]
        assert [r.rhs for r in rows] == [
            r"\operatorname{tr}(\mathbf{G}^{\top}\,\mathrm{d}\mathbf{X})", r"\mathbf{G}",
        ]  # fmt: skip

    def test_for_a_vector_no_trace_is_needed(self):
        _, step = theorem("identification", [SQUARES])
        (display,) = Setter("latex", SQUARES.notation).items(step.items)[1:2]
        assert display.rows[0].rhs == r"\mathbf{G}^{\top}\,\mathrm{d}\mathbf{x}"

    def test_an_unknown_name(self):
        with pytest.raises(InputError, match="did you mean `identification`"):
            theorem("identificaton", [TRACE])

    def test_no_problem_fits(self):
        with pytest.raises(InputError, match="needs a problem"):
            theorem("identification", [ACTIVATION, ONE])
