"""How an expression uses its names: which of them, undeclared, look like scalars, vectors and matrices.

A *rank* is 0 for a scalar, 1 for a vector, 2 for a matrix, ``None`` while it is open. Ranks go up the syntax
tree, wants (an array is needed here) go down, until nothing changes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from generator.errors import InputError
from generator.expr.abstract import Abstract
from generator.expr.functions import FUNCTIONS
from generator.expr.nodes import Sym
from generator.expr.notation import GREEK
from generator.expr.shapes import ONE, SCALAR, DimVar, Shape, dim, is_matrix, is_scalar
from generator.expr.text_reader import SIZED

Rank = int | None
NONE, SOME, STRONG = range(3)  # wants: anything will do; an array; an array even if the name is Greek
_RANKS = {
    "outer": 2,
    "diag": 2,
    "inv": 2,
    "matpow": 2,
    "eye": 2,
    "diagonal": 1,
    "softmax": 1,
    "vec": 1,
    "stack": 1,
}
_WANTS = {"norm", "norm1", "sum", "diag", "outer", "softmax", "logsumexp", "kron", "vec"}
_PRODUCTS = {"kron", "vec"}  # their sizes are products of the sizes of their arguments


class Usage:
    """The names of an expression and how they are used; ``wrt`` are names that are symbols as they stand."""

    def __init__(
        self,
        tree: ast.expr,
        declared: Mapping[str, Sym],
        wrt: Iterable[str] = (),
        functions: Mapping[str, Abstract] = MappingProxyType({}),
    ) -> None:
        self.declared, self.wrt, self.functions = declared, list(wrt), functions
        self.found: dict[str, int] = {}  # open names -> rank
        self.indices: dict[str, list[int]] = {}  # the largest indices of numbered entries
        self.sizes: set[str] = set()
        self.names: list[str] = []
        self._first: list[str] = []
        try:
            self._collect(tree)
            while self._learn(tree):
                pass
        except RecursionError:
            raise InputError("the expression is nested too deeply") from None

    def unknown(self) -> list[str]:
        """The undeclared names, in the order in which their sizes are best found out."""
        names = dict.fromkeys([*self._first, *self.wrt, *self.names])
        return [n for n in names if n not in self.declared]

    def shape(self, name: str) -> Shape:
        """The shape of an undeclared name, with open sizes where only unification can tell."""
        rank = self.rank(name) or 0
        sides = [dim(max(1, k)) for k in self.indices.get(name, [])]
        if rank == 0:
            return SCALAR
        rows = sides[0] if sides else DimVar()
        if rank == 1:
            return rows, ONE
        return rows, sides[1] if len(sides) == 2 else DimVar()

    def rank(self, name: str) -> Rank:
        """The rank of a name, ``None`` while it is open."""
        if name in self.declared:
            return _rank(self.declared[name].shape)
        return 2 if name[0].isupper() else self.found.get(name)

    def _collect(self, node: ast.AST, within: str = "") -> None:
        """Note names, entries and sizes, in the order in which they are written."""
        match node:
            case ast.Name(id=name):
                base = self._base(name)
                if base is None:
                    self.names.append(name)
                    self._first += [name] if within in _PRODUCTS else []
                return
            case ast.Call(func=ast.Name(id=head), args=args) if head in SIZED:
                self.sizes |= {a.id for a in args if isinstance(a, ast.Name)}
                return
            case ast.Call(func=ast.Name(id=head), args=args):
                for a in args:
                    self._collect(a, head)
                return
            case ast.Subscript(value=value):
                if isinstance(value, ast.Name):
                    self.found.setdefault(value.id, 1)
                self._collect(value)
                return
        for child in ast.iter_child_nodes(node):
            self._collect(child, within)

    def _base(self, name: str) -> str | None:
        """x of an entry x_1, noted with its indices; ``None`` for a name that stands for itself."""
        split = re.fullmatch(r"([A-Za-z]+[0-9]*)_(\d{1,5})(?:_(\d{1,5}))?", name)
        if not split or name in self.declared or any(w.rpartition("_")[0] == split[1] for w in self.wrt):
            return None
        base = split[1]
        matrix = is_matrix(self.declared[base].shape) if base in self.declared else base[0].isupper()
        keys = [int(k) for k in split.groups()[1:] if k]
        if matrix and len(keys) == 1:
            keys = [int(k) for k in split[2]]
        if len(keys) != 1 + matrix:
            return None  # W_1 is no entry of a matrix W
        self.names.append(base)
        self.found.setdefault(base, len(keys))
        largest = self.indices.setdefault(base, [1] * len(keys))
        self.indices[base] = [max(a, b) for a, b in zip(largest, keys, strict=True)]
        return base

    def _learn(self, tree: ast.expr) -> bool:
        """One pass up and down; whether it found out anything."""
        before = len(self.found)
        ranks: dict[ast.AST, Rank] = {}
        self._up(tree, ranks)
        self._down(tree, NONE, ranks)
        return len(self.found) > before

    def _up(self, node: ast.AST, ranks: dict[ast.AST, Rank]) -> Rank:
        """The ranks of a node and of all below it."""
        below = [self._up(child, ranks) for child in _operands(node)]
        ranks[node] = rank = self._rank_of(node, below)
        return rank

    def _rank_of(self, node: ast.AST, below: list[Rank]) -> Rank:
        match node:
            case ast.Name(id=name):
                return self.rank(name) if name in self.names or name in self.declared else 0
            case ast.Attribute() | ast.UnaryOp():
                return below[0]
            case ast.BinOp(op=ast.Pow()):
                return below[0]
            case ast.BinOp(op=ast.MatMult()):
                known = [k for k in below if k is not None]
                return sum(known) - 2 if len(known) == 2 and min(known) > 0 else None
            case ast.BinOp():
                return None if None in below else max(k for k in below if k is not None)
            case ast.Call(func=ast.Name(id=head)) if head in self.functions:
                return _rank(self.functions[head].shape)
            case ast.Call(func=ast.Name(id=head)):
                if head in FUNCTIONS and FUNCTIONS[head].elementwise:
                    return below[0] if below else None
                sized = len(node.args) if head in ("ones", "zeros") else 0
                return (below or [None])[0] if head == "kron" else sized or _RANKS.get(head, 0)
        return 0

    def _down(self, node: ast.AST, want: int, ranks: dict[ast.AST, Rank]) -> None:
        """Hand wants down to the names."""
        match node:
            case ast.Name(id=name):
                if (
                    want
                    and self.rank(name) is None
                    and name in self.names
                    and (want == STRONG or name not in GREEK)
                ):
                    self.found[name] = 1
            case ast.Attribute(value=value):
                self._down(value, STRONG, ranks)
            case ast.UnaryOp(operand=operand):
                self._down(operand, want, ranks)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                self._down(left, want, ranks)
                self._down(right, NONE, ranks)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                self._down(left, STRONG, ranks)
                self._down(right, STRONG, ranks)
            case ast.BinOp(left=left, op=op, right=right):
                for side, other in ((left, right), (right, left)):
                    self._down(side, _share(op, other, ranks[other], want), ranks)
            case ast.Call(func=ast.Name(id=head), args=args):
                for k, a in enumerate(args):
                    self._down(a, self._wanted(head, k, want), ranks)

    def _wanted(self, head: str, k: int, want: int) -> int:
        """What a function wants of its argument number ``k``, given what is wanted of its value."""
        if head in FUNCTIONS and FUNCTIONS[head].elementwise:
            return want
        if head in self.functions:
            takes = self.functions[head].takes
            return STRONG if k < len(takes) and _rank(takes[k]) else NONE
        return STRONG if head in _WANTS and not (head == "norm" and k) else NONE


def _rank(shape: Shape) -> int:
    return 0 if is_scalar(shape) else 1 + is_matrix(shape)


def _operands(node: ast.AST) -> list[ast.expr]:
    """The parts of a node that have ranks."""
    match node:
        case ast.Attribute(value=value) | ast.Subscript(value=value):
            return [value]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Call(func=ast.Name(id=head), args=args):
            return [] if head in SIZED else args
    return []


def _share(op: ast.operator, other: ast.expr, rank: Rank, want: int) -> int:
    """What is wanted of an operand of an entrywise operator, given the other operand."""
    if rank == 2:
        return NONE  # with a matrix, a lower-case name scales or shifts
    if isinstance(op, ast.Mult) and isinstance(other, ast.Attribute):
        return NONE  # in c * x.T @ y, c scales: nobody multiplies rows entry by entry
    return SOME if rank == 1 else min(want, SOME)
