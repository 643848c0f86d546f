"""Sums over an index in the function that is given: they are written with matrices before all else."""

from __future__ import annotations

from dataclasses import replace

from generator.derivation import Derivation, Say, Step
from generator.errors import NotDerivable
from generator.expr.calculus import Rel, Sum
from generator.expr.make import mul, t
from generator.expr.match import find, transform
from generator.expr.nodes import Mul, Node, Sym, T
from generator.expr.text_writer import to_text
from generator.methods.recognise import recognise
from generator.problem import Problem
from generator.rules.tidy import tidy


def without_sums(problem: Problem) -> Problem:
    """The same problem with its function in matrix notation.

    Raises:
        NotDerivable: a sum has no matrix notation that is found.
    """
    if not find(problem.body, Sum):
        return problem
    body = transform(problem.body, _matrix_form)
    return replace(problem, body=body, text=to_text(body))


def _matrix_form(node: Node) -> Node | None:
    if not isinstance(node, Sum):
        return None
    found = recognise(node, ())
    if found is None:
        message = f"the sum over {node.index.name} has no matrix notation that the program finds"
        raise NotDerivable(message, hint="write it with matrices, norms or traces")
    turned = tidy(mul(*(t(f) for f in reversed(found.factors)))) if isinstance(found, Mul) else found
    return min(found, turned, key=lambda e: len(find(e, T)))  # a number is its own transpose


def explained(derivation: Derivation, asked: Problem) -> Derivation:
    """The derivation with a first step that says how the sums were rewritten."""
    told = derivation.problem.body
    if asked.body == told:
        return derivation
    say = Say("In matrix notation, {0}.", (Rel(asked.body, "=", told),))
    step = Step("Matrix notation", (*map(_by_rows, asked.rows), say))
    return replace(derivation, steps=(step, *derivation.steps))


def _by_rows(matrix: Sym) -> Say:
    """What stands for vectors with the index of a sum."""
    return Say("The numbered vectors of the sum are the rows of a matrix {0}, transposed.", (matrix,))
