"""A composition taken apart: the stages that lead from the variable to the function, one after another.

A *waist* of an expression is a part through which alone the variable enters. The waists stand inside one
another, so they form a chain, from the variable to the whole expression; neighbours that differ by a linear
map (or by a number) make one stage.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from generator.errors import NotDerivable
from generator.expr.calculus import App, Mat
from generator.expr.functions import FUNCTIONS
from generator.expr.match import depends, find, nodes, substitute
from generator.expr.nodes import Add, Call, Div, Entry, Had, Mul, Neg, Node, Norm, Num, Pow, Sym, T
from generator.expr.shapes import Dim, is_column, is_matrix, is_row, is_scalar, resolve
from generator.methods.naming import fresh
from generator.problem import Problem

Kind = Literal["same", "abstract", "linear", "elementwise", "norm", "written", "scalar", "other"]
# Letters for a vector, best first, by what it is: r is a residual, z enters an activation.
LETTERS = {"residual": "rsq", "linear": "zuv", "written": "xuv", "result": "haq"}
NUMBERS = "uvwst"
LINEAR_CALLS = frozenset({"tr", "sum", "diag", "diagonal", "vec"})


@dataclass(frozen=True)
class Stage:
    """One stage: ``body`` says how ``out`` is made of ``into`` (the variables, or the stage before)."""

    out: Sym
    body: Node
    into: tuple[Sym, ...]
    kind: Kind


def stages(problem: Problem) -> tuple[Stage, ...]:
    """The stages of a composition, the innermost first.

    Raises:
        NotDerivable: the variable enters the function in more than one way, so there is no composition.
    """
    vary = frozenset(s.name for s in problem.wrt)
    ends = merged([problem.body, *waists(problem.body, vary)], vary)
    if len(ends) < 2:
        raise NotDerivable(
            f"{problem.function.name} is no composition: no part of it holds all of what depends on "
            + " and ".join(s.name for s in problem.wrt),
            hint="use --method differential",
        )
    names = stage_names(problem, ends)
    found, inner, into = [], None, problem.wrt
    for end, name in zip(reversed(ends), reversed(names), strict=True):
        body = end if inner is None else substitute(end, {inner: into[0]})
        found.append(Stage(name, body, into, kind(body, into)))
        inner, into = end, (name,)
    return tuple(found)


def waists(body: Node, vary: frozenset[str]) -> list[Node]:
    """The parts through which alone the variable enters, outermost first."""
    parts = dict.fromkeys(e for e in nodes(body) if e != body and depends(e, vary) and _can_be_named(e))
    blank = Sym("waist", body.shape)
    return [e for e in parts if not depends(substitute(body, {e: Sym(blank.name, e.shape)}), vary)]


def _can_be_named(e: Node) -> bool:
    plain = isinstance(e, Sym | T) or (isinstance(e, Entry) and isinstance(e.base, Sym))
    return not plain and not is_row(e.shape)


def merged(ends: list[Node], vary: frozenset[str]) -> list[Node]:
    """The waists that are worth a name; ``ends`` begins with the whole expression."""
    kept: list[Node] = []
    for k, outer in enumerate(ends):
        inner = ends[k + 1] if k + 1 < len(ends) else None
        if kept and joins(kept[-1], outer, inner, vary):
            continue
        kept.append(outer)
    return kept


def joins(above: Node, here: Node, below: Node | None, vary: frozenset[str]) -> bool:
    """Whether ``here`` needs no name between the stage above and the waist below."""
    mark = Sym("waist", here.shape)
    up = substitute(above, {here: mark})
    if trivial(up, mark) or (isinstance(below, Mat) and is_scalar(here.shape)):
        return True  # a function of named coordinates is one stage
    if isinstance(here, Norm) and any(p.base == mark for p in find(up, Pow)):
        return True
    if below is None:
        inner = [s for s in find(here, Sym) if s.name in vary]
        return len(set(inner)) == 1 and linear(up, mark) and linear(here, inner[0])
    low = Sym("waist below", below.shape)
    return linear(up, mark) and linear(substitute(here, {below: low}), low)


def linear(e: Node, u: Sym) -> bool:
    """Whether an expression is linear in a symbol, up to a constant."""
    if not depends(e, frozenset({u.name})):
        return True
    match e:
        case Sym():
            return True
        case Neg() | T():
            return linear(e.arg, u)
        case Add():
            return all(linear(t, u) for t in e.terms)
        case Div():
            return not depends(e.den, frozenset({u.name})) and linear(e.num, u)
        case Mul() | Had():
            live = [f for f in e.factors if depends(f, frozenset({u.name}))]
            return len(live) == 1 and linear(live[0], u)
        case Call() if e.name in LINEAR_CALLS:
            return linear(e.args[0], u)
    return False


def trivial(e: Node, u: Sym) -> bool:
    """Whether an expression is a number times a symbol, plus a constant."""
    if e == u:
        return True
    match e:
        case Neg():
            return trivial(e.arg, u)
        case Add():
            live = [t for t in e.terms if depends(t, frozenset({u.name}))]
            return len(live) == 1 and trivial(live[0], u)
        case Div():
            return isinstance(e.den, Num) and trivial(e.num, u)
        case Mul():
            rest = [f for f in e.factors if not _numeric(f)]
            return len(rest) == 1 and trivial(rest[0], u)
    return False


def _numeric(e: Node) -> bool:
    return not any(isinstance(n, Sym) for n in nodes(e)) and is_scalar(e.shape)


def kind(body: Node, into: tuple[Sym, ...]) -> Kind:
    """What sort of map a stage is; it decides how its derivative is told."""
    if isinstance(body, App) and body.args == into and len(into) == 1:
        return "abstract"
    if (
        len(into) > 1
        or find(body, Mat)
        or any(isinstance(e.base, Sym) and e.base in into for e in find(body, Entry))
    ):
        return "written"
    u = into[0]
    if linear(body, u):
        return "linear"
    core = body
    while isinstance(core, Neg | Add | Mul | Div) and is_column(core.shape):
        inner = [k for k in _parts(core) if depends(k, frozenset({u.name}))]
        if len(inner) != 1:
            break
        core = inner[0]
    if isinstance(core, Call) and FUNCTIONS[core.name].elementwise and is_column(core.shape):
        return "elementwise"
    if any(p.base == Norm(u) for p in find(body, Pow) if is_column(u.shape)) and len(find(body, Sym)) == 1:
        return "norm"
    return "scalar" if is_scalar(body.shape) and is_scalar(u.shape) else "other"


def _parts(e: Neg | Add | Mul | Div) -> tuple[Node, ...]:
    match e:
        case Neg():
            return (e.arg,)
        case Add():
            return e.terms
        case Mul():
            return e.factors
    return (e.num, e.den)


def stage_names(problem: Problem, ends: list[Node]) -> list[Sym]:
    """A name for every end; the outermost is the function itself. Several of one kind are numbered."""
    used = names_taken(problem)
    wanted = [_letters(end, ends[k]) for k, end in enumerate(ends[1:])]
    vectors = Counter(w for w, end in zip(wanted, ends[1:], strict=True) if is_column(end.shape))
    names, counts = [], Counter[str]()
    for letters, end in reversed([*zip(wanted, ends[1:], strict=True)]):
        counts[letters] += 1
        numbered = f"{letters[0]}{counts[letters]}"
        if (own := problem.called(end)) is not None:
            name = own.name
        elif vectors[letters] > 1 and is_column(end.shape) and numbered not in used:
            name = numbered
        else:
            name = _free(letters, end, used)
        used.add(name)
        names.append(Sym(name, end.shape))
    return [problem.function, *reversed(names)]


def names_taken(problem: Problem) -> set[str]:
    """The names that a stage cannot have: of symbols, of the function and its derivative, of sizes."""
    sides = (d for s in problem.symbols.values() for d in map(resolve, s.shape))
    sizes = {name for d in sides if isinstance(d, Dim) for name in d.names}
    return {*problem.names, problem.answer_symbol.name, *sizes}


def part_name(part: Node, above: Node, used: set[str]) -> Sym:
    """A name for a part, which is then taken."""
    letters = "uvw" if isinstance(part, Sym) and not is_scalar(part.shape) else _letters(part, above)
    name = _free(letters, part, used)
    used.add(name)
    return Sym(name, part.shape)


def _free(letters: str, part: Node, used: set[str]) -> str:
    """The first letter that is free, a capital for a matrix."""
    fitting = letters.upper() if is_matrix(part.shape) else letters
    first = letters[0], letters[0], letters[0].upper()
    return next((c for c in fitting if c not in used), None) or fresh(first, part, used)


def _letters(end: Node, above: Node) -> str:
    """The usual letters for a part, by what it is and what becomes of it."""
    if is_scalar(end.shape):
        return NUMBERS
    if isinstance(end, Mat):
        role = "written"
    elif any(n.arg == end for n in find(above, Norm)) or _entered_twice(end, above):
        role = "residual"
    else:
        role = "result" if isinstance(end, Call) and FUNCTIONS[end.name].elementwise else "linear"
    return LETTERS[role]


def _entered_twice(end: Node, above: Node) -> bool:
    return sum(e == end for e in nodes(above)) > 1
