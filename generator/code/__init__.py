"""Derivations as code: NumPy, JAX and PyTorch.

``module`` makes the text of a Python file. ``lower`` turns expressions into terms of array code, ``chains``
chooses the order of products, ``indexed`` uses einsum, ``sharing`` names what is used more than once,
``dialects`` knows how each library spells things, ``check`` writes the self-check.
"""

from generator.code.dialects import DIALECTS
from generator.code.module import module

__all__ = ["DIALECTS", "module"]
