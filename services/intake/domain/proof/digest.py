"""The daily digest: one signed text that stands for all that changed since the one before it (AL-4).

The text is JSON in ASCII, members sorted by name, no blanks between; the signature is Ed25519 over its bytes.
`previous` is the SHA-256 of the text of the digest before (of the first: ""), `root` that of the tree (tree.py) over
one leaf for each case that changed, in the order of their keys: case_no NUL seq NUL chain of its last entry by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.intake.domain.proof import tree
from services.intake.domain.proof.chain import Head, canonical, hashed

FORMAT: Final = "aftercare digest 1"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A case, as far as a digest stands for it."""

    case_no: str
    head: Head

    @property
    def text(self) -> str:
        """What is hashed."""
        return f"{self.case_no}\x00{self.head.seq}\x00{self.head.chain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a digest says."""

    no: int
    at: str
    previous: str
    leaves: Sequence[Leaf]
    reads: Mapping[str, Head] = field(default_factory=dict)
    """The head of each chain of reads that grew since."""
    reads_up_to: int = 0
    key: str
    """The fingerprint of the key that signs it."""

    def text(self) -> str:
        """The text that is signed."""
        return canonical(
            {
                "format": FORMAT,
                "no": self.no,
                "at": self.at,
                "previous": self.previous,
                "cases": len(self.leaves),
                "root": root_of(self.leaves),
                "reads": {writer: [head.seq, head.chain] for writer, head in self.reads.items()},
                "reads_up_to": self.reads_up_to,
                "key": self.key,
            }
        )


def root_of(leaves: Sequence[Leaf]) -> str:
    """The root over these leaves."""
    return tree.root([tree.leaf(each.text) for each in leaves]).hex()


def path_of(leaves: Sequence[Leaf], place: int) -> list[str]:
    """The hashes that lead from one of them to the root."""
    return [each.hex() for each in tree.path([tree.leaf(each.text) for each in leaves], place)]


def digest_hash(text: str) -> str:
    """By which the next digest names this one."""
    return hashed(text)


def told(text: str, said: Mapping[str, Any], signature: str) -> dict[str, Any]:
    """A digest as others are told of it: the signed text with what it says beside it."""
    shown = {name: said[name] for name in ("no", "at", "previous", "cases", "root", "key")}
    return {**shown, "hash": digest_hash(text), "body": text, "signature": signature}
