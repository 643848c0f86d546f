"""The differential method: dL by the rules, every differential to the right, and the gradient is read off.

Source of the method: Magnus and Neudecker, Matrix Differential Calculus, chapters 8 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.abstract import laid
from generator.expr.calculus import D, Under
from generator.expr.letters import in_words
from generator.expr.match import Path, at, depends, find, nodes, substitute, transform, walk
from generator.expr.nodes import Add, Mul, Neg, Node, Product, Sym
from generator.expr.shapes import is_matrix, is_scalar
from generator.methods import combine, frame, identify
from generator.methods.lemma import Lemma, cite, prepare
from generator.methods.naming import name_parts
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules import RULES
from generator.rules.laws import law_for
from generator.rules.rule import Rule, splice
from generator.rules.tidy import tidy


@dataclass
class Telling:
    """What the parts of the method share: the problem, the story, what varies, and the named parts."""

    problem: Problem
    story: Story
    vary: frozenset[str]
    parts: list[tuple[Sym, Node]] = field(default_factory=list)
    lemmas: tuple[Lemma, ...] = ()
    laws: dict[Node, Rule] = field(default_factory=dict)

    def law(self, e: Node) -> Rule:
        """The law that takes a differential apart; every line asks for it again, until it is applied."""
        if e not in self.laws:
            self.laws[e] = law_for(e, self.vary)
        return self.laws[e]


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = ()) -> Derivation:
    """The solution of a problem by differentials.

    Raises:
        NotDerivable: the function is not scalar, or a term cannot be brought into the form tr(G' dX).
    """
    if len(problem.wrt) > 1 and all(is_scalar(s.shape) for s in (problem.function, *problem.wrt)):
        from generator.methods import increments  # it builds on this module

        return increments.tell(problem)
    if len(problem.wrt) != 1:
        raise NotDerivable("the differential method needs one variable", hint="use --method partials")
    of, by = problem.function.shape, problem.wrt[0].shape
    if is_matrix(of) or problem.layout.derivative_shape(of, by) is None:
        raise NotDerivable("the differential method reads off gradients and Jacobians, not tensors")
    told = Telling(problem, Story(), frozenset({problem.wrt[0].name}), lemmas=lemmas)
    gradient = constant(told) or combine.gradient(told, differential(told))
    answer = identify.in_given_symbols(told, gradient)
    return frame.derivation(
        told.problem, "differential", told.story, answer, idea(problem), tuple(told.parts)
    )


def idea(problem: Problem) -> Say:
    """The idea of the method in one sentence."""
    value, x = D(problem.function), D(problem.wrt[0])
    return Say(
        "Write down the differential {0}, move {1} to the right end of every term, "
        "and read off the gradient.",
        (value, x),
    )


def constant(told: Telling) -> Node | None:
    """Zero for a function in which all that varies cancels, as it does in x − x."""
    body = told.problem.body
    plain = tidy(body)
    if depends(plain, told.vary) or not depends(body, told.vary):
        return None
    told.story.step("Simplify")
    told.story.line(told.problem.function, plain, "collect")
    return combine.vanishes(told, combine.INDEPENDENT)


def differential(told: Telling) -> Node:
    """dL, in terms of the differential of the variable alone."""
    return substitute_parts(told, expand_differential(told, named_body(told)))


def named_body(told: Telling) -> Node:
    """Give names to what deserves them and say so."""
    problem = told.problem
    taken = {*problem.names, *(s.name for s in frame.reserved(problem))}
    given = unstacked(told)
    body, told.parts = name_parts(given, told.vary, taken, problem.called)
    told.vary |= {s.name for s, _ in told.parts}
    if told.parts:
        told.story.step("Name the parts")
        for sym, part in told.parts:
            told.story.line(sym, part, mode="definition")
    prepared = prepare(told, body)
    if told.parts and prepared == body:
        told.story.line(problem.function, body, "substitution")
    return prepared


def unstacked(told: Telling) -> Node:
    """The function without the vec of a matrix whose norm is taken, and why."""
    rule, body = RULES["norm of stacked columns"], told.problem.body
    plain = body
    while (new := transform(plain, lambda e: rule.apply(e, told.vary))) != plain:  # one may stand in another
        plain = new
    if plain != body:
        told.story.step(rule.heading)
        told.story.quote(rule)
        told.story.line(told.problem.function, plain, rule.name)
    return plain


def expand_differential(told: Telling, body: Node) -> Node:
    """dL in terms of the differentials of the variable and of the named parts."""
    story, head = told.story, D(told.problem.function)
    story.step("Take the differential")
    current: Node = D(body)
    story.line(head, current, "substitution")
    cited = cite(told, head, current)
    return expand(told, head, current) if cited is None else cited


def expand(told: Telling, head: Node, current: Node) -> Node:
    """Apply the laws of the differential until only d of symbols is left; one law a line."""
    while True:
        place = next((p for p, e in walk(current) if is_open(e, told.vary)), None)
        if place is None:
            return current
        if any(isinstance(e, D) and not depends(e, told.vary) for e in nodes(current)):
            current = vanish(told, head, current)
            continue
        rule = told.law(at(current, place))
        current = apply_everywhere(told, head, current, rule)


def is_open(e: Node, vary: frozenset[str]) -> bool:
    """Whether a node is a differential that still can be expanded."""
    return isinstance(e, D) and not (isinstance(e.arg, Sym) and e.arg.name in vary)


def vanish(told: Telling, head: Node, current: Node) -> Node:
    """Drop the terms with differentials of constants, and say which are constant."""
    gone = {e.arg for e in nodes(current) if isinstance(e, D) and not depends(e, told.vary)}
    quiet = [g for g in gone if not isinstance(g, Sym)]
    new = RULES["vanishing terms"].apply(current, told.vary)
    assert new is not None
    shown = sorted((g for g in gone if isinstance(g, Sym)), key=lambda s: s.name)
    if shown and not quiet:
        many = " and ".join(f"{{{k}}}" for k in range(len(shown)))
        zero = ", ".join(f"{{{k + len(shown)}}}" for k in range(len(shown)))
        facts = [combine.vanishing(D(s)) for s in shown]
        verb = "is constant" if len(shown) == 1 else "are constant"
        told.story.say(f"Here {many} {verb}, so {zero}.", *shown, *facts)
    told.story.line(head, new, "vanishing terms")
    return new


def apply_everywhere(told: Telling, head: Node, current: Node, rule: Rule) -> Node:
    """Apply one law at every place where it is the law to apply."""
    story = told.story
    if not rule.minor:
        if head == D(told.problem.function) and (story.items or len(story.open) > 1):
            story.step(rule.heading)
        story.quote(rule, combine.statement(rule, current, told.vary))
    shown = current
    paths: list[Path] = []
    product = rule.name == "product rule"
    begun = product and any(isinstance(e, D) and not is_open(e, told.vary) for e in nodes(current))
    while (path := next(places(told, current, rule, paths if product else []), None)) is not None:
        new = rule.apply(at(current, path), told.vary)
        assert new is not None
        new = laid(new, told.problem.layout)
        if begun:  # d of a constant was left out elsewhere already, so it is not written here
            new = RULES["vanishing terms"].apply(new, told.vary) or new
        paths.append(path)
        shown = splice(shown, path, braced(at(current, path), new)) if len(paths) == 1 else shown
        current = splice(current, path, new)
    current = tidy(current, collect=False)
    single = len(paths) == 1 and rule.name == "product rule" and find(shown, Under)
    story.line(head, shown if single else current, rule.name, tuple(paths))
    return current


def places(told: Telling, e: Node, rule: Rule, done: list[Path]) -> Iterator[Path]:
    """Where a law is to be applied, but not within what it has just made: that is a line of its own."""
    for path, node in walk(e):
        if fits(told, node, rule) and not any(path[: len(p)] == p for p in done):
            yield path


def fits(told: Telling, e: Node, rule: Rule) -> bool:
    """Whether a node is an open differential whose law is this rule."""
    return is_open(e, told.vary) and depends(e, told.vary) and told.law(e) is rule


def braced(before: Node, after: Node) -> Node:
    """The terms of a product rule, each with a brace that names the factor that changes."""
    if not (isinstance(before, D) and isinstance(before.arg, Product) and isinstance(after, Add)):
        return after
    if len(after.terms) > 3 or any(isinstance(t, Neg) for t in after.terms):
        return after
    terms = []
    for term in after.terms:
        moving = next((f for f in find(term, D)), None)
        if moving is None:
            return after
        terms.append(Under(term, ("change ", moving.arg)))
    return Add(tuple(terms))


def substitute_parts(told: Telling, total: Node) -> Node:
    """Find the differential of every named part that occurs, and put it in, outermost first."""
    story, head = told.story, D(told.problem.function)
    for sym, part in reversed(told.parts):
        story.step(f"Differential of {in_words(sym.name)}")
        story.line(D(sym), D(part), "substitution")
        found = expand(told, D(sym), D(part))
        story.step(f"Substitute d{in_words(sym.name)}")
        put_in = substitute(total, {D(sym): found})
        total = tidy(put_in, collect=False)
        if isinstance(found, Mul) and put_in != total:
            story.line(head, put_in, "substitution")
            story.line(head, total, "associativity")
        else:
            story.line(head, total, "substitution")
    return total
