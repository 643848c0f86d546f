"""Expressions rewritten into forms that do not overflow and lose no digits, before they become code."""

from __future__ import annotations

from collections.abc import Iterable

from generator.expr.functions import FUNCTIONS
from generator.expr.make import neg
from generator.expr.match import substitute
from generator.expr.nodes import Add, Call, Node, Num, Ones, Pow, Sym
from generator.expr.text_reader import Scope, parse


def one_plus_exp(node: Node) -> Node | None:
    """The z of 1 + exp(z)."""
    if not isinstance(node, Add) or len(node.terms) != 2:
        return None
    for one, power in (node.terms, node.terms[::-1]):
        if is_one(one) and isinstance(power, Call) and (power.name, power.order) == ("exp", 0):
            return power.args[0]
    return None


def is_one(node: Node) -> bool:
    """Whether this is the number one or an array of ones."""
    return isinstance(node, Ones) or (isinstance(node, Num) and node.value == 1)


def quotient(above: Iterable[Node], below: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """Numerators and denominators with sigmoids for 1 / (1 + exp(z)) and exp(z) / (1 + exp(z))."""
    above, kept = list(above), []
    for node in (part for whole in below for part in _repeated(whole)):
        z = one_plus_exp(node)
        if z is None:
            kept.append(node)
        elif (power := Call("exp", (z,))) in above:
            above[above.index(power)] = Call("sigmoid", (z,))
        else:
            above.append(Call("sigmoid", (neg(z),)))
    return above, kept


def _repeated(node: Node) -> list[Node]:
    """A square or a cube of 1 + exp(z) as its factors; anything else as it is."""
    few = isinstance(node, Pow) and isinstance(node.exponent, Num) and node.exponent.value in (2, 3)
    if few and isinstance(node, Pow) and isinstance(node.exponent, Num) and one_plus_exp(node.base):
        return [node.base] * int(node.exponent.value)
    return [node]


def logarithm(node: Call) -> tuple[str, Node] | None:
    """The function that is meant by a logarithm, and its argument: softplus, logsumexp or logdet."""
    (inner,) = node.args
    z = one_plus_exp(inner)
    if z is not None:
        return "softplus", z
    if isinstance(inner, Call) and inner.name == "det":
        return "logdet", inner.args[0]
    if isinstance(inner, Call) and inner.name == "sum":
        (power,) = inner.args
        if isinstance(power, Call) and (power.name, power.order) == ("exp", 0):
            return "logsumexp", power.args[0]
    return None


def slope(node: Call) -> Node:
    """The derivative of an elementwise function, written out by its row in the table of functions."""
    text = FUNCTIONS[node.name].derivative
    x = Sym("x", node.shape)
    return substitute(parse(text, Scope({"x": x})), {x: node.args[0]})
