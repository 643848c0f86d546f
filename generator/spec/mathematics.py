"""The mathematics of a file: symbols, functions, the variable, the point."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from generator.errors import InputError, did_you_mean
from generator.expr.abstract import Abstract
from generator.expr.calculus import Mat, Sum
from generator.expr.function_reader import is_latex
from generator.expr.functions import FUNCTIONS
from generator.expr.infer import check_name, parse_function_spec, parse_symbol_spec
from generator.expr.make import num
from generator.expr.match import find, free_indices, substitute, walk
from generator.expr.nodes import Call, Node, Sym
from generator.expr.notation import key
from generator.expr.operators import column
from generator.expr.shapes import Dim, is_matrix, is_scalar, show
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.problem import Slip
from generator.rules.tidy import tidy
from generator.spec.complaints import Complaints, Source, told_value
from generator.spec.keylines import Key

if TYPE_CHECKING:
    from generator.spec.models import SlipTable, SubjectFile


@dataclass(frozen=True)
class Given:
    """A function that is given: its name, the arguments it is written with, its expression and its text."""

    name: Sym
    parameters: tuple[Sym, ...]
    body: Node
    text: str


class Mathematics:
    """Reads the mathematics of one file; complains and goes on where it can."""

    def __init__(
        self, file: SubjectFile, source: Source, complaints: Complaints,
        slip: SlipTable | None = None, *, drawn: bool = False,
    ) -> None:  # fmt: skip
        self.file, self.source, self.complaints = file, source, complaints
        self.slip, self.drawn = slip, drawn  # a mistake to warn of; whether numbers were drawn and put in
        self.symbols: dict[str, Sym] = {}
        self.functions: dict[str, Abstract] = {}
        self.given: dict[str, Given] = {}

    def read(self) -> dict[str, Any] | None:
        """The fields of a ``Problem`` that hold mathematics; ``None`` after complaining."""
        before = len(self.complaints)
        self._read_symbols()
        self._read_functions()
        if len(self.complaints) > before:
            return None  # what follows would complain about the same again
        self._read_given()
        function = self._asked() if len(self.complaints) == before else None
        wrt = self._wrt()
        whole = len(wrt) == len(self.file.find.wrt)
        at = self._point(("find", "at"), self.file.find.at, wrt) if whole else ()
        point = self.file.find.point or ("P" if any(is_matrix(s.shape) for s in wrt) else "p")
        if at:
            self._check_point_name(point)
        slip = self._slip(self.slip, wrt) if whole and self.slip else None
        if function is None or len(self.complaints) > before:
            return None
        self._check_question(function, wrt)
        return {
            "symbols": self.symbols, "functions": self.functions,
            "function": function.name, "parameters": function.parameters,
            "body": function.body, "text": function.text, "wrt": wrt, "at": at, "point_name": point,
            "slip": slip, "parts": self._parts(function),
        }  # fmt: skip

    def _parts(self, function: Given) -> tuple[tuple[Sym, Node], ...]:
        """The expressions given before the function that occur in it, by their names."""
        before = itertools.takewhile(lambda g: g is not function, self.given.values())
        named = ((g.name, g.body) for g in before if not g.parameters)
        return tuple((name, body) for name, body in named if any(e == body for _, e in walk(function.body)))

    def _wrong(self, key: Key, message: str, hint: str | None = None) -> None:
        self.complaints.add(self.source, key, message, hint)

    def _sizes(self) -> frozenset[str]:
        sides = (d for s in self.symbols.values() for d in s.shape)
        declared = (fun.sizes for fun in self.functions.values())
        return frozenset(n for d in sides if isinstance(d, Dim) for n in d.names).union(*declared)

    def _read_symbols(self) -> None:
        for name, entry in self.file.symbols.items():
            try:
                self.symbols[name] = parse_symbol_spec(name, entry.shape, entry.assume)
            except InputError as e:
                self.complaints.wrong(self.source, ("symbols", name), e)
        for name in self.symbols:
            self._check_looks(name, ("symbols", name))

    def _read_functions(self) -> None:
        """The abstract functions; none is called like a symbol."""
        for name, maps in self.file.functions.items():
            place: Key = ("functions", name)
            try:
                self.functions[name] = parse_function_spec(name, maps)
            except InputError as e:
                self.complaints.wrong(self.source, place, e)
            if name in self.symbols:
                self._wrong(place, f"`{name}` is a symbol already", "choose another name")
            else:
                self._check_looks(name, place)

    def _check_looks(self, name: str, place: Key) -> None:
        """Two things that look alike in print cannot be told apart by whoever reads it."""
        before = itertools.takewhile(lambda s: s != name, (*self.symbols, *self.functions))
        like = next((s for s in before if key(s) == key(name)), None)
        size = next((n for n in self._sizes() if key(n) == key(name)), None)
        split = re.fullmatch(r"(.+?)_[0-9]+", name)
        if size is not None:
            self._wrong(place, f"`{name}` is printed like the size {size}", "choose another name")
        elif like is not None:
            self._wrong(place, f"`{name}` is printed like `{like}`", "choose another name")
        elif split and split[1] in self.symbols and not is_scalar(self.symbols[split[1]].shape):
            self._wrong(place, f"`{name}` is an entry of `{split[1]}` already", "choose another name")

    def _read_given(self) -> None:
        """The functions in order; each may use those before it, which are put in their place."""
        for written, text in self.file.given.items():
            place: Key = ("given", written)
            head = self._head(written, place)
            if head is None:
                continue
            name, parameters = head
            try:
                body, plain = self._body(text)
            except InputError as e:
                known = f"declared are {', '.join([*self.symbols, *self.functions, *self.given])}"
                hint = known if e.message.startswith("unknown name") else None
                self.complaints.wrong(self.source, place, e, hint)
                continue
            self.given[name] = Given(Sym(name, body.shape), parameters, body, plain)
            self._check_functions(body, place)

    def _head(self, written: str, place: Key) -> tuple[str, tuple[Sym, ...]] | None:
        """The name and the arguments of ``L`` or ``f(x, y)``."""
        found = re.fullmatch(r"\s*(\w+)\s*(?:\(([\w\s,]*)\))?\s*", written)
        if not found:
            self._wrong(place, "found no name of a function", 'expected for example L or "f(x)"')
            return None
        try:
            name = check_name(found[1])
        except InputError as e:
            self.complaints.wrong(self.source, place, e)
            return None
        if name in self.symbols or name in self.functions:
            what = "a symbol" if name in self.symbols else "a function"
            self._wrong(place, f"`{name}` is {what} already", "choose another name")
            return None
        self._check_looks(name, place)
        names = [n.strip() for n in (found[2] or "").split(",") if n.strip()]
        unknown = [n for n in names if n not in self.symbols]
        for n in unknown:
            self._wrong(place, f"unknown symbol `{n}`", self._near(n))
        if len(set(names)) < len(names):
            self._wrong(place, "an argument is written twice")
        return None if unknown else (name, tuple(self.symbols[n] for n in names))

    def _near(self, name: str) -> str:
        """A suggestion for a symbol that is not declared."""
        return did_you_mean(name, self.symbols) or f"declared are {', '.join(self.symbols)}"

    def _body(self, text: str) -> tuple[Node, str]:
        """The expression in the symbols alone, and its text."""
        text = re.sub(r"\s", " ", text).strip()  # an expression may be wrapped
        if is_latex(text):
            return self._latex_body(text)
        earlier = {name: g.body for name, g in self.given.items() if not g.parameters}
        plain = Scope(self.symbols, self._sizes(), functions=self.functions)
        body = column(parse(text, replace(plain, symbols={**self.symbols, **earlier})))
        if loose := sorted(i.name for i in free_indices(body)):
            raise InputError(
                f"the index {loose[0]} is not summed over", hint="write a sum as a product of arrays"
            )
        if self.drawn:  # numbers were put in: 1x + −2y is x − 2y
            body = tidy(body, collect=False)
            return body, to_text(body)
        as_written = parse(text, plain) if not earlier else None
        return body, text if body == as_written else to_text(body)

    def _latex_body(self, text: str) -> tuple[Node, str]:
        """The same of an expression in LaTeX; a sum over an index has no text yet."""
        from generator.expr.latex_input import read_declared

        earlier: dict[Node, Node] = {g.name: g.body for g in self.given.values() if not g.parameters}
        known = {**self.symbols, **{g.name.name: g.name for g in self.given.values() if not g.parameters}}
        body = substitute(read_declared(text, known, self._sizes(), self.functions), earlier)
        return body, "" if find(body, Sum) else to_text(body)

    def _check_functions(self, body: Node, place: Key) -> None:
        """A symbol must not look like a function that is used, as sigma and the sigmoid do."""
        for call in find(body, Call):
            row = FUNCTIONS[call.name]
            alike = next((s for s in self.symbols if key(s) == (row.latex, "", "", "")), None)
            if alike:
                self._wrong(place, f"`{alike}` is printed like the function {call.name}", "rename the symbol")

    def _wrt(self) -> tuple[Sym, ...]:
        names = self.file.find.wrt
        for k, name in enumerate(names):
            place: Key = ("find", "wrt", k)
            if name not in self.symbols:
                self._wrong(place, f"unknown symbol `{name[:30]}`", self._near(name))
            elif len(names) > 1 and not is_scalar(self.symbols[name].shape):
                told = show(self.symbols[name].shape)
                self._wrong(place, f"found `{name}`, a {told}; expected one symbol, or a list of scalars")
            elif name in names[:k]:
                self._wrong(place, f"`{name}` is listed twice")
        return tuple(self.symbols[n] for n in names if n in self.symbols)

    def _asked(self) -> Given | None:
        """The function to differentiate."""
        name = self.file.find.derivative.partition("(")[0].strip()
        if name in self.given:
            return self.given[name]
        if name:
            hint = did_you_mean(name, self.given) or f"given is {' and '.join(self.given)}"
            self._wrong(("find", "derivative"), f"`{name[:30]}` is not given", hint)
        elif len(self.given) > 1:
            self._wrong(
                ("find",), "several functions are given", f'say which: derivative = "{[*self.given][-1]}"'
            )
        else:
            return next(iter(self.given.values()))
        return None

    def _slip(self, slip: SlipTable, wrt: tuple[Sym, ...]) -> Slip:
        """The mistake to warn of, and where to show what it does."""
        return Slip(slip.mistake, self._point(("slip", "at"), slip.at, wrt))

    def _point(self, key: Key, at: list[Any], wrt: tuple[Sym, ...]) -> tuple[Node, ...]:
        """The entries of a point."""
        if not at:
            return ()
        sides = [d for s in wrt for d in s.shape if isinstance(d, Dim)]
        if any(d.names for d in sides):
            hint = f'say so in [symbols], for example {wrt[0].name} = "2"'
            self._wrong(key, f"the size of `{wrt[0].name}` is not a number", hint)
            return ()
        count = sum(d.factor * e.factor for d, e in zip(sides[::2], sides[1::2], strict=True))
        if len(at) != count:
            self._wrong(key, f"found {len(at)} entries; expected {count}")
        entries = [self._entry((*key, k), value) for k, value in enumerate(at)]
        return tuple(e for e in entries if e is not None)

    def _check_point_name(self, name: str) -> None:
        place: Key = ("find", "point")
        try:
            check_name(name)
        except InputError as e:
            self.complaints.wrong(self.source, place, e)
        if name in self.symbols or name in self.given:
            told = f"the point would be called `{name}`, and so is something else"
            self._wrong(place, told, 'choose a name: point = "q"')

    def _entry(self, key: Key, value: Any) -> Node | None:
        """A number of the point: exact, as it is written."""
        text = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
        if re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6}|/[1-9][0-9]{0,5})?", text):
            return num(Fraction(text))
        self._wrong(key, f'found {told_value(value)}; expected a short number, or text such as "1/2"')
        return None

    def _check_question(self, function: Given, wrt: tuple[Sym, ...]) -> None:
        """What can be asked only of a scalar function."""
        if is_scalar(function.body.shape):
            return
        told = f"`{function.name.name}` is a {show(function.body.shape)}; expected a scalar"
        if self.file.find.order == 2:
            self._wrong(("find", "order"), told)
        if self.file.find.set_to_zero:
            self._wrong(("find", "set_to_zero"), told)
        if len(wrt) > 1 and not find(function.body, Mat):
            self._wrong(("find", "wrt"), told, "write out its components, or name one vector")
