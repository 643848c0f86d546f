"""Derivations as a Python module: one function that computes value and derivatives, and its self-check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill, indent

from generator.code.check import self_check
from generator.code.dialects import NUMPY, Dialect, dialect_of
from generator.code.draws import DRAWS, Draw
from generator.code.inverses import kept
from generator.code.lower import lower
from generator.code.part import Part, part_of
from generator.code.sharing import assignments
from generator.code.target import Target, folded, read_sizes, safe
from generator.code.term import ATOM, Term
from generator.derivation import Derivation
from generator.errors import CheckFailed, NotDerivable
from generator.expr.layout import LAYOUTS
from generator.expr.match import substitute
from generator.expr.nodes import Inv, Node, Sym
from generator.expr.shapes import show
from generator.problem import Problem
from generator.terminal import definition, sentence

WIDTH = 84  # of a docstring within a function
TOLERANCE = 1e-6


def module(derivations: Sequence[Derivation], dialect: str = "numpy") -> str:
    """The text of a module for a function; its derivations are given in the order of differentiation.

    The NumPy form of the module is run before anything is given out.

    Raises:
        InputError: there is no such dialect.
        NotDerivable: something in the function or its derivative has no form in code.
        CheckFailed: the code does not compute the derivative.
    """
    chosen = dialect_of(dialect)
    if abstract := [name for d in derivations for name in d.problem.functions]:
        raise NotDerivable(f"there is no code for {abstract[0]}, a function without a formula")
    for draw in DRAWS:
        text = compose(derivations, NUMPY, draw)
        if _error(text) < TOLERANCE:
            return text if chosen is NUMPY else compose(derivations, chosen, draw)
    raise CheckFailed("the code does not compute the derivative at the inputs that were tried")


def _error(text: str) -> float:
    """What the self-check of a module says. The text is ours, made from a tree; no input is part of it."""
    import numpy as np

    names: dict[str, object] = {"__name__": "solution"}
    exec(compile(text, "<code>", "exec"), names)
    check = names["check"]
    assert callable(check)
    with np.errstate(all="ignore"):
        try:
            return float(check())
        except np.linalg.LinAlgError:
            return np.inf


def compose(derivations: Sequence[Derivation], dialect: Dialect, draw: Draw) -> str:
    """The text of a module, unchecked.

    Raises:
        NotDerivable: something in the function or its derivative has no form in code.
    """
    parts = [part_of(d) for d in derivations]
    problem = derivations[-1].problem
    symbols = {name: s for name, s in problem.symbols.items() if s.name != problem.function.name}
    target = _target(dialect, symbols, derivations)
    results = {"value": target.term(_free(problem.body, problem))}
    results |= {part.word: part.term(target) for part in parts}
    known = _known(derivations, target)
    names = [*map(safe, symbols), *target.sizes]
    lines = [_assignment(name, term) for name, term in assignments(results, names, known)]
    read = read_sizes(target.sizes, symbols)
    arguments = [name for name in names if name not in read]
    function = _name([part.word for part in parts])
    body = [
        f'"""{_docstring(problem, parts, symbols)}\n"""',
        *(f"{name} = {how}" for name, how in read.items()),
        *lines,
        f"return {', '.join(results)}",
    ]
    written = "\n".join([folded(f"def {function}(", arguments, "):"), indent("\n".join(body), "    ")])
    helpers = [source for name, source in dialect.helpers.items() if f"{name}(" in written]
    check = self_check(function, symbols, arguments, parts, dialect, draw)
    return "\n\n\n".join([_head(problem, parts, dialect), *map(str.rstrip, helpers), written, *check]) + "\n"


def _assignment(name: str, term: Term) -> str:
    """A line, or several where a call is still too long: within its brackets it may be broken anywhere."""
    line = f"{name} = {term}"
    return line if term.level < ATOM else fill(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)


def _name(words: Sequence[str]) -> str:
    """The name of the function: value_and_gradient, value_gradient_and_hessian, value_and_derivatives."""
    *before, last = words
    return "value_and_derivatives" if "derivative" in before else "_".join(["value", *before, "and", last])


def _target(dialect: Dialect, symbols: Mapping[str, Sym], derivations: Sequence[Derivation]) -> Target:
    target = Target(dialect, symbols, lower)
    inverses = kept([derivations[-1].problem.body, *(d.answer for d in derivations)])
    matrices = frozenset(target.term(e.arg) for e in inverses if isinstance(e, Inv))
    return Target(dialect, symbols, lower, matrices)


def _free(e: Node, problem: Problem) -> Node:
    """Without what is assumed of the variable: a function is differentiated at points around it too."""
    return substitute(e, {s: Sym(s.name, s.shape) for s in problem.wrt})


def _known(derivations: Sequence[Derivation], target: Target) -> dict[Term, str]:
    """The named intermediates of the derivations: their values get the same names in the code."""
    known: dict[Term, str] = {}
    for derivation in derivations:
        meanings: dict[Node, Node] = {}
        for name, meaning in derivation.names:
            whole = substitute(meaning, meanings)
            meanings[Sym(name, meaning.shape)] = whole
            known.setdefault(target.term(whole), safe(name))
    return known


def _head(problem: Problem, parts: Sequence[Part], dialect: Dialect) -> str:
    words = " and ".join(f"its {_title(part.word)}" for part in parts)
    by = ", ".join(s.name for s in problem.wrt)
    title = fill(f"{definition(problem)} and {words} by {by}, for {dialect.title}.", WIDTH)
    told = "Run it to check the derivative at random inputs."
    lines = [f'"""{title}', "", f"Written by Workings. {told}", '"""', "", *dialect.imports]
    return "\n".join(lines)


def _docstring(problem: Problem, parts: Sequence[Part], symbols: Mapping[str, Sym]) -> str:
    """What is computed, from what, arranged how, and where that holds."""
    layout = next(name for name, layout in LAYOUTS.items() if layout == problem.layout)
    formulas = [fill(f"{part.word}: {part.formula}", WIDTH, subsequent_indent="    ") for part in parts]
    axes = [f"axes: {', '.join(i.name for i in part.axes)}" for part in parts if part.axes]
    told = dict.fromkeys(sentence(say) for part in parts for say in part.derivation.conditions)
    conditions = [fill(f"if: {text}", WIDTH, subsequent_indent="    ") for text in told]
    return "\n".join(
        [
            fill(f"{definition(problem)} with its {' and '.join(_title(p.word) for p in parts)}.", WIDTH),
            "",
            *(f"{safe(name)}: {_described(symbol)}" for name, symbol in symbols.items()),
            "",
            *formulas,
            *axes,
            f"layout: {layout}",
            *conditions,
        ]
    )


def _title(word: str) -> str:
    return word.capitalize() if word in ("jacobian", "hessian") else word.replace("_", " ")


def _described(symbol: Sym) -> str:
    words = sorted(word.replace("_", " ") for word in symbol.assume)
    return ", ".join([show(symbol.shape), *words])
