"""What a wait would do to a deadline: the clock as it would be if the case waited from an instant on (SL-4, SL-8)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.clock import Clock
from services.sla.domain.conditions import FactConditions
from services.sla.domain.facts import Fact
from services.sla.domain.policy import ClockRule
from services.sla.domain.words import hours_words, moment
from shared.kernel.words import Words

NOW = "now"
"""Instead of an instant: as of the question."""
Derive = Callable[[Iterable[Fact], datetime], list[Clock]]


@dataclass(frozen=True)
class Waiting:
    """A wait that might be: from when (None: the one that goes on), until when (None: nobody knows)."""

    since: datetime | None
    until: datetime | None = None


@dataclass(frozen=True)
class Supposed:
    """A clock as it is and as it would be."""

    clock: Clock
    then: Clock
    waiting: Waiting

    @property
    def waits(self) -> bool:
        """Whether this clock would stand still, or would have."""
        return self.then.paused_since is not None or self.then.pauses != self.clock.pauses


def suppose(facts: Sequence[Fact], derive: Derive, clock: Clock, waiting: Waiting, now: datetime) -> Supposed:
    """The clock if the case waited; the same one when it has ended or never waits."""
    if not clock.is_open or not clock.rule.waits:
        return Supposed(clock, clock, waiting)
    told = [*facts, *_supposed(facts, clock.rule, waiting)]
    seen_from = max(each for each in (now, waiting.since, waiting.until) if each is not None)
    # Only what happens up to the end of the wait is supposed; what is in the future is not looked at.
    derived = derive(told, waiting.until or seen_from)
    identity = (clock.name, clock.key, clock.start.seq)
    then = next((each for each in derived if (each.name, each.key, each.start.seq) == identity), clock)
    return Supposed(clock, then, waiting)


def _supposed(facts: Sequence[Fact], rule: ClockRule, waiting: Waiting) -> Iterable[Fact]:
    seq = max(fact.seq for fact in facts)
    wait = rule.waits[0]
    if waiting.since is not None:
        yield _fact(seq + 1, wait.begins, waiting.since)
    if waiting.until is not None:
        yield _fact(seq + 2, wait.ends, waiting.until)


def _fact(seq: int, conditions: FactConditions, at: datetime) -> Fact:
    """A fact that meets the conditions, carrying whatever they ask for."""
    one = min(conditions.any_of, key=lambda each: len(each.has))
    key = "if" if "key" in one.has else None
    return Fact(seq, one.name, at, at, by="system:if", key=key, due_at=at if "due_at" in one.has else None)


def supposed_words(supposed: Supposed) -> Words:
    """One sentence: the wait, and what becomes of the deadline."""
    clock, then, waiting = supposed.clock, supposed.then, supposed.waiting
    title, due = clock.rule.title, moment(clock.due_at, clock)
    if not clock.is_open:
        return Words(f"{title.zh}已结束，等待不再影响。", f"{title.en} has ended; a wait changes nothing.")
    if not clock.rule.waits:
        return Words(f"{title.zh}不因等待而暂停，截止{due.zh}。", f"{title.en} never waits; due {due.en} all the same.")
    if not supposed.waits:
        return _unmoved(supposed)
    span = _span(supposed)
    if waiting.until is None:
        left = _left(then)
        return Words(
            f"{title.zh}：若{span.zh}等待，则停止计时，剩余{left.zh}，恢复后从此继续。",
            f"{title.en}: if it waits {span.en}, it stands still with {left.en} left, and goes on from there.",
        )
    new = moment(then.due_at, then)
    if then.due_at == clock.due_at:
        return Words(
            f"{title.zh}：若{span.zh}等待，截止时间不变，仍为{new.zh}。",
            f"{title.en}: if it waits {span.en}, it is due as before, {new.en}.",
        )
    return Words(
        f"{title.zh}：若{span.zh}等待，截止时间由{due.zh}改为{new.zh}。",
        f"{title.en}: if it waits {span.en}, it is due {new.en} instead of {due.en}.",
    )


def _unmoved(supposed: Supposed) -> Words:
    clock, due = supposed.clock, moment(supposed.clock.due_at, supposed.clock)
    title = clock.rule.title
    return Words(
        f"{title.zh}：等待开始时已超时或已在等待，截止时间不变，仍为{due.zh}。",
        f"{title.en}: overrun or waiting already when this wait begins, it is due as before, {due.en}.",
    )


def _span(supposed: Supposed) -> Words:
    clock, waiting = supposed.clock, supposed.waiting
    since = waiting.since or clock.paused_since or clock.started_at
    begin = moment(since, clock)
    if waiting.until is None:
        return Words(f"自{begin.zh}起", f"from {begin.en}")
    end = moment(waiting.until, clock)
    return Words(f"自{begin.zh}至{end.zh}", f"from {begin.en} to {end.en}")


def _left(clock: Clock) -> Words:
    assert clock.paused_since is not None
    return hours_words(clock, clock.calendar.length(clock.measure, clock.paused_since, clock.due_at))
