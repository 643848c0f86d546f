"""A problem file with parameters: a template, from which every choice of values makes an ordinary problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import InputError
from generator.expr.match import find
from generator.expr.nodes import Div
from generator.problem import Problem
from generator.rules.coefficient import ZERO
from generator.spec.complaints import Complaints, Source, read_source
from generator.spec.problems import Defaults, make_problem
from generator.variants.instance import put_in, shown
from generator.variants.parameters import read_parameters
from generator.variants.spaces import Product, Value

if TYPE_CHECKING:
    from generator.spec.models import ProblemFile

MOST_STRUCTURES = 50


@dataclass(frozen=True)
class Template:
    """A file, the space of its parameters, and the constraints as they are written."""

    id: str
    source: Source
    space: Product
    constraints: tuple[str, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)

    def problem(self, values: Mapping[str, Value]) -> Problem:
        """The problem with these values put in.

        Raises:
            InputError: they make no problem; the message tells the values.
        """
        complaints = Complaints()
        problem = _instance(self, values, complaints)
        try:
            complaints.settle()
        except InputError as error:
            raise InputError(f"{error.message}\n  where {told(values)}", hint=error.hint) from None
        assert problem is not None  # without complaints there is a problem
        return problem


def told(values: Mapping[str, Value]) -> str:
    """Values in words: ``a = 3, b = [1, 2]``."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items())


def load_template(path: Path, defaults: Defaults | None = None) -> Template:
    """The template of one file; every structure is tried once. A file without parameters makes one problem.

    Raises:
        InputError: everything that is wrong with the file, each as ``file:line: key: …``.
    """
    complaints = Complaints()
    source = read_source(path, complaints)
    file = _file(source, {}, complaints) if source else None
    if source is None or file is None:
        complaints.settle()
        raise InputError(f"{path} holds no problem")
    space = read_parameters(file.parameters, file.symbols, source, complaints)
    complaints.settle()
    template = Template(file.id or path.stem, source, space, tuple(file.constraints), defaults or Defaults())
    strata = space.strata()
    if len(strata) > MOST_STRUCTURES:
        told_all = f"there are {len(strata)} combinations of texts; at most {MOST_STRUCTURES} are allowed"
        complaints.add(source, ("parameters",), told_all)
        complaints.settle()
    for stratum in strata:
        template.problem(stratum.values(stratum.size // 2))
    return template


def _file(source: Source, values: Mapping[str, Value], complaints: Complaints) -> ProblemFile | None:
    from generator.spec.models import ProblemFile
    from generator.spec.validate import validated

    data = put_in(source.data, values) if values else source.data
    return validated(ProblemFile, Source(source.path, source.text, data), complaints)


def _instance(template: Template, values: Mapping[str, Value], complaints: Complaints) -> Problem | None:
    file = _file(template.source, values, complaints)
    if file is None:
        return None
    problem = make_problem(file, template.source, template.defaults, complaints)
    if problem is not None and any(d.den == ZERO for d in find(problem.body, Div)):
        complaints.add(template.source, ("given",), "a division by zero")
    return problem
