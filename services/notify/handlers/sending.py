"""The sending engine: claims what is due, calls the providers outside of any transaction, records what came of it.

    claim ─> commit (`sending`, our reference) ─> call ─> result ─> settle ─> commit

A crash leaves an attempt open, which nobody renews: then the provider is asked, or the message is `unknown` (NO-2).
"""

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.outcome import Outcome
from services.notify.domain.provider import Gateway, Outgoing, Result, Unclear
from services.notify.domain.states import State
from services.notify.domain.vocabulary import CUSTOMER, EMAIL, SENT_CHANNELS, SMS
from services.notify.handlers.lanes import Lane
from services.notify.handlers.rules import Rules
from services.notify.handlers.saying import say
from services.notify.handlers.settling import Done, conclude, follow_up, settle
from services.notify.handlers.watching import Watch
from services.notify.storage import attempts, messages, ready
from services.notify.storage.ready import is_over
from services.notify.storage.templates import BUNDLE
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.logs import logger

RENEW_SECONDS: Final = 1.5
ORPHANS: Final = 200
EXPIRED: Final = 500
LINES: Final = {SMS: 3, EMAIL: 500}
"""How many lines of a bundle are shown."""

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One call of a provider; without a message it asks what became of an attempt."""

    attempt_id: int
    reference: str
    lane: str
    outgoing: Outgoing | None = field(default=None, repr=False, compare=False)


class Sender:
    """One process's share of the sending."""

    def __init__(
        self, rules: Rules, gateways: Mapping[str, Gateway], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._rules = rules
        self._gateways = gateways
        self._monotonic = monotonic
        self._lanes = {channel: Lane(rules.policy.lanes[channel]) for channel in SENT_CHANNELS}
        self._watch = Watch(monotonic)
        self._renewed = 0.0

    def earliest(self, connection: sa.Connection) -> datetime | None:
        """The suite's instant at which something is to be done; a provider that is down holds no time up."""
        return ready.look(connection).earliest(self._free(()))

    def opens_in(self) -> float:
        """Real seconds until a lane that is closed now opens again."""
        return min((left for lane in self._lanes.values() if (left := lane.opens_in()) > 0), default=math.inf)

    def next_turn(self, connection: sa.Connection, now: datetime, in_hand: Collection[Job]) -> datetime | None:
        """The suite's instant of the next turn that would do something; what waits for a call to end has none."""
        look, free, wall = ready.look(connection), self._free(in_hand), wall_now()
        is_late = look.retries_due(free, wall) or (bool(in_hand) and self._renews())
        is_late = is_late or bool(self._silent(connection, look, in_hand))
        return now if is_late else look.earliest(free)

    def record(self, uow: UnitOfWork, done: Sequence[tuple[Job, Result | None]]) -> None:
        """Keep what came of these calls."""
        settle(uow, self._rules, [Done(job.attempt_id, job.reference, result) for job, result in done])

    def claim(self, uow: UnitOfWork, in_hand: Collection[Job]) -> list[Job]:
        """Let expire what is over, and take what may go now."""
        look, wall = ready.look(uow.connection), wall_now()
        if is_over(look.end, uow.now):
            self._expire(uow)
            look = ready.look(uow.connection)
        if self._renews():
            attempts.renew(uow.connection, _ids(in_hand), wall)
            self._renewed = self._monotonic()
        silent = self._silent(uow.connection, look, in_hand)
        jobs = self._adopt(uow, silent) if silent else []
        for name in self._free(in_hand):
            wanted = ready.Wanted(name, uow.now, wall, self._lanes[name].room(_busy(in_hand, name)))
            if kinds := look.kinds(name, uow.now, wall):
                jobs += self._claim(uow, wanted, kinds)
        return jobs

    def call(self, job: Job) -> Result | None:
        """Send, or ask; holds no transaction. What is not clear is asked for at once."""
        gateway = self._gateways[job.lane]
        try:
            result = gateway.ask(job.reference) if job.outgoing is None else gateway.send(job.outgoing)
            if isinstance(result, Unclear) and job.outgoing is not None:
                result = gateway.ask(job.reference) or result
        except Exception as error:
            log.error("a gateway failed", provider=gateway.name, exc_info=True)
            result = Unclear(f"the gateway failed: {type(error).__name__}")
        if job.outgoing is not None:
            self._lanes[job.lane].note(result)
        return result

    def _free(self, in_hand: Collection[Job]) -> list[str]:
        """The lanes on which calls may begin now, beside those that are under way."""
        return [name for name, lane in self._lanes.items() if lane.room(_busy(in_hand, name))]

    def _renews(self) -> bool:
        """Whether it is time to say that what is under way is so: well before others give it up."""
        return self._monotonic() - self._renewed > RENEW_SECONDS

    def _silent(self, connection: sa.Connection, look: ready.Look, in_hand: Collection[Job]) -> dict[int, datetime]:
        """Attempts that are not ours and show no sign of life any more."""
        if not look.is_open:
            self._watch.look({})
        elif self._watch.is_due():
            self._watch.look(attempts.marks(connection))
        silent, ours = self._watch.silent(), set(_ids(in_hand))
        return {each: mark for each, mark in silent.items() if each not in ours}

    def _expire(self, uow: UnitOfWork) -> None:
        expired = messages.expire(uow.connection, uow.now, wall_now(), EXPIRED)
        say(uow, expired)
        follow_up(uow, self._rules, expired)

    def _adopt(self, uow: UnitOfWork, silent: Mapping[int, datetime]) -> list[Job]:
        found = attempts.adopt(uow.connection, silent, wall_now(), ORPHANS)
        if found:
            log.warning("attempts were left open by a process that ended", count=len(found))
        return [Job(attempt_id, reference, channel) for attempt_id, reference, channel in found]

    def _claim(self, uow: UnitOfWork, wanted: ready.Wanted, kinds: Sequence[bool]) -> list[Job]:
        alone = ready.lock_alone(uow.connection, wanted, kinds)
        most = self._rules.policy.most_in_bundle
        bundles = ready.lock_bundles(uow.connection, wanted, most) if False in kinds else []
        loads = sorted([[each] for each in alone] + bundles, key=_turn)[: wanted.limit]
        self._lanes[wanted.channel].begin(len(loads))
        put_together = [each for load in loads if (each := self._put_together(uow, load)) is not None]
        return self._begin(uow, wanted, put_together) if put_together else []

    def _put_together(self, uow: UnitOfWork, load: Sequence[Message]) -> tuple[Sequence[Message], Outgoing] | None:
        """What goes out, and of which messages it is made: of a bundle that cannot be made, the first alone.

        A message that cannot be put together has failed: it must not keep the others from going.
        """
        try:
            return load, self._outgoing(load, str(uuid4()))
        except Exception:
            log.error("a message cannot be put together", message_id=load[0].message_id, count=len(load), exc_info=True)
        if len(load) > 1:
            return self._put_together(uow, load[:1])
        conclude(uow, self._rules, [(load[0], Outcome(State.FAILED, "it could not be put together"))])
        return None

    def _begin(
        self, uow: UnitOfWork, wanted: ready.Wanted, going: Sequence[tuple[Sequence[Message], Outgoing]]
    ) -> list[Job]:
        """Attempts for these loads."""
        common = {
            "channel": wanted.channel,
            "provider": self._gateways[wanted.channel].name,
            "begun_at": wanted.wall,
            "lease_until": wanted.wall + attempts.LEASE,
        }
        ids = ready.begin(uow.connection, {outgoing.reference: load for load, outgoing in going}, common)
        return [Job(ids[each.reference], each.reference, wanted.channel, each) for _, each in going]

    def _outgoing(self, load: Sequence[Message], reference: str) -> Outgoing:
        first, templates = load[0], self._rules.templates
        subject, text = first.subject, first.text
        if len(load) > 1:
            said = templates.render(BUNDLE, first.channel, first.language, _lines(load))
            subject, text = said.subject, said.text
        return Outgoing(
            reference=reference,
            channel=first.channel,
            to=first.address,
            subject=subject,
            text=text,
            html=templates.html(first.language, subject, text) if first.channel == EMAIL else None,
            urgent=first.urgent,
            case_no=_answered(load),
        )


def _answered(load: Sequence[Message]) -> str | None:
    """The one case of which a customer is told: their answer belongs there."""
    cases = {each.case_no if each.audience == CUSTOMER else None for each in load}
    return cases.pop() if len(cases) == 1 else None


def _busy(in_hand: Collection[Job], lane: str) -> int:
    return sum(job.lane == lane and job.outgoing is not None for job in in_hand)


def _ids(in_hand: Collection[Job]) -> list[int]:
    return [job.attempt_id for job in in_hand]


def _turn(load: Sequence[Message]) -> tuple[bool, datetime, int]:
    """Urgent ones first, then by their time."""
    return not load[0].urgent, load[0].due_at, load[0].id or 0


def _lines(load: Sequence[Message]) -> dict[str, object]:
    """What a bundle says: the subject of each mail, or its text where it has none."""
    lines = [each.subject or each.text for each in load]
    shown = lines[: LINES[load[0].channel]]
    return {"count": len(lines), "lines": shown, "more": len(lines) - len(shown)}
