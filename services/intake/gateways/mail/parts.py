"""The parts of a message: the text to be read, and what is attached."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final

from services.intake.domain.mail.files import safe_name, safe_type
from services.intake.domain.mail.letter import Attachment
from services.intake.gateways.mail.charsets import header_text, text_of
from services.intake.gateways.mail.html_text import text_of_html

MOST_NAMED: Final = 50
"""Attachments that were not kept and are named."""
DEEPEST: Final = 30
MOST_PARTS: Final = 500
LONGEST_TEXT: Final = 500_000
"""Bytes of a part that are read as text."""


@dataclass(slots=True)
class Parts:
    """What was found."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    status: Message | None = None
    """The delivery status of a report."""
    returned: Message | None = None
    """The mail, or its headers, that a report sends back."""

    @property
    def text(self) -> str:
        """What the sender wrote: as plain text, where there is some."""
        plain = "\n\n".join(each for each in self.plain if each.strip())
        return plain or "\n\n".join(text_of_html(each) for each in self.html)


Keep = Callable[[bytes], str]


def collect(message: Message, most: int, largest: int, keep: Keep | None) -> Parts:
    """The parts, of attachments the first `most` up to `largest` bytes each; without `keep` none is kept."""
    found = Parts()
    for number, part in enumerate(_leaves(message), start=1):
        if number > MOST_PARTS:
            found.left_out.append(f"all parts after the first {MOST_PARTS}")
            break
        if not _is_told(part, found):
            _attach(part, found, _Room(most, largest, keep))
            part.set_payload("")  # it is not needed twice in memory
    return found


@dataclass(frozen=True, slots=True)
class _Room:
    most: int
    largest: int
    keep: Keep | None


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that have no parts, in their order; what is deeper than anybody writes is left."""
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        held: Any = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            if depth < DEEPEST:
                waiting.extend((each, depth + 1) for each in reversed(held))
        else:
            yield part


def _is_told(part: Message, found: Parts) -> bool:
    """Whether the part was taken as text or as part of a report, and is no attachment."""
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        found.status = found.status or part
        return True
    if kind in ("message/rfc822", "text/rfc822-headers") and found.status is not None:
        found.returned = found.returned or _returned(part)
        return True
    if kind not in ("text/plain", "text/html") or _is_attached(part):
        return False
    text = text_of(_content(part)[:LONGEST_TEXT], _charset(part))
    (found.plain if kind == "text/plain" else found.html).append(text)
    return True


def _returned(part: Message) -> Message | None:
    held: Any = part.get_payload()
    if isinstance(held, list):
        return held[0] if held and isinstance(held[0], Message) else None
    from email.parser import HeaderParser

    return HeaderParser().parsestr(text_of(_content(part)[:LONGEST_TEXT], None))


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_filename(part))


def _attach(part: Message, found: Parts, room: _Room) -> None:
    number = len(found.attachments) + len(found.left_out) + 1
    name = safe_name(header_text(_filename(part)), number)
    content = _content(part)
    if not content:
        return
    if len(found.left_out) >= MOST_NAMED:
        return
    if room.keep is None:
        found.left_out.append(f"{name}: the message is too large")
    elif len(found.attachments) >= room.most:
        found.left_out.append(f"{name}: there are more than {room.most}")
    elif len(content) > room.largest:
        found.left_out.append(f"{name}: it has {len(content):,} bytes, more than {room.largest:,}")
    else:
        kind = safe_type(part.get_content_type())
        found.attachments.append(Attachment(name, kind, len(content), room.keep(content)))


def _content(part: Message) -> bytes:
    """The bytes of a part, also of a message that was passed on whole."""
    held: Any = part.get_payload()
    if isinstance(held, list):
        return _packed(held[0]) if held and isinstance(held[0], Message) else b""
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _packed(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, KeyError):
        return b""  # headers that cannot be written as they were read


def _charset(part: Message) -> str | None:
    label: Any = part.get_param("charset")
    return str(label[2] if isinstance(label, tuple) else label) if label else None


def _filename(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, TypeError):  # a name in a charset that there is not
        return "?"
