"""A message as e-mail: text and HTML, our reference as its Message-ID, nothing that could break out of a header."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any, Final

from services.notify.domain.provider import Outgoing
from shared.kernel.contacts import parse_email
from shared.kernel.errors import Invalid
from shared.kernel.mail_threads import mark_of, marked


class _Headers(HeaderRegistry):
    """The standard headers at less cost: that one makes a new class for every header, and parses our own each time."""

    _OURS: Final = frozenset({"auto-submitted", "content-transfer-encoding", "content-type", "mime-version"})

    def __init__(self) -> None:
        super().__init__()
        self._class = lru_cache(64)(super().__getitem__)
        self._ours = lru_cache(64)(super().__call__)

    def __getitem__(self, name: str) -> Any:
        return self._class(name)

    def __call__(self, name: str, value: Any) -> Any:
        return self._ours(name, value) if name.lower() in self._OURS else super().__call__(name, value)


POLICY: Final = SMTP.clone(max_line_length=76, header_factory=_Headers())
READABLE: Final = POLICY.clone(utf8=True, max_line_length=990, linesep="\n")
"""For eyes and files: letters stand as they are (RFC 6532)."""

_OWN: Final = frozenset(
    "from to cc bcc sender reply-to subject date message-id auto-submitted mime-version received return-path "
    "content-type content-transfer-encoding content-disposition".split()
)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_VALUE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST_VALUE: Final = 500


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a mail is from."""

    name: str
    address: str
    secret: str = field(default="", repr=False)
    """Marks the case of a mail, so that the answer finds it; without one no mail is marked."""
    reply_to: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Sender":
        """From `售后 <service@example.com>` or a plain address; raises Invalid."""
        if not _VALUE.fullmatch(text):
            raise Invalid.field("from", "holds control characters")
        name, address = parseaddr(text)
        return cls(name, parse_email(address or text, "from"))

    @property
    def domain(self) -> str:
        """The domain in whose name we speak."""
        return self.address.rpartition("@")[2]


def checked_reference(reference: str) -> str:
    """Our reference, which becomes part of headers and of file names; raises Invalid for one that cannot."""
    if not _REFERENCE.fullmatch(reference):
        raise Invalid.field("reference", "must be 1 to 100 letters, digits, dots, - and _")
    return reference


def email_of(message: Outgoing, sender: Sender, now: datetime, *, readable: bool = False) -> EmailMessage:
    """The mail; raises Invalid for an address, a subject or a header that cannot stand in one."""
    mail = EmailMessage(policy=READABLE if readable else POLICY)
    domain, mark = sender.domain, _mark(message, sender)
    mail["From"] = _from(sender)
    mail["To"] = Address(addr_spec=parse_email(message.to, "to"))
    mail["Subject"] = _checked("subject", message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{checked_reference(message.reference)}{mark and f'.{mark}'}@{domain}>"
    if sender.reply_to is not None:
        reply_to = marked(sender.reply_to, mark) if mark else sender.reply_to
        mail["Reply-To"] = Address(sender.name, addr_spec=reply_to)
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in extra_headers(message.headers, _OWN).items():
        mail[name] = value
    # Seven bits on the way: no server needs to know 8BITMIME, and none rewrites what it cannot pass on.
    encoding: Any = "8bit" if readable else "base64"
    mail.set_content(message.text, charset="utf-8", cte=encoding)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte=encoding)
    return mail


def _mark(message: Outgoing, sender: Sender) -> str:
    """By which intake knows the case that an answer belongs to."""
    return mark_of(sender.secret, message.case_no) if message.case_no and sender.secret else ""


@lru_cache(4)
def _from(sender: Sender) -> Any:
    return POLICY.header_factory("From", Address(sender.name, addr_spec=sender.address))


def extra_headers(headers: Mapping[str, str], own: frozenset[str]) -> dict[str, str]:
    """Headers beside our own; raises Invalid for one that would replace ours, and for any line break."""
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or name.lower() in own:
            raise Invalid.field("headers", f"{name[:80]!r} cannot be given")
        _checked("headers", value)
    return dict(headers)


def _checked(field: str, value: str) -> str:
    if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
        raise Invalid.field(field, f"must be one line of at most {LONGEST_VALUE} characters without controls")
    return value
