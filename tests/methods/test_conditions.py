"""The conditions of a result, also those that only the derivation needs."""

from __future__ import annotations

import pytest

from generator.api import derive
from tests.methods.telling import sentence

CASES = [
    ("det(X.T @ A @ X)**2", ["X=n,n", "A=n,n"], ["X must be invertible.", "A must be invertible."]),
    ("det(kron(A, X))", ["X=n,n", "A=m,m"], ["A must be invertible.", "X must be invertible."]),
    ("det(A @ X)", ["X=n,n", "A=n,n:invertible"], ["X must be invertible."]),
    ("tr(X.T @ X)", ["X=n,m"], []),
]


@pytest.mark.parametrize(("function", "shapes", "told"), CASES, ids=[c[0] for c in CASES])
def test_what_must_be_invertible(function, shapes, told):
    found = [sentence(say) for say in derive(function, "X", shapes).derivation.conditions]
    assert sorted(found) == sorted(told)
