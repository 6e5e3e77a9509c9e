"""A letter is taken in one transaction: its row, and what it makes of a case; so it has its effect once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from services.intake.domain.dating import Dated
from services.intake.domain.facts import Draft
from services.intake.domain.handling.book import Handbook
from services.intake.domain.mail.letter import Letter
from services.intake.domain.mail.sorting import Why
from services.intake.domain.mail.words import one_line
from services.intake.domain.refusals import no_such_case
from services.intake.domain.take import record
from services.intake.handlers.mail.deciding import Decision, MailRules, decide, told_of
from services.intake.handlers.promising import Promise
from services.intake.handlers.registering import register_case
from services.intake.handlers.stepping import keep
from services.intake.schemas import RegisterCase, to_registration
from services.intake.storage import letters
from services.intake.storage.repository import CaseFile
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.fields import NAME
from shared.base.schema import load
from shared.kernel.mail_threads import our_reference
from shared.kernel.vocabulary import RECEIVED

MAILER: Final = "system:mail"
CHANNEL: Final = "email"
WROTE: Final = "customer_wrote"
NO_SUBJECT: Final = "（无主题 / no subject）"
NO_TEXT: Final = "（无正文 / no text）"

Spot = tuple[str, int, int]
_REQUEST: Final = RegisterCase()


def request_of(rules: MailRules, letter: Letter, at: datetime, reference: str) -> dict[str, Any]:
    """The registration that a letter asks for."""
    customer = {"name": letter.sender_name, "email": letter.sender}
    return {
        "kind": rules.kind,
        "channel": CHANNEL,
        "category": "other",
        "external_ref": reference,
        "occurred_at": at.isoformat(),
        "customer": {name: value for name, value in customer.items() if value},
        "subject": letter.subject or NO_SUBJECT,
        "description": letter.text or NO_TEXT,
        "registrar": MAILER,
    }


def instant_of(letter: Letter, now: datetime) -> datetime:
    """When the letter reached us, on the suite's clock: as long ago as the mail server says.

    What the letter itself says of its date is not asked: its sender wrote that.
    """
    return now - max(timedelta(), wall_now() - letter.arrived_at)


def take_letter(uow: UnitOfWork, rules: MailRules, letter: Letter, spot: Spot, promise: Promise) -> str | None:
    """Take a letter of the mailbox; what it became, or None when it was taken before."""
    row = row_of(letter, spot)
    decision = decide(uow.connection, rules, letter, row["taken_at"])
    letter_id = letters.add(uow.connection, row)
    if letter_id is None:
        letters.see(uow.connection, row)
        return None
    became = _carry_out(uow, rules, letter, letter_id, decision, promise)
    letters.settle(uow.connection, letter_id, **became)
    return str(became["state"])


def take_again(uow: UnitOfWork, rules: MailRules, letter: Letter, letter_id: int, promise: Promise) -> dict[str, Any]:
    """Take a letter that was set aside, because somebody says that a person wrote it; its state and case."""
    decision = decide(uow.connection, rules, letter, wall_now(), wanted=True)
    became = _carry_out(uow, rules, letter, letter_id, decision, promise)
    letters.settle(uow.connection, letter_id, **became)
    return became


def set_aside(uow: UnitOfWork, letter: Letter, spot: Spot, reason: Why, why: str) -> None:
    """Keep a letter that could not be handled, with its reason."""
    row = row_of(letter, spot) | {"state": letters.FAILED, "reason": reason, "why": why}
    if letters.add(uow.connection, row) is None:
        letters.see(uow.connection, row)


def row_of(letter: Letter, spot: Spot) -> dict[str, Any]:
    """The row of a letter that nothing became of yet."""
    mailbox, validity, uid = spot
    return {
        "mailbox": mailbox,
        "uid_validity": validity,
        "uid": uid,
        "message_id": letter.message_id,
        "digest": letter.digest,
        "state": letters.ASIDE,
        "reason": Why.BROKEN,
        "sender": letter.sender,
        "subject": letter.subject,
        "size": letter.size,
        "attachments": [each.as_wire() for each in letter.attachments],
        "arrived_at": letter.arrived_at,
        "taken_at": wall_now(),
    }


def _carry_out(
    uow: UnitOfWork, rules: MailRules, letter: Letter, letter_id: int, decision: Decision, promise: Promise
) -> dict[str, Any]:
    if decision.why is not None:
        return _aside(rules, letter, decision.why)
    if decision.joins is not None:
        _join(uow, rules.book, letter, decision, told_of(letter, letter_id, decision))
        return {"state": letters.JOINED, "reason": None, "why": None, "case_no": decision.joins}
    told = told_of(letter, letter_id, decision)
    return _begin(uow, rules, letter, letter_id, told, promise)


def _aside(rules: MailRules, letter: Letter, why: Why) -> dict[str, Any]:
    """What was found; a mail of ours that came back is noted under its reference, for notify."""
    became: dict[str, Any] = {"state": letters.ASIDE, "reason": why, "why": None}
    report = letter.report
    if why is Why.BOUNCE and report is not None:
        became["why"] = one_line(f"{report.action} {report.status}".strip(), NAME) or None
        if report.is_failure:
            became["bounced"] = our_reference(rules.secret, report.message_id)
    return became


def _join(uow: UnitOfWork, book: Handbook, letter: Letter, decision: Decision, told: Mapping[str, Any]) -> None:
    """The customer wrote: a fact of the case, in whatever state it is; who waited for them waits no longer."""
    file = CaseFile(uow.connection)
    kept = file.find_to_change(decision.joins or "")
    if kept is None:
        raise no_such_case(decision.joins or "")
    at = instant_of(letter, uow.now)
    words = {"subject": letter.subject, "text": letter.text or NO_TEXT, "from": letter.sender, **told}
    drafts = [Draft(name=WROTE, detail=words)]
    if kept.case.waiting:
        at = max(at, kept.case.milestones.get("waiting_started", at))
        drafts.append(Draft(name="waiting_ended", detail={"because": WROTE}))
    at = max(at, kept.case.milestones[RECEIVED])
    keep(uow, file, kept, record(kept.case, drafts, by=MAILER, dated=Dated(at), now=uow.now), book)


def _begin(
    uow: UnitOfWork, rules: MailRules, letter: Letter, letter_id: int, told: Mapping[str, Any], promise: Promise
) -> dict[str, Any]:
    doubled = not letter.message_id or letters.has_message_id(uow.connection, letter.message_id, letter_id)
    reference = f"sha256:{letter.digest}" if doubled or len(letter.message_id) > NAME else letter.message_id
    asked = load(_REQUEST, request_of(rules, letter, instant_of(letter, uow.now), reference))
    answer = register_case(uow, rules.people, to_registration(asked), promise, more=told)
    # Somebody had registered this very message by hand: it is that case, and nothing is added.
    state = letters.JOINED if answer["duplicate"] else letters.CASE
    return {"state": state, "reason": None, "why": None, "case_no": answer["case_no"]}
