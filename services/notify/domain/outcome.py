"""What becomes of a message after a try: the result, its time, and the rule of its category decide (design 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.message import Message
from services.notify.domain.policy import Policy
from services.notify.domain.provider import Accepted, Failed, Refused, Result, Unclear
from services.notify.domain.retry import wait_after
from services.notify.domain.states import State
from services.notify.domain.vocabulary import OnUnknown

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """The next state, why, and how long to wait before another try."""

    state: State
    reason: str | None = None
    wait: timedelta | None = None


def after(message: Message, result: Result | None, policy: Policy, now: datetime) -> Outcome:
    """The outcome of a try; None stands for a provider that cannot be asked what became of it."""
    match result:
        case Accepted(is_final=True):
            return Outcome(State.DELIVERED)
        case Accepted():
            return Outcome(State.SENT)
        case Refused(reason):
            return Outcome(State.FAILED, _short(reason))
        case Failed(reason):
            return _again(message, policy, now) or _given_up(message, _short(reason), now)
        case Unclear(reason):
            return _unknown(message, _short(reason), policy, now)
    return _unknown(message, "the process ended while it was being sent", policy, now)


def _unknown(message: Message, reason: str, policy: Policy, now: datetime) -> Outcome:
    """It may have gone out: sent again only where the category would rather tell twice than not at all."""
    category = policy.categories.get(message.category)
    if category is not None and category.on_unknown is OnUnknown.RESEND:
        return _again(message, policy, now) or Outcome(State.UNKNOWN, reason)
    return Outcome(State.UNKNOWN, reason)


def _again(message: Message, policy: Policy, now: datetime) -> Outcome | None:
    wait = wait_after(message.attempts, policy.waits)
    if wait is None or message.expires_at <= now:
        return None
    return Outcome(State.ACCEPTED, wait=wait)


def _given_up(message: Message, reason: str, now: datetime) -> Outcome:
    if message.expires_at <= now:
        return Outcome(State.EXPIRED, f"its time was over before it could be sent: {reason}")
    return Outcome(State.FAILED, f"{reason} (tried {message.attempts} times)")


def _short(reason: str) -> str:
    return reason[:LONGEST_REASON] or "no reason given"


def by_receipts(state: State, receipts: Mapping[State, str | None]) -> Outcome | None:
    """What receipts make of a message; the best news counts, and nothing goes back."""
    for better in (State.DELIVERED, State.FAILED):
        if better in receipts and state in _RECEIVABLE[better]:
            return Outcome(better, None if better is State.DELIVERED else _short(receipts[better] or ""))
    return None


_RECEIVABLE: Final = {
    # It may wait to be sent again: whoever has it needs no second one.
    State.DELIVERED: frozenset({State.ACCEPTED, State.SENDING, State.SENT, State.UNKNOWN, State.FAILED}),
    State.FAILED: frozenset({State.SENDING, State.SENT, State.UNKNOWN}),
}
