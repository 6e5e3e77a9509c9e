"""A message's bytes to a letter. Whatever they are, it ends in a letter or in Unreadable, and soon."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from typing import Any, Final

from services.intake.domain.mail.letter import Letter, Report
from services.intake.domain.mail.sorting import MACHINE_MARKS
from services.intake.domain.mail.words import lines, one_line
from services.intake.gateways.mail.charsets import header_text, raw_text
from services.intake.gateways.mail.mailbox import Fetched
from services.intake.gateways.mail.parts import Parts, collect
from shared.base.fields import LINE, NAME, PAGE
from shared.kernel.contacts import parse_email
from shared.kernel.errors import Invalid

PIECE: Final = 65_536
MOST_LINES: Final = 400_000
MOST_BOUNDARIES: Final = 60
LONGEST_TYPE: Final = 4_000
LONGEST_HEAD: Final = 500_000
LONGEST_ID: Final = 500
MOST_ANSWERS: Final = 50
_LONGEST_FIELD: Final = 20_000

_TYPE_HEADER: Final = re.compile(rb"(?im)^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*")
_ID: Final = re.compile(r"<[^\s<>]{1,498}>")
_BOUNDARY: Final = re.compile(rb"boundary\s*\*?\d*\*?=", re.IGNORECASE)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_DIGESTED: Final = ("from", "to", "subject", "date", "message-id", "in-reply-to")


class Unreadable(Exception):
    """The message is built so that reading it would do harm; says how."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a message is taken."""

    attachments: int = 20
    attachment_bytes: int = 10_000_000


def read_letter(fetched: Fetched, limits: Limits, keep: Callable[[bytes], str]) -> Letter:
    """The letter; its attachments go to `keep`, which gives their digests. Raises Unreadable."""
    _refuse_harm(fetched.raw)
    try:
        message = _parsed(fetched.raw)
        parts = collect(message, limits.attachments, limits.attachment_bytes, keep if fetched.is_whole else None)
    except (RecursionError, MemoryError) as error:
        raise Unreadable(f"it is nested too deep ({type(error).__name__})") from None
    return _letter(fetched, message, parts)


def _parsed(raw: bytes) -> Message:
    """Piece by piece: read at once, a message takes eight times its size."""
    parser: BytesFeedParser[Message] = BytesFeedParser(policy=compat32)
    for piece in _pieces(raw, 0, len(raw)):
        parser.feed(piece)
    return parser.close()


def _pieces(raw: bytes, start: int, end: int, overlap: int = 0) -> Iterator[bytes]:
    """What is done piece by piece lets other threads go on in between."""
    for place in range(start, end, PIECE):
        yield raw[place : min(place + PIECE + overlap, end)]


def _body(raw: bytes) -> tuple[int, int]:
    """Where it begins and ends, without the empty lines that servers add."""
    head, end = _END_OF_HEAD.search(raw), len(raw)
    while end and raw[end - 1] in b"\r\n \t":
        end -= 1
    return (head.end() if head else end), end


def bare_letter(fetched: Fetched) -> Letter:
    """What can be said of a message that is not to be read: enough to know it again."""
    head = _END_OF_HEAD.split(fetched.raw[:LONGEST_HEAD], maxsplit=1)[0]
    found = re.search(rb"(?im)^message-id:\s*(<[^\s<>]{1,498}>)", head)
    message_id = found[1].decode("ascii", "replace") if found else ""
    return Letter(
        message_id=_short_id(message_id),
        digest=hashlib.sha256(fetched.raw).hexdigest(),
        arrived_at=fetched.arrived_at,
        size=fetched.size,
    )


def _refuse_harm(raw: bytes) -> None:
    if raw.count(b"\n") > MOST_LINES:
        raise Unreadable(f"it has more than {MOST_LINES:,} lines")
    if sum(len(_BOUNDARY.findall(each)) for each in _pieces(raw, 0, len(raw))) > MOST_BOUNDARIES:
        raise Unreadable(f"it has more than {MOST_BOUNDARIES} parts with parts of their own")
    head = _END_OF_HEAD.search(raw)
    if (head.start() if head else len(raw)) > LONGEST_HEAD:
        raise Unreadable("its headers are too long")
    if any(
        len(found[0]) > LONGEST_TYPE
        for each in _pieces(raw, 0, len(raw), 2 * LONGEST_TYPE)
        for found in _TYPE_HEADER.finditer(each)
    ):
        raise Unreadable("it has a Content-Type that is too long")


def _letter(fetched: Fetched, message: Message, parts: Parts) -> Letter:
    name, sender = _sender(message)
    left_out = list(parts.left_out)
    if not fetched.is_whole:
        left_out.append(f"the message has {fetched.size:,} bytes, which is too large: only its beginning was read")
    return Letter(
        message_id=_message_id(message),
        digest=_digest(message, fetched),
        arrived_at=fetched.arrived_at,
        size=fetched.size,
        sender=sender,
        sender_name=name,
        subject=one_line(header_text(_field(message, "subject")), LINE),
        text=lines(parts.text, PAGE),
        to=" ".join(raw_text(_field(message, each)) for each in ("to", "cc", "delivered-to", "x-original-to")),
        answers=_answers(message),
        marks={each: one_line(raw_text(_field(message, each)), LINE) for each in MACHINE_MARKS if each in message},
        attachments=parts.attachments,
        left_out=left_out,
        report=_report(parts),
        is_report=_is_report(message),
    )


def _field(message: Message, name: str) -> str:
    """A header as it stands, of several the first; bytes that are no ASCII stand in it as surrogates."""
    found = next((value for each, value in message.raw_items() if each.lower() == name), "")
    return str(found)[:_LONGEST_FIELD]


def _sender(message: Message) -> tuple[str | None, str | None]:
    """The name and the address of the first sender whose address is one."""
    for name, address in _addresses(raw_text(_field(message, "from"))):
        try:
            valid = parse_email(address)
        except Invalid:
            continue
        return one_line(header_text(name), NAME) or None, valid
    return None, None


def _addresses(value: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value])[:10]
    except (ValueError, IndexError, TypeError, RecursionError):  # it was made for headers that are none
        return []


def _message_id(message: Message) -> str:
    found = _ID.search(_ids(message, "message-id"))
    return _short_id(one_line(found[0], LONGEST_ID)) if found else ""


def _ids(message: Message, name: str) -> str:
    """A header of Message-IDs; some programs write a long one as encoded words, which no standard allows."""
    return header_text(_field(message, name))


def _short_id(message_id: str) -> str:
    return message_id if message_id.isascii() else ""


def _answers(message: Message) -> list[str]:
    replied = _ID.findall(_ids(message, "in-reply-to"))
    before = reversed(_ID.findall(_ids(message, "references")))
    return [each for each in dict.fromkeys([*replied, *before]) if each.isascii() and each.isprintable()][:MOST_ANSWERS]


def _digest(message: Message, fetched: Fetched) -> str:
    """The same for every copy of the message, whatever servers on the way wrote on top of it."""
    told = hashlib.sha256()
    for name in _DIGESTED:
        told.update(f"{name}:{' '.join(_field(message, name).split())}\n".encode("utf-8", "surrogateescape"))
    for piece in _pieces(fetched.raw, *_body(fetched.raw)):
        told.update(piece.replace(b"\r", b""))  # line ends change on the way
    told.update(b"" if fetched.is_whole else str(fetched.size).encode())
    return told.hexdigest()


def _is_report(message: Message) -> bool:
    kind = message.get_content_type()
    return kind == "multipart/report" and "disposition" not in str(message.get_param("report-type") or "")


def _report(parts: Parts) -> Report | None:
    if parts.status is None:
        return None
    told = {name: value for block in _blocks(parts.status) for name, value in block.items()}
    status = told.get("status", "")
    found = _ID.search(str(parts.returned.get("message-id") or "")) if parts.returned is not None else None
    return Report(found[0] if found else "", told.get("action", "").lower(), one_line(status, 20))


def _blocks(status: Message) -> Iterator[dict[str, str]]:
    """The fields of a delivery status: a message/delivery-status holds one small message for each block."""
    held: Any = status.get_payload()
    for each in held if isinstance(held, list) else []:
        yield {name.lower(): one_line(str(value), 200) for name, value in each.items()}
