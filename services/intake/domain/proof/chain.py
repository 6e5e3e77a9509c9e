"""The chain over the entries of a case, to the byte, so that anybody can check it by this text alone (AL-4).

All texts are UTF-8, every hash is SHA-256 written as 64 hexadecimal digits in lower case, NUL is one byte of zero:

    chain(0) = H("aftercare case chain 1" NUL case_no)
    chain(n) = H(chain(n-1) NUL version NUL seal NUL lasting)

`version` is the decimal number of the request with which the entry came, `seal` the entry's seal, and `lasting` the
part of its fact that no erasure changes (sealing.py), as JSON in ASCII, members sorted by name, no blanks between. An
erasure takes texts and salts and leaves seals and lasting parts, so the chain holds before and after one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from services.intake.domain.sealing import lasting

_BEGIN: Final = "aftercare case chain 1"
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Head:
    """Up to which entry a case is chained, and the chain there."""

    seq: int
    chain: str


def hashed(*parts: str) -> str:
    """The hash of these texts, with NUL between them."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def remains(texts: Iterable[str]) -> str:
    """What is left of a case after an erasure: the hash over body and detail of each entry, in their order.

    The entry that tells of the erasure keeps it in its detail: so what was left cannot be changed either.
    """
    return hashed(*texts)


def canonical(value: Any) -> str:
    """JSON of which there is one form only."""
    return _CANONICAL.encode(value)


def begin(case_no: str) -> Head:
    """The chain before the first entry."""
    return Head(0, hashed(_BEGIN, case_no))


def follow(before: str, version: int, seal: str, fact: Mapping[str, Any]) -> str:
    """The chain of an entry: after that of the one before it; `fact` is as on the wire."""
    return hashed(before, str(version), seal, lasting_text(fact))


def lasting_text(fact: Mapping[str, Any]) -> str:
    """The lasting part in its one form."""
    return _written(lasting(fact))


def _written(value: Any) -> str:
    """What `canonical` writes, in half the time: a whole record is hundreds of thousands of facts."""
    kind = type(value)
    if kind is str:
        return encode_basestring_ascii(value)
    if kind is dict:
        members = [f"{encode_basestring_ascii(name)}:{_written(value[name])}" for name in sorted(value)]
        return f"{{{','.join(members)}}}"
    return str(value) if kind is int else canonical(value)
