"""Merkle trees as in RFC 6962: one hash stands for many, and each is shown to be among them by a few others (AL-4).

    leaf(text)        = SHA-256(0x00 ‖ text in UTF-8)
    node(left, right) = SHA-256(0x01 ‖ left ‖ right)

A tree of n leaves is the node of two trees: the left one has the largest power of two that is less than n. The root of
no leaves is the SHA-256 of nothing.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf(text: str) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(_LEAF + text.encode()).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree over these leaves."""
    level = list(leaves)
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes that lead from the leaf at this place to the root, from below."""
    level, found = list(leaves), []
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            found.append(level[beside])
        level, place = _above(level), place // 2
    return found


def climb(start: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads in a tree of so many leaves; None where the path is no path of it."""
    found, rest = start, list(path)
    while count > 1:
        beside = place ^ 1
        if beside < count:
            if not rest:
                return None
            other = rest.pop(0)
            found = _node(other, found) if place & 1 else _node(found, other)
        place, count = place // 2, (count + 1) // 2
    return None if rest else found


def _above(level: list[bytes]) -> list[bytes]:
    """The level above: of an odd number the last one goes up as it is, which makes the tree of the RFC."""
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
