"""Parameters that change nothing in print: whoever draws them would hand out the same paper again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import InputError
from generator.spec.complaints import Complaints
from generator.variants.arithmetic import ENTRY, names_in
from generator.variants.spaces import Value
from generator.variants.statement import statement
from generator.variants.template import Template

TRIES = 4  # values of a parameter, in every structure
SHOW = "let the statement show the function, for example with {f =}"


def refuse_idle(template: Template) -> None:
    """Nothing, if every parameter changes what is printed for some values, or stands in a constraint.

    Raises:
        InputError: one does not, with its line in the file.
    """
    free = [
        n for n, space in template.space.spaces.items() if space.size > 1 and n not in _constrained(template)
    ]
    idle = [name for name in free if not any(_changes(template, name))]
    complaints = Complaints()
    hint = SHOW if template.source.data.get("statement") else "use it, or leave it out"
    for name in idle:
        told = "its value changes nothing that is printed"
        complaints.add(template.source, ("parameters", name), told, hint)
    complaints.settle()


def _constrained(template: Template) -> set[str]:
    """The parameters that constraints name, alone or by an entry."""
    used = {name for text in template.constraints for name in names_in(text)}
    return used | {split[1] for name in used if (split := ENTRY.fullmatch(name))}


def _changes(template: Template, name: str) -> Iterator[bool]:
    """Whether the statement prints otherwise for another value of a parameter, in each structure."""
    space = template.space.spaces[name]
    for stratum in template.space.strata():
        values = stratum.values(stratum.size // 2)
        prints = {_printed(template, values)}
        for k in range(min(TRIES, space.size)):
            prints.add(_printed(template, {**values, name: space.value(k * (space.size - 1) // (TRIES - 1))}))
        yield len(prints - {""}) > 1


def _printed(template: Template, values: Mapping[str, Value]) -> str:
    """The mark of a statement; nothing, where the values make no problem."""
    try:
        return statement(template.problem(values))
    except InputError:
        return ""
