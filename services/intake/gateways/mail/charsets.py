"""Bytes to text, whatever the label says: labels are missing, wrong, or name a codec that is no charset."""

import codecs
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


def header_text(value: str) -> str:
    """A header with its encoded words read; never fails."""
    value = value[:LONGEST_HEADER]
    raw = value.encode("ascii", "surrogateescape") if _is_raw(value) else None
    if raw is not None and "=?" not in value:
        return text_of(raw, None)
    try:
        pieces = decode_header(value)
    except (ValueError, LookupError):  # HeaderParseError and binascii.Error are ValueErrors
        return value.encode("utf-8", "replace").decode()
    return "".join(_piece(piece, label) for piece, label in pieces)


def _piece(piece: bytes | str, label: str | None) -> str:
    if isinstance(piece, bytes):
        return text_of(piece, label)
    return text_of(piece.encode("ascii", "surrogateescape"), None) if _is_raw(piece) else piece


def _is_raw(value: str) -> bool:
    """Whether bytes that are no ASCII stand in it as they came."""
    return any("\udc80" <= letter <= "\udcff" for letter in value) and all(
        letter <= "\x7f" or "\udc80" <= letter <= "\udcff" for letter in value
    )


def _known(label: str | None) -> str | None:
    """The codec of a label, if it is one of text: Python's own also unpack archives and turn letters round."""
    try:
        name = codecs.lookup((label or "").strip().strip("'\"")).name if label else ""
    except (LookupError, ValueError, UnicodeError):
        return None
    return _WIDER.get(name, name) if name.startswith(_FAMILIES) else None
