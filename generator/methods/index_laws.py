"""The laws of differentiation in indices: one step on a partial derivative by an entry of the variable.

∂x_k/∂x_j is a Kronecker delta. The derivative of an entry of a named part stays as it is, until the part's
own entries are differentiated.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Partial, Rel, Sum
from generator.expr.make import add, mul, neg, num
from generator.expr.match import children, depends, find, with_children
from generator.expr.nodes import Call, Entry, Eye, Inv, Node, Sym
from generator.methods import abstract
from generator.methods.bound import Letters, indices
from generator.methods.deltas import collapse
from generator.methods.story import Story
from generator.rules.laws import law_for
from generator.rules.rule import Vary
from generator.rules.tidy import tidy

WHY = {
    "inverse": "Differentiate {0} and solve for an entry of the inverse:",
    "det": "Jacobi's formula, in entries (the cofactors of {0} are the entries of {1}):",
    "logdet": "Jacobi's formula divided by the determinant, in entries:",
    "softmax": "Each entry gains from its own input, and loses to all inputs by the normalisation:",
    "logsumexp": "The slope of log-sum-exp along each of its inputs is the softmax weight of that input:",
}


@dataclass(frozen=True)
class Slopes:
    """What is differentiated by, and what varies with it: the variable and the named parts."""

    wrt: Node
    vary: Vary

    def open(self, e: Node) -> bool:
        """Whether a partial derivative is left that is not just that of an entry of a named part."""
        return any(not self.closed(p.of) for p in find(e, Partial))

    def closed(self, of: Node) -> bool:
        """Whether this is (an entry of) a named part, or of a function whose derivative has no other name."""
        app = abstract.application(of)
        if app is not None:
            return app.args == (self.variable,) and abstract.tensor(app, self.variable)
        base = of.base if isinstance(of, Entry) else of
        return isinstance(base, Sym) and base.name in self.vary and base != self.variable

    @property
    def variable(self) -> Node:
        """The variable, as a whole."""
        return self.wrt.base if isinstance(self.wrt, Entry) else self.wrt

    def one_pass(self, e: Node) -> Node:
        """One step on every open partial derivative."""
        if isinstance(e, Partial):
            return self.step(e)
        parts = tuple(map(self.one_pass, children(e)))
        return with_children(e, parts) if parts else e

    def step(self, e: Partial) -> Node:
        """One step: into a sum, a delta for an entry of the variable, otherwise the law that fits.

        Raises:
            NotDerivable: there is no law.
        """
        of = e.of
        if not depends(of, self.vary):
            return num(0)
        if self.closed(of):
            return e
        if isinstance(of, Sum):
            inner = Partial(of.body, e.wrt, e.layout)
            return Sum(of.index, self.step(inner) if isinstance(of.body, Sum) else inner)
        if abstract.application(of):
            return abstract.through(e, self.wrt, self.vary, Letters.beside(find(e, Sym), indices(e)))
        if isinstance(of, Sym):
            return num(1)
        if isinstance(of, Entry) and isinstance(of.base, Sym) and isinstance(self.wrt, Entry):
            return mul(*(Delta(a, b) for a, b in zip(of.indices, self.wrt.indices, strict=True)))
        if kind(of):
            return tidy(self.spread(e), collect=False)
        new = law_for(e, self.vary).apply(e, self.vary)
        assert new is not None
        return new

    def of_entry(self, base: Node, *at: Node) -> Node:
        """The derivative of an entry of the variable, or of a named part."""
        return self.step(Partial(Entry(base, at), self.wrt))

    def spread(self, e: Partial) -> Node:
        """The derivative of an entry of an inverse or a softmax, of a determinant or a log-sum-exp.

        Raises:
            NotDerivable: its argument is neither the variable nor a named part.
        """
        of, letters = e.of, Letters.beside(find(e, Sym), indices(e))
        inner = argument(of)
        if not isinstance(inner, Sym):
            raise NotDerivable(f"{kind(of)} of an expression without a name is not differentiated by indices",
                               hint="use --method differential")  # fmt: skip
        k = letters.next(inner.shape[0])
        if kind(of) == "logsumexp":
            return collapse(Sum(k, mul(Entry(Call("softmax", (inner,)), (k,)), self.of_entry(inner, k))))
        if kind(of) == "softmax":
            assert isinstance(of, Entry)
            mean = collapse(Sum(k, mul(Entry(of.base, (k,)), self.of_entry(inner, k))))
            return mul(of, add(self.of_entry(inner, *of.indices), neg(mean)))
        m = letters.next(inner.shape[0])
        if isinstance(of, Entry):
            i, j = of.indices
            ends = Entry(of.base, (i, k)), self.of_entry(inner, k, m), Entry(of.base, (m, j))
            return neg(collapse(Sum(k, Sum(m, mul(*ends)))))
        whole = Sum(k, Sum(m, mul(Entry(Inv(inner), (m, k)), self.of_entry(inner, k, m))))
        return mul(of, collapse(whole)) if kind(of) == "det" else collapse(whole)


def kind(of: Node) -> str:
    """Which of the functions with a law of its own this is (an entry of), or nothing."""
    base = of.base if isinstance(of, Entry) else of
    if isinstance(base, Inv):
        return "inverse"
    return base.name if isinstance(base, Call) and base.name in WHY else ""


def argument(of: Node) -> Node:
    """What the inverse, softmax or determinant is taken of."""
    base = of.base if isinstance(of, Entry) else of
    return children(base)[0]


def quote(story: Story, e: Node, slopes: Slopes) -> None:
    """Tell the law of each inverse, determinant, softmax or log-sum-exp in an expression, once."""
    for of in dict.fromkeys(n for kind_of in (Entry, Call) for n in find(e, kind_of)):
        name = kind(of)
        if not name or not depends(of, slopes.vary) or name in story.quoted:
            continue
        story.quoted.add(name)
        inner = argument(of)
        identity = Rel(mul(inner, Inv(inner)), "=", Eye(inner.shape[0])) if name == "inverse" else inner
        parts = (identity, mul(Call("det", (inner,)), Inv(inner))) if name in ("inverse", "det") else ()
        story.say(WHY[name], *parts)
        slope = Partial(of, slopes.wrt)
        story.line(slope, slopes.step(slope), "term by term" if name != "inverse" else "entry of the inverse")
