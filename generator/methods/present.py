"""The end of a telling: what is known of the given matrices is used, and the answer is made short."""

from __future__ import annotations

from collections.abc import Iterable

from generator.expr.calculus import Rel
from generator.expr.make import had
from generator.expr.match import find, transform
from generator.expr.nodes import Had, Node, T
from generator.methods.moves import transposed
from generator.methods.story import Story
from generator.methods.symmetry import symmetric, use_symmetry
from generator.rules.factoring import arranged, factored, multiplied_out
from generator.rules.ink import ink
from generator.rules.nary import transpose_once
from generator.rules.rule import Rule
from generator.rules.shorten import difference, pushed
from generator.rules.simplify import SIMPLIFY, may_fit, shortened
from generator.rules.tidy import tidy

MOST_ROUNDS = 4


def present(story: Story, head: Node, now: Node) -> Node:
    """The answer in its best form; ``head`` is what it is equal to. Each law is a line of its own."""
    opened = tidy(multiplied_out(now))
    gained = opened != now and any(gains(rule, opened, now) for rule in SIMPLIFY)
    if gained and 3 * ink(quickly(opened)) <= 2 * ink(quickly(now)):
        begin(story)
        story.line(head, opened, "distributive law")
        now = opened
    for _ in range(MOST_ROUNDS):
        new = collected(story, head, by_laws(story, head, by_symmetry(story, head, now)))
        if new == now:
            break
        now = new
    return now


def settled(story: Story, d: Node, answer: Node) -> Node:
    """Transposes pushed to the symbols, where that takes no more of them; what all terms share in front."""
    passes = [answer]
    while (new := tidy(transpose_pass(passes[-1], frozenset()), collect=False)) != passes[-1]:
        passes.append(new)
    pushed, plain = (factored(tidy(e)) for e in (passes[-1], answer))
    if len(passes) > 1 and len(find(pushed, T)) <= len(find(plain, T)):
        for now in passes[1:]:
            story.line(d, now, "transpose of a product")
        answer = passes[-1]
    return present(story, d, answer)


def transpose_pass(e: Node, vary: frozenset[str]) -> Node:
    """Push every transpose of something compound one level in, unless it stands best where it is."""
    return transform(e, lambda n: transpose_once(n, vary) if isinstance(n, T) and not rests(n) else None)


def rests(e: T) -> bool:
    """Whether the transpose of a whole is shorter than those of its parts: (Ab ∘ c)ᵀ, (x − m)ᵀ."""
    if difference(e.arg):
        return True
    if not isinstance(e.arg, Had):
        return False
    return ink(had(*(tidy(transposed(f)) for f in e.arg.factors))) > ink(e)


def quickly(e: Node) -> Node:
    """What the laws make of an expression, untold."""
    for _ in range(2):  # factoring may bring together what a law needs
        for rule in SIMPLIFY:
            e = shortened(e, rule) or e
        e = shortest(e)
    return e


def gains(rule: Rule, opened: Node, now: Node) -> bool:
    """Whether a law fits only after multiplying out."""
    pattern = rule.by is None and may_fit(rule, opened)
    return pattern and shortened(opened, rule) is not None and shortened(now, rule) is None


def shortest(e: Node) -> Node:
    """The expression factored; with transposes at the leaves, or multiplied out, before it is.

    Sums that stand for something, such as a residual, are opened only where that saves a third.
    """
    forms = dict.fromkeys((e, pushed(e)))
    whole = least({**forms, multiplied_out(e, every=False): None})
    opened = [form for form in dict.fromkeys(map(multiplied_out, forms)) if form not in forms]
    if not opened:
        return whole
    best = least(opened)
    return best if 3 * ink(best) <= 2 * ink(whole) else whole


def least(forms: Iterable[Node]) -> Node:
    """The shortest of some forms after factoring."""
    return min((factored(tidy(form)) for form in forms), key=ink)


def by_symmetry(story: Story, head: Node, now: Node) -> Node:
    """Drop the transposes of symmetric matrices, and say which are symmetric."""
    known = use_symmetry(now)
    if known == now:
        return now
    story.step("Use the symmetry")
    facts = [Rel(T(e), "=", e) for e in dict.fromkeys(t.arg for t in find(now, T)) if symmetric(e)]
    listed = " and ".join(f"{{{k}}}" for k in range(len(facts)))
    story.say(f"Here {listed}.", *facts)
    story.line(head, known, "symmetric matrices")
    return known


def by_laws(story: Story, head: Node, now: Node) -> Node:
    """Use every law that makes the answer shorter."""
    for rule in SIMPLIFY:
        new = shortened(now, rule)
        if new is None:
            continue
        begin(story)
        if not rule.minor:
            story.quote(rule)
        story.line(head, new, rule.name)
        now = new
    return now


def collected(story: Story, head: Node, now: Node) -> Node:
    """Add up equal terms and factor out what they share."""
    for new, rule in ((tidy(now), "collect"), (arranged(shortest(now)), "common factors")):
        if new != now:
            if not (story.items or story.open):
                begin(story)
            story.line(head, new, rule)
            now = new
    return now


def begin(story: Story) -> None:
    """Go on in the step that tells the answer, or begin one."""
    if story.title not in ("Put the names back in", "Use the symmetry", "Simplify"):
        story.step("Simplify")
