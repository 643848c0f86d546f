"""The laws of index notation, as they are named in derivations."""

from __future__ import annotations

from generator.rules.rule import Rule

INDICES = (
    Rule("roles", "A", "A", "look at each term and ask how it depends on the variable"),
    Rule("rows", "A @ x", "A @ x", "entry i of a product is row i times the vector"),
    Rule("components", "A", "A", "a matrix product in components is a sum over the inner index"),
    Rule("term by term", "d(A + B)", "d(A) + d(B)", "differentiate each term on its own"),
    Rule(
        "coefficient",
        "d(c * A)",
        "c * d(A)",
        "the derivative of a multiple is its coefficient",
        when=(("constant", "c"),),
    ),
    Rule("delta", "A", "A", "a sum with a Kronecker delta has one term"),
    Rule(
        "surviving term", "A", "A", "all other terms do not contain the variable, so their derivative is zero"
    ),
    Rule("cases", "A", "A", "a Kronecker delta is one where its indices agree, and zero elsewhere"),
    Rule("sides of a kink", "A", "A", "on each side of its kink the function has a slope, at the kink none"),
    Rule("entry of the inverse", "A", "A", "differentiate A A⁻¹ = I and solve"),
    Rule("recognition", "A", "A", "read the entries as those of a matrix expression"),
    Rule("structure", "A", "A", "entries that are one variable contribute together"),
    Rule("assembly", "A", "A", "stack the entries"),
    Rule("coordinates", "A", "A", "multiply out, entry by entry"),
    Rule("chain rule", "A", "A", "the derivative of a composition is the product of those of its stages"),
    Rule("limit", "A", "A", "a derivative is the limit of the change of the value over that of the variable"),
    Rule("length", "norm(x)", "sqrt(x.T @ x)", "the length of a vector is the root of the sum of squares"),
)
