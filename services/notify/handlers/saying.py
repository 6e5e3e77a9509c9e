"""Saying how far messages came (contracts 5): nothing of where they go and what they say."""

from collections.abc import Iterable
from typing import Final

from services.notify.domain.message import Message
from services.notify.domain.states import SAID, State
from services.notify.storage import tables
from shared.base.database import UnitOfWork
from shared.base.traces import going_on
from shared.events import Event
from shared.outbox import Voice

VOICE: Final = Voice("notify", tables.messaging.outbox)
_ORDER: Final = (
    State.ACCEPTED,
    State.SENDING,
    State.UNKNOWN,
    State.SENT,
    State.EXPIRED,
    State.FAILED,
    State.DELIVERED,
)
"""As they can follow on each other within a try."""


def say(uow: UnitOfWork, messages: Iterable[Message]) -> None:
    """Stage one event for each message in its state now, each in the trace of its message."""
    for each in messages:
        if each.state in SAID:
            with going_on(each.trace):
                VOICE.stage(uow, [_event(each)])


def _event(message: Message) -> Event:
    """Its sequence grows with every try and with every state."""
    sequence = message.attempts * len(_ORDER) + _ORDER.index(message.state)
    subject = message.case_no or message.order_no or message.message_id
    return Event(f"message.{message.state}.v1", subject, sequence, {"message": message.told()})
