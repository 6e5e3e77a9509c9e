"""How alike two subjects are, and the keys under which what is alike is found without comparing everything.

A subject is the set of its words; of Chinese, which has no spaces, of its pairs of characters. Two sets are as alike as
what they share (Dice). Of each set the words with the smallest hashes are its keys: sets that share most words share,
nearly always, some of these, and who shares none is not looked at.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final
from zlib import crc32

from services.intake.domain.wording import is_run, pairs, words_of

SKETCH: Final = 4
"""Keys of a subject."""


def features(text: str) -> frozenset[str]:
    """The words of a text, whatever their width, case and order."""
    return frozenset(_features(text))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0, nothing in common, to 1, the same words."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def sketch(words: frozenset[str]) -> list[str]:
    """The words by which a subject is found."""
    return sorted(words, key=lambda word: (crc32(word.encode()), word))[:SKETCH]


def key(*parts: str) -> int:
    """A number for some text that fits a 64-bit column; two texts have the same one next to never."""
    digest = blake2b("\0".join(parts).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _features(text: str) -> Iterable[str]:
    for word in words_of([text]):
        if not is_run(word) or len(word) == 1:
            yield word
        else:
            yield from pairs(word)[:-1]
