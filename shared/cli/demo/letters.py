"""Every message that went out, read back from the spool folder: what people would have got."""

import email
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from shared.cli.demo.words import ZONE
from shared.kernel.instants import parse_instant


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it lies there."""

    at: datetime
    channel: str
    to: str
    subject: str
    text: str

    @property
    def first_words(self) -> str:
        """What stands in a list."""
        return self.subject or " ".join(self.text.split())[:60]

    @property
    def closed_up(self) -> str:
        """What it says without gaps: numbers may be written in groups."""
        return "".join((self.subject + self.text).split()).replace("-", "")


def read_letters(spool: Path) -> list[Letter]:
    """Everything in the folder, oldest first; none where nothing was sent."""
    files = (path for path in spool.glob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(_read(files), key=lambda letter: letter.at)


def _read(files: Iterator[Path]) -> Iterator[Letter]:
    for path in files:
        read = {".eml": _mail, ".txt": _sms, ".json": _other}.get(path.suffix)
        if read is not None:
            yield read(path.read_bytes())


def _mail(content: bytes) -> Letter:
    """Its plain part. Read as text with the old, plain policy: the new one takes ten times as long."""
    mail = email.message_from_string(content.decode("utf-8"))
    texts = (part for part in mail.walk() if part.get_content_type() == "text/plain")
    text = next((_text_of(part) for part in texts), "")
    return Letter(_there(parsedate_to_datetime(mail["Date"])), "email", _line(mail["To"]), _line(mail["Subject"]), text)


def _text_of(part: Message) -> str:
    if part.get("Content-Transfer-Encoding", "").lower() in ("base64", "quoted-printable"):
        content = part.get_payload(decode=True)
        return content.decode(part.get_content_charset("utf-8")) if isinstance(content, bytes) else ""
    return str(part.get_payload())


def _line(header: str | None) -> str:
    return str(make_header(decode_header(" ".join((header or "").split()))))


def _sms(content: bytes) -> Letter:
    head, _, text = content.decode().partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Letter(_there(parse_instant(fields["Date"])), "sms", fields["To"], "", text.strip())


def _other(content: bytes) -> Letter:
    told = json.loads(content)
    text = json.dumps(told["body"], ensure_ascii=False, indent=2)
    return Letter(_there(parse_instant(told["date"])), told["channel"], told["to"], "", text)


def _there(instant: datetime) -> datetime:
    return instant.astimezone(ZONE)
