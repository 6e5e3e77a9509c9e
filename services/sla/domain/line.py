"""One clock of the policy as it goes through the facts of one case, generation by generation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.sla.domain.calendars import Calendar
from services.sla.domain.clock import Clock, Held, State
from services.sla.domain.facts import Fact
from services.sla.domain.policy import ClockRule, Variant


@dataclass(frozen=True, slots=True)
class View:
    """What a fact meets: the case before and after it, and the rules in force."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    calendar: Calendar
    policy_version: str
    history: Sequence[Fact]
    """The facts before this one."""
    received: datetime | None = None


class Line:
    """The generations of one clock; `take` is given every fact that can change it, in order."""

    def __init__(self, rule: ClockRule) -> None:
        self.rule = rule
        self.clocks: list[Clock] = []
        self.selected = False
        self._variant: Variant = rule.variants[-1]
        self._waits: dict[str, Held] = {}

    def take(self, fact: Fact, view: View) -> None:
        """What this fact does: waits, then ends, then starts."""
        rule = self.rule
        if rule.waits:
            self._wait(fact)
        if rule.cancel.met_by(fact):
            self.let_go(fact.at)
        if rule.keyed and fact.voids is not None and self._variant.start.on.met_by(fact):
            self.let_go(fact.at, key=fact.voids)
        restarts = rule.restart.met_by(fact)
        stopped = self._stop(fact) if restarts or rule.stop.met_by(fact) else False
        if self.selected and (stopped if restarts else self._starts(fact, view)):
            self._begin(fact, view)

    def review(self, at: datetime, view: View) -> None:
        """What a change of the case or of the rules does: the clock is chosen, let go, or counted by another rule.

        Verdicts stay: what was stopped, overrun or cancelled before is never rewritten (SL-6).
        """
        chosen = self.rule.selects.holds(view.after) and self.rule.valid.holds(view.received, view.calendar.work.zone)
        if not chosen and not self.selected:
            return
        variant = self.rule.variant_for(view.after)
        other_start = variant.start is not self._variant.start and variant.start != self._variant.start
        was_chosen, self.selected, self._variant = self.selected, chosen, variant
        if was_chosen and not chosen:
            # Linked or judged otherwise at the very instant of the start: the clock never was.
            self.clocks = [clock for clock in self.clocks if not clock.is_open or clock.start.at != at]
            self.let_go(at)
        elif chosen and not was_chosen:
            self._replay(view)
        elif chosen and other_start:
            self.clocks = [clock for clock in self.clocks if not clock.is_open or clock.breached_by(at)]
            self._replay(view)
        elif chosen:
            self._retime(at, view)

    def let_go(self, at: datetime, key: str | None = None) -> None:
        """End the open clocks, or the one of this key, without a verdict."""
        for clock in self._open():
            if key is None or clock.key == key:
                clock.let_go(at)

    def numbered(self) -> Iterable[Clock]:
        """The clocks with their generations, counted for each key."""
        counts: dict[str | None, int] = {}
        for clock in self.clocks:
            clock.generation = counts[clock.key] = counts.get(clock.key, 0) + 1
            yield clock

    def _open(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.ended_at is None]

    def _wait(self, fact: Fact) -> None:
        for wait in self.rule.waits:
            if wait.begins.met_by(fact):
                self._waits.setdefault(wait.name, Held(wait.name, fact))
            elif wait.ends.met_by(fact):
                self._waits.pop(wait.name, None)
        for clock in self._open():
            if self._waits and clock.paused_since is None and not clock.breached_by(fact.at):
                clock.pause(fact.at, self._first_wait())
            elif not self._waits:
                clock.resume(fact.at)

    def _first_wait(self) -> Held:
        return next(iter(self._waits.values()))

    def _stop(self, fact: Fact) -> bool:
        clocks = self._meant_by(fact)
        for clock in clocks:
            clock.fulfil(fact)
        return bool(clocks)

    def _meant_by(self, fact: Fact) -> list[Clock]:
        """The open clocks that this fact stops: of its key, if it has one and the clock is keyed.

        A reply to an authority may name a reference that the notice did not have: it means the notice without.
        """
        clocks = self._open()
        if not self.rule.keyed or fact.key is None:
            return clocks
        same = [clock for clock in clocks if clock.key == fact.key]
        return same or [clock for clock in clocks if clock.key is None]

    def _starts(self, fact: Fact, view: View) -> bool:
        start = self._variant.start
        if not start.met_by(fact, view.before, view.after):
            return False
        if start.once:
            return not any(start.on.met_by(past) or self.rule.stop.met_by(past) for past in view.history)
        key = fact.key if self.rule.keyed else None
        return not any(clock.key == key for clock in self._open())

    def _begin(self, fact: Fact, view: View) -> None:
        limit = self._variant.limit.for_given(fact.due_at)
        if limit is None:
            return
        key = fact.key if self.rule.keyed else None
        clock = Clock(self.rule, key, fact, limit, view.calendar, view.policy_version)
        self.clocks.append(clock)
        if self._waits:
            clock.pause(fact.at, self._first_wait())
        if key is not None:
            self._stop_dated_before(clock, view.history)

    def _stop_dated_before(self, clock: Clock, history: Sequence[Fact]) -> None:
        """A promise may be kept at an instant dated before it was made: what was written later counts."""
        for past in history:
            if past.key == clock.key and past.seq > clock.start.seq and self.rule.stop.met_by(past):
                clock.fulfil(past)
                return

    def _replay(self, view: View) -> None:
        """Take over the clocks there would be if the case had always been what it is now known to be."""
        if not view.history:
            return
        twin = Line(self.rule)
        twin.selected, twin._variant = True, self._variant
        for index, fact in enumerate(view.history):
            twin.take(fact, replace(view, before=view.after, history=view.history[:index]))
        kept = {(clock.key, clock.start.seq) for clock in self.clocks if clock.state is not State.CANCELLED}
        self.clocks += [clock for clock in twin.clocks if (clock.key, clock.start.seq) not in kept]

    def _retime(self, at: datetime, view: View) -> None:
        for clock in self._open():
            limit = self._variant.limit.for_given(clock.start.due_at)
            if limit is None or clock.breached_by(at):
                continue
            if (clock.limit, clock.calendar, clock.policy_version) != (limit, view.calendar, view.policy_version):
                clock.retime(self.rule, limit, view.calendar, view.policy_version)
