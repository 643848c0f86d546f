"""Classic wrong rules, in the form of the right ones: what students write, and why it is tempting.

They make the wrong answers of exams, explain them, and prove that the checker rejects. None of them is a law:
they are in no table that a method uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.rules.rule import Rule


@dataclass(frozen=True)
class Mistake:
    """A wrong rule, the name of the right one, and what to say to a student who used it.

    Raises:
        InputError: the sides of the wrong rule cannot be read, or differ in shape.
    """

    rule: Rule
    of: str

    @property
    def name(self) -> str:
        """The name of the mistake."""
        return self.rule.name

    @property
    def misconception(self) -> str:
        """What goes wrong, in one sentence to a student."""
        return self.rule.because


def _wrong(name: str, of: str, lhs: str, rhs: str, misconception: str, *constant: str) -> Mistake:
    return Mistake(Rule(name, lhs, rhs, misconception, when=tuple(("constant", c) for c in constant)), of)


PRODUCTS = (
    _wrong(
        "product of differentials", "product rule", "d(A @ B)", "d(A) @ d(B)",
        "A product of differentials is no differential of a product: change one factor at a time and add.",
    ),
    _wrong(
        "swapped factors", "product rule", "d(A @ B)", "d(A) @ B + d(B) @ A",
        "Matrices do not commute: every factor stays in its place when another one is differentiated.",
    ),
    _wrong(
        "forgotten factor", "product rule", "d(A @ B)", "d(A) @ B",
        "Both factors change, so both contribute a term to the differential of a product.",
    ),
    _wrong(
        "quadratic form as if symmetric", "product rule", "d(x.T @ A @ x)", "2 * x.T @ A @ d(x)",
        "The two terms of the differential are equal only where A is symmetric; in general they give A + Aᵀ.",
        "A",
    ),
    _wrong(
        "Hadamard product as a matrix product", "product rule", "d(A * B)", "d(A) @ B + A @ d(B)",
        "An elementwise product stays elementwise when it is differentiated.",
    ),
    _wrong(
        "power of a matrix like a number", "matrix power", "d(matpow(A, 2))", "2 * A @ d(A)",
        "A and dA do not commute, so A dA and dA A are two different terms.",
    ),
)  # fmt: skip
TRANSPOSES = (
    _wrong(
        "lost transpose", "transpose", "d(A.T)", "d(A)",
        "The transpose stays: the differential of a transpose is the transpose of the differential.",
    ),
    _wrong(
        "lost transpose in a Gram matrix", "product rule", "d(A.T @ A)", "d(A) @ A + A.T @ d(A)",
        "The first factor is Aᵀ, so its differential is (dA)ᵀ and not dA.",
    ),
    _wrong(
        "transpose without reversal", "transpose of a product", "(A @ B).T", "A.T @ B.T",
        "Transposing a product reverses the order of its factors: the last one comes first.",
    ),
    _wrong(
        "transpose forgotten at the end", "transpose of a product", "(A @ B).T", "A @ B",
        "What stands in front of the differential is the transpose of the gradient.",
    ),
    _wrong(
        "cyclic rotation that swaps", "cyclic rotation", "tr(A @ B @ C)", "tr(B @ A @ C)",
        "Under a trace a factor may move from one end to the other; two neighbours may not change places.",
    ),
    _wrong(
        "order lost under the trace", "cyclic rotation", "tr(A @ d(B) @ C)", "tr(A @ C @ d(B))",
        "To bring the differential to the end, move C around to the front: tr(A dB C) = tr(C A dB).",
    ),
    _wrong(
        "trace of a product as a product of traces", "cyclic rotation", "tr(A @ B)", "tr(A) * tr(B)",
        "The trace respects sums and numbers, but not products.",
    ),
    _wrong(
        "sum of entries as a trace without transpose", "sum of a Hadamard product", "sum(A * B)", "tr(A @ B)",
        "The sum of all a_ij b_ij is tr(AᵀB); without the transpose a_ij meets b_ji.",
    ),
)  # fmt: skip
INVERSES = (
    _wrong(
        "sign of the inverse", "inverse", "d(inv(A))", "inv(A) @ d(A) @ inv(A)",
        "The differential of an inverse carries a minus sign, as the derivative of 1/x does.",
    ),
    _wrong(
        "inverse like a number", "inverse", "d(inv(A))", "-inv(A) @ inv(A) @ d(A)",
        "For matrices −dA/A² has no meaning: one inverse stands on each side of dA.",
    ),
    _wrong(
        "determinant as if linear", "determinant", "d(det(A))", "det(d(A))",
        "The determinant is not linear, so d does not move inside.",
    ),
    _wrong(
        "determinant like a trace", "determinant", "d(det(A))", "tr(d(A))",
        "This holds at the identity only; elsewhere Jacobi's formula brings in det(A) and the inverse of A.",
    ),
    _wrong(
        "log-determinant like a logarithm", "log-determinant", "d(logdet(A))", "tr(d(A)) / det(A)",
        "The slope of log det A is the inverse of A, not one over its determinant.",
    ),
)  # fmt: skip
NORMS = (
    _wrong(
        "missing factor two", "squared norm of a vector", "d(norm(x)**2)", "x.T @ d(x)",
        "x occurs twice in xᵀx, so the product rule gives two equal terms.",
    ),
    _wrong(
        "missing factor two for a matrix", "squared norm of a matrix", "d(norm(A)**2)", "tr(A.T @ d(A))",
        "A occurs twice in tr(AᵀA), so the product rule gives two equal terms.",
    ),
    _wrong(
        "norm as if squared", "norm of a vector", "d(norm(x))", "2 * x.T @ d(x)",
        "The norm is the root of the sum of squares: the chain rule divides by twice the norm.",
    ),
    _wrong(
        "1-norm without signs", "1-norm of a vector", "d(norm1(x))", "ones(n).T @ d(x)",
        "The slope of |x_i| is −1 where x_i is negative.",
    ),
)  # fmt: skip
NUMBERS = (
    _wrong(
        "missing chain-rule factor", "derivative of exp", "d(exp(c * A))", "exp(c * A) * d(A)",
        "The inner function c A has the differential c dA: the factor c is missing.", "c",
    ),
    _wrong(
        "exponential dropped", "derivative of exp", "d(exp(A))", "d(A)",
        "The exponential is its own derivative, so it stays as a factor.",
    ),
    _wrong(
        "lost minus sign", "minus sign", "d(-A)", "d(A)",
        "A minus sign is a constant factor like any other and stays.",
    ),
    _wrong(
        "lost constant factor", "constant factors", "d(c * A)", "d(A)",
        "Only a constant term vanishes; a constant factor stays.", "c",
    ),
    _wrong(
        "square root without one half", "derivative of sqrt", "d(sqrt(A))", "d(A) / sqrt(A)",
        "The exponent one half comes down as a factor.",
    ),
    _wrong(
        "power not lowered", "power rule", "d(A**p)", "p * A**p * d(A)",
        "Bring the exponent down and then lower it by one.", "p",
    ),
    _wrong(
        "exponent not brought down", "power rule", "d(A**p)", "A**(p - 1) * d(A)",
        "The exponent comes down as a factor.", "p",
    ),
    _wrong(
        "quotient rule with the sign swapped", "quotient rule", "d(A / B)", "(A * d(B) - d(A) * B) / B**2",
        "The term with the differential of the numerator comes first, with a plus sign.",
    ),
    _wrong(
        "reciprocal without its sign", "reciprocal", "d(A / B)", "A / B**2 * d(B)",
        "The derivative of 1/t is −1/t²: the minus sign is missing.", "A",
    ),
    _wrong(
        "sine for sine", "derivative of sin", "d(sin(A))", "sin(A) * d(A)",
        "The exponential is its own derivative; the sine is not: its derivative is the cosine.",
    ),
    _wrong(
        "cosine without its sign", "derivative of cos", "d(cos(A))", "sin(A) * d(A)",
        "The derivative of the cosine is minus the sine.",
    ),
    _wrong(
        "sigmoid like an exponential", "derivative of sigmoid", "d(sigmoid(A))", "sigmoid(A) * d(A)",
        "The slope of the sigmoid is σ(1 − σ): it flattens out above, unlike the exponential.",
    ),
    _wrong(
        "tanh without its square", "derivative of tanh", "d(tanh(A))", "(1 - tanh(A)) * d(A)",
        "The slope of tanh is one minus its square.",
    ),
    _wrong(
        "absolute value with slope one", "derivative of abs", "d(abs(A))", "d(A)",
        "The slope of |t| is −1 where t is negative.",
    ),
)  # fmt: skip
SOFTMAXES = (
    _wrong(
        "softmax entry by entry", "softmax", "d(softmax(x))", "softmax(x) * (1 - softmax(x)) * d(x)",
        "Every input changes every output through the normalisation: the Jacobian is not diagonal.",
    ),
    _wrong(
        "softmax without the outer product", "softmax", "d(softmax(x))", "diag(softmax(x)) @ d(x)",
        "The normalisation changes too: subtract the outer product of the softmax with itself.",
    ),
    _wrong(
        "log-sum-exp without normalisation", "log-sum-exp", "d(logsumexp(x))", "exp(x).T @ d(x)",
        "The logarithm divides by the sum of the exponentials: the slopes are the softmax weights.",
    ),
)  # fmt: skip
MISTAKES: dict[str, Mistake] = {
    m.name: m for m in (*PRODUCTS, *TRANSPOSES, *INVERSES, *NORMS, *NUMBERS, *SOFTMAXES)
}
