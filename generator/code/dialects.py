"""How NumPy, JAX and PyTorch spell what the expressions need: one table each, over what all three share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.errors import InputError, did_you_mean

_ELEMENTWISE = "exp log sin cos tanh sqrt abs sign"
_SAME = {  # with "xp" for the library
    **{f: f"xp.{f}({{0}})" for f in _ELEMENTWISE.split()},
    "det": "xp.linalg.det({0})",
    "inv": "xp.linalg.inv({0})",
    "solve": "xp.linalg.solve({0}, {1})",
    "logdet": "xp.linalg.slogdet({0})[1]",
    "norm": "xp.linalg.norm({0})",
    "matpow": "xp.linalg.matrix_power({0}, {1})",
    "tr": "xp.trace({0})",
    "sum": "xp.sum({0})",
    "sum rows": "xp.sum({0}, 1)",
    "sum columns": "xp.sum({0}, 0)",
    "outer": "xp.outer({0}, {1})",
    "kron": "xp.kron({0}, {1})",
    "diag": "xp.diag({0})",
    "diagonal": "xp.diagonal({0})",
    "vec": "{0}.T.reshape(-1)",
    "column": "{0}[:, None]",
    "row": "{0}[None, :]",
    "einsum": "xp.einsum",
    "stack": "xp.array",
    "stack row": "[{0}]",
    "ones": "xp.ones({0})",
    "zeros": "xp.zeros({0})",
    "eye": "xp.eye({0})",
    "constant": "{0}",
}


@dataclass(frozen=True)
class Dialect:
    """A library of arrays: how it is imported and called, and how arrays go in and come out.

    ``helpers`` are functions that the module defines itself where a form calls them. ``{like}`` in a form is
    an argument of the function, for libraries whose new arrays must be told their type. ``setup`` are lines
    before anything is drawn.
    """

    title: str
    imports: tuple[str, ...]
    forms: Mapping[str, str]
    given: str
    helpers: Mapping[str, str]
    setup: tuple[str, ...] = ()


def _forms(prefix: str, **own: str) -> dict[str, str]:
    shared = {key: form.replace("xp.", f"{prefix}.") for key, form in _SAME.items()}
    return {**shared, **{key.replace("_", " "): form for key, form in own.items()}}


def _commutation(eye: str, turn: str) -> str:
    return f'''def commutation(m, n):
    """The matrix K with K vec(X) = vec(X.T) for X of size m × n."""
    return {eye}.reshape(n, m, m * n){turn}.reshape(m * n, m * n)
'''


NUMPY = Dialect(
    "NumPy",
    ("import numpy as np",),
    _forms(
        "np",
        sigmoid="sigmoid({0})",
        relu="np.maximum({0}, 0)",
        softmax="softmax({0})",
        logsumexp="np.logaddexp.reduce({0})",
        softplus="np.logaddexp(0, {0})",
        commutation="commutation({0}, {1})",
    ),
    "np.asarray",
    {
        "sigmoid": '''def sigmoid(z):
    """1 / (1 + exp(-z)), without overflow."""
    return np.exp(-np.logaddexp(0, -z))
''',
        "softmax": '''def softmax(z):
    """exp(z) / sum(exp(z)), without overflow."""
    return np.exp(z - np.logaddexp.reduce(z))
''',
        "commutation": _commutation("np.eye(m * n)", ".transpose(1, 0, 2)"),
    },
)
JAX = Dialect(
    "JAX",
    ("import jax", "import jax.numpy as jnp", "import numpy as np"),
    _forms(
        "jnp",
        sigmoid="jax.nn.sigmoid({0})",
        relu="jax.nn.relu({0})",
        softmax="jax.nn.softmax({0})",
        logsumexp="jax.nn.logsumexp({0})",
        softplus="jnp.logaddexp(0, {0})",
        commutation="commutation({0}, {1})",
    ),
    "jnp.asarray",
    {"commutation": _commutation("jnp.eye(m * n)", ".transpose(1, 0, 2)")},
    setup=('jax.config.update("jax_enable_x64", True)',),
)
TORCH = Dialect(
    "PyTorch",
    ("import numpy as np", "import torch"),
    _forms(
        "torch",
        sigmoid="torch.sigmoid({0})",
        relu="torch.relu({0})",
        softmax="torch.softmax({0}, 0)",
        logsumexp="torch.logsumexp({0}, 0)",
        softplus="torch.nn.functional.softplus({0}, threshold=40)",
        commutation="commutation({0}, {1}).to({like})",
        kron="torch.kron({0}.contiguous(), {1}.contiguous())",
        stack="torch.stack",
        stack_row="torch.stack([{0}])",
        ones="torch.ones({0}).to({like})",
        zeros="torch.zeros({0}).to({like})",
        eye="torch.eye({0}).to({like})",
        constant="torch.tensor(float({0}))",
    ),
    "torch.as_tensor",
    {"commutation": _commutation("torch.eye(m * n)", ".permute(1, 0, 2)")},
)
DIALECTS: Mapping[str, Dialect] = {"numpy": NUMPY, "jax": JAX, "torch": TORCH}


def dialect_of(name: str) -> Dialect:
    """The dialect of this name.

    Raises:
        InputError: there is none.
    """
    if name not in DIALECTS:
        hint = did_you_mean(name, DIALECTS) or f"there are {', '.join(DIALECTS)}"
        raise InputError(f"there is no code for {name!r}", hint=hint)
    return DIALECTS[name]
