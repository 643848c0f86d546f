"""Many functions from one file: each is derived on its own, and a bad entry does not stop the others.

A file is TOML with ``[[case]]`` tables, and ``[[bad]]`` tables for what must be refused; docs/cases.md
describes them. An answer that is stated is judged like ours, so that both are the derivative or one differs.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from generator.api import of_order, on_structure, pose
from generator.confirmation import answer_in_text, judge_answers
from generator.errors import CheckFailed, InputError, NotDerivable, WorkingsError, did_you_mean
from generator.expr.function_reader import is_latex
from generator.expr.infer import parse_shapes
from generator.expr.layout import Layout
from generator.expr.operators import column
from generator.expr.shapes import Dim
from generator.expr.text_reader import Scope, parse
from generator.judge import judge
from generator.methods import derive
from generator.problem import Problem
from generator.render import render_derivation
from generator.solution import confirmed
from generator.workers import Progress, work_through, workers

KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str, "function": str, "wrt": (str, list), "variables": dict, "shapes": dict, "assume": dict,
    "order": int, "answer": str,
    "answer_form": str, "structured": bool, "method": str, "layout": str,
    "source": str, "output": str, "result_shape": list, "tags": list, "why": str,
}  # fmt: skip
NEEDED = ("id", "function", "wrt")
MAX_BYTES = 2_000_000

Status = Literal[
    "confirmed", "differs", "refused", "bad input", "not derived", "not confirmed", "accepted", "error"
]
Stated = Literal["equal", "differs"] | None
GOOD = ("confirmed", "refused")
CODES = {"bad input": 2, "error": 70}  # exit codes; of everything else that is not good it is 1


@dataclass(frozen=True)
class Case:
    """An entry as it stands in the file; ``bad`` says that it must be refused."""

    id: str
    data: Mapping[str, Any]
    bad: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: how it was told, what was confirmed, how long each phase took."""

    id: str
    status: Status
    method: str = ""
    lines: int = 0
    formulas: int = 0
    confirmed: int = 0
    worst_error: float = 0.0
    answer: str | None = None
    stated: Stated = None
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    message: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code that this entry alone would have."""
        return 0 if self.status in GOOD else CODES.get(self.status, 1)

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain data; docs/cases.md describes it."""
        return asdict(self)


def load_cases(path: Path) -> list[Case]:
    """The entries of a file, those that must be refused last; what is in an entry is looked at later.

    Raises:
        InputError: the file cannot be read, is not TOML, or holds no entries with an id.
    """
    data = _data(path)
    spare = [key for key in data if key not in ("case", "bad", "format")]
    if spare:
        raise InputError(
            f"{path}: found an unknown key `{spare[0][:40]}`", hint="entries are [[case]] and [[bad]]"
        )
    found: list[Case] = []
    for kind in ("case", "bad"):
        entries = data.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise InputError(f"{path}: `{kind}` is no list of tables", hint=f"begin an entry with [[{kind}]]")
        for place, entry in enumerate(entries, 1):
            name = entry.get("id")
            found.append(Case(name if isinstance(name, str) else f"{kind} {place}", entry, kind == "bad"))
    if not found:
        raise InputError(f"{path} holds no cases", hint="begin an entry with [[case]]")
    return found


def _data(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not written in UTF-8") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{path} is not TOML: {str(error).partition(';')[0]}") from None


def solve_cases(cases: Sequence[Case], jobs: int | None, layout: str, progress: Progress) -> list[Outcome]:
    """What becomes of all entries, in their order, several at a time."""
    with workers(jobs if len(cases) > 1 else 1) as pool:
        return work_through(pool, partial(solve_case, layout=layout), cases, "solved", progress)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 if everything is as it should be; an answer that is not confirmed outranks bad input."""
    return min((o.exit_code for o in outcomes if o.exit_code), default=0)


def solve_case(case: Case, layout: str = "gradient-column") -> Outcome:
    """Derive one entry, confirm its formulas, judge its answer; nothing is raised."""
    times: dict[str, float] = {}
    try:
        outcome = _solved(case, layout, times)
    except WorkingsError as error:
        return Outcome(case.id, _status(case, error), milliseconds=times, message=str(error))
    except Exception as error:  # the others go on
        return Outcome(case.id, "error", milliseconds=times, message=f"{type(error).__name__}: {error}")
    return replace(outcome, status="accepted") if case.bad else outcome


def _status(case: Case, error: WorkingsError) -> Status:
    if isinstance(error, CheckFailed):
        return "not confirmed"
    if case.bad:
        return "refused"
    return "not derived" if isinstance(error, NotDerivable) else "bad input"


def _solved(case: Case, layout: str, times: dict[str, float]) -> Outcome:
    with _timed(times, "read"):
        problem = posed(case, layout)
    with _timed(times, "derive"):
        derivation = derive(problem)
    with _timed(times, "print"):
        text = render_derivation(derivation, "latex")
    with _timed(times, "verify"):
        report = confirmed(derivation, latex=text).report
        judge_answers([derivation])
    answer = case.data.get("answer")
    stated: Stated = None if answer is None else "equal" if is_derivative(answer, problem) else "differs"
    return Outcome(
        case.id,
        "differs" if stated == "differs" else "confirmed",
        method=derivation.method,
        lines=sum(1 for _ in derivation.lines()),
        formulas=report.formulas,
        confirmed=report.formulas - len(report.failures),
        worst_error=report.worst_error,
        answer=answer_in_text(derivation),
        stated=stated,
        milliseconds=times,
    )


@contextmanager
def _timed(times: dict[str, float], phase: str) -> Iterator[None]:
    start = time.process_time()
    try:
        yield
    finally:
        times[phase] = round(1000 * (time.process_time() - start), 2)


def is_derivative(text: str, problem: Problem) -> bool:
    """Whether a stated answer, in the text language and with a column for a gradient, is the derivative.

    Raises:
        InputError: it is not understood.
    """
    stated = column(parse(text, Scope(problem.symbols, calculus=True)))
    try:
        judge(replace(problem, layout=Layout()), stated)
    except CheckFailed:
        return False
    return True


# --- one entry as a problem ---------------------------------------------------------------------------


def posed(case: Case, layout: str) -> Problem:
    """An entry as a problem; where it declares variables, there are no others.

    Raises:
        InputError: a key, a variable or the function cannot be understood.
    """
    data = _checked(case.data)
    items = [_item(name, entry) for name, entry in data.get("variables", {}).items()]
    names = data["wrt"].split(",") if isinstance(data["wrt"], str) else data["wrt"]
    declared = parse_shapes(items)
    if items and not is_latex(data["function"]):
        sides = [side for s in declared.values() for side in s.shape if isinstance(side, Dim)]
        parse(data["function"], Scope(declared, frozenset(n for side in sides for n in side.names)))
    method, layout = data.get("method"), data.get("layout", layout)
    shapes = [*items, *(f"{name}={side}" for name, side in data.get("shapes", {}).items())]
    problem, inferred = pose(data["function"], names, shapes, data.get("assume", {}), method, layout)
    if items and (unknown := sorted(inferred)):
        hint = did_you_mean(unknown[0], declared) or f"declared are {', '.join(declared)}"
        source = data["function"]
        column = max(0, source.find(unknown[0]))
        raise InputError(f"unknown name `{unknown[0]}`", hint=hint, source=source, column=column)
    problem = of_order(replace(problem, id=case.id), data.get("order", 1))
    return on_structure(problem) if data.get("structured") else problem


def _checked(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of an entry, each of the right kind."""
    for key, value in data.items():
        if key not in KEYS:
            raise InputError(f"found an unknown key `{key[:40]}`", hint=did_you_mean(key, KEYS))
        if not isinstance(value, KEYS[key]) or isinstance(value, bool) != (key == "structured"):
            raise InputError(
                f"`{key}` is not what is expected here", source=f"{key} = {value!r}"[:80], column=0
            )
    for key in NEEDED:
        if key not in data:
            raise InputError(f"the entry has no `{key}`")
    wrt = data["wrt"]
    if isinstance(wrt, list) and not all(isinstance(name, str) for name in wrt):
        raise InputError("`wrt` is a name or a list of names")
    return data


def _item(name: str, entry: Any) -> str:
    """A declared variable as on a command line: ``X=n,m:symmetric``."""
    shape, assume = (entry.get("shape"), entry.get("assume", [])) if isinstance(entry, dict) else (None, [])
    if not (isinstance(shape, list) and isinstance(assume, list)):
        raise InputError(f"variable `{name[:40]}` has no shape", hint='write { shape = ["n", "m"] }')
    words = f":{','.join(map(str, assume))}" if assume else ""
    return f"{name}={','.join(map(str, shape))}{words}".replace(" ", "")
