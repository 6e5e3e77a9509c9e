"""The ladder as pure functions: a walk, its ladder, who is there and the time go in; what happens comes out."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.escalation.domain.about import About
from services.escalation.domain.escalation import Escalation, Happening, State, Told, What, said
from services.escalation.domain.organisation import Staff, Target, last_resort, targets
from services.escalation.domain.policy import PERSON, Ladder, Step
from shared.worktime import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who can be asked about one matter, and when they work; `progress_at` is its last sign of progress."""

    staff: Staff
    fallback: tuple[str, ...]
    calendar: WorkCalendar
    about: About
    team: tuple[str, ...] = ()
    progress_at: datetime | None = None

    def behind(self, step: Step, *, is_last: bool) -> tuple[Target, ...]:
        """Whom the step reaches now; the last one always somebody (ES-7)."""
        found = targets(self.staff, step, self.about, self.team)
        return found or (last_resort(self.staff, self.fallback, self.about) if is_last else ())


def advance(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime) -> Told:
    """What happens because of the time: a step said again, the next one reached, a stalled one back (ES-3)."""
    if walk.is_over or walk.next_at is None or now < walk.next_at:
        return walk, ()
    if walk.state is State.ACKNOWLEDGED:
        return _come_back(walk, ladder, organisation, now)
    step = ladder.step(walk.number)
    goes_on = _goes_on_at(walk, step, organisation)
    if goes_on is not None and goes_on <= now:
        return reach(walk, ladder, organisation, now, walk.number + 1)
    return _say_again(walk, ladder, organisation, now)


def reach(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime, number: int) -> Told:
    """The first step from `number` on that has somebody; empty ones are skipped at once and told of."""
    happened: list[Happening] = []
    for step in ladder.from_number(number, organisation.about):
        found = organisation.behind(step, is_last=step is ladder.last)
        if found:
            walk = _stand_on(walk, step, organisation, now)
            walk, there = _tell(walk, step, found, now, What.STEP_REACHED)
            return walk, (*happened, *there)
        happened.append(Happening(what=What.SKIPPED, at=now, rule=step.rule, walk=walk, level=step.level))
    return replace(walk, next_at=None), tuple(happened)


def hand_over(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime, person: str) -> Told:
    """The same step asks somebody else, and waits for them anew."""
    step = ladder.step(walk.number)
    walk = replace(_stand_on(walk, step, organisation, now), handed_to=person)
    return _tell(walk, step, (Target(person, PERSON),), now, What.STEP_REACHED)


def acknowledge(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime, by: str) -> Told:
    """Somebody has it; said once per person, and from the first one on the ladder waits for progress."""
    if walk.is_over or by in walk.acknowledged_by:
        return walk, ()
    walk = said(replace(walk, acknowledged_by=(*walk.acknowledged_by, by)))
    if walk.state is State.OPEN:
        walk = replace(walk, state=State.ACKNOWLEDGED, acknowledged_at=now)
        walk = replace(walk, next_at=_stalls_at(walk, ladder, organisation))
    rule = ladder.step(walk.number).rule
    return walk, (Happening(what=What.ACKNOWLEDGED, at=now, rule=rule, walk=walk, by=by),)


def _come_back(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime) -> Told:
    stalls_at = _stalls_at(walk, ladder, organisation)
    if stalls_at > now:
        return replace(walk, next_at=stalls_at), ()
    rule = f"{ladder.name}.stalls_after"
    told = Happening(what=What.STALLED, at=now, rule=rule, walk=walk, by=walk.acknowledged_by[0])
    walk, happened = reach(walk, ladder, organisation, now, walk.number + 1)
    return walk, (told, *happened)


def _stalls_at(walk: Escalation, ladder: Ladder, organisation: Organisation) -> datetime:
    """When one that was acknowledged has shown no progress for too long."""
    since = [at for at in (walk.acknowledged_at, organisation.progress_at) if at is not None]
    return ladder.stalls_after.after(max(since), organisation.calendar)


def _goes_on_at(walk: Escalation, step: Step, organisation: Organisation) -> datetime | None:
    return step.wait.after(walk.reached_at, organisation.calendar) if step.wait else None


def _say_again(walk: Escalation, ladder: Ladder, organisation: Organisation, now: datetime) -> Told:
    step = ladder.step(walk.number)
    handed = None if organisation.about.concerns(walk.handed_to or "") else walk.handed_to
    found = (Target(handed, PERSON),) if handed else organisation.behind(step, is_last=step is ladder.last)
    if not found:
        return reach(walk, ladder, organisation, now, walk.number + 1)
    walk = replace(walk, repeats=walk.repeats + 1)
    walk = replace(walk, next_at=_next_at(walk, step, organisation, now))
    return _tell(walk, step, found, now, What.SAID_AGAIN)


def _stand_on(walk: Escalation, step: Step, organisation: Organisation, now: datetime) -> Escalation:
    walk = replace(
        walk,
        state=State.OPEN,
        level=step.level,
        number=step.number,
        reached_at=now,
        repeats=0,
        acknowledged_by=(),
        acknowledged_at=None,
        handed_to=None,
    )
    return replace(walk, next_at=_next_at(walk, step, organisation, now))


def _next_at(walk: Escalation, step: Step, organisation: Organisation, now: datetime) -> datetime | None:
    """When the step has to be looked at again: to be said again or to go on, whichever comes first."""
    coming = []
    if (goes_on := _goes_on_at(walk, step, organisation)) is not None:
        coming.append(goes_on)
    if step.repeat is not None and walk.repeats < step.repeat.times:
        coming.append(step.repeat.every.after(now, organisation.calendar))
    return min(coming, default=None)


def _tell(walk: Escalation, step: Step, found: tuple[Target, ...], now: datetime, what: What) -> Told:
    walk = said(walk)
    told = Happening(what=what, at=now, rule=step.rule, walk=walk, targets=found, urgent=step.urgent, level=step.level)
    return walk, (told,)
