"""What becomes of a letter: set aside, joined to its case, or a new case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.handling.book import Handbook
from services.intake.domain.mail.letter import Letter
from services.intake.domain.mail.sorting import Why, is_old, machine
from services.intake.domain.mail.words import case_numbers
from services.intake.domain.vocabulary import CLOSED, WITHDRAWN
from services.intake.storage import letters
from services.intake.storage.repository import Kept
from shared.base.people import People
from shared.kernel.mail_threads import marked_cases
from shared.kernel.vocabulary import HISTORY

FLOOD_SPAN: Final = timedelta(hours=1)
SHELVED: Final = (CLOSED, WITHDRAWN)
"""Nobody looks at a case in these states any more: who writes again begins a new one, which names the old one.

So it is with a case told as history, of which nobody hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRules:
    """What the operator set, and who works here."""

    people: People
    book: Handbook
    secret: str
    kind: str
    own: frozenset[str]
    """Addresses of ours: what comes from them is no customer's."""
    per_hour: int
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class Decision:
    """Exactly one of: why it is set aside, which case it joins, or that it is a new case."""

    why: Why | None = None
    joins: str | None = None
    mentions: list[str] = field(default_factory=list)
    """Cases that a new one names."""

    @property
    def is_new(self) -> bool:
        """Whether a case begins with it."""
        return self.why is None and self.joins is None


def decide(
    connection: sa.Connection, rules: MailRules, letter: Letter, wall: datetime, *, wanted: bool = False
) -> Decision:
    """What becomes of it; with `wanted` somebody has read it and says that it is to be taken."""
    if not wanted and (why := _aside(connection, rules, letter, wall)):
        return Decision(why)
    case, mentions = _case_of(connection, rules, letter)
    if case is not None and case.case.state not in SHELVED and case.case.mode != HISTORY:
        return Decision(joins=case.case.case_no)
    return Decision(mentions=[case.case.case_no] if case is not None else mentions)


def _aside(connection: sa.Connection, rules: MailRules, letter: Letter, wall: datetime) -> Why | None:
    if why := machine(letter, rules.secret):
        return why
    if letter.sender is None:
        return Why.NO_SENDER
    if letter.sender.lower() in rules.own:
        return Why.OWN_MAIL
    if is_old(letter, wall, rules.oldest):
        return Why.OLD
    if letter.answers and _is_ours(rules.people, letter.sender):
        return Why.STAFF
    lately = letters.sent_since(connection, letter.sender, letter.arrived_at - FLOOD_SPAN)
    return Why.FLOOD if lately >= rules.per_hour else None


def _is_ours(people: People, sender: str) -> bool:
    return any((each.email or "").lower() == sender.lower() for each in people.everybody)


def _case_of(connection: sa.Connection, rules: MailRules, letter: Letter) -> tuple[Kept | None, list[str]]:
    """The case that the letter belongs to, and the numbers of cases that it only mentions.

    A mark of ours or a message that we know is proof enough; a bare number counts only from the case's own customer.
    """
    proven = marked_cases(rules.secret, " ".join([*letter.answers, letter.to]))
    proven += letters.cases_of(connection, letter.answers)
    written = case_numbers(letter.subject)
    found: Mapping[str, Kept] = letters.cases_numbered(connection, {*proven, *written})
    for case_no in dict.fromkeys(proven):
        if case_no in found:
            return found[case_no], []
    named = [found[each] for each in written if each in found]
    for kept in named:
        if (kept.case.customer.email or "").lower() == (letter.sender or "-").lower():
            return kept, []
    return None, [each.case.case_no for each in named]


def told_of(letter: Letter, letter_id: int, decision: Decision) -> dict[str, Any]:
    """What the history keeps of a letter beside its words."""
    told = {
        "letter": letter_id,
        "attachments": [each.as_wire() for each in letter.attachments],
        "left_out": list(letter.left_out),
        "mentions": decision.mentions,
    }
    return {name: value for name, value in told.items() if value}
