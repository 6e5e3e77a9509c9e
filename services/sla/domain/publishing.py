"""What a publication does to the clocks of a case that run: they are kept, go on by it, or are counted anew (SL-6)."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.sla.domain.calendars import Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.line import Line, Terms, View
from services.sla.domain.policy import FOR_EVER, ClockRule


class Running(StrEnum):
    """What becomes of clocks that run when rules change; who publishes chooses."""

    KEEP = "keep"
    FROM_NOW = "from_now"
    RECOMPUTE = "recompute"


def republish(line: Line, terms: Terms, running: Running, at: datetime, view: View) -> None:
    """Give a line other rules, of a case that has open clocks."""
    if running is Running.KEEP:
        _keep(line, terms, view)
        return
    line.clocks, line.older = list(line.every_clock()), []
    _go_by(line, terms, running, at, view)


def recalendar(line: Line, terms: Terms, running: Running, at: datetime, view: View) -> None:
    """Give a line other calendars alone: what is kept is counted by them too, and lives on by its own rules."""
    if running is Running.KEEP:
        _keep(line, terms, view)
        return
    recalendar_kept(line, terms.calendars, running, at, view)
    if terms.rule.valid is FOR_EVER and terms is not line.terms:  # which are those of a line that is new
        # What the case is chosen for is the same. A million cases go this way.
        line.terms = terms
        if line.clocks:
            _count_on(line, running, at, view)
    else:
        _go_by(line, terms, running, at, view)


def recalendar_kept(line: Line, calendars: Calendars, running: Running, at: datetime, view: View) -> None:
    """Count what is kept by other calendars."""
    if running is Running.KEEP:
        return
    for each in line.older:
        if each.open_clocks():
            _go_by(each, replace(each.terms, calendars=calendars), running, at, view)


def _go_by(line: Line, terms: Terms, running: Running, at: datetime, view: View) -> None:
    was_chosen, before = line.selected, line.rule
    adopt(line, terms, view)
    if not line.selected:
        line.let_own_go(at)
    elif running is Running.FROM_NOW:
        _count_on(line, running, at, view)
    elif was_chosen and _starts_otherwise(line, before, view):
        line.drop_open(at)
        line.replay(view, only_open=True)
    else:
        _count_on(line, running, at, view)
        if not was_chosen:
            line.replay(view, only_open=True)


def adopt(line: Line, terms: Terms, view: View) -> None:
    """Have a line begin its next clocks by other rules."""
    same_waits = terms.rule.waits == line.rule.waits and not line.retired  # which has heard of none since
    line.terms, line.rule, line.retired = terms, terms.rule, False
    line.variant = terms.rule.variant_for(view.after)
    line.choose(view)
    if not same_waits:
        line.waits = {}
        for fact in view.history:
            line.note_waits(fact)


def retire(line: Line, running: Running, at: datetime) -> None:
    """Have a line begin no more clocks: the policy has it no longer. What runs is kept or let go."""
    if running is Running.KEEP:
        _set_aside(line)
    else:
        line.let_go(at)
    line.selected, line.retired = False, True


def _keep(line: Line, terms: Terms, view: View) -> None:
    """What runs stays under the rules by which it was counted, to its end."""
    if line.open_clocks():
        _set_aside(line)
    adopt(line, terms, view)


def _set_aside(line: Line) -> None:
    older = Line(line.terms)
    older.clocks, older.selected, older.variant, older.waits = line.clocks, line.selected, line.variant, line.waits
    line.older = [*line.older, older]
    line.clocks, line.waits = [], dict(line.waits)


def _starts_otherwise(line: Line, before: ClockRule, view: View) -> bool:
    start = line.variant.start
    return start.became is None and before.variant_for(view.after).start != start


def _count_on(line: Line, running: Running, at: datetime, view: View) -> None:
    """By the new rules: what is left, or all from their own start, and then facts are judged by these too."""
    rule, label, calendar = line.rule, line.terms.policy_version, line.terms.calendar(view)
    for clock in line.own_open():
        limit = line.variant.limit.for_given(clock.start.due_at)
        if limit is None or clock.breached_by(at):
            continue
        judged_alike = clock.rule is rule or _judgement(clock.rule) == _judgement(rule)
        if running is Running.FROM_NOW:
            clock.judged_by_others = clock.judged_by_others or not judged_alike
            clock.go_on(at, rule, limit, calendar, label)
            line.wait_or_go_on(clock, at)
            continue
        clock.retime(rule, limit, calendar, label)
        if not judged_alike or clock.judged_by_others or _paused_in_vain(clock):
            _judge_anew(line, clock, view)


def _paused_in_vain(clock: Clock) -> bool:
    """Whether by the rules that count now it was overrun already when one of its pauses began."""
    begins = [begin for begin, _ in clock.pauses] + ([clock.paused_since] if clock.paused_since else [])
    paused = 0.0
    for number, begin in enumerate(begins):
        due = clock.limit.due(clock.calendar, clock.start.at, clock.start.due_at, paused)
        if clock.start.at < begin and due <= begin:
            return True
        if number < len(clock.pauses):
            paused += clock.calendar.length(clock.measure, *clock.pauses[number])
    return False


def _judgement(rule: ClockRule) -> tuple[object, ...]:
    """What decides how facts are taken, apart from the start."""
    return rule.stop, rule.restart, rule.cancel, rule.waits, rule.keyed


def _judge_anew(line: Line, clock: Clock, view: View) -> None:
    """Take the facts since its start again, by the new rules; what these begin on the way is there too."""
    begun = view.history.index(clock.start) + 1
    twin = Line(line.terms)
    twin.selected, twin.variant = True, line.variant
    for fact in view.history[:begun]:
        twin.note_waits(fact)
    fresh = Clock(line.rule, clock.key, clock.start, clock.limit, clock.calendar, line.terms.policy_version)
    if twin.waits:
        fresh.pause(clock.started_at, twin.first_wait())
    twin.clocks = [fresh]
    for index, fact in enumerate(view.history[begun:], begun):
        twin.take(fact, replace(view, history=view.history[:index]))
    known = {(each.key, each.start.seq) for each in line.clocks}
    place = line.clocks.index(clock)
    later = [each for each in twin.clocks[1:] if each.key == clock.key and (each.key, each.start.seq) not in known]
    line.clocks[place : place + 1] = [fresh, *(each for each in later if each.is_open)]
