"""Our own chance: keyed hashes and permutations, the same for ever, on every machine and with any library.

Everything is HMAC-SHA256 of the exam's secret over named parts. A permutation of 0 … n−1 is a Feistel network
on the next power of four, walked along its cycle until it is back below n (Black and Rogaway, CT-RSA 2002).
Changing anything here changes papers that were given out: the tests hold exact values.
"""

from __future__ import annotations

import hashlib
import hmac

ROUNDS = 6


def keyed(secret: str, *parts: object) -> bytes:
    """32 bytes that belong to these parts; their lengths are hashed too, so that no two lists are alike."""
    message = b"".join(b"%d:%s" % (len(p), p) for p in (str(part).encode() for part in parts))
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def number(key: bytes, below: int) -> int:
    """A number from 0 to ``below`` − 1, as good as uniform."""
    return int.from_bytes(key[:16], "big") % below


class Permutation:
    """A permutation of 0 … size−1 that belongs to a key."""

    def __init__(self, key: bytes, size: int) -> None:
        self.key, self.size = key, size
        self.half = max(1, ((size - 1).bit_length() + 1) // 2)

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self.size:
            raise IndexError(index)
        while True:
            index = self._shuffled(index)
            if index < self.size:
                return index

    def _shuffled(self, index: int) -> int:
        left, right = divmod(index, 1 << self.half)
        for k in range(ROUNDS):
            message = k.to_bytes(1, "big") + right.to_bytes((self.half + 7) // 8, "big")
            digest = hmac.digest(self.key, message, "sha256")
            left, right = right, left ^ int.from_bytes(digest, "big") & ((1 << self.half) - 1)
        return left << self.half | right
