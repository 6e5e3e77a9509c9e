"""Which letters no person wrote to us: they are set aside, visibly, and answered by nobody (RFC 3834)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.intake.domain.mail.letter import Letter
from shared.kernel.mail_threads import our_reference

MACHINE_MARKS: Final = (
    "auto-submitted",
    "precedence",
    "x-auto-response-suppress",
    "list-id",
    "list-unsubscribe",
    "return-path",
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply-from",
    "x-loop",
)
"""The headers that sorting looks at."""


class Why(StrEnum):
    """Why a letter became no case."""

    BOUNCE = "bounce"
    OWN_MAIL = "own_mail"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    VACATION = "vacation"
    NO_SENDER = "no_sender"
    FLOOD = "flood"
    OLD = "old"
    STAFF = "staff"
    UNREADABLE = "unreadable"
    BROKEN = "broken"


_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_SUPPRESSED: Final = frozenset({"all", "autoreply", "oof"})
_AWAY: Final = (
    "automatic reply:",
    "auto reply:",
    "autoreply:",
    "auto-reply:",
    "auto:",
    "out of office",
    "out of the office",
    "abwesenheit",
    "réponse automatique",
    "自动回复",
    "自動回覆",
    "自动答复",
    "休假自动",
)
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})


def machine(letter: Letter, secret: str) -> Why | None:
    """Why this is no letter of a person; None when it may be one."""
    marks = letter.marks
    if our_reference(secret, letter.message_id):
        return Why.OWN_MAIL
    if letter.is_report or _is_daemon(letter):
        return Why.BOUNCE
    if _is_automatic(marks):
        return Why.AUTOMATIC
    if marks.get("precedence", "").strip().lower() in _BULK or "list-id" in marks or "list-unsubscribe" in marks:
        return Why.BULK
    return Why.VACATION if letter.subject.lower().startswith(_AWAY) else None


def is_old(letter: Letter, wall: datetime, oldest: timedelta) -> bool:
    """Whether it lay in the mailbox before anybody read it for us: no case begins with last year's mail."""
    return letter.arrived_at < wall - oldest


def _is_daemon(letter: Letter) -> bool:
    """Reports of servers that follow no standard come at least from such an address."""
    return (letter.sender or "").partition("@")[0].lower() in _DAEMONS


def _is_automatic(marks: Mapping[str, str]) -> bool:
    submitted = marks.get("auto-submitted", "no").partition(";")[0].strip().lower()
    suppressed = {each.strip().lower() for each in marks.get("x-auto-response-suppress", "").split(",")}
    answering = {"x-autoreply", "x-autorespond", "x-auto-reply-from", "x-loop"} & marks.keys()
    return submitted != "no" or bool(suppressed & _SUPPRESSED) or bool(answering) or _has_empty_path(marks)


def _has_empty_path(marks: Mapping[str, str]) -> bool:
    return marks.get("return-path", "").strip() == "<>"
