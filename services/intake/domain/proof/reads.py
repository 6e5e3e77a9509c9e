"""Who read which case: entries that are chained for each process that writes them, so that none waits for another.

    chain(0) = H("aftercare reads chain 1" NUL writer)
    chain(n) = H(chain(n-1) NUL body)

`writer` is drawn when a process begins to write; `body` is the entry as JSON in ASCII, members sorted by name, no
blanks between; H as in chain.py. Nothing personal of customers is in it: what was asked for by name or number is left
out (AL-4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.intake.domain.proof.chain import Head, canonical, hashed
from services.intake.domain.wire import CN, plain

_BEGIN: Final = "aftercare reads chain 1"
_ASKED: Final = frozenset("state owner region kind category severity from to newest identity customer_id".split())
"""What is kept of a question: what tells nothing of a customer that an id does not."""
LEFT_OUT: Final = "[not kept]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One answer that showed cases: who got it, to what, which cases stood in it."""

    by: str
    via: str
    """The token by which it was asked for over HTTP, else `rpc`."""
    what: str
    case_nos: Sequence[str]
    question: Mapping[str, Any] = field(default_factory=dict)


def harmless(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as it is kept: free text, names and numbers only as having been there."""
    asked = {name: value for name, value in question.items() if name not in ("case_no", "by", "limit", "after")}
    return {name: plain(value, CN) if name in _ASKED else LEFT_OUT for name, value in asked.items()}


def begin(writer: str) -> Head:
    """The chain before the first read."""
    return Head(0, hashed(_BEGIN, writer))


def body_of(read: Read, writer: str, seq: int, at: str) -> str:
    """The text of an entry."""
    return canonical(
        {
            "writer": writer,
            "seq": seq,
            "at": at,
            "by": read.by,
            "via": read.via,
            "what": read.what,
            "case_nos": list(read.case_nos),
            "question": dict(read.question),
        }
    )


def follow(before: Head, body: str) -> Head:
    """The chain after this entry."""
    return Head(before.seq + 1, hashed(before.chain, body))
