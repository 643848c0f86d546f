"""Text in the NumPy-like language -> expression tree, on Python's ``ast``; nothing is ever evaluated.

The language (its reference semantics belongs to the test corpus): scalars, vectors (read as columns) and
matrices; ``+ - * / @ **``, ``.T``, named functions, ``ones(n)``, ``zeros(n, m)``, ``eye(n)``. ``*`` is
elementwise on equal shapes. ``outer(x, y)`` is x yᵀ. Entries have the mathematician's 1-based names: ``x_1``,
``X_12`` (row 1, column 2; ``X_1_12`` where a number has two digits), or with index letters ``W[i, k]``.
A leading minus sign belongs to the whole product: ``-a*b`` is −(ab).

With ``calculus=True`` (rules and stored lines) also ``d(A)`` for the differential. Declared functions are
applied like others; derivatives are ``J_f(x)``, ``grad_g(x)``, ``h_prime(t)`` and ``partial2_f(s, t)``.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from generator.errors import InputError, ShapeError, did_you_mean
from generator.expr.abstract import Abstract, named
from generator.expr.calculus import Commutation
from generator.expr.functions import FUNCTIONS, PRIME
from generator.expr.layout import Layout
from generator.expr.nodes import Add, Call, Div, Entry, Eye, Idx, Inv, Neg, Node, Num, Ones, Pow, T, Zero
from generator.expr.operators import (
    aligned,
    column,
    hoist,
    literal,
    matmul,
    numbered_entry,
    of_one_kind,
    scale_or_hadamard,
    special,
    spread,
)
from generator.expr.shapes import (
    ONE,
    Dim,
    DimVar,
    dim,
    is_matrix,
    is_scalar,
    show,
)

MAX_LENGTH = 5_000
MAX_DEPTH = 120
SPECIAL = {
    "norm": (1, 2), "norm1": (1,), "inv": (1,), "matpow": (2,), "outer": (2,), "d": (1,),
    "stack": range(1, 99), "col": (1,), "row": (1,),
}  # fmt: skip
SIZED = {"ones": (1, 2), "zeros": (1, 2), "eye": (1,), "commutation": (2,)}
LAID = ("col", "row")  # a vector as a matrix of one column or one row
RESERVED = frozenset({*FUNCTIONS, *SPECIAL, *SIZED} - {"d"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: symbols, abstract functions and named sizes (``None`` accepts any).

    ``calculus`` allows ``d(…)``; derivatives of abstract functions are arranged by ``layout``.
    """

    symbols: Mapping[str, Node]
    dimensions: frozenset[str] | None = None
    calculus: bool = False
    indices: dict[str, Idx] = field(default_factory=dict)
    functions: Mapping[str, Abstract] = field(default_factory=dict)
    layout: Layout = Layout()


def parse(source: str, scope: Scope) -> Node:
    """Read one expression.

    Raises:
        InputError: a syntax error, an unknown name, function or attribute; with a caret at the place.
        ShapeError: operands whose sizes do not fit, naming operator, operands and sizes.
    """
    tree = syntax_tree(source)
    try:
        return _Reader(source.strip(), scope).read(tree, 0)
    except RecursionError:
        raise InputError("the expression is nested too deeply", source=source[:80], column=0) from None


def syntax_tree(source: str) -> ast.expr:
    """Python's syntax tree of one expression, within bounds.

    Raises:
        InputError: empty, too long, or not an expression.
    """
    text = source.strip() if isinstance(source, str) else ""
    if not text:
        raise InputError("the expression is empty", hint="write for example tr(A @ X)", source="", column=0)
    if len(text) > MAX_LENGTH:
        told = f"the expression has {len(text)} characters, at most {MAX_LENGTH} are read"
        raise InputError(told, source=text, column=MAX_LENGTH)
    column = next((k for k, c in enumerate(text) if not (c.isprintable() or c in "\n\t")), None)
    if column is not None:
        raise InputError("the expression contains a control character", source=text, column=column)
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's own, about `2if`
            return ast.parse(text, mode="eval").body
    except SyntaxError as e:
        column = _offset(text, e.lineno or 1, (e.offset or 1) - 1)
        told = e.msg
        if text[-1] in "+-*/@":
            told, column = "an operand is missing", len(text)
        near = re.search(r"\w\s+[A-Za-z(]", text)
        hint = f"write products with @ or *, or all in LaTeX: ${text}$" if near and len(text) < 60 else None
        column = min(column, len(text))
        raise InputError(f"syntax error: {told}", hint=hint, source=text, column=column) from None
    except (ValueError, RecursionError, MemoryError):
        told = "the expression cannot be read: it is nested too deeply or malformed"
        raise InputError(told, source=text, column=0) from None


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")[: line - 1]
    return sum(len(row) + 1 for row in lines) + column


Operands = tuple[tuple[ast.AST, Node], ...]  # as they were written, and read


class _Reader:
    def __init__(self, source: str, scope: Scope) -> None:
        self.source, self.scope = source, scope

    def fail(self, node: ast.AST, message: str, hint: str | None = None) -> InputError:
        start, width = self.place(node)
        return InputError(message, hint=hint, source=self.source, column=start, width=width)

    def place(self, node: ast.AST) -> tuple[int, int]:
        segment = ast.get_source_segment(self.source, node) or ""
        before = self.source.split("\n")[node.lineno - 1].encode()[: node.col_offset]  # type: ignore[attr-defined]
        return _offset(self.source, node.lineno, len(before.decode())), max(1, len(segment))  # type: ignore[attr-defined]

    def shaped(self, node: ast.AST, operands: Operands, build: Callable[[], Node]) -> Node:
        """Build a node; a misfit of sizes is reported with the operands as they were written."""
        try:
            return build()
        except ShapeError as e:
            if e.source is not None:
                raise
            texts = {ast.unparse(text): o for text, o in operands}
            told = "; ".join(f"`{text}` is a {show(o.shape)}" for text, o in texts.items())
            start, width = self.place(node)
            raise ShapeError(f"{e.message} ({told})", source=self.source, column=start, width=width) from None

    def read(self, node: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.fail(node, "the expression is nested too deeply")
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.Attribute():
                if node.attr != "T":
                    raise self.fail(node, f"unknown attribute .{node.attr}", "only .T, the transpose, is one")
                value = self.read(node.value, depth + 1)
                return value if is_scalar(value.shape) else T(value)
            case ast.UnaryOp(op=ast.USub()):
                return Neg(self.read(node.operand, depth + 1))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand, depth + 1)
            case ast.BinOp():
                return self.binary(node, self.read(node.left, depth + 1), self.read(node.right, depth + 1))
            case ast.Call():
                return self.call(node, depth)
            case ast.Subscript():
                return self.entry(node, depth)
            case ast.List(elts=items):
                return self.shaped(node, (), lambda: literal(items, lambda e: self.read(e, depth + 1)))
        raise self.fail(node, f"{type(node).__name__} is not part of the language")

    def number(self, node: ast.Constant) -> Node:
        written = ast.get_source_segment(self.source, node) or ""
        plain = type(node.value) in (int, float) and len(written) <= 40
        if not plain or not re.fullmatch(r"[0-9.eE+-]+", written):
            raise self.fail(node, f"{written[:20]} is not a number of the language")
        value = Fraction(written)
        if value > 10**15 or value.denominator > 10**15:
            raise self.fail(node, "the number is too large or has too many digits")
        return Num(value)

    def name(self, node: ast.Name) -> Node:
        known = self.scope.symbols
        if node.id in known:
            return known[node.id]
        split = re.fullmatch(r"(.+?)_(\d+)(?:_(\d+))?", node.id)
        if split and split[1] in known:
            return self.shaped(
                node, ((ast.Name(split[1]), known[split[1]]),), lambda: numbered_entry(known[split[1]], split)
            )
        if node.id in RESERVED or node.id in self.scope.functions:
            raise self.fail(node, f"`{node.id}` is a function and needs arguments")
        raise self.fail(node, f"unknown name `{node.id[:40]}`", did_you_mean(node.id, known))

    def binary(self, node: ast.BinOp, a: Node, b: Node) -> Node:
        return self.shaped(node, ((node.left, a), (node.right, b)), lambda: self.combine(node, a, b))

    def combine(self, node: ast.BinOp, a: Node, b: Node) -> Node:
        arrays = not is_scalar(a.shape) and not is_scalar(b.shape)
        match node.op:
            case ast.Add():
                a, b = spread(*aligned(a, b))
                return Add((*(a.terms if isinstance(a, Add) else (a,)), b))
            case ast.Sub():
                a, b = spread(*aligned(a, b))
                return Add((*(a.terms if isinstance(a, Add) else (a,)), Neg(b)))
            case ast.MatMult():
                return matmul(a, b)
            case ast.Mult():
                return hoist(*(aligned(a, b) if arrays else (a, b)), scale_or_hadamard)
            case ast.Div():
                return hoist(*aligned(a, b), Div)
            case ast.Pow():
                if is_matrix(a.shape) and b == Neg(Num(Fraction(1))):
                    return Inv(a)
                return Pow(a, b)
        raise self.fail(node, f"operator {type(node.op).__name__} is not part of the language")

    def call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name):
            raise self.fail(node.func, "only named functions can be called")
        name, rest = node.func.id, node.args
        if node.keywords or any(isinstance(a, ast.Starred) for a in rest):
            raise self.fail(node, "only plain arguments are part of the language")
        if name in SIZED:
            return self.sized(node, name)
        build = named(name, self.scope.functions, self.scope.layout)
        if build is not None:
            given = tuple(column(self.read(a, depth + 1)) for a in rest)
            return self.shaped(node, tuple(zip(rest, given, strict=True)), lambda: build(given))
        order = name.endswith(PRIME)
        base = name.removesuffix(PRIME)
        if base not in FUNCTIONS and (name not in SPECIAL or (name == "d" and not self.scope.calculus)):
            known = {*FUNCTIONS, *SPECIAL, *SIZED, *self.scope.functions} - {"d"}
            raise self.fail(node.func, f"unknown function `{name[:40]}`", did_you_mean(name, known))
        arity = FUNCTIONS[base].arity if base in FUNCTIONS else SPECIAL[name]
        if len(rest) not in arity:
            many = " or ".join(str(k) for k in arity)
            raise self.fail(node, f"`{name}` takes {many} argument(s), found {len(rest)}")
        laid = [isinstance(a, ast.Call) and getattr(a.func, "id", "") in LAID for a in rest]
        read = (self.read(a, depth + 1) for a in rest)
        args = [a if as_is else column(a) for a, as_is in zip(read, laid, strict=True)]
        told = tuple(zip(rest, args, strict=True))
        if name == "tr" and is_scalar(args[0].shape) and not self.scope.calculus:
            raise self.fail(node, "`tr` needs a square matrix, found a scalar")
        if base in FUNCTIONS:
            if base == "kron" and not any(laid):
                self.shaped(node, told, lambda: of_one_kind(*args))
            return self.shaped(node, told, lambda: Call(base, tuple(args), int(order)))
        return self.shaped(node, told, lambda: special(name, args))

    def sized(self, node: ast.Call, name: str) -> Node:
        if len(node.args) not in SIZED[name]:
            many = " or ".join(map(str, SIZED[name]))
            raise self.fail(node, f"`{name}` takes {many} sizes, found {len(node.args)}")
        sides = [self.dimension(a) for a in node.args]
        if name == "eye":
            return Eye(sides[0])
        if name == "commutation":
            return Commutation(sides[0], sides[1])
        shape = (sides[0], sides[1] if len(sides) == 2 else ONE)
        return Ones(shape) if name == "ones" else Zero(shape)

    def dimension(self, node: ast.expr) -> Dim:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return dim(f"{self.dimension(node.left)}·{self.dimension(node.right)}".replace("·", "*"))
        if isinstance(node, ast.Constant) and type(node.value) is int:
            try:
                return dim(node.value)
            except InputError as e:
                raise self.fail(node, e.message) from None
        if not isinstance(node, ast.Name):
            raise self.fail(node, "a size is a name or a positive integer")
        known = self.scope.dimensions
        if known is not None and node.id not in known:
            raise self.fail(node, f"unknown dimension `{node.id}`", did_you_mean(node.id, known))
        return dim(node.id)

    def entry(self, node: ast.Subscript, depth: int) -> Node:
        base = self.read(node.value, depth + 1)
        keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return self.shaped(node, ((node.value, base),), lambda: Entry(base, tuple(map(self.index, keys))))

    def index(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value > 0:
            return Num(Fraction(node.value))
        if isinstance(node, ast.Name) and re.fullmatch("[a-z]", node.id):
            return self.scope.indices.setdefault(node.id, Idx(node.id, DimVar()))
        raise self.fail(node, "an index is a letter or a positive integer")
