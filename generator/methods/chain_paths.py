"""Several ways from the variable to the function: the parts through which it enters, each with a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from generator.errors import NotDerivable
from generator.expr.make import mul, t
from generator.expr.match import children, depends, with_children
from generator.expr.nodes import Add, Call, Div, Had, MatPow, Mul, Neg, Node, Pow, Sym, T
from generator.expr.shapes import is_row, is_scalar
from generator.methods.chain_stages import Stage, kind, names_taken, part_name
from generator.problem import Problem
from generator.rules.nary import unrolled


def paths(problem: Problem) -> tuple[tuple[Stage, ...], Stage]:
    """The parts through which the variable enters, and the function in terms of them.

    Raises:
        NotDerivable: it enters in one place only.
    """
    found = Parts(problem, names_taken(problem))
    body = found.opened(problem.body)
    if len(found.stages) < 2:
        raise NotDerivable(
            f"{problem.function.name} is a single stage, and the chain rule multiplies those of several",
            hint="use --method differential: it finds the derivative of one stage",
        )
    inner = tuple(stage.out for stage in found.stages)
    return tuple(found.stages), Stage(problem.function, body, inner, "other")


@dataclass
class Parts:
    """Names the parts of an expression in which the variable occurs, one for each place."""

    problem: Problem
    used: set[str]
    stages: list[Stage] = field(default_factory=list)

    def live(self, e: Node) -> bool:
        """Whether the variable occurs in an expression."""
        return depends(e, frozenset(s.name for s in self.problem.wrt))

    def opened(self, e: Node) -> Node:
        """An expression over named parts: the first operation where several operands hold the variable."""
        if isinstance(e, MatPow):
            base, k = unrolled(e)
            e = mul(*[base] * k) if k > 1 else e
        kids = children(e)
        if sum(map(self.live, kids)) == 1 and not isinstance(e, MatPow):
            return with_children(e, tuple(self.opened(k) if self.live(k) else k for k in kids))
        if isinstance(e, Mul):
            return self.product(e)
        if isinstance(e, Add | Had | Div | Pow) or (isinstance(e, Call) and e.name == "kron"):
            return with_children(e, tuple(self.part(k) if self.live(k) else k for k in kids))
        return e

    def product(self, e: Mul) -> Node:
        """A product: every number is a part, and a chain of matrices is cut behind each that varies."""
        scalars = [f for f in e.factors if is_scalar(f.shape)]
        chain = [f for f in e.factors if not is_scalar(f.shape)]
        cuts = [k + 1 for k, f in enumerate(chain) if self.live(f)]
        ends = [0, *cuts[:-1], len(chain)] if cuts else [0, len(chain)]
        pieces = [mul(*chain[a:b]) for a, b in pairwise(ends) if b > a]
        return mul(*(self.part(f) if self.live(f) else f for f in (*scalars, *pieces)))

    def part(self, e: Node) -> Node:
        """A part by its name; signs, constant numbers and transposes stay outside."""
        if isinstance(e, Neg):
            return Neg(self.part(e.arg))
        if isinstance(e, T):
            return T(self.part(e.arg))
        if isinstance(e, Mul):
            outside = [f for f in e.factors if is_scalar(f.shape) and not self.live(f)]
            inside = [f for f in e.factors if f not in outside]
            if outside and inside:
                return mul(*outside, self.part(mul(*inside)))
            if is_row(e.shape):
                return T(self.part(mul(*(t(f) for f in reversed(e.factors)))))
        into = self.problem.wrt
        name = self.problem.called(e) or part_name(e, self.problem.body, self.used)
        self.stages.append(Stage(name, e, into, "same" if isinstance(e, Sym) else kind(e, into)))
        return name
