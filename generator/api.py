"""The Python interface: ``generator.derive("tr(A @ X)", "X")`` gives a ``Solution``, also for Jupyter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from generator import methods
from generator.confirmation import judge_answers
from generator.errors import InputError, NotDerivable, did_you_mean
from generator.expr.abstract import Abstract
from generator.expr.calculus import Sum
from generator.expr.function_reader import Written, listed, read_written
from generator.expr.infer import ASSUMPTIONS, parse_functions, parse_shapes, parse_symbol_spec
from generator.expr.layout import LAYOUTS
from generator.expr.make import t
from generator.expr.match import find, occurs, substitute
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import is_column, is_row, is_scalar, show
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.problem import Problem, check_detail
from generator.solution import NAME, Solution, confirmed

Shapes = Mapping[str, "str | int | Iterable[str | int]"] | Iterable[str]


def derive(
    function: Any,
    wrt: Any,
    shapes: Shapes = (),
    assume: Mapping[str, str | Iterable[str]] | None = None,
    method: str | Iterable[str] | None = None,
    layout: str = "gradient-column",
    order: int = 1,
    set_to_zero: bool = False,
    detail: str = "full",
    functions: Mapping[str, str] | Iterable[str] = (),
    structured: bool = False,
) -> Solution:
    """Derive the gradient, Jacobian or Hessian of a function, confirm every formula, judge the answer.

    ``function`` is text in the language or LaTeX, perhaps with a name before it (``"f(x) = x.T @ A @ x"``);
    ``wrt`` is a name or several (``"u,v"``); ``shapes`` is a mapping such as ``{"X": "n,m"}`` or items such
    as ``"X=n,m"``, and what is not said there is inferred; ``assume`` maps names to assumptions.
    ``method`` says how to tell it; several (``"differential,chain"``) tell it in as many ways.
    ``functions`` declares abstract ones by what they map, ``{"f": "d -> n"}`` or ``["f=d->n"]``.
    ``order`` 2 asks for the Hessian, ``set_to_zero`` for the points where the gradient vanishes. ``detail``
    says how much is told: every line (``full``), one line a thought (``standard``), or the main lines
    (``brief``). ``structured`` asks for the derivative by entries that keep a symmetric or diagonal
    variable so.
    Instead of text, ``function`` may be an expression of SymPy, and ``wrt`` symbols of SymPy.

    Raises:
        InputError: the function, a shape or an option cannot be understood.
        NotDerivable: no method can derive it.
        CheckFailed: a formula or the answer is not confirmed.
    """
    problem, inferred = pose(function, wrt, shapes, assume or {}, method, layout, functions)
    problem = replace(problem, set_to_zero=set_to_zero, detail=check_detail(detail))
    problem = of_order(problem, order)
    if structured:
        problem = on_structure(problem)
    derivation = methods.derive(problem)
    judge_answers([derivation])
    return confirmed(derivation, inferred, _others_symbols(function))


def check(
    answer: Any,
    function: Any,
    wrt: Any,
    shapes: Shapes = (),
    assume: Mapping[str, str | Iterable[str]] | None = None,
    layout: str = "gradient-column",
    order: int = 1,
) -> float:
    """How far an answer of your own is from the derivative of a function, relative to its size.

    The answer is written like the function, which is differentiated numerically at several random points.

    Raises:
        InputError: something in it cannot be understood.
        CheckFailed: it is not the derivative; the message holds both values in one entry.
    """
    problem, _ = pose(function, wrt, shapes, assume or {}, None, layout)
    problem = of_order(problem, order)
    found = _written(answer, problem.symbols, [], problem.functions).body
    wanted = problem.answer_symbol.shape
    return judge(problem, t(found) if is_column(found.shape) and is_row(wanted) else found)


def pose(
    function: Any,
    wrt: Any,
    shapes: Shapes,
    assume: Mapping[str, str | Iterable[str]],
    method: str | Iterable[str] | None,
    layout: str,
    functions: Mapping[str, str] | Iterable[str] = (),
) -> tuple[Problem, frozenset[str]]:
    """The problem in these words, and the names whose shapes were inferred.

    Raises:
        InputError: something in it cannot be understood.
    """
    if layout not in LAYOUTS:
        hint = did_you_mean(layout, LAYOUTS) or f"the layouts are {', '.join(LAYOUTS)}"
        raise InputError(f"there is no layout {layout!r}", hint=hint)
    names = _names(wrt)
    declared, abstract = parse_shapes(_items(shapes)), parse_functions(_maps(functions))
    written = _written(function, declared, names, abstract)
    if square := _square(written.symbols, declared, assume):
        written = _written(function, {**declared, **square}, names, abstract)
    if assume:
        written = _written(function, _assumed(written.symbols, assume), names, abstract)
    body = written.body
    symbols = {s.name: s for s in find(body, Sym)} | written.symbols  # in the order of appearance
    if written.name in {*symbols, *abstract}:
        raise InputError(f"`{written.name}` names the function and a symbol in it", hint="rename one of them")
    problem = Problem(
        id=NAME,
        title=f"Derivative of {function}",
        symbols=symbols,
        function=Sym(written.name or _free_name(body, {*symbols, *abstract}), body.shape),
        body=body,
        text=written.text or _text(body),
        wrt=tuple(_variable(name, symbols, body, several=len(names) > 1) for name in names),
        parameters=tuple(symbols[name] for name in written.parameters),
        layout=LAYOUTS[layout],
        methods=tuple(listed(method or ())),
        functions=abstract,
        rows=tuple(symbols[name] for name in written.rows),
    )
    return problem, frozenset(symbols.keys() - declared.keys())


def _written(
    function: Any, declared: Mapping[str, Sym], names: Iterable[str], abstract: Mapping[str, Abstract]
) -> Written:
    """The function, from text or from SymPy; what is declared of a symbol holds."""
    if isinstance(function, str):
        return read_written(function, declared, names, abstract)
    from generator.expr.from_sympy import read

    body, _ = read(function)
    body = substitute(body, {s: declared.get(s.name, s) for s in find(body, Sym)})
    known = {s.name: s for s in find(body, Sym)}
    return Written("", (), {**{n: s for n, s in declared.items() if n in names}, **known}, body)


def _others_symbols(function: Any) -> Mapping[str, Any]:
    """SymPy's own symbols by name, if the function is SymPy's."""
    if isinstance(function, str):
        return {}
    from generator.expr.from_sympy import read

    return read(function)[1]


def _names(wrt: Any) -> list[str]:
    """The names of the variables, from text, from symbols of SymPy, or from several of them."""
    several = wrt if isinstance(wrt, str) or not hasattr(wrt, "name") else [wrt]
    return listed(several if isinstance(several, str) else [getattr(s, "name", s) for s in several])


def on_structure(problem: Problem) -> Problem:
    """The problem that asks for the derivative by entries that keep the structure of the variable.

    Raises:
        InputError: it has none.
    """
    if not problem.structure:
        raise InputError(
            f"`{problem.wrt[0].name}` has no structure to keep",
            hint="assume that it is symmetric, positive definite or diagonal, and take a scalar function",
        )
    return replace(problem, structured=True)


def of_order(problem: Problem, order: int) -> Problem:
    """The problem that asks for first or second derivatives.

    Raises:
        InputError: there is no such derivative.
        NotDerivable: the Hessian of a vector or a matrix.
    """
    if order not in (1, 2):
        raise InputError(f"derivatives of order {order!r} are not derived", hint="1 or 2 are")
    if order == 2 and not is_scalar(problem.function.shape):
        message = f"a Hessian needs a scalar function, this one is a {show(problem.function.shape)}"
        hint = "take one component of it"
        raise NotDerivable(message, hint=hint, source=problem.text, column=0, width=len(problem.text))
    return replace(problem, order=order)


def _text(body: Node) -> str:
    """The body in the NumPy-like language; a sum over an index has no such form yet."""
    return "" if find(body, Sum) else to_text(body)


def _items(shapes: Shapes) -> list[str]:
    if not isinstance(shapes, Mapping):
        return [shapes] if isinstance(shapes, str) else list(shapes)
    sides = {n: [s] if isinstance(s, str | int) else list(s) for n, s in shapes.items()}
    return [f"{name}={','.join(map(str, s))}" for name, s in sides.items()]


def _maps(functions: Mapping[str, str] | Iterable[str]) -> list[str]:
    if isinstance(functions, Mapping):
        return [f"{name}={maps}" for name, maps in functions.items()]
    return [functions] if isinstance(functions, str) else list(functions)


def _square(
    symbols: Mapping[str, Sym], declared: Mapping[str, Sym], assume: Mapping[str, str | Iterable[str]]
) -> dict[str, Sym]:
    """The matrices of inferred shapes that what is assumed makes square."""
    found = {}
    for name, words in assume.items():
        given = [words] if isinstance(words, str) else list(words)
        known = symbols.get(name)
        if known is None or name in declared or is_scalar(known.shape) or is_column(known.shape):
            continue
        if known.shape[0] != known.shape[1] and any(ASSUMPTIONS.get(w.replace(" ", "_")) for w in given):
            side = str(known.shape[1])
            found[name] = parse_symbol_spec(name, f"{side} {side}")
    return found


def _assumed(symbols: dict[str, Sym], assume: Mapping[str, str | Iterable[str]]) -> dict[str, Sym]:
    """The symbols with what is assumed of them besides."""
    for name, words in assume.items():
        if name not in symbols:
            raise InputError(f"the function has no symbol `{name}`", hint=did_you_mean(name, symbols))
        known = symbols[name]
        sides = (
            "" if is_scalar(known.shape) else " ".join(map(str, known.shape[: 2 - is_column(known.shape)]))
        )
        more = [words] if isinstance(words, str) else list(words)
        given = {*known.assume, *(word.replace(" ", "_") for word in more)}
        symbols[name] = parse_symbol_spec(name, sides, given)
    return symbols


def _variable(name: str, symbols: Mapping[str, Sym], body: Node, *, several: bool) -> Sym:
    symbol = symbols[name]
    if not occurs(symbol, body):
        others = [n for n, s in symbols.items() if occurs(s, body)]
        hint = did_you_mean(name, others) or (f"its symbols are {', '.join(others)}" if others else None)
        raise InputError(
            f"the function does not depend on `{name}`", hint=hint, source=name, column=0, width=len(name)
        )
    if several and not is_scalar(symbol.shape):
        hint = f"derive by `{name}` alone, or declare it as a number: --shape {name}="
        raise InputError(f"`{name}` is not a number", hint=hint)
    return symbol


def _free_name(body: Node, taken: Collection[str]) -> str:
    """A letter for the value of the function that nothing else has."""
    usual = "Lfg" if is_scalar(body.shape) else "yzf" if is_column(body.shape) else "YZF"
    letters = list(usual) + [f"{usual[0]}{k}" for k in range(1, len(taken) + 2)]
    return next(letter for letter in letters if letter not in taken)
