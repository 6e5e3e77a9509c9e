"""One clock of the policy as it goes through the facts of one case, generation by generation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.clock import Clock, Held, State
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact, attributes_after
from services.sla.domain.policy import ClockRule, Variant
from shared.kernel.conditions import REGION


@dataclass(frozen=True, slots=True)
class View:
    """What a fact meets: the case before and after it, the facts before this one, and when the case was received."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    history: Sequence[Fact]
    received: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line is counted by: one rule of a policy version, and calendars."""

    rule: ClockRule
    policy_version: str
    calendars: Calendars

    def calendar(self, view: View) -> Calendar:
        """The calendar of the case's region."""
        return self.calendars.of(view.after[REGION])


class Line:
    """The generations of one clock; `take` is given every fact that can change it, in order.

    `older`: lines by earlier rules, whose clocks run on by them (SL-6); they begin no more clocks. Nor does
    a line that is `retired`: the policy has it no longer.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.rule = terms.rule
        self.clocks: list[Clock] = []
        self.older: list[Line] = []
        self.selected = False
        self.retired = False
        self.variant: Variant = self.rule.variants[-1]
        self.waits: dict[str, Held] = {}

    def take(self, fact: Fact, view: View) -> None:
        """What this fact does: waits, then ends, then starts."""
        stopped = self._live_on(fact)
        restarts = self.rule.restart.met_by(fact)
        if self.selected and (stopped if restarts else self._starts(fact, view)):
            self._begin(fact, view)

    def _live_on(self, fact: Fact) -> bool:
        """What this fact does to clocks that run; whether it stopped any."""
        stopped = [each._live_on(fact) for each in self.older]
        rule = self.rule
        if rule.waits:
            self._wait(fact)
        if rule.cancel.met_by(fact):
            self.let_own_go(fact.at)
        if rule.keyed and fact.voids is not None and self.variant.start.on.met_by(fact):
            self.let_own_go(fact.at, key=fact.voids)
        return (self._stop(fact) if rule.restart.met_by(fact) or rule.stop.met_by(fact) else False) or any(stopped)

    def review(self, at: datetime, view: View) -> None:
        """What a change of the case does: the clock is chosen, let go, or counted by another limit.

        Verdicts stay: what was stopped, overrun or cancelled before is never rewritten (SL-6).
        """
        for each in self.older:
            if each.open_clocks():
                each.review(at, view)
        if self.retired:
            return
        was_chosen, before = self.selected, self.variant
        self.choose(view)
        chosen = self.selected
        if not chosen and not was_chosen:
            return
        if was_chosen and not chosen:
            # Linked or judged otherwise at the very instant of the start: the clock never was.
            self.clocks = [clock for clock in self.clocks if not clock.is_open or clock.start.at != at]
            self.let_own_go(at)
        elif not was_chosen:
            self.replay(view)
        elif self.variant.start is not before.start and self.variant.start != before.start:
            self.drop_open(at)
            self.replay(view)
        else:
            self._retime(at, view)

    def choose(self, view: View) -> None:
        """Note whether and how such a case has this clock."""
        rule = self.rule
        self.selected = rule.selects.holds(view.after) and rule.valid.holds(
            view.received, self.terms.calendar(view).work.zone
        )
        if self.selected:
            self.variant = rule.variant_for(view.after)

    def drop_open(self, at: datetime) -> None:
        """Forget the clocks that run: they will be there anew, from another start. The overrun keep their verdict."""
        for clock in self.own_open():
            if clock.breached_by(at):
                clock.let_go(at)
        self.clocks = [clock for clock in self.clocks if not clock.is_open]

    def let_go(self, at: datetime) -> None:
        """End the open clocks without a verdict."""
        for each in (*self.older, self):
            each.let_own_go(at)

    def every_clock(self) -> Iterable[Clock]:
        """The clocks in the order in which they count as generations."""
        return chain(*(each.clocks for each in self.older), self.clocks) if self.older else self.clocks

    def open_clocks(self) -> list[Clock]:
        """The clocks that facts can still change."""
        return [clock for clock in self.every_clock() if clock.ended_at is None]

    def numbered(self) -> Iterable[Clock]:
        """The clocks with their generations, counted for each key."""
        counts: dict[str | None, int] = {}
        for clock in self.every_clock():
            clock.generation = counts[clock.key] = counts.get(clock.key, 0) + 1
            yield clock

    def own_open(self) -> list[Clock]:
        """Those of them that count by this line's own rules."""
        return [clock for clock in self.clocks if clock.ended_at is None]

    def let_own_go(self, at: datetime, key: str | None = None) -> None:
        """End the open clocks, or the one of this key, without a verdict."""
        for clock in self.own_open():
            if key is None or clock.key == key:
                clock.let_go(at)

    def note_waits(self, fact: Fact) -> None:
        """Note the waits that this fact begins and ends."""
        for wait in self.rule.waits:
            if wait.begins.met_by(fact):
                self.waits.setdefault(wait.name, Held(wait.name, fact))
            elif wait.ends.met_by(fact):
                self.waits.pop(wait.name, None)

    def _wait(self, fact: Fact) -> None:
        self.note_waits(fact)
        for clock in self.own_open():
            self.wait_or_go_on(clock, fact.at)

    def wait_or_go_on(self, clock: Clock, at: datetime) -> None:
        """Have a clock stand still from an instant on while there is a wait, else go on."""
        if self.waits and clock.paused_since is None and not clock.breached_by(at):
            clock.pause(at, self.first_wait())
        elif not self.waits:
            clock.resume(at)

    def first_wait(self) -> Held:
        """The wait for which a clock stands still; there must be one."""
        return next(iter(self.waits.values()))

    def _stop(self, fact: Fact) -> bool:
        clocks = self._meant_by(fact)
        for clock in clocks:
            clock.fulfil(fact)
        return bool(clocks)

    def _meant_by(self, fact: Fact) -> list[Clock]:
        """The open clocks that this fact stops: of its key, if it has one and the clock is keyed.

        A reply to an authority may name a reference that the notice did not have: it means the notice without.
        """
        clocks = self.own_open()
        if not self.rule.keyed or fact.key is None:
            return clocks
        same = [clock for clock in clocks if clock.key == fact.key]
        return same or [clock for clock in clocks if clock.key is None]

    def _starts(self, fact: Fact, view: View) -> bool:
        start = self.variant.start
        if not start.met_by(fact, view.before, view.after):
            return False
        if start.once:
            return not any(start.on.met_by(past) or self.rule.stop.met_by(past) for past in view.history)
        key = fact.key if self.rule.keyed else None
        return not any(clock.key == key for clock in self.open_clocks())

    def _begin(self, fact: Fact, view: View) -> None:
        limit = self.variant.limit.for_given(fact.due_at)
        if limit is None:
            return
        key = fact.key if self.rule.keyed else None
        clock = Clock(self.rule, key, fact, limit, self.terms.calendar(view), self.terms.policy_version)
        self.clocks.append(clock)
        if self.waits:
            clock.pause(fact.at, self.first_wait())
        if key is not None:
            self._stop_dated_before(clock, view.history)

    def _stop_dated_before(self, clock: Clock, history: Sequence[Fact]) -> None:
        """A promise may be kept at an instant dated before it was made: what was written later counts."""
        for past in history:
            if past.key == clock.key and past.seq > clock.start.seq and self.rule.stop.met_by(past):
                clock.fulfil(past)
                return

    def replay(self, view: View, *, only_open: bool = False) -> None:
        """Take over the clocks there would be if the case had always been what it is now known to be."""
        if not view.history:
            return
        twin = Line(self.terms)
        twin.selected, twin.variant = True, self.variant
        for fact, seen in self._seen_again(view, only_open):
            twin.take(fact, seen)
        kept = {(clock.key, clock.start.seq) for clock in self.every_clock() if clock.state is not State.CANCELLED}
        found = [clock for clock in twin.clocks if (clock.key, clock.start.seq) not in kept]
        self.clocks += [clock for clock in found if clock.is_open or not only_open]

    def _seen_again(self, view: View, as_it_was: bool) -> Iterator[tuple[Fact, View]]:
        """Each fact with the case as it is now known to be; what it became is told by the case as it was then."""
        if not as_it_was or self.variant.start.became is None:
            for index, fact in enumerate(view.history):
                yield fact, replace(view, before=view.after, history=view.history[:index])
            return
        region = {REGION: view.after[REGION]}  # by whose calendar all of it counts
        before = DEFAULTS | region
        for index, fact in enumerate(view.history):
            after = attributes_after(before, fact) | region
            yield fact, replace(view, before=before, after=after, history=view.history[:index])
            before = after

    def _retime(self, at: datetime, view: View) -> None:
        calendar = self.terms.calendar(view)
        for clock in self.own_open():
            limit = self.variant.limit.for_given(clock.start.due_at)
            if limit is None or clock.breached_by(at):
                continue
            if (clock.limit, clock.calendar) != (limit, calendar):
                clock.retime(self.rule, limit, calendar, self.terms.policy_version)
