"""The promise given at registration: when to expect a reply and an opinion, without any case (IN-11, SL-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.sla.domain.clock import Clock
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import HANDED_OVER, Fact
from shared.kernel.vocabulary import RECEIVED


@dataclass(frozen=True)
class Promise:
    """The clocks as they would be: of the reply, and of the opinion where this kind of case has one."""

    reply: Clock | None
    opinion: Clock | None

    @property
    def provisional(self) -> bool:
        """Whether holidays that are not announced yet may move a part of it."""
        return any(clock.provisional for clock in (self.reply, self.opinion) if clock)


def promise(attributes: Mapping[str, Any], at: datetime, publications: Sequence[Publication]) -> Promise:
    """What to promise for a case with these attributes received at this instant."""
    roles = publications[-1].policy.promise
    received = Fact(seq=1, name=RECEIVED, at=at, recorded_at=at, set=attributes)
    first = {clock.name: clock for clock in clocks([received], publications, at)}
    handover = first.get(roles.handed_over_by)
    handed_over_at = handover.due_at if handover else at
    handed_over = Fact(seq=2, name=HANDED_OVER, at=handed_over_at, recorded_at=at)
    then = {clock.name: clock for clock in clocks([received, handed_over], publications, at)}
    opinions = [then[name] for name in roles.opinion_by if name in then]
    return Promise(first.get(roles.reply_by), opinions[0] if opinions else None)
