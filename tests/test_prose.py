"""Mathematics in a lecturer's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.expr.calculus import App, Grad, Limit, Mat, Partial
from generator.expr.make import matrix, num, scalar, vector
from generator.expr.nodes import Add, Div, Entry, Node, Sym, Zero
from generator.expr.shapes import SCALAR
from generator.expr.text_reader import Scope, parse
from generator.expr.written import written_out
from generator.problem import Problem
from generator.prose import ProseMath, parse_prose

W, x, b, v, c = matrix("W", "m", "n"), vector("x", "n"), vector("b", "m"), vector("v", 2), scalar("c")
NAMES = {s.name: s for s in (W, x, b, v, c)}


def read(text: str) -> Node:
    return parse(text, Scope(NAMES))


def problem(function: str, text: str, wrt: Sym, **more) -> Problem:
    body = read(text)
    return Problem("p", "P", NAMES, Sym(function, body.shape), body, text, (wrt,), **more)


AFFINE = problem("y", "W @ x + b", x)
SQUARE = problem("f", "norm(v)**2", v, parameters=(v,), at=(num(1), num(-1)))
LINEAR = problem("L", "c * sum(W)", W)
h = scalar("h")
f, p = SQUARE.function, Sym("p", v.shape)


def v_(k: int) -> Node:
    return Entry(v, (num(k),))


@pytest.mark.parametrize(
    ("subject", "text", "kind", "nodes"),
    [
        (AFFINE, "W @ x - b", "expression", (read("W @ x - b"),)),
        (AFFINE, " x ", "expression", (x,)),
        (AFFINE, "y", "expression", (AFFINE.function,)),
        (AFFINE, "v_1", "expression", (Entry(v, (num(1),)),)),
        (AFFINE, "(W @ x).T = x.T @ W.T", "relation", (read("(W @ x).T"), read("x.T @ W.T"))),
        (AFFINE, "c = c = c", "relation", (c,) * 3),
        (AFFINE, "W.T @ b = 0", "relation", (read("W.T @ b"), Zero(x.shape))),
        (AFFINE, "c = 0", "relation", (c, num(0))),
        (AFFINE, "y =", "definition", (AFFINE.function, AFFINE.body)),
        (AFFINE, "x in", "membership", (x,)),
        (AFFINE, "y in", "membership", (AFFINE.function,)),
        (AFFINE, "W size", "size", (W,)),
        (AFFINE, "W @ x size", "size", (read("W @ x"),)),
        (AFFINE, "derivative", "expression", (Partial(AFFINE.function, x),)),
        (AFFINE, "derivative of b by x", "expression", (Partial(b, x),)),
        (
            AFFINE,
            "derivative of b_1 by x_2",
            "expression",
            (Partial(Entry(b, (num(1),)), Entry(x, (num(2),))),),
        ),
        (LINEAR, "derivative", "expression", (Grad(LINEAR.function, (W,)),)),
        (SQUARE, "derivative", "expression", (Grad(f, (v,), (v,)),)),
        (SQUARE, "f", "expression", (f,)),
        (SQUARE, "f(v)", "expression", (App(f, (v,)),)),
        (SQUARE, "f(p)", "expression", (App(f, (p,)),)),
        (SQUARE, "f(1, -1)", "expression", (App(f, (num(1), num(-1))),)),
        (SQUARE, "f(2 * v)", "expression", (App(f, (read("2 * v"),)),)),
        (SQUARE, "f(v) = norm(v)**2", "relation", (App(f, (v,)), SQUARE.body)),
        (SQUARE, "f =", "definition", (App(f, (v,)), SQUARE.body)),
        (SQUARE, "f(v) =", "definition", (App(f, (v,)), SQUARE.body)),
        (SQUARE, "p =", "definition", (p, Mat((num(1), num(-1)), 1))),
        (SQUARE, "W @\n  x", "expression", (read("W @ x"),)),
        (AFFINE, "x + x in", "membership", (read("x + x"),)),
        (AFFINE, "derivative of y by x in", "membership", (Partial(AFFINE.function, x),)),
        (SQUARE, "derivative of f(v) by v", "expression", (Partial(App(f, (v,)), v),)),
        (SQUARE, "derivative of f by v_1, v_2", "expression", (Partial(Partial(f, v_(2)), v_(1)),)),
        (
            AFFINE,
            "lim h of (c + h) / c",
            "expression",
            (Limit(h, Div(Add((c, h)), c)),),
        ),
        (SQUARE, "v written out", "definition", (v, written_out(v))),
    ],
)
def test_mathematics(subject, text, kind, nodes):
    assert parse_prose(f"Words {{{text}}}.", subject) == ("Words ", ProseMath(kind, nodes), ".")


@pytest.mark.parametrize(("sign", "op"), [("<", "<"), (">", ">"), ("<=", "≤"), (">=", "≥"), ("!=", "≠")])
def test_inequalities(sign: str, op: str) -> None:
    assert parse_prose(f"{{c {sign} 1}}", AFFINE) == (ProseMath("relation", (c, num(1)), op),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("plain", ("plain",)),
        (r"\alpha $x$ 50% & a_b", (r"\alpha $x$ 50% & a_b",)),
        ("{{x}}", ("{x}",)),
        ("{{{x}}}", ("{", ProseMath("expression", (x,)), "}")),
        ("{x}{b}", (ProseMath("expression", (x,)), ProseMath("expression", (b,)))),
        ("a {{ b", ("a { b",)),
    ],
)
def test_words(text, parts):
    assert parse_prose(text, AFFINE) == parts


@pytest.mark.parametrize(
    ("subject", "text", "told", "marked"),
    [
        (AFFINE, "a {x", "without its partner", "{"),
        (AFFINE, "a x}", "without its partner", "}"),
        (AFFINE, "a {x {b}}", "without its partner", "{"),
        (AFFINE, "a {}", "empty", ""),
        (AFFINE, "see {W @ z} there", "unknown name `z`", "z"),
        (AFFINE, "see {x = W @ z} there", "unknown name `z`", "z"),
        (AFFINE, "see {x = b}", "vector of size n, this side is a vector of size m", " b"),
        (AFFINE, "see {W @ x = x.T @ W.T}", "a row", " x.T @ W.T"),
        (AFFINE, "see {W @ b}", "inner sizes", "W @ b"),
        (AFFINE, "see {c == 1}", "one of the signs = < > <= >= !=", "c == 1"),
        (AFFINE, "see {c := 1}", "one of the signs", "c := 1"),
        (AFFINE, "see {0 < c < 1}", "only equations", "0 < c < 1"),
        (AFFINE, "see {c <= z}", "unknown name `z`", "z"),
        (AFFINE, "see {lim b of b + b}", "`b` goes to zero here, but it is declared", "b"),
        (AFFINE, "see {lim h of (z + h) / h}", "unknown name `z`", "z"),
        (AFFINE, "see {c written out}", "no entries", "c"),
        (AFFINE, "see {derivative of c by x_1, z}", "unknown name", "z"),
        (AFFINE, "see {W =}", "no definition", "W"),
        (AFFINE, "see {y(x)}", "takes no arguments", "x"),
        (AFFINE, "see {p}", "unknown name", "p"),
        (AFFINE, "see {derivative of W by x}", "more than two indices", "derivative of W by x"),
        (AFFINE, "see {derivative of b by x + x}", "by a symbol", "x + x"),
        (SQUARE, "see {f(x)}", "takes v, a vector of size 2", "x"),
        (SQUARE, "see {f(1, 2, 3)}", "takes v", "1, 2, 3"),
        (SQUARE, "see {f(1, z)}", "unknown name", "z"),
        (SQUARE, "see {f()}", "takes v", ""),
        (SQUARE, "two\nlines {f(v) = z}", "unknown name", "z"),
    ],
)
def test_errors_have_a_caret(subject, text, told, marked):
    with pytest.raises(InputError, match=told) as caught:
        parse_prose(text, subject)
    e = caught.value
    assert e.source == text
    assert e.column is not None
    if marked:
        assert text[e.column : e.column + e.width] == marked


@given(st.text(max_size=60))
def test_prose_is_words_unless_braces_say_otherwise(text):
    try:
        parts = parse_prose(text, AFFINE)
    except InputError:
        assert set(text) & set("{}")
        return
    assert set(text) & set("{}") or "".join(map(str, parts)) == text


def test_a_brace_stands_for_nothing_but_a_scalar_zero():
    (relation,) = parse_prose("{c = 0}", AFFINE)
    assert isinstance(relation, ProseMath)
    assert relation.nodes[1].shape == SCALAR
