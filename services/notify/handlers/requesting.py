"""What is sent because somebody asked for it by RPC (contracts 4)."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.intents import Intent
from services.notify.domain.message import Message, message_id_of
from services.notify.domain.vocabulary import DIRECT, EMAIL, PERSONAL_CHANNELS
from services.notify.handlers.accepting import Draft, keep_new
from services.notify.handlers.rules import Rules
from services.notify.storage import messages
from services.notify.storage.cleaning import one_line, passage, title
from services.notify.storage.messages import Wanted
from shared.base.database import UnitOfWork
from shared.kernel.errors import Invalid, NotFound

Answer = dict[str, Any]
PLAIN: Final = "direct"
"""The rule's name of what no rule asked for."""


def send(rules: Rules, uow: UnitOfWork, request: Answer) -> Answer:
    """Accept a message; the same key again is the message that was accepted first."""
    first = _accepted(uow.connection, request["key"])
    if first is not None:
        return _told(first.message_id, first.state.value)
    intent = _intent(rules, request, uow.now)
    keep_new(uow, rules, [_draft(rules, intent, request)])
    return _told(message_id_of(*intent.identity), "accepted")


def is_accepted(key: str, connection: sa.Connection) -> bool:
    """Whether a message of this key was accepted already."""
    return _accepted(connection, key) is not None


def _accepted(connection: sa.Connection, key: str) -> Message | None:
    found = messages.find(connection, Wanted(equal={"key": key, "recipient": DIRECT}, limit=1))
    return found[0][0] if found else None


def _told(message_id: str, state: str) -> Answer:
    return {"message_id": message_id, "state": state}


def _intent(rules: Rules, request: Answer, now: datetime) -> Intent:
    name = request.get("category", DIRECT)
    category = rules.policy.categories.get(name)
    if category is None:
        raise Invalid.field("category", f"must be one of: {', '.join(sorted(rules.policy.categories))}")
    urgent = request.get("urgent", False)
    return Intent(
        key=request["key"],
        rule=PLAIN,
        recipient=DIRECT,
        audience=category.audience,
        category=name,
        channel=request["channel"],
        address=request["to"],
        language=request.get("language") or rules.policy.languages[category.audience],
        at=now,
        expires_at=now + category.expires_after,
        urgent=urgent,
        bundle=category.bundle and not urgent and request["channel"] in PERSONAL_CHANNELS,
        quiet=category.quiet and category.audience in rules.policy.quiet,
        template=request.get("template"),
        variables=request.get("data", {}),
        case_no=request.get("case_no"),
    )


def _draft(rules: Rules, intent: Intent, request: Answer) -> Draft:
    """The message in words; raises Invalid that names each variable that is missing (NO-5)."""
    if intent.template is None:
        text = request["text"] if intent.channel not in PERSONAL_CHANNELS else passage(request["text"])
        return Draft(intent, _subject(intent, request), text)
    try:
        said = rules.templates.render(intent.template, intent.channel, intent.language, intent.variables)
    except NotFound as error:
        raise Invalid.field("template", error.message) from None
    return Draft(intent, said.subject if intent.channel == EMAIL else "", said.text)


def _subject(intent: Intent, request: Answer) -> str:
    """The subject of a mail: the one that was given, else what its text begins with."""
    if intent.channel != EMAIL:
        return ""
    return one_line(request["subject"]) if "subject" in request else title(request["text"])
