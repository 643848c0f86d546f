"""JAX and PyTorch for the tests: the real ones where they are installed, else NumPy under their names.

The stand-ins know just the functions that the dialects call, with the same meaning.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np

DIALECT_MODULES = {"numpy": (), "jax": ("jax", "jax.numpy"), "torch": ("torch",)}


@contextmanager
def available(dialect: str) -> Iterator[bool]:
    """Make a dialect's library importable; say whether it is the real one."""
    names = DIALECT_MODULES[dialect]
    if not names or importlib.util.find_spec(names[0]):
        yield True
        return
    stand_ins = dict(zip(names, {"jax": _jax, "torch": _torch}[dialect](), strict=True))
    sys.modules.update(stand_ins)
    try:
        yield False
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _module(name: str, base: object, **own: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update({k: v for k, v in vars(base).items() if not k.startswith("__")}, **own)
    return module


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def _softmax(z, axis=-1):
    return np.exp(z - np.logaddexp.reduce(z))


def _relu(z):
    return np.maximum(z, 0)


def _jax() -> tuple[ModuleType, ModuleType]:
    numpy = _module("jax.numpy", np)
    nn = SimpleNamespace(sigmoid=_sigmoid, relu=_relu, softmax=_softmax, logsumexp=np.logaddexp.reduce)
    config = SimpleNamespace(update=lambda key, value: None)
    return _module("jax", SimpleNamespace(), numpy=numpy, nn=nn, config=config), numpy


class _Tensor(np.ndarray):
    """An array with the few methods of a tensor that arrays lack."""

    def contiguous(self):
        return np.ascontiguousarray(self).view(_Tensor)

    def to(self, other):
        return self

    def permute(self, *axes):
        return self.transpose(*axes)


def _tensor(value) -> np.ndarray:
    return np.asarray(value, float).view(_Tensor)


def _of(f):
    return lambda *args: _tensor(f(*args))


def _torch() -> tuple[ModuleType]:
    functional = SimpleNamespace(softplus=lambda z, threshold: np.logaddexp(0, z))
    return (
        _module(
            "torch", np, tensor=_tensor, as_tensor=_tensor, sigmoid=_sigmoid, relu=_relu, softmax=_softmax,
            logsumexp=lambda z, axis: np.logaddexp.reduce(z), nn=SimpleNamespace(functional=functional),
            ones=_of(np.ones), zeros=_of(np.zeros), eye=_of(np.eye), kron=_of(np.kron), outer=_of(np.outer),
            diag=_of(np.diag), stack=_of(np.stack),
        ),
    )  # fmt: skip
