"""Derivatives of the elementwise functions; for scalars the product is the ordinary one."""

from __future__ import annotations

from generator.rules.rule import Rule


def _chain(name: str, rhs: str, because: str) -> Rule:
    return Rule(f"derivative of {name}", f"d({name}(A))", rhs, because, title="Chain rule")


ELEMENTWISE = (
    _chain("exp", "exp(A) * d(A)", "the exponential is its own derivative"),
    _chain("log", "d(A) / A", "the derivative of the logarithm is the reciprocal"),
    _chain("sin", "cos(A) * d(A)", "the derivative of the sine is the cosine"),
    _chain("cos", "-(sin(A) * d(A))", "the derivative of the cosine is minus the sine"),
    _chain("tanh", "(1 - tanh(A)**2) * d(A)", "the derivative of tanh is one minus its square"),
    _chain("sigmoid", "sigmoid_prime(A) * d(A)", "each entry has the slope of the sigmoid at that entry"),
    _chain(
        "relu",
        "relu_prime(A) * d(A)",
        "the slope is 1 where the entry is positive and 0 where it is negative",
    ),
    _chain("abs", "sign(A) * d(A)", "the slope of the absolute value is the sign, away from zero"),
    _chain("sqrt", "d(A) / (2 * sqrt(A))", "the derivative of the square root is one over twice the root"),
    _chain(
        "sigmoid_prime",
        "sigmoid_prime(A) * (1 - 2 * sigmoid(A)) * d(A)",
        "product rule for σ(1 − σ): the slope of the sigmoid falls where the sigmoid is above one half",
    ),
    _chain("relu_prime", "0 * A * d(A)", "the slope of relu does not change, away from zero"),
    _chain("sign", "0 * A * d(A)", "the sign does not change, away from zero"),
)
