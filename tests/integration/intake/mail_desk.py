"""The mail room on a real database: messages go in as bytes, what became of them is asked as an operator does."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from services.intake.gateways.mail import Fetched, Limits, Mailbox, Place, Store
from services.intake.handlers.mail import MailRoom, list_mail, show_mail
from services.intake.handlers.mail.deciding import MailRules
from services.intake.schemas.mail import ListMail, OneLetter
from shared.base.clock import wall_now
from shared.base.people import load_people
from shared.base.schema import load
from shared.kernel.errors import Unavailable
from tests.integration.intake.office import Answer, Office

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what asks nothing of its own of the database."""
SECRET = "a secret that nobody guesses, ever"
CUSTOMER = "李雷 <li.lei@customer.example>"


def mail(text: str = "The tiles came off.", **headers: str) -> EmailMessage:
    """A mail as a customer's program writes it; `in_reply_to` stands for In-Reply-To."""
    message = EmailMessage(policy=SMTP)
    given = {"from": CUSTOMER, "to": "service@example.com", "subject": "Tiles", "message_id": "<1@customer.example>"}
    for name, value in (given | headers).items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def bounce(message_id: str) -> bytes:
    """A delivery report of a mail of ours."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: service@example.com\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <b1@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; li.lei@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\ntext\r\n--b--\r\n"
    ).encode()


@dataclass
class MailDesk:
    """Delivers, and looks."""

    office: Office
    folder: Path
    mailbox: Mailbox | None = None
    promises: list[Answer] = field(default_factory=list)
    receipts: list[Answer] = field(default_factory=list)
    notify_is_there: bool = True
    uid: int = 0

    def __post_init__(self) -> None:
        rules = MailRules(
            people=load_people(),
            book=self.office.book,
            secret=SECRET,
            kind="inquiry",
            own=frozenset({"service@example.com"}),
            per_hour=3,
            oldest=timedelta(days=7),
        )
        self.room = MailRoom(
            database=self.office.database,
            mailbox=self.mailbox,
            store=Store(self.folder / "mail"),
            limits=Limits(attachments=3, attachment_bytes=100_000),
            rules=rules,
            every_seconds=30,
            ask_promise=self._promise,
            tell_notify=self._hear,
            aside=lambda work: work(),
        )

    def _promise(self, question: Answer) -> Answer:
        self.promises.append(question)
        raise Unavailable("sla is away")

    def _hear(self, receipt: Answer) -> None:
        if not self.notify_is_there:
            raise Unavailable("notify is away")
        self.receipts.append(receipt)

    def turn(self) -> float:
        """One turn of the mail room."""
        return self.room.turn(lambda: False)

    def deliver(self, message: EmailMessage | bytes, at: datetime | None = None, uid: int | None = None) -> Answer:
        """Hand a message over as if the mailbox had it; the newest letter."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        self.uid = uid or self.uid + 1
        self.room.handle(Fetched(raw, len(raw), at or wall_now()), Place("box", 1, self.uid))
        return self.list(limit=1)["letters"][0]

    def list(self, **wanted: Any) -> Any:
        """Letters, newest first."""
        with self.office.database.read() as connection:
            return list_mail(self.room, connection, load(ListMail(), wanted))

    def show(self, letter_id: int) -> Answer:
        """One letter."""
        with self.office.database.read() as connection:
            return show_mail(self.room, connection, load(OneLetter(), {"id": letter_id}))

    def retry(self, letter_id: int) -> Answer:
        """Take a letter that was set aside."""
        answer: Answer = self.room.retry(letter_id, self._do)
        return answer

    def _do(self, work: Any) -> Answer:
        with self.office.database.write() as uow:
            answer: Answer = work(uow)
        return answer
