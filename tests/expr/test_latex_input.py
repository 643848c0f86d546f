"""Functions in LaTeX without declarations: spellings, guessed shapes, heads, and what has two readings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.errors import InputError
from generator.expr.evaluate import evaluate
from generator.expr.function_reader import is_latex, read_written
from generator.expr.infer import parse_functions
from generator.expr.latex_input import read_declared, read_latex
from generator.expr.latex_preface import symbol_name
from generator.expr.latex_writer import to_latex
from generator.expr.make import matrix, scalar, vector
from generator.expr.nodes import Sym
from generator.expr.shapes import Dim, is_column, is_scalar
from generator.expr.text_writer import to_text
from tests.expr.latex_spellings import SPELLINGS
from tests.methods.corpus import cases, problem
from tests.methods.numbers import CLOSE, error, usable


def sizes(symbol: Sym) -> str:
    """A shape as it is declared: "" for a scalar, "n" for a vector, "n m" for a matrix."""
    if is_scalar(symbol.shape):
        return ""
    return str(symbol.shape[0]) if is_column(symbol.shape) else f"{symbol.shape[0]} {symbol.shape[1]}"


@pytest.mark.parametrize(("latex", "wrt", "text", "shapes"), SPELLINGS)
def test_spellings(latex, wrt, text, shapes):
    found = read_latex(latex, {}, wrt.split(","))
    assert to_text(found.body) == text
    assert ", ".join(f"{name}: {sizes(s)}" for name, s in found.symbols.items()) == shapes
    assert is_latex(latex) or wrt == "x"


def test_there_are_many_spellings():
    assert len(SPELLINGS) >= 80


@pytest.mark.parametrize(
    ("latex", "name", "parameters"),
    [
        (r"f(x) = x^\top x", "f", ("x",)),
        (r"L = x^\top x", "L", ()),
        (r"\mathcal{L}(\theta) := \theta^\top \theta", "L", ("theta",)),
        (r"\ell(\mathbf{w}, b) \coloneqq \mathbf{w}^\top\mathbf{w} + b", "ell", ("w", "b")),
        (r"J_1(x) = x^\top x", "J1", ("x",)),
        (r"x^\top x", "", ()),
        (r"x \mapsto x^\top x", "", ()),
        (r"\nabla_x x^\top x", "", ()),
        (r"\nabla \bigl(x^\top x + c\bigr)", "", ()),
        (r"\frac{\partial}{\partial \mathbf{x}} \mathbf{x}^\top \mathbf{x}", "", ()),
        (r"\frac{\mathrm{d}}{\mathrm{d}t} t^2 e^t", "", ()),
    ],
)
def test_heads(latex, name, parameters):
    found = read_latex(latex, {}, ())
    assert (found.name, found.parameters) == (name, parameters)


@pytest.mark.parametrize(
    ("latex", "readings"),
    [
        (r"\sigma x", [r"\sigma(x)", r"\sigma \cdot x"]),
        (r"\|x\|^2 + \sigma A x", [r"\sigma(A x)", r"\sigma \cdot A x"]),
        (r"f(x) + x^\top x", [r"f \cdot x", "function"]),
        (r"g(\mathbf{x})", [r"g \cdot \mathbf{x}", "function"]),
        (r"a b^\top c", [r"a \cdot", "--shape a=n"]),
        (r"1/2x", [r"\frac{1}{2} x", r"\frac{1}{2 x}"]),
        (r"x/2y", [r"\frac{x}{2} y", r"\frac{x}{2 y}"]),
        (r"\log x y", [r"\log(x) y", r"\log(x y)"]),
        (r"\tr A B", [r"\tr(A) B", r"\tr(A B)"]),
        (r"|\mathbf{x}|", [r"\operatorname{abs}(\mathbf{x})", r"\lVert \mathbf{x}\rVert"]),
        (r"\mathbf{x}\mathbf{y}", [r"x^\top y", r"x y^\top", r"x \odot y"]),
        (r"x' A x", [r"^\top"]),
        (r"A * x", [r"\cdot", r"\odot"]),
        (r"\|X\|_2", ["Frobenius"]),
        (r"\sum_{i=1}^n (a_i^\top x) a_i", ["(A x)_i"]),
        (r"\sum_{i=1}^n A_{ii} a_i^\top x", ["(A x)_i"]),
        (r"\nabla x^\top x + c", ["the function alone"]),
        (r"\sum_i (w^\top \phi(x_i) - t_i)^2", [r"\phi \cdot x_i"]),
    ],
)
def test_what_has_two_readings_is_refused_with_them(latex, readings):
    with pytest.raises(InputError) as caught:
        read_latex(latex, {}, ["x"])
    told = str(caught.value)
    assert "^" in told.splitlines()[2]
    for reading in readings:
        assert reading in told


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        (r"\input{secrets}", r"the macro `\\input` is not understood"),
        (r"\write18{ls}", r"the macro `\\write` is not understood"),
        (r"\catcode`\@=11", "a name such as f"),
        (r"x^{x^{x}", "never closed"),
        (r"\frac{\partial f}{\partial x}", "a derivative is no part of a function"),
        (r"f(x) = ", "empty"),
        (r"\nabla_y (x^\top y)", "by y, not by x"),
        (r"\nabla^2 (x^\top y)", "second derivative"),
        (r"\frac{d^2}{dx^2} x^3", "second derivative"),
        (r"\left. x \right|_{x = 2}", "a value at a point"),
        (r"\operatorname{foo}(x)", "foo"),
        (r"T^\top x", "`T` cannot name a symbol"),
        (r"x = 1 = 2", "one expression"),
        (r"\mathbf{x}_{t-1}", "cannot name a symbol"),
        (r"x^\top x + x_i + \sum_{i=1}^n x_i", "index i is not summed over"),
    ],
)
def test_refusals(latex, told):
    with pytest.raises(InputError, match=told) as caught:
        read_latex(latex, {}, ["x"])
    assert caught.value.source is not None


def test_declared_shapes_settle_what_is_open():
    c, a = scalar("c"), vector("a", "k")
    assert read_latex(r"c x^\top x", {"c": c}, ["x"]).body.shape == c.shape
    assert sizes(read_latex(r"a b^\top c", {"a": a, "c": c}, ["b"]).symbols["b"]) == "n"
    assert to_text(read_latex(r"f(x)", {"f": scalar("f")}, ["x"]).body) == "f * x"


def test_abstract_functions_are_applied():
    f, g = (parse_functions([f"{name}=d->n"])[name] for name in "fg")
    found = read_latex(r"f(x)^\top g(x)", {}, ["x"], {"f": f, "g": g})
    assert to_text(found.body) == "f(x).T @ g(x)"
    assert sizes(found.symbols["x"]) == "d"


def test_an_entry_belongs_to_a_letter_that_stands_alone():
    assert to_text(read_latex(r"x^\top x + x_1", {}, ["x"]).body) == "x.T @ x + x_1"
    assert set(read_latex(r"a_1 t + a_2 t^2", {}, ["t"]).symbols) == {"t", "a1", "a2"}


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"\theta", "theta"),
        (r"\mathbf{W}_1", "W1"),
        (r"\hat{x}", "x_hat"),
        (r"\lambda", "lam"),
        (r"x_{\mathrm{max}}", "x_max"),
    ],
)
def test_names(latex, name):
    assert symbol_name(latex) == name


def test_a_product_without_a_sign_may_be_meant_as_latex():
    with pytest.raises(InputError) as caught:
        read_written("A x - b", {})
    assert "$A x - b$" in str(caught.value)
    assert to_text(read_written("$A x - b$", {}, ["x"]).body) == "A @ x - b"


def test_declared_expressions_are_not_guessed():
    known = {"A": matrix("A", "m", "n"), "x": vector("x", "n"), "b": vector("b", "m")}
    assert to_text(read_declared(r"\|A x - b\|^2", known, {"m", "n"})) == "norm(A @ x - b)**2"
    with pytest.raises(InputError, match="w is not declared"):
        read_declared(r"\|A w - b\|^2", known, {"m", "n"})


@pytest.mark.parametrize("case", sorted(cases()))
def test_what_the_writer_prints_is_read_back_as_an_equal_function(case):
    """With the symbols declared."""
    asked = problem(cases()[case])
    sides = [side for s in asked.symbols.values() for side in s.shape]
    dims = {name for side in sides if isinstance(side, Dim) for name in side.names}
    found = read_declared(to_latex(asked.body), asked.symbols, dims)
    for at in usable(replace(asked, function=scalar("value")), 2):
        assert error(evaluate(found, at), evaluate(asked.body, at)) < CLOSE


def ranks(symbols):
    """Which of the symbols are scalars (0), vectors (1) and matrices (2)."""
    return {name: 0 if is_scalar(s.shape) else 1 if is_column(s.shape) else 2 for name, s in symbols.items()}


def test_what_the_writer_prints_tells_shapes_too():
    """Without declarations; only the sizes of Kronecker products do not follow from the writing."""
    right, refused = set(), {}
    for name, case in cases().items():
        asked = problem(case)
        try:
            found = read_latex(to_latex(asked.body), {}, [s.name for s in asked.wrt])
        except InputError as error:
            refused[name] = error.message
            continue
        assert ranks(found.symbols) == ranks(asked.symbols), name
        right.add(name)
    assert all("kron" in name for name in refused), refused
    assert len(right) >= 105
