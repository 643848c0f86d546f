"""Derivatives: ∂f/∂x, higher ones, ∂_x f, and gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.expr.calculus import App, Grad, Group, Mat, Partial
from generator.expr.grammar import STRUCTURES, is_stacked
from generator.expr.latex_names import begins_name, glyph, meaning
from generator.expr.latex_scripts import Range, apply, scripts, spelling
from generator.expr.latex_tokens import Token
from generator.expr.make import num
from generator.expr.match import children, symbols
from generator.expr.nodes import Entry, Mul, Node, Num, Pow, Sym
from generator.expr.shapes import is_scalar

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser


def derivative(p: Parser, token: Token, num: Range, den: Range) -> Node | None:
    """The derivative that a fraction stands for, or ``None`` if it is a quotient."""
    if not p.look(num, lambda: _mark(p) or _lone_d(p)) or not p.look(den, lambda: _mark(p)):
        return None
    wrt = p.attempt(*den, lambda: _below(p))
    if wrt is None:
        if p.tokens.items[den[0]].value != r"\partial":
            return None  # a quotient that happens to begin with a differential
        wrt = p.within(*den, lambda: _below(p))
    order, of = p.within(*num, lambda: _above(p))
    if len(wrt) != order:
        p.fail(f"a derivative of order {order} by {len(wrt)} variables", token)
    if of is None:
        of = _operand(p)
    elif p.at("("):
        of = _at_variables(p, of)
    return _nest(p, token, of, wrt)


def _mark(p: Parser) -> int:
    """How many tokens make the ∂ or d here."""
    return 1 if p.at(r"\partial") else p.differential()


def _lone_d(p: Parser) -> int:
    """An italic d that is all of a numerator but for its order, as in d/dx."""
    alone = p.peek(1) is None or p.at("^", ahead=1)
    return int(p.at("d") and alone and p.names.find("d", "", "", "") is None)


def _above(p: Parser) -> tuple[int, Node | None]:
    """The numerator after its ∂: the order, and the expression if there is one."""
    p.i += _mark(p) or _lone_d(p)
    order = 1
    if p.at("^"):
        p.take()
        exponent = p.within(*p.argument(), p.sum)
        if not isinstance(exponent, Num) or not 0 < exponent.value < 9 or exponent.value.denominator != 1:
            p.unexpected("the order of a derivative is a number")
        order = int(exponent.value)
    return order, None if p.peek() is None else p.sum()


def _below(p: Parser) -> list[Node]:
    """The variables in the denominator, in the order in which they are printed."""
    found: list[Node] = []
    while (token := p.peek()) is not None:
        length = _mark(p)
        if not length:
            p.unexpected()
        p.i += length
        close = p.tokens.partner.get(p.i, p.i)
        together = p.attempt(p.i + 1, close, p.list) if p.at("(") else None
        if together and len(together) > 1:  # several numbers are the variable
            p.i = close + 1
            found.append(p.make(token, Mat, tuple(_variable(p, e, token) for e in together), 1))
            continue
        node = p.postfix()
        if isinstance(node, Pow) and isinstance(node.exponent, Num):
            found += [_variable(p, node.base, token)] * int(node.exponent.value)
        else:
            found.append(_variable(p, node, token))
    return found


def _variable(p: Parser, node: Node, token: Token) -> Node:
    if isinstance(node, Entry) and isinstance(node.base, Group):  # (W_1)_{ij}: W_1 is one name
        node = replace(node, base=node.base.arg)
    if isinstance(node, Sym) or (isinstance(node, Entry) and isinstance(node.base, Sym)) or is_stacked(node):
        return node
    raise p.refusal("a derivative is taken by a symbol or an entry of one", token)


def _operand(p: Parser) -> Node:
    """What ∂/∂x applies to: a bracketed expression, else the product that follows."""
    if p.at("(", "[", r"\underbrace"):
        return p.postfix()
    p.deeper()
    node = p.product()
    p.depth -= 1
    return node


def _at_variables(p: Parser, of: Node) -> Node:
    """∂f/∂x (x): the function, or its component, at its own variables; any other bracket is a factor."""
    fun = of.base if isinstance(of, Entry) else of
    if not isinstance(fun, Sym) or fun not in p.names.functions.values():
        return of
    start, close = p.i, p.tokens.partner[p.i]
    args = p.attempt(start + 1, close, p.list)
    if not args or args != p.table.variables:
        return of
    p.i = close + 1
    return replace(of, base=App(fun, args)) if isinstance(of, Entry) else App(fun, args)


def _nest(p: Parser, token: Token, of: Node, wrt: list[Node]) -> Node:
    for by in reversed(wrt):
        of = p.make(token, Partial, of, by, p.table.layout)
    return of


def partial(p: Parser, token: Token) -> Node:
    """∂_x f: it applies to the factor that follows; or ∂_2 f(s, t), the derivative by the second argument."""
    left = scripts(p)
    if left.sub is not None and spelling(p, left.sub)[0].isdigit():
        return _by_argument(p, token, int("".join(spelling(p, left.sub))))
    if left.sub is None or left.sup is not None:
        p.fail(r"`\partial` needs a subscript, or a fraction around it", token)
    wrt = _variable(p, p.within(*left.sub, p.postfix), token)
    p.deeper()
    of = p.factor()
    following = p.peek()
    if following and p.starts_factor(following) and not symbols(of):  # nobody differentiates a number alone
        rest = p.product()
        of = p.make(token, Mul, (of, *(rest.factors if isinstance(rest, Mul) else (rest,))))
    p.depth -= 1
    return _nest(p, token, of, [wrt])


def _by_argument(p: Parser, token: Token, number: int) -> Node:
    """The derivative of an abstract function by one of its arguments."""
    following = p.peek()
    if following is None or not begins_name(following):
        p.unexpected()
    letter = glyph(p)
    rest = scripts(p)
    of = meaning(p, letter, rest)
    declared = p.table.abstract.get(of.fun.name) if isinstance(of, App) else None
    if declared is None or not isinstance(of, App):
        p.fail("a derivative by a numbered argument is that of a declared function", token)
    return apply(p, p.make(token, declared.slope, of.args, p.table.layout, number - 1), rest, token)


def gradient(p: Parser, token: Token) -> Node:
    """∇f, ∇f(x), ∇_X L, ∇_x of an expression, the Hessian ∇²f, or ∇_X^sym L, where X keeps its structure."""
    left = scripts(p)
    mark = "".join(spelling(p, left.sup))
    structure = next((name for name, short in STRUCTURES.items() if short == mark), "")
    squared = left.sup is not None and not structure and p.within(*left.sup, p.sum) == num(2)
    if left.sup is not None and not squared and not structure:
        p.fail(r"a power of `\nabla` other than 2 is not understood", token)
    wrt = p.within(*left.sub, p.list) if left.sub else p.table.variables
    if not wrt:
        p.fail(r"`\nabla` needs a subscript here: the variables are not known", token)
    if squared:  # the Hessian by a matrix is that by its vec
        wrt = tuple(children(w)[0] if is_stacked(w) else w for w in wrt)
    by = tuple(w for w in wrt if isinstance(w, Sym))
    if len(by) != len(wrt):
        p.fail("a gradient is taken by symbols", token)
    following = p.peek()
    if following is None or not begins_name(following):
        if squared:
            p.fail("a Hessian is that of a named function", token)
        return _of_expression(p, token, by, p.factor)
    letter = glyph(p)
    rest = scripts(p)
    of = meaning(p, letter, rest)
    fun, args = (of.fun, of.args) if isinstance(of, App) else (of, ())
    declared = p.table.abstract.get(fun.name) if isinstance(fun, Sym) and args and not left.sub else None
    if declared is not None and len(args) == 1:
        return apply(p, p.make(token, declared.slope, args, p.table.layout), rest, token)
    if isinstance(fun, Sym) and is_scalar(fun.shape) and rest.sub is None:
        order = 2 if squared else 1
        return apply(p, p.make(token, Grad, fun, by, args, p.table.layout, order, structure), rest, token)
    if squared or structure:
        p.fail("a Hessian is that of a named scalar function", token)
    return _of_expression(p, token, by, lambda: apply(p, of, rest, letter.token))


def _of_expression(p: Parser, token: Token, by: tuple[Sym, ...], read: Callable[[], Node]) -> Node:
    if len(by) != 1:
        p.fail("the gradient of an expression is taken by one symbol", token)
    p.deeper()
    of = read()
    p.depth -= 1
    if not is_scalar(of.shape):
        p.fail("a gradient is that of a scalar", token)
    return p.make(token, Partial, of, by[0], p.table.layout)


DERIVATIVES = {r"\partial": partial, r"\nabla": gradient}
