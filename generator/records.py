"""A derivation as plain data, for JSON; docs/json.md describes it."""

from __future__ import annotations

from typing import Any

from generator.confirmation import answer_in_text
from generator.derivation import Chain, Derivation, Item, Line, Quote, Say, Step
from generator.errors import InputError
from generator.expr.abstract import Maps
from generator.expr.latex_writer import to_latex
from generator.expr.layout import LAYOUTS
from generator.expr.nodes import Node, Sym
from generator.expr.notation import Notation
from generator.expr.text_writer import to_text
from generator.expr.unicode_writer import to_unicode
from generator.methods.tensor_entries import entry_indices
from generator.problem import Problem
from generator.terminal import sentence

Record = dict[str, Any]


def record(derivation: Derivation) -> Record:
    """The problem, how it is told, the steps with their lines, the answer, and what it needs."""
    problem = derivation.problem
    notation = problem.notation
    return {
        "problem": _problem(problem),
        "size": [_item(item, notation) for item in derivation.size],
        **_telling(derivation),
        "more_answers": [_line(line, notation) for line in derivation.answers[1:]],
        "conditions": [sentence(say) for say in derivation.conditions],
        "checks": [sentence(say) for say in derivation.checks],
        "slip": [sentence(say) for say in derivation.slip],
        "also": [_telling(one) for one in derivation.also],
    }


def _telling(derivation: Derivation) -> Record:
    """How a derivation goes, and where it ends."""
    notation, answer = derivation.problem.notation, derivation.answers[0]
    return {
        "method": derivation.method,
        "idea": sentence(derivation.idea),
        "steps": [_step(step, notation) for step in derivation.steps],
        "answer": {
            **_forms(answer.rhs, notation),
            "text": answer_in_text(derivation),
            "name": None if answer.lhs is None else _forms(answer.lhs, notation),
            "shape": [str(side) for side in answer.rhs.shape],
            "layout": _layout(derivation.problem),
            "form": _form(derivation),
        },
    }


def _form(derivation: Derivation) -> str:
    """Whether a derivative with more than two indices is one of stacked columns or that of an entry."""
    if not derivation.problem.tensor:
        return "whole"
    return "entries" if all(entry_indices(derivation)) else "stacked"


def _problem(problem: Problem) -> Record:
    return {
        "id": problem.id,
        "title": problem.title,
        "function": problem.function.name,
        **_forms(problem.body, problem.notation),
        "text": problem.text,
        "wrt": [s.name for s in problem.wrt],
        "symbols": {name: _symbol(s) for name, s in problem.symbols.items()},
        "functions": {name: to_unicode(Maps((f,))) for name, f in problem.functions.items()},
    }


def _symbol(symbol: Sym) -> Record:
    return {"shape": [str(side) for side in symbol.shape], "assume": sorted(symbol.assume)}


def _layout(problem: Problem) -> str:
    return next(name for name, layout in LAYOUTS.items() if layout == problem.layout)


def _step(step: Step, notation: Notation) -> Record:
    return {
        "title": step.title,
        "items": [_item(item, notation) for item in step.items],
        "steps": [_step(inner, notation) for inner in step.steps],
    }


def _item(item: Item, notation: Notation) -> Record:
    match item:
        case Chain():
            return {"kind": "lines", "lines": [_line(line, notation) for line in item.lines]}
        case Say():
            return {"kind": "sentence", "text": sentence(item), "bullet": item.bullet}
        case Quote():
            sides = {"lhs": _forms(item.lhs, notation), "rhs": _forms(item.rhs, notation)}
            return {"kind": "rule", "rule": item.rule, **sides, "because": item.because}


def _line(line: Line, notation: Notation) -> Record:
    return {
        "lhs": None if line.lhs is None else _forms(line.lhs, notation),
        "rhs": _forms(line.rhs, notation),
        "mode": line.mode,
        "rule": line.rule,
        "guard": None if line.guard is None else _forms(line.guard, notation),
    }


def _forms(node: Node, notation: Notation) -> Record:
    """An expression in three languages; what only serves the telling has no ``text``."""
    try:
        text: str | None = to_text(node)
    except InputError:
        text = None
    return {"text": text, "latex": to_latex(node, notation), "unicode": to_unicode(node)}
