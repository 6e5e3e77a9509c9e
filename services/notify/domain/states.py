"""The states of a message and the only ways between them (design 6)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How far a message came."""

    ACCEPTED = "accepted"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    # An accepted message fails without an attempt when nothing can deliver it, and expires when its time is over.
    # One that waits to be sent again may turn out to have got through.
    State.ACCEPTED: frozenset({State.SENDING, State.FAILED, State.EXPIRED, State.DELIVERED}),
    # Back to accepted: surely not taken, to be tried again.
    State.SENDING: frozenset({State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED, State.UNKNOWN, State.ACCEPTED}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    # A receipt, or the provider when it is asked, may tell later; on_unknown: resend sends again.
    State.UNKNOWN: frozenset({State.SENT, State.DELIVERED, State.FAILED, State.ACCEPTED}),
    # A provider may correct itself: of two receipts the better news counts, in whatever order they come.
    State.FAILED: frozenset({State.DELIVERED}),
    State.DELIVERED: frozenset(),
    State.EXPIRED: frozenset(),
}

ENDED: Final = frozenset({State.DELIVERED, State.FAILED, State.EXPIRED})
"""Nothing more is done for a message in these."""
SAID: Final = frozenset(State) - {State.SENDING}
"""The states that are told to others (contracts 5)."""
