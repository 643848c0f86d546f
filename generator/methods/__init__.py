"""Ways to tell a solution: general algorithms, one a file; none knows which problem it is solving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module

from generator.derivation import Derivation
from generator.detail import told_in
from generator.errors import InputError, NotDerivable, did_you_mean
from generator.methods.lemma import Lemma
from generator.methods.sums import explained, without_sums
from generator.methods.tensor_entries import whole
from generator.problem import Problem

__all__ = ["METHODS", "derive", "others", "whole"]

Teller = Callable[[Problem, tuple[Lemma, ...]], Derivation]


def _by(module: str, *, cites: bool = False, **ways: bool) -> Teller:
    """A method, loaded when it is used: start-up would wait for all of them. Some cite earlier solutions."""

    def tell(problem: Problem, lemmas: tuple[Lemma, ...]) -> Derivation:
        method = import_module(f"generator.methods.{module}")
        told: Derivation = method.tell(problem, lemmas) if cites else method.tell(problem, **ways)
        return told

    return tell


METHODS: dict[str, Teller] = {
    "partials": _by("partials"),
    "differential": _by("differential", cites=True),
    "chain": _by("jacobian_chain", cites=True),
    "product": _by("product_rule", cites=True),
    "vec": _by("vec_form"),
    "index": _by("tensor"),
    "deltas": _by("tensor", deltas=True),
    "limit": _by("limit"),
}

CHOICE = tuple(name for name in METHODS if name not in ("deltas", "limit"))  # they are for those who ask


def derive(problem: Problem, method: str | None = None, lemmas: Sequence[Derivation] = ()) -> Derivation:
    """Solve a problem by a method, by those that it asks for, or by the first that fits.

    ``lemmas`` are earlier solutions to cite. Of several tellings the first says everything; the others are
    further ways to the derivative.

    Raises:
        InputError: there is no such method.
        NotDerivable: the method does not apply to this problem.
    """
    asked, problem = problem, without_sums(problem)
    known = tuple(Lemma.of(d) for d in lemmas if d.problem.order == 1)
    chosen, *others = (method,) if method else problem.methods or (None,)
    bare = replace(problem, at=(), set_to_zero=False)
    also = tuple(_told(bare, other, known) for other in others)
    told = replace(explained(_told(problem, chosen, known), asked), also=also)
    return told_in(told, problem.detail)


def others(derivation: Derivation) -> tuple[str, ...]:
    """The further methods that would derive the same; for first derivatives."""
    problem, used = derivation.problem, {one.method for one in derivation.tellings}
    return tuple(name for name in CHOICE if problem.order == 1 and name not in used and _fits(problem, name))


def _fits(problem: Problem, method: str) -> bool:
    try:
        derive(replace(problem, at=(), set_to_zero=False), method)
    except NotDerivable:
        return False
    return True


def _structured(found: Derivation) -> Derivation:
    if not found.problem.structure:
        return found
    from generator.methods import structured

    return structured.tell(found)


def _evaluated(found: Derivation) -> Derivation:
    if not found.problem.at or len(found.answers) > 1:
        return found
    from generator.methods import evaluation

    return evaluation.evaluated(found)


def _stationary(found: Derivation) -> Derivation:
    from generator.methods import stationary

    return stationary.tell(found)


def _told(problem: Problem, chosen: str | None, known: tuple[Lemma, ...]) -> Derivation:
    """One telling of a solution."""
    if problem.order == 2 and (chosen in (None, "hessian") or chosen in METHODS):
        from generator.methods import hessian

        return hessian.tell(problem, known, None if chosen == "hessian" else chosen)
    if chosen == "hessian":
        raise NotDerivable("the method hessian is for second derivatives", hint="ask with --hessian")
    if chosen is not None and chosen not in METHODS:
        raise InputError(
            f"there is no method {chosen!r}; there are {', '.join(METHODS)}",
            hint=did_you_mean(chosen, METHODS),
        )
    refusals: list[NotDerivable] = []
    for name in [chosen] if chosen else CHOICE:
        try:
            found = _evaluated(_structured(METHODS[name](problem, known)))
            return _stationary(found) if problem.set_to_zero else found
        except NotDerivable as e:
            refusals.append(e)
    raise refusals[-1]
