"""Symbols from few words: declared shapes in text, and the shapes of names that nobody declared.

An upper-case name is a matrix. A lower-case one is a vector where it is used as one: as an operand of ``@``,
under ``.T``, ``norm``, ``sum``, ``diag``, ``outer``, ``softmax``, ``logsumexp``, with an index, or combined
entry by entry with such a vector. Otherwise it is a scalar; so is a Greek one that is only combined with
vectors, as ``lam`` in ``lam * x``.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from generator.errors import InputError, ShapeError, did_you_mean
from generator.expr.abstract import Abstract
from generator.expr.functions import FUNCTIONS, PRIME
from generator.expr.names import split_name
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import ONE, Dim, Dimension, DimVar, Shape, dim, is_one, is_row, is_scalar, resolve
from generator.expr.text_reader import RESERVED, Scope, parse, syntax_tree
from generator.expr.usage import Usage

ASSUMPTIONS = {
    "symmetric": True, "positive_definite": True, "diagonal": True, "orthogonal": True, "invertible": True,
    "positive": False,
}  # fmt: skip
"""What may be assumed of a symbol, and whether that needs a square matrix."""
MAX_ENTRIES = 10_000
MAX_SYMBOLS = 40
_SIZE_NAMES = "nmpqklrst"


def check_name(name: str) -> str:
    """The name, if a symbol may be called so.

    Raises:
        InputError: it is not a name of the language, or it means something else.
    """
    if name in RESERVED or name.removesuffix(PRIME) in FUNCTIONS:
        raise InputError(f"`{name}` cannot name a symbol: it is a function of the language")
    if keyword.iskeyword(name):
        hint = "write lam" if name == "lambda" else None
        raise InputError(f"`{name}` cannot name a symbol: it is a word of Python", hint=hint)
    if not re.fullmatch(r"[A-Za-z]+[0-9]*(_[A-Za-z0-9]+)?", name) or len(name) > 24:
        raise InputError(
            f"{name[:30]!r} cannot name a symbol",
            hint="a name is letters, then digits, then perhaps one suffix: x, W1, theta, x_hat",
        )
    if split_name(name).sup:
        raise InputError(f"`{name}` cannot name a symbol: the star marks the solution that is found")
    return name


def check_letter(name: str) -> str:
    """The name, if it may be taken for a symbol although nobody declared it.

    Raises:
        InputError: it is no name of a symbol, or it would rather stand for something else.
    """
    if name in ("d", "T"):
        what = "the differential d(…)" if name == "d" else "the transpose"
        hint = "choose another letter, or declare its shape"
        raise InputError(f"`{name}` cannot name a symbol: it stands for {what}", hint=hint)
    return check_name(name)


def parse_symbol_spec(name: str, shape: str, assume: Iterable[str] = ()) -> Sym:
    """A symbol from its shape in words: ``""`` a scalar, ``"n"`` a vector, ``"n m"`` or ``"3 2"`` a matrix.

    Raises:
        InputError: the name, a dimension or an assumption is not one of the language, or they do not fit.
    """
    sides = shape.replace(",", " ").split()
    if len(sides) > 2:
        raise InputError(f"`{name}` has {len(sides)} sides", hint='a shape is "" or "n" or "n m"')
    rows, columns = [*map(dim, sides), ONE, ONE][:2]
    if is_row((rows, columns)):
        raise InputError(f"`{name}` is a row", hint=f'declare a vector, "{columns}", and write {name}.T')
    if rows.factor * columns.factor > MAX_ENTRIES:
        raise InputError(f"`{name}` has more than {MAX_ENTRIES} entries")
    known = frozenset(assume)
    for word in sorted(known):
        if word not in ASSUMPTIONS:
            hint = did_you_mean(word, ASSUMPTIONS) or f"known are {', '.join(ASSUMPTIONS)}"
            raise InputError(f"nothing is known of the assumption `{word[:30]}`", hint=hint)
        if ASSUMPTIONS[word] and (rows != columns or rows == ONE):
            raise InputError(f"`{name}` cannot be {word.replace('_', ' ')}: it is not a square matrix")
    return Sym(check_name(name), (rows, columns), known)


def parse_function_spec(name: str, maps: str) -> Abstract:
    """An abstract function from the sizes it maps: ``"d -> n"``, ``"n ->"`` to a number, ``"1, 1 -> n"``.

    Raises:
        InputError: the name or a size is not one of the language, or there is no arrow.
    """
    source, arrow, target = maps.partition("->")
    if not arrow or not source.strip():
        hint = f'write {name[:20]} = "d -> n", "n ->" to a number, or "1, 1 ->" for two numbers'
        raise InputError(f"`{maps[:40]}` does not say what `{name[:20]}` maps to what", hint=hint)
    *takes, value = (_space(name, text) for text in (*source.split(","), target))
    return Abstract(check_name(name), tuple(takes), value)


def _space(name: str, sides: str) -> Shape:
    """The shape of an argument or of a value; ``""`` and ``"1"`` are numbers."""
    shape = parse_symbol_spec("x", sides.strip().removeprefix("1") if sides.strip() == "1" else sides).shape
    if is_row(shape):
        raise InputError(f"`{name}` has a row in its declaration", hint="declare a vector")
    return shape


def parse_functions(items: Iterable[str]) -> dict[str, Abstract]:
    """Abstract functions from a command line: ``f=d->n``.

    Raises:
        InputError: an item that is not written so, or a name declared twice.
    """
    found: dict[str, Abstract] = {}
    for item in items:
        name, _, maps = item.partition("=")
        if name.strip() in found:
            raise InputError(f"`{name.strip()}` is declared twice")
        found[name.strip()] = parse_function_spec(name.strip(), maps)
    return found


def parse_shapes(items: Iterable[str]) -> dict[str, Sym]:
    """Symbols from a command line: ``X=n,m``, ``S=n,n:symmetric``, ``c=`` (a scalar).

    One item may hold several, with spaces between.

    Raises:
        InputError: an item that is not written so, or a name declared twice.
    """
    found: dict[str, Sym] = {}
    for item in " ".join(items).split():
        name, equals, rest = item.partition("=")
        shape, _, assume = rest.partition(":")
        if not equals:
            hint = f"write {name[:20]}=n,m or {name[:20]}=n"
            raise InputError(f"`{item[:40]}` declares no shape", hint=hint)
        if name in found:
            raise InputError(f"`{name}` is declared twice")
        try:
            found[name] = parse_symbol_spec(name, shape, filter(None, assume.split(",")))
        except InputError as e:
            raise InputError(e.message, hint=e.hint, source=item, column=0, width=len(item)) from None
    return found


def infer_symbols(
    source: str,
    declared: Mapping[str, Sym],
    wrt: Iterable[str] = (),
    functions: Mapping[str, Abstract] = MappingProxyType({}),
) -> dict[str, Sym]:
    """The declared symbols and those that the expression uses besides, with their shapes.

    Names in ``wrt`` are symbols even if the expression lacks them, and get the first names of sizes.

    Raises:
        InputError: a syntax error, or shapes that contradict one another (with a hint to declare them).
    """
    use = Usage(syntax_tree(source), declared, wrt, functions)
    names = [name for name in use.unknown() if name not in functions]
    for name in names:
        _check_place(name, source)
    sizes = use.sizes.union(*(fun.sizes for fun in functions.values()))

    def read(known: Mapping[str, Sym]) -> Node:
        return parse(source, Scope(known, functions=functions))

    return settle(names, declared, use.shape, read, sizes)


def _check_place(name: str, source: str) -> None:
    """Refuse what cannot name a symbol, where it stands."""
    try:
        check_letter(name)
    except InputError as e:
        place = re.search(rf"\b{re.escape(name)}\b", source)
        told, column = (source, place.start()) if place else (name, 0)
        raise InputError(e.message, hint=e.hint, source=told, column=column, width=len(name)) from None


def settle(
    names: Sequence[str],
    declared: Mapping[str, Sym],
    shape: Callable[[str], Shape],
    read: Callable[[Mapping[str, Sym]], object],
    sizes: Iterable[str] = (),
) -> dict[str, Sym]:
    """The declared symbols and the others, whose open sizes are determined by reading the expression.

    ``shape`` gives a fresh shape for each name, ``read`` reads the expression for its effect on open sizes,
    ``sizes`` are names that the expression uses for sizes.

    Raises:
        InputError: too many names, or what ``read`` raises.
    """
    if len(names) > MAX_SYMBOLS:
        raise InputError(f"the expression has {len(names)} names without a shape")
    taken = {*names, *declared, *sizes}
    taken |= {n for s in declared.values() for side in s.shape for n in _named(side)}
    fresh = (n for n in (*_SIZE_NAMES, *(f"n{k}" for k in range(1, 4 * MAX_SYMBOLS))) if n not in taken)
    known = dict(declared)

    def sides(name: str, settled: Mapping[str, Sym]) -> Shape:
        """The sides of a symbol as far as the expression determines them, given what is settled."""
        trial = {**settled, **{n: Sym(n, shape(n)) for n in names if n not in settled}}
        _advised(read, trial, names)
        return trial[name].shape

    # One after the other: the size of a later one may be a product of sizes of an earlier one.
    for name in names:
        found = sides(name, known)
        if not is_scalar(shape(name)) and is_one(found[0]):
            # (x.T @ x) * x is tried as a flat product first, which makes x a scalar; a known size does not.
            found = sides(name, known | {name: Sym(name, (dim(next(fresh)), shape(name)[1]))})
        rows, columns = (_settled(side, fresh) for side in found)
        known[name] = Sym(name, (rows, columns))
    _advised(read, known, names)
    return known


def _advised(
    read: Callable[[Mapping[str, Sym]], object], symbols: Mapping[str, Sym], guessed: Iterable[str]
) -> None:
    """Read the expression; a misfit of sizes says which shapes were only guessed."""
    try:
        read(symbols)
    except ShapeError as e:
        around = (e.source or "")[e.column or 0 :][: e.width]
        words = re.findall(r"[A-Za-z]+[0-9]*", around)
        concerned = [n for n in guessed if n in words] or list(guessed)
        raise ShapeError(
            e.message, hint=_advice(concerned), source=e.source, column=e.column, width=e.width
        ) from None  # fmt: skip


def _advice(names: Iterable[str]) -> str:
    """What to do about shapes that were guessed wrongly."""
    told = " ".join(f"{n}=n,m" if n[0].isupper() else f"{n}=n" for n in names)
    return f"declare the shapes that were guessed: --shape {told}" if told else "look at the declared shapes"


def _named(side: Dimension) -> tuple[str, ...]:
    found = resolve(side)
    return found.names if isinstance(found, Dim) else ()


def _settled(side: Dimension, fresh: Iterator[str]) -> Dim:
    """The side as a known dimension; one that nothing determines gets a name of its own."""
    found = resolve(side)
    if isinstance(found, DimVar):
        name = dim(next(fresh))
        found.bound = name
        return name
    return found
