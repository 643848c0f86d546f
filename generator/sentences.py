"""Sentences that follow from a problem alone: what is given, what is asked, the theorem in the box.

A sentence is ``Prose``: words and mathematics in turn, as ``prose.parse_prose`` gives for a lecturer's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from generator.derivation import Chain, Line, Say, Step
from generator.errors import InputError, did_you_mean
from generator.expr.abstract import Maps
from generator.expr.calculus import App, D, Grad, Partial, Rel
from generator.expr.functions import FUNCTIONS
from generator.expr.make import jacobian, mul, num, point, t, tr
from generator.expr.match import find, substitute
from generator.expr.nodes import Call, Entry, Idx, Node, Sym
from generator.expr.shapes import Dim, is_column, is_matrix, is_scalar, resolve
from generator.problem import Problem
from generator.prose import ProseMath

Prose = tuple[str | ProseMath, ...]

_ASSUMED = {
    "positive": "positive", "diagonal": "diagonal", "orthogonal": "orthogonal", "symmetric": "symmetric",
    "positive_definite": "symmetric positive definite", "invertible": "invertible",
}  # fmt: skip
_MOST_ENTRIES = 4  # a longer vector is not introduced entry by entry


def said(sentence: Say) -> Prose:
    """A sentence of a derivation as prose; ``{0}`` in it is its first formula."""
    pieces = re.split(r"\{(\d+)\}", sentence.text)
    return tuple(_formula(sentence.parts[int(p)]) if k % 2 else p for k, p in enumerate(pieces) if p)


def shown(node: Node) -> ProseMath:
    """An expression within a sentence."""
    return ProseMath("expression", (node,))


def _formula(part: Node) -> ProseMath:
    return ProseMath("relation", (part.lhs, part.rhs), part.op) if isinstance(part, Rel) else shown(part)


def value(problem: Problem) -> Node:
    """The function as the problem writes it: L, or f(x)."""
    return App(problem.function, problem.parameters) if problem.parameters else problem.function


def derivative(problem: Problem) -> Node:
    """What is asked for, as it is written: ∇L, or ∂y/∂x."""
    if problem.order == 2 and noun(problem) == "Hessian":
        return Grad(problem.function, problem.wrt, problem.parameters, problem.layout, 2)
    if problem.order == 2:
        once = Partial(problem.function, problem.wrt[0], problem.layout)
        return Partial(once, problem.wrt[0], problem.layout)
    if noun(problem) == "gradient":
        return Grad(problem.function, problem.wrt, problem.parameters, problem.layout)
    return jacobian(problem.function, problem.variable, problem.layout)


def noun(problem: Problem) -> str:
    """What the derivative is called."""
    if not is_scalar(problem.function.shape):
        return "Jacobian"
    if problem.order == 2:
        return "second derivative" if alone(problem) else "Hessian"
    return "derivative" if alone(problem) else "gradient"


def alone(problem: Problem) -> bool:
    """Whether the variable is a single number."""
    return len(problem.wrt) == 1 and is_scalar(problem.wrt[0].shape)


def given(problem: Problem) -> Prose:
    """``Let A, X ∈ ℝⁿˣⁿ and b ∈ ℝⁿ, with A symmetric.`` for all symbols; empty where there are none."""
    symbols = [s for s in problem.symbols.values() if s != problem.function]
    if not symbols:
        return ()
    groups = [list(group) for _, group in groupby(symbols, key=lambda s: s.shape)]
    return (
        "Let ",
        *_listed([_declared(problem, g) for g in groups]),
        *_assumptions(symbols),
        ".",
        *maps(problem),
    )


def maps(problem: Problem) -> Prose:
    """`` The functions f, g: ℝᵈ → ℝⁿ are differentiable.`` for abstract ones; empty where there are none."""
    functions = problem.functions.values()
    kinds = [tuple(group) for _, group in groupby(functions, key=lambda f: (f.takes, f.shape))]
    if not kinds:
        return ()
    lead, verb = (" The functions ", " are ") if len(functions) > 1 else (" The function ", " is ")
    return (lead, *_listed([(shown(Maps(kind)),) for kind in kinds]), f"{verb}differentiable.")


def consider(problem: Problem) -> Prose:
    """The words before the displayed function."""
    shape = problem.function.shape
    kind = "scalar" if is_scalar(shape) else "vector" if is_column(shape) else "matrix"
    function = "scalar function" if kind == "scalar" else f"{kind}-valued function"
    return (f"Consider the {function if problem.parameters else kind}",)


def definition(problem: Problem) -> Chain:
    """The function and its expression, displayed in the lecturer's own names."""
    return Chain((Line(value(problem), in_own_names(problem, problem.body)),))


def parts(problem: Problem) -> Chain:
    """What these names stand for."""
    return Chain(tuple(Line(name, in_own_names(problem, part, but=name)) for name, part in problem.parts))


def in_own_names(problem: Problem, e: Node, but: Sym | None = None) -> Node:
    """An expression with the names that the lecturer gave to parts of it."""
    for name, part in reversed(problem.parts):
        if name != but:
            e = substitute(e, {part: name})
    return e


def remarks(problem: Problem) -> Prose:
    """What the reader must know of the functions that occur: ``Here σ is the sigmoid function, …``."""
    calls = {c.name: c for c in find(problem.body, Call) if FUNCTIONS[c.name].elementwise}
    told: list[str | ProseMath] = []
    for name, call in calls.items():
        sign, wide = FUNCTIONS[name].unicode, not is_scalar(call.shape)
        if sign != name:
            told.append(f"Here {sign} is the {name} function" + (", applied to each entry" if wide else ""))
        elif wide:
            told.append(f"Here {name} is applied to each entry")
        else:
            continue
        told += [*_entrywise(problem, call), ". "]
    return (*told[:-1], ".") if told else ()


def _entrywise(problem: Problem, call: Call) -> Prose:
    """``: z_i = σ(h_i)``, where that is all there is to the function."""
    x = call.args[0]
    if problem.body != call or not (isinstance(x, Sym) and is_column(x.shape)):
        return ()
    i = (Idx("i", x.shape[0]),)
    return (": ", ProseMath("relation", (Entry(problem.function, i), Call(call.name, (Entry(x, i),)))))


def asked(problem: Problem) -> tuple[Prose, ...]:
    """The questions that the problem's own fields ask."""
    what = noun(problem)
    target = derivative(problem)
    if problem.tensor and problem.methods[:1] == ("index",):
        f, x = shown(problem.function), shown(problem.wrt[0])
        return (("Find the partial derivatives of the entries of ", f, " by the entries of ", x, "."),)
    if what == "Jacobian":
        J = problem.answer_symbol
        size: Prose = ("What is the size of the Jacobian ", ProseMath("relation", (J, target)), "?")
        questions: list[Prose] = [size, ("Find ", shown(J), ".")]
    else:
        questions = [(f"Find the {what} ", shown(target), ".")]
    questions += [(f"Explain why the {what} is {word}.",) for word in problem.explain]
    if problem.at:
        questions.append((f"Evaluate the {what} at the point ", _point(problem), "."))
    if problem.set_to_zero:
        wanted = [(shown(s),) for s in problem.wrt]
        zero = "first derivative" if alone(problem) else "gradient"
        then = ", and classify what you find." if problem.order == 2 else "."
        lead = f"Set the {zero if problem.order == 2 else what} to zero and solve for "
        questions.append((lead, *_listed(wanted), then))
    return tuple(questions)


def _point(problem: Problem) -> ProseMath:
    written = point(problem.wrt, problem.at)
    return ProseMath("relation", (Sym(problem.point_name, written.shape), written))


def _declared(problem: Problem, group: Sequence[Sym]) -> Prose:
    names = [part for s in group[:-1] for part in (shown(s), ", ")]
    return (*names, ProseMath("membership", (group[-1],)), *_entries(problem, group))


def _entries(problem: Problem, group: Iterable[Sym]) -> Prose:
    """``with entries x_1 and x_2``, where the function is written in the entries of a short vector."""
    used = {e.base for e in find(problem.body, Entry)}
    names: list[Prose] = []
    for s in group:
        side = resolve(s.shape[0])
        known = isinstance(side, Dim) and not side.names and side.factor <= _MOST_ENTRIES
        if s in used and is_column(s.shape) and isinstance(side, Dim) and known:
            names += [(shown(Entry(s, (num(k),))),) for k in range(1, side.factor + 1)]
    return (" with entries ", *_listed(names)) if names else ()


def _assumptions(symbols: Iterable[Sym]) -> Prose:
    told: list[Prose] = []
    for s in symbols:
        known = s.assume - ({"symmetric"} if "positive_definite" in s.assume else set())
        if words := [word for key, word in _ASSUMED.items() if key in known]:
            told.append((shown(s), " ", " and ".join(words)))
    return (", with ", *_listed(told)) if told else ()


def _listed(things: Sequence[Prose]) -> Prose:
    """a, b and c."""
    out: list[str | ProseMath] = []
    for k, thing in enumerate(things):
        out += [" and " if k == len(things) - 1 else ", "] if k else []
        out += thing
    return tuple(out)


def theorem(name: str, problems: Sequence[Problem]) -> tuple[Problem, Step]:
    """The boxed theorem of a part, in the letters of its first problem that fits, and that problem.

    Raises:
        InputError: no such theorem, or no problem of the part has what it speaks of.
    """
    if name not in THEOREMS:
        near = did_you_mean(name, THEOREMS) or f"known: {', '.join(THEOREMS)}"
        raise InputError(f"there is no theorem called {name!r}", hint=near)
    fit = [
        p for p in problems
        if is_scalar(p.function.shape) and len(p.wrt) == 1 and not is_scalar(p.wrt[0].shape)
    ]  # fmt: skip
    if not fit:
        raise InputError(f"the theorem {name!r} needs a problem with a scalar function of a vector or matrix")
    best = next((p for p in fit if is_matrix(p.wrt[0].shape)), fit[0])
    return best, THEOREMS[name](best)


def _identification(problem: Problem) -> Step:
    X, L, G = problem.wrt[0], problem.function, problem.answer_symbol
    # A row gradient is not transposed: it stands in front of the differential as it is.
    left = t(G) if G.shape == X.shape else G
    inner = mul(left, D(X))
    form = Line(D(L), inner if is_scalar(inner.shape) else tr(inner))
    return Step(
        "Identification by the trace",
        (
            Say("Bring the differential of a scalar {0} into the form", (L,)),
            Chain((form,)),
            Say("where {0} does not depend on {1}. Then {0} is the gradient:", (G, D(X))),
            Chain((Line(Grad(L, (X,), (), problem.layout), G),)),
        ),
    )


THEOREMS: dict[str, Callable[[Problem], Step]] = {"identification": _identification}
