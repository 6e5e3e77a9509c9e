"""Intents become messages: each once, with its text and with the instant from which it may go (NO-2, NO-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.notify.domain.intents import Intent, Skip
from services.notify.domain.message import Message, message_id_of
from services.notify.domain.schedule import Flow, flow_key, plan
from services.notify.domain.states import State
from services.notify.handlers.rules import Rules
from services.notify.handlers.saying import say
from services.notify.storage import flows, messages, skips
from shared.base.database import UnitOfWork
from shared.base.traces import trace_here
from shared.kernel.errors import Invalid, Rejected

SENDING_SIGNAL = "sending"


@dataclass(frozen=True, slots=True)
class Draft:
    """An intent in words."""

    intent: Intent
    subject: str = field(repr=False)
    text: str = field(repr=False)
    fallbacks: Sequence[dict[str, str]] = field(default=(), repr=False)
    trace: str = field(default_factory=trace_here)

    @property
    def message_id(self) -> str:
        """The id that the message will have."""
        return message_id_of(*self.intent.identity)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What one event asks for, until the batch is written."""

    rules: Rules
    drafts: Sequence[Draft]


def accept(uow: UnitOfWork, rules: Rules, intents: Iterable[Intent], skipped: Sequence[Skip] = ()) -> None:
    """Keep messages for these intents when the batch is written; raises Rejected when one cannot be put into words."""
    drafts = [draft_of(rules, each) for each in intents]
    accept_drafts(uow, rules, drafts)
    if skipped:
        uow.collect(_write_skips, skipped)


def accept_drafts(uow: UnitOfWork, rules: Rules, drafts: Sequence[Draft]) -> None:
    """Keep messages that are in words already.

    Like all others they are written at the end, in one go: the flows of a unit of work are locked together and in one
    order, or two units could wait for each other.
    """
    if drafts:
        uow.collect(_write, [Acceptance(rules, drafts)])


def draft_of(rules: Rules, intent: Intent) -> Draft:
    """The intent in words, and the words for every way that is left when it fails."""
    if intent.template is None:
        return Draft(intent, "", intent.body)
    try:
        said = _render(rules, intent, intent.channel)
        fallbacks = [
            {"channel": channel, "address": address, **_render(rules, intent, channel)}
            for channel, address in intent.fallbacks
        ]
    except Invalid as error:
        raise Rejected(f"{intent.key} cannot be put into words: {error.message}") from None
    return Draft(intent, said["subject"], said["text"], fallbacks)


def _render(rules: Rules, intent: Intent, channel: str) -> dict[str, str]:
    rendered = rules.templates.render(str(intent.template), channel, intent.language, intent.variables)
    return {"subject": rendered.subject, "text": rendered.text}


def _write_skips(uow: UnitOfWork, items: list[Any]) -> None:
    skips.add(uow.connection, items, uow.now)


def _write(uow: UnitOfWork, acceptances: list[Any]) -> None:
    """Keep what a batch asks for, each message once, and say that it was accepted."""
    drafts = {draft.message_id: draft for each in acceptances for draft in each.drafts}
    known = messages.known(uow.connection, drafts)
    keep_new(uow, acceptances[0].rules, [draft for message_id, draft in drafts.items() if message_id not in known])


def keep_new(uow: UnitOfWork, rules: Rules, drafts: Sequence[Draft]) -> None:
    """Plan and keep messages that are not known yet; wake who sends."""
    planned = _plan(uow, rules, drafts)
    added = messages.add(uow.connection, planned)
    say(uow, [each for each in planned if each.message_id in added])
    uow.signal(SENDING_SIGNAL)


def _plan(uow: UnitOfWork, rules: Rules, drafts: Sequence[Draft]) -> list[Message]:
    """When each may go; the flows of their recipients go on by it."""
    lively = {flow_key(draft.intent) for draft in drafts if not draft.intent.urgent}
    found = flows.lock(uow.connection, lively)
    before = dict(found)
    major = {draft.intent.case_no for draft in drafts if draft.intent.is_major and draft.intent.case_no}
    told = messages.told_of(uow.connection, major)
    planned = []
    for draft in drafts:
        intent, key = draft.intent, flow_key(draft.intent)
        about = (intent.case_no or "", *key)
        first = intent.is_major and bool(intent.case_no) and about not in told
        told.add(about)
        due, flow = plan(intent, found.get(key, Flow()), uow.now, rules.policy, first_of_major=first)
        if key in found:
            found[key] = flow
        planned.append(_message(draft, uow.now, due))
    flows.change(uow.connection, {key: flow for key, flow in found.items() if flow != before[key]})
    return planned


def _message(draft: Draft, now: datetime, due: datetime) -> Message:
    intent = draft.intent
    return Message(
        message_id=draft.message_id,
        key=intent.key,
        recipient=intent.recipient,
        channel=intent.channel,
        address=intent.address,
        audience=intent.audience,
        person=intent.person,
        rule=intent.rule,
        category=intent.category,
        template=intent.template,
        language=intent.language,
        urgent=intent.urgent,
        bundle=intent.bundle,
        subject=draft.subject,
        text=draft.text,
        fallbacks=draft.fallbacks,
        case_no=intent.case_no,
        order_no=intent.order_no,
        state=State.ACCEPTED,
        reason=None,
        attempts=0,
        trace=draft.trace,
        accepted_at=now,
        due_at=due,
        expires_at=intent.expires_at,
    )


def revise(uow: UnitOfWork, rules: Rules, intents: Iterable[Intent]) -> None:
    """Let messages that wait say what is known now, and go sooner where that is so."""
    for intent in intents:
        draft = draft_of(rules, intent)
        due, _ = plan(intent, Flow(), uow.now, rules.policy, first_of_major=True)
        message = _message(draft, uow.now, due)
        if messages.revise(uow.connection, message):
            uow.signal(SENDING_SIGNAL)


def next_way(message: Message, now: datetime) -> Draft | None:
    """What is said on the next channel when this one failed; None when no way, or no time, is left (NO-3)."""
    if not message.fallbacks or message.expires_at <= now:
        return None
    way, *rest = message.fallbacks
    intent = Intent(
        key=message.key,
        rule=message.rule,
        recipient=message.recipient,
        audience=message.audience,
        category=message.category,
        channel=way["channel"],
        address=way["address"],
        language=message.language,
        at=now,
        expires_at=message.expires_at,
        urgent=message.urgent,
        bundle=message.bundle,
        quiet=False,
        person=message.person,
        template=message.template,
        case_no=message.case_no,
        order_no=message.order_no,
    )
    return Draft(intent, way["subject"], way["text"], [dict(each) for each in rest])
