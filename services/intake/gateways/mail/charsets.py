"""Bytes to text, whatever the label says: labels are missing, wrong, or name a codec that is no charset."""

import codecs
from email.errors import MessageError
from email.header import decode_header
from typing import Final

_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}
"""The larger charset that people mean by a label."""
_FAMILIES: Final = (
    "utf",
    "ascii",
    "iso8859",
    "iso2022",
    "cp",
    "koi8",
    "gb",
    "hz",
    "big5",
    "shift_jis",
    "euc",
    "mac",
    "tis",
)
LONGEST_HEADER: Final = 10_000


def text_of(raw: bytes, label: str | None) -> str:
    """The text; never fails. The label is believed where the bytes fit it."""
    for name in filter(None, (_known(label), "utf-8", "gb18030")):
        try:
            return raw.decode(name)
        except (UnicodeError, ValueError):
            continue
    return raw.decode(_known(label) or "utf-8", "replace")


def raw_text(value: str) -> str:
    """A header whose bytes that are no ASCII stand in it as surrogates, with these read; never fails."""
    if value.isascii():
        return value
    return text_of(value.encode("utf-8", "surrogateescape"), None)


def header_text(value: str) -> str:
    """A header with its encoded words read; never fails."""
    value = value[:LONGEST_HEADER]
    if "=?" not in value:
        return raw_text(value)
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError):
        return raw_text(value)
    return "".join(text_of(piece, label) if isinstance(piece, bytes) else raw_text(piece) for piece, label in pieces)


def _known(label: str | None) -> str | None:
    """The codec of a label, if it is one of text: Python's own also unpack archives and turn letters round."""
    try:
        name = codecs.lookup((label or "").strip().strip("'\"")).name if label else ""
    except (LookupError, ValueError, UnicodeError):
        return None
    return _WIDER.get(name, name) if name.startswith(_FAMILIES) else None
