"""Replay: derivations of many kinds are done again without a complaint, and a damaged one is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.derivation import Chain, Derivation, Line, Step
from generator.errors import NotDerivable
from generator.expr.calculus import D
from generator.expr.make import mul, num, t
from generator.expr.match import find, put, walk
from generator.expr.nodes import Add, Mul, Neg, Node, T
from generator.expr.shapes import is_scalar
from generator.methods import METHODS, derive
from generator.replay import replay
from generator.rules.alike import alike
from tests.methods.corpus import cases, problem
from tests.methods.numbers import false_lines, usable
from tests.methods.tutorial import renamed, tutorial

CASES = (
    "affine-product-form", "matrixcalculus-front-page", "squared-quadratic-form", "rayleigh-quotient",
    "trace", "trace-xa", "trace-xbxt", "exp-of-trace", "det", "det-xtax-square", "logdet", "bilinear-inverse",
    "trace-inverse-gram", "inverse-diag-form", "norm-squared", "three-norm", "symmetric-rank-one-fit",
    "cosine-similarity", "sum-hadamard", "sum-sqrt-quadratic-entries", "power-of-elements", "trace-diag",
    "softmax-weighted", "cross-entropy-logits", "svm-dual", "ridge", "neuron-squared-loss-b",
    "gp-likelihood-kernel", "masked-frobenius", "two-layer-batch-relu", "jacobian-elementwise-sin",
    "scalar-sinc", "scalar-polynomial-xyz", "scalar-line-search", "gradient-of-three-scalars",
    "jacobian-norm-sq-times-vector", "vec-kron-quadratic",
)  # fmt: skip
SLOW = {("two-layer-batch-relu", "index")}  # four nested sums, evaluated term by term


@pytest.mark.parametrize("case", CASES)
def test_derivations_are_replayed_without_complaint(case):
    done = 0
    for method in METHODS:
        if (case, method) in SLOW:
            continue
        try:
            d = derive(problem(cases()[case]), method)
        except NotDerivable:
            continue
        done += 1
        assert replay(d) == []
    assert done


def test_the_tutorial_is_replayed_without_complaint():
    for found in (tutorial(), renamed()):
        assert {key: replay(d) for key, d in found.items() if replay(d)} == {}


# --- damage is found ------------------------------------------------------------------------------------


def damaged(d: Derivation, change: Callable[[Line], Line | None]) -> list[Derivation]:
    """The derivation with one line changed, once for each line that can be changed this way."""
    out = []
    for s, step in enumerate(d.steps):
        for k, item in enumerate(step.items):
            for n, line in enumerate(item.lines if isinstance(item, Chain) else ()):
                new = change(line) if line.mode == "identity" else None
                if new is not None and isinstance(item, Chain):
                    chain = Chain((*item.lines[:n], new, *item.lines[n + 1 :]))
                    whole = replace(step, items=(*step.items[:k], chain, *step.items[k + 1 :]))
                    out.append(replace(d, steps=(*d.steps[:s], whole, *d.steps[s + 1 :])))
    return out


def first_place(e: Node, change: Callable[[Node], Node | None]) -> Node | None:
    """The expression changed at the first place where that gives something else of the same shape."""
    for path, node in walk(e):
        new = change(node)
        if new is not None and new.shape == node.shape and not alike(new, node):
            return put(e, path, new)
    return None


def swapped(e: Node) -> Node | None:
    if isinstance(e, Mul):
        for k in range(len(e.factors) - 1):
            a, b = e.factors[k : k + 2]
            if not is_scalar(a.shape) and not is_scalar(b.shape) and a.shape == b.shape:
                return Mul((*e.factors[:k], b, a, *e.factors[k + 2 :]))
    return None


DAMAGE: dict[str, Callable[[Node], Node | None]] = {
    "a sign": lambda e: Add((*e.terms[:-1], Neg(e.terms[-1]))) if isinstance(e, Add) else None,
    "a lost transpose": lambda e: e.arg if isinstance(e, T) else None,
    "a factor": lambda e: mul(num(2), e) if isinstance(e, D) and not find(e.arg, D) else None,
    "an order": swapped,
    "a term": lambda e: e.terms[0] if isinstance(e, Add) else None,
    "a transpose too many": lambda e: t(e) if isinstance(e, D) else None,
}


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("case", ["trace-xbxt", "bilinear-inverse", "affine-product-form", "norm-squared"])
def test_a_damaged_line_is_found(case, kind):
    d = derive(problem(cases()[case]), "differential")
    (at,) = usable(d.problem, 1)

    def change(line: Line) -> Line | None:
        new = first_place(line.rhs, DAMAGE[kind])
        return None if new is None else replace(line, rhs=new)

    missed = [e for e in damaged(d, change) if false_lines(e, at) and not replay(e)]
    assert missed == []


def test_there_was_something_to_damage():
    d = derive(problem(cases()["trace-xbxt"]), "differential")
    kinds = {
        kind
        for kind, change in DAMAGE.items()
        if damaged(d, lambda line, c=change: first_place(line.rhs, c) and line)
    }
    assert len(kinds) >= 5


@pytest.mark.parametrize("rule", ["inverse", "cyclic rotation", "determinant", "no rule of this name", "vec"])
def test_a_wrong_name_of_a_rule_is_found(rule):
    d = derive(problem(cases()["trace-xbxt"]), "differential")
    found = damaged(d, lambda line: replace(line, rule=rule) if line.rule != rule else None)
    assert found
    assert [e for e in found if not replay(e)] == []


def test_a_wrong_place_is_found():
    d = derive(problem(cases()["trace-xbxt"]), "differential")
    found = damaged(d, lambda line: replace(line, paths=((7, 7), *line.paths[1:])) if line.paths else None)
    assert found
    assert all("does not follow" in replay(e)[0] for e in found)


def test_a_wrong_answer_is_found():
    d = tutorial()["quadratic-trace"]
    wrong = replace(d, answers=(replace(d.answers[0], rhs=t(d.answer.factors[0])),))  # type: ignore[attr-defined]
    assert any(c.startswith("Answer: ") for c in replay(wrong))


def test_a_missing_line_is_found():
    d = tutorial()["quadratic-trace"]

    def gap(step: Step) -> Step:
        kept = (i for i in step.items if not (isinstance(i, Chain) and i.lines[0].rule == "product rule"))
        return replace(step, items=tuple(kept))

    (complaint,) = replay(replace(d, steps=tuple(map(gap, d.steps))))
    assert "(vanishing terms): it does not follow from tr(d(XᵀAX))" in complaint


def test_a_line_that_says_nothing_is_found():
    d = tutorial()["linear-trace"]
    found = damaged(d, lambda line: replace(line, rhs=line.lhs, rule="substitution") if line.lhs else None)
    assert found
    assert [e for e in found if not replay(e)] == []


def test_a_complaint_names_step_line_and_rule():
    d = tutorial()["linear-trace"]
    (first, *_) = damaged(d, lambda line: replace(line, rule="inverse"))
    (complaint, *_) = replay(first)
    assert "Take the differential: dL = d(tr(AX)) (inverse): it does not follow from" in complaint
