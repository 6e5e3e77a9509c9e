"""Evidence: by reference with its digest, some of it kept by us under that digest (IN-23)."""

import base64
import binascii
import hashlib
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from shared.kernel.errors import Invalid

SCHEME: Final = "sha256:"
OURS: Final = "evidence:"
"""How a reference to a file that we keep begins; its digest follows."""
INLINE: Final = "data:"
_DIGEST: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
_HOW: Final = "write sha256: and the 64 hexadecimal digits of its SHA-256"
_DATA: Final = re.compile(r"data:[^,]*?(?P<coded>;base64)?,(?P<content>.*)", re.DOTALL | re.IGNORECASE)


def digest_of(content: bytes) -> str:
    """The digest of a content, as it is written."""
    return SCHEME + hashlib.sha256(content).hexdigest()


def parse_digest(text: str, field: str) -> str:
    """The digest as we write it; the bare digits are taken too. Raises Invalid at `field`."""
    found = _DIGEST.fullmatch(text)
    if found is None:
        raise Invalid.field(field, f"is no digest; {_HOW}")
    return SCHEME + found[1].lower()


def digits_of(digest: str) -> str:
    """The 64 digits, by which a file is kept."""
    return digest.removeprefix(SCHEME)


def is_ours(ref: str) -> bool:
    """Whether a reference means a file that we keep."""
    return ref.startswith(OURS)


def known_digest(ref: str) -> str | None:
    """The digest that a reference itself says or carries; None where only its content elsewhere has one.

    Raises Invalid at `ref`.
    """
    if is_ours(ref):
        return parse_digest(ref.removeprefix(OURS), "ref")
    return digest_of(_content(ref)) if ref[: len(INLINE)].lower() == INLINE else None


def refuse_other(said: str | None, true: str, field: str = "digest") -> None:
    """Raise Invalid at `field` where the digest that was said is not that of the content; it names both."""
    if said is not None and said != true:
        raise Invalid.field(field, f"is {said}, but that of the content is {true}; send the right file or digest")


def _content(ref: str) -> bytes:
    found = _DATA.fullmatch(ref)
    if found is None:
        raise Invalid.field("ref", "is no data: reference; write data:TYPE;base64,CONTENT")
    if not found["coded"]:
        return unquote_to_bytes(found["content"])
    return decoded(unquote_to_bytes(found["content"]).decode("latin-1"), "ref")


def decoded(text: str, field: str) -> bytes:
    """The bytes that a text holds in base64; raises Invalid at `field`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid.field(field, "is not base64; encode the file's bytes as base64 without line breaks") from None
