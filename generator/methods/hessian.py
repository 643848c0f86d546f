"""Second derivatives: the Hessian of a scalar function, by entries or in matrix form.

A function that is written out in coordinates is differentiated twice by partial derivatives; any other
function of a vector, or of one number, by differentials: the Hessian is the Jacobian of the gradient. Several
numbers in a function of matrices are told row by row.
"""

from __future__ import annotations

from generator.derivation import Derivation
from generator.errors import NotDerivable
from generator.expr.shapes import is_scalar
from generator.methods import hessian_entries, hessian_matrix, hessian_numbers
from generator.methods.lemma import Lemma
from generator.problem import Problem


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = (), method: str | None = None) -> Derivation:
    """The second derivative of a scalar function; ``method`` says how, otherwise the first that applies does.

    Raises:
        NotDerivable: the function is not scalar, or no method applies.
    """
    if not is_scalar(problem.function.shape):
        raise NotDerivable("a Hessian is that of a scalar function", hint="take one component of it")
    if method in (None, "partials"):
        try:
            return hessian_entries.tell(problem)
        except NotDerivable:
            if method is not None or written_out(problem):
                raise
    if len(problem.wrt) > 1:
        return hessian_numbers.tell(problem)
    if method == "index":
        raise NotDerivable("Hessians are told by partials or differentials", hint="use --method differential")
    return hessian_matrix.tell(problem, lemmas)


def written_out(problem: Problem) -> bool:
    """Whether the function is written out in coordinates."""
    from generator.methods.partials import coordinates_of

    try:
        return bool(coordinates_of(problem))
    except NotDerivable:
        return False
