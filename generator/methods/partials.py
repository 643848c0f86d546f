"""The method of partial derivatives: written-out coordinates, term by term, then stacked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import App, Group, Mat, Partial, Under
from generator.expr.make import add, mul, num, scalar
from generator.expr.match import children, depends, find, nodes, substitute, transform, with_children
from generator.expr.nodes import Add, Call, Entry, Eye, Mul, Neg, Node, Num, Ones, Pow, Sym, Zero
from generator.expr.shapes import Dim, is_column, is_scalar
from generator.methods import evaluation, frame
from generator.methods.coordinates import in_coordinates
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.laws import law_for, mistaken
from generator.rules.tidy import tidy

CHAIN_RULE = "chain rule"


def tell(problem: Problem) -> Derivation:
    """The gradient of a function that is written out in coordinates.

    Raises:
        NotDerivable: the function is not written in the entries of its variable.
    """
    if not is_scalar(problem.function.shape):
        from generator.methods import component_map

        return component_map.tell(problem)
    story, given = Story(), problem
    problem = in_coordinates(problem, story, value_of(problem))
    coordinates = coordinates_of(problem)
    if len(problem.wrt) == 1 and is_scalar(problem.wrt[0].shape):
        return one_variable(problem, story)
    goal(problem, story, coordinates)
    partials = [one_partial(problem, story, coordinates, k) for k in range(len(coordinates))]
    answer = stacked(problem, tuple(partials))
    story.step("Stack the partial derivatives")
    story.line(frame.gradient_of(problem), answer, "assembly")
    at_point = (evaluation.tell(problem, story, coordinates, answer),) if problem.at else ()
    idea = Say(
        "Take one partial derivative for each coordinate, all others held fixed, and stack the results."
    )
    found = frame.derivation(given, "partials", story, answer, idea)
    return replace(found, answers=(*found.answers, *at_point))


def stacked(problem: Problem, entries: tuple[Node, ...]) -> Mat:
    """The entries of a gradient as a column, or as a row where the layout has it so."""
    return Mat(entries, 1 if problem.layout.gradient == "column" else len(entries))


def one_variable(problem: Problem, story: Story) -> Derivation:
    """The derivative by a single scalar."""
    answer = one_partial(problem, story, problem.wrt, 0)
    idea = Say("Differentiate term by term; everything but {0} is held fixed, like a number.", problem.wrt)
    return frame.derivation(problem, "partials", story, answer, idea)


def coordinates_of(problem: Problem) -> tuple[Node, ...]:
    """The coordinates: the entries of a vector of known size, or the scalars.

    Raises:
        NotDerivable: see ``tell``.
    """
    varying = frozenset(s.name for s in problem.wrt)
    cancels = depends(problem.body, varying) and not depends(tidy(problem.body), varying)
    if cancels and len(problem.wrt) == 1:
        raise NotDerivable("all that varies cancels", hint="use --method differential")
    if all(is_scalar(s.shape) for s in problem.wrt):
        if any(
            isinstance(e, Sym | Eye | Ones | Zero) and not is_scalar(e.shape) for e in nodes(problem.body)
        ):
            raise NotDerivable("the function contains vectors or matrices", hint="use --method differential")
        return problem.wrt
    x = problem.wrt[0]
    n = x.shape[0]
    whole = transform(problem.body, lambda e: num(0) if isinstance(e, Entry) and e.base == x else None)
    if not (is_column(x.shape) and isinstance(n, Dim) and not n.names) or depends(whole, frozenset({x.name})):
        raise NotDerivable(
            f"the method of partial derivatives needs {x.name} written out in coordinates ({x.name}_1, …)",
            hint="use --method differential",
        )
    return tuple(Entry(x, (num(k),)) for k in range(1, n.factor + 1))


def goal(problem: Problem, story: Story, coordinates: tuple[Node, ...]) -> None:
    """What the gradient is: one partial derivative for each coordinate."""
    gradient = frame.gradient_of(problem)
    story.step("Understand the goal")
    listed = ", ".join(f"{{{k + 1}}}" for k in range(len(coordinates)))
    story.say(
        f"The gradient collects one partial derivative for each of the {len(coordinates)} coordinates "
        f"{listed}, so it is a vector of size {{0}}.",
        num(len(coordinates)), *coordinates,
    )  # fmt: skip
    partials = tuple(Partial(problem.function, c, problem.layout) for c in coordinates)
    story.line(gradient, stacked(problem, partials), "assembly")


def one_partial(problem: Problem, story: Story, coordinates: tuple[Node, ...], k: int) -> Node:
    """One partial derivative: roles of the terms, their derivatives unevaluated, then simplified."""
    here = coordinates[k]
    story.step(f"Partial derivative with respect to {plain_name(here, k)}")
    others = [c for c in coordinates if c != here]
    held = " and ".join(f"{{{j + 1}}}" for j in range(len(others)))
    if others:
        story.say(
            f"Only {{0}} moves; {held} {'is' if len(others) == 1 else 'are'} held fixed, like a number.",
            here,
            *others,
        )
    names, back = renamed(coordinates)
    body, x = substitute(problem.body, names), names[here]
    terms = terms_of(body)
    if len(terms) > 1:
        shown = add(*(role(t, x, here) for t in terms))
        story.line(value_of(problem), substitute(shown, back), "roles")
    compositions = [substitute(t.arg if isinstance(t, Neg) else t, back) for t in terms if composed(t, x)]
    if compositions and CHAIN_RULE not in story.quoted:
        story.quoted.add(CHAIN_RULE)
        story.say(
            "{0} is a composition, so it takes the chain rule: differentiate from the outside inwards, "
            "and multiply.",
            compositions[0],
        )
    head = Partial(problem.function, here, problem.layout)
    result = differentiate(story, head, terms, x, back)
    return substitute(result, back)


def renamed(coordinates: tuple[Node, ...]) -> tuple[dict[Node, Sym], dict[Node, Node]]:
    """A number for each coordinate, which may be an entry; and the way back."""
    names = {c: scalar(f"coordinate{j}") for j, c in enumerate(coordinates)}
    return names, {v: k for k, v in names.items()}


def terms_of(e: Node) -> tuple[Node, ...]:
    """The terms of a sum, or the expression itself."""
    return e.terms if isinstance(e, Add) else (e,)


def value_of(problem: Problem) -> Node:
    """The function value as it is written: f(x) or L."""
    return App(problem.function, problem.parameters) if problem.parameters else problem.function


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def plain_name(c: Node, place: int) -> str:
    """A coordinate in words, for a title: the letter of a scalar, or which entry of the vector."""
    if isinstance(c, Sym):
        return c.name
    return f"the {ORDINALS[place]} coordinate" if place < len(ORDINALS) else f"coordinate {place + 1}"


def role(term: Node, x: Sym, shown: Node) -> Node:
    """A term with a brace that says how it depends on the coordinate."""
    inner = term.arg if isinstance(term, Neg) else term
    note: tuple[str | Node, ...]
    if not depends(inner, frozenset({x.name})):
        note = ("constant",)
    elif is_linear(inner, x):
        note = ("linear in ", shown)
    else:
        note = ("depends on ", shown)
    braced = Under(inner, note)
    return Neg(braced) if isinstance(term, Neg) else braced


def is_linear(e: Node, x: Sym) -> bool:
    """Whether a term is a constant times x."""
    factors = e.factors if isinstance(e, Mul) else (e,)
    return sum(depends(f, frozenset({x.name})) for f in factors) == 1 and x in factors


def composed(term: Node, x: Sym) -> bool:
    """Whether a term contains a function or a power of more than x alone."""
    inside = [e.args[0] for e in find(term, Call)] + [e.base for e in find(term, Pow)]
    return any(e != x and depends(e, frozenset({x.name})) for e in inside)


def differentiate(story: Story, head: Node, terms: tuple[Node, ...], x: Sym, back: dict[Node, Node]) -> Node:
    """Differentiate term by term; each pass is one line."""
    layout = head.layout if isinstance(head, Partial) else Partial(x, x).layout
    open_terms = (
        Neg(Partial(t.arg, x, layout)) if isinstance(t, Neg) else Partial(t, x, layout) for t in terms
    )
    now = add(*open_terms)
    story.line(head, substitute(now, back), "sum rule" if len(terms) > 1 else "substitution")
    while find(now, Partial):
        now = one_pass(now, x)
        story.line(head, substitute(now, back), "term by term")
    final = tidy(ungrouped(now))
    if final != now:
        story.line(head, substitute(final, back), "collect")
    return final


def one_pass(e: Node, x: Sym) -> Node:
    """Carry out every open partial derivative by one step."""
    parts = tuple(one_pass(k, x) if not isinstance(k, Partial) else step(k, x) for k in children(e))
    if isinstance(e, Partial):
        return step(e, x)
    if isinstance(e, Add):
        return add(*parts)
    if isinstance(e, Mul):
        return mul(*[f for f in parts if f != num(1)] or parts[:1])
    return with_children(e, parts) if parts else e


def step(e: Partial, x: Sym) -> Node:
    """One step on ∂e/∂x: at once for constants and multiples of powers of x, otherwise the law that fits."""
    of = e.of
    if not depends(of, frozenset({x.name})):
        return num(0)
    if of == x:
        return num(1)
    if isinstance(of, Mul) and is_linear(of, x):
        return mul(*(f for f in of.factors if f != x), Group(Num(Fraction(1))))
    factors = of.factors if isinstance(of, Mul) else (of,)
    live = [f for f in factors if depends(f, frozenset({x.name}))]
    if (
        len(live) == 1
        and isinstance(live[0], Pow)
        and live[0].base == x
        and not depends(live[0].exponent, frozenset({x.name}))
    ):
        p = live[0].exponent
        wrong = mistaken("power rule", Partial(live[0], x), frozenset({x.name}))
        lowered = tidy(one_pass(wrong, x) if wrong else mul(p, Pow(x, Add((p, Neg(num(1)))))))
        return tidy(mul(*(lowered if f is live[0] else f for f in factors)))
    vary = frozenset({x.name})
    new = law_for(e, vary).apply(e, vary)
    assert new is not None
    return tidy(own_slope(new, x) if isinstance(of, Call) else new, collect=False)


def own_slope(e: Node, x: Node) -> Node:
    """The derivative of a coordinate by itself is 1."""
    return transform(e, lambda n: num(1) if isinstance(n, Partial) and n.of == x else None)


def ungrouped(e: Node) -> Node:
    """Without explicit parentheses."""
    return transform(e, lambda n: ungrouped(n.arg) if isinstance(n, Group) else None)
