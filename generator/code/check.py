"""The self-check at the end of a module: its derivatives beside difference quotients at random inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import indent

from generator.code.dialects import Dialect
from generator.code.draws import Draw, draws
from generator.code.part import Part
from generator.code.target import folded, rank, safe
from generator.expr.nodes import Sym

_QUOTIENTS = '''def difference_quotients(f, x, step=1e-3):
    """Partial derivatives of f at x: central differences with one extrapolation."""
    parts, steps = [], (step, step / 2)
    for place in np.ndindex(np.shape(x)):
        unit = np.zeros(np.shape(x))
        unit[place] = 1
        wide, narrow = [(f(x + h * unit) - f(x - h * unit)) / (2 * h) for h in steps]
        parts.append((4 * narrow - wide) / 3)
    return np.stack(parts, axis=-1).reshape(np.shape(f(x)) + np.shape(x))'''
_ERROR = '''def relative_error(found, expected):
    """The largest difference, relative to the largest entry."""
    return np.max(np.abs(found - expected)) / max(1, np.max(np.abs(expected)))'''
_CHECK = '''def check(seed=0):
    """The largest relative error of the derivative at random inputs."""
{draws}
{inputs}

    def run(**changed):
        arrays = {{key: {given}(x) for key, x in {{**inputs, **changed}}.items()}}
        return [np.asarray(result) for result in {function}(**arrays)]

    {results} = run()
{comparisons}
    return {error}'''
_MAIN = """if __name__ == "__main__":
    print(f"largest relative error: {check():.1e}")"""


def self_check(
    function: str, symbols: Mapping[str, Sym], arguments: Sequence[str], parts: Sequence[Part],
    dialect: Dialect, draw: Draw,
) -> list[str]:  # fmt: skip
    """The functions of the check and what runs them."""
    wrt = parts[0].derivation.problem.wrt
    names = [safe(s.name) for s in wrt]
    several = len(wrt) > 1
    change = f"**dict(zip({names!r}, x))".replace("'", '"') if several else f"{names[0]}=x"
    point = f"[{', '.join(names)}]" if several else names[0]
    numeric = ["numeric"] if len(parts) == 1 else [f"numeric_{part.word}" for part in parts]
    comparisons = [
        line
        for k, (name, part) in enumerate(zip(numeric, parts, strict=True))
        for line in (
            folded(f"{name} = difference_quotients(", [f"lambda x: run({change})[{k}]", point], ")"),
            *(f"{name} = {name}{step}" for step in _arranged(part)),
        )
    ]
    errors = [f"relative_error({part.word}, {name})" for name, part in zip(numeric, parts, strict=True)]
    setup = [*dialect.setup, "rng = np.random.default_rng(seed)"]
    check = _CHECK.format(
        draws=_block([*setup, *draws(symbols, draw)]),
        inputs=_block([folded("inputs = {", [f'"{n}": {n}' for n in arguments], "}")]),
        given=dialect.given,
        function=function,
        results=", ".join(["_", *(part.word for part in parts)]),
        comparisons=_block(comparisons),
        error=errors[0] if len(errors) == 1 else indent(folded("max(", errors, ")"), "    ").lstrip(),
    )
    return [_QUOTIENTS, _ERROR, check, _MAIN]


def _block(lines: Sequence[str]) -> str:
    return indent("\n".join(lines), "    ")


def _arranged(part: Part) -> list[str]:
    """How difference quotients (output axes, then input axes) are arranged like the derivative."""
    problem = part.derivation.problem
    if part.axes:
        return []
    inner = 1 if len(problem.wrt) > 1 else rank(problem.wrt[0].shape)
    outer = rank(problem.function.shape) + (problem.order - 1) * inner
    turned = outer and inner and problem.order == 1 and problem.layout.jacobian == "denominator"
    steps = [".T"] if turned else []
    if outer + inner > 2:  # matrices are stacked column by column
        axes = [*reversed(range(outer)), *reversed(range(outer, outer + inner))]
        stacked = f".transpose({', '.join(map(str, axes))})" if axes != sorted(axes) else ""
        steps.insert(0, f"{stacked}.reshape({part.word}{'.T' * len(steps)}.shape)")
    return steps
