"""Results are recorded by the set: each message of an attempt comes into its next state, which is said (NO-2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.notify.domain.intents import intents
from services.notify.domain.message import Message
from services.notify.domain.outcome import Outcome, after, by_receipts
from services.notify.domain.provider import Accepted, Failed, Refused, Result, Unclear
from services.notify.domain.recipients import Directory
from services.notify.domain.states import ENDED, State
from services.notify.domain.told_others import message_failed
from services.notify.domain.vocabulary import OPS
from services.notify.handlers.accepting import accept, accept_drafts, next_way
from services.notify.handlers.rules import Rules
from services.notify.handlers.saying import say
from services.notify.storage import attempts, messages, receipts
from services.notify.storage.attempts import Ended
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.logs import logger
from shared.base.traces import going_on

TROUBLES: Final = frozenset({State.FAILED, State.UNKNOWN, State.EXPIRED})
OPEN: Final = frozenset({State.SENDING, State.UNKNOWN})
"""States in which the result of an attempt still counts; a receipt may have come before it."""

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """An attempt and what came of it; no result: nobody can know."""

    attempt_id: int
    reference: str
    result: Result | None

    @property
    def references(self) -> set[str]:
        """Ours, and theirs when we know it."""
        theirs = self.result.provider_reference if isinstance(self.result, Accepted) else None
        return {self.reference, theirs} if theirs else {self.reference}


def settle(uow: UnitOfWork, rules: Rules, done: Sequence[Done]) -> None:
    """Record what came of these attempts; what nobody needs to know of any more changes nothing."""
    if not done:
        return
    results = {each.attempt_id: each.result for each in done}
    attempts.end(uow.connection, [_ended(each) for each in done], wall_now())
    carried = messages.of_attempts(uow.connection, list(results))
    outcomes = [
        (message, after(message, results[message.attempt_id], rules.policy, uow.now))
        for message in carried
        if message.attempt_id is not None and message.state in OPEN
    ]
    conclude(uow, rules, [(each, outcome) for each, outcome in outcomes if outcome.state is not each.state])
    join(uow, rules, [reference for each in done for reference in each.references])


def _ended(done: Done) -> Ended:
    match done.result:
        case Accepted(reference, is_final):
            return Ended(done.attempt_id, "delivered" if is_final else "accepted", None, reference)
        case Refused(reason):
            return Ended(done.attempt_id, "refused", reason, None)
        case Failed(reason):
            return Ended(done.attempt_id, "failed", reason, None)
        case Unclear(reason):
            return Ended(done.attempt_id, "unclear", reason, None)
    return Ended(done.attempt_id, "unclear", "the process ended while it was being sent", None)


def conclude(uow: UnitOfWork, rules: Rules, outcomes: Sequence[tuple[Message, Outcome]]) -> None:
    """Bring messages into their next states, say so, and do what follows from it."""
    by_outcome: defaultdict[Outcome, list[int]] = defaultdict(list)
    for message, outcome in outcomes:
        if message.id is not None:
            by_outcome[outcome].append(message.id)
    messages.change(uow.connection, by_outcome, uow.now, wall_now())
    changed = [_as_it_is(message, outcome, uow.now) for message, outcome in outcomes]
    say(uow, [each for each in changed if each.state is not State.ACCEPTED])
    follow_up(uow, rules, [each for each in changed if each.state in TROUBLES])


def _as_it_is(message: Message, outcome: Outcome, now: datetime) -> Message:
    ended = now if outcome.state in ENDED else None
    return replace(message, state=outcome.state, reason=outcome.reason, ended_at=ended)


def follow_up(uow: UnitOfWork, rules: Rules, troubled: Iterable[Message]) -> None:
    """What failed goes on to the next channel and to ops; what is urgent goes on also when nobody knows (NO-3)."""
    for message in troubled:
        with going_on(message.trace):
            if message.state is State.FAILED or message.urgent:
                way = next_way(message, uow.now)
                accept_drafts(uow, rules, [way] if way is not None else [])
            _tell_ops(uow, rules, message)


def _tell_ops(uow: UnitOfWork, rules: Rules, message: Message) -> None:
    if message.audience == OPS:
        log.error("ops could not be told", message_id=message.message_id, state=message.state.value)
        return
    found, skipped = intents([message_failed(message.told(), uow.now)], rules.policy, Directory(rules.people))
    accept(uow, rules, found, skipped)


def join(uow: UnitOfWork, rules: Rules, references: Iterable[str]) -> None:
    """Let receipts have their effect that are not joined to their messages yet (design 6)."""
    found = receipts.waiting_for(uow.connection, references)
    if not found:
        return
    outcomes: list[tuple[Message, Outcome]] = []
    for message, received in receipts.by_message(found).values():
        outcome = by_receipts(message.state, received)
        if outcome is not None:
            outcomes.append((message, outcome))
    conclude(uow, rules, outcomes)
    receipts.joined(uow.connection, {each.receipt_id for each in found}, wall_now())
