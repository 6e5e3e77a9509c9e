"""What a publication does to the clocks of a case that run: they are kept, go on by it, or are counted anew (SL-6)."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.sla.domain.clock import Clock
from services.sla.domain.line import Line, Terms, View
from services.sla.domain.policy import ClockRule


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
    was_chosen, before = line.selected, line.rule
    line.clocks, line.older = list(line.every_clock()), []
    adopt(line, terms, view)
    if not line.selected:
        if was_chosen:
            line.let_go(at)
    elif running is Running.FROM_NOW:
        _go_on(line, at, view)
    elif not was_chosen:
        line.replay(view, only_open=True)
    else:
        _recompute(line, before, at, view)


def adopt(line: Line, terms: Terms, view: View) -> None:
    """Have a line begin its next clocks by other rules."""
    same_waits = terms.rule.waits == line.rule.waits
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


def _go_on(line: Line, at: datetime, view: View) -> None:
    calendar = line.terms.calendar(view)
    for clock in line.open_clocks():
        limit = line.variant.limit.for_given(clock.start.due_at)
        if limit is not None and not clock.breached_by(at):
            clock.go_on(at, line.rule, limit, calendar, line.terms.policy_version)


def _recompute(line: Line, before: ClockRule, at: datetime, view: View) -> None:
    """From their own start by the new rules; facts that these judge otherwise are judged anew."""
    start = line.variant.start
    if start.became is None and before.variant_for(view.after).start != start:
        line.drop_open(at)
        line.replay(view, only_open=True)
        return
    calendar = line.terms.calendar(view)
    for clock in line.open_clocks():
        limit = line.variant.limit.for_given(clock.start.due_at)
        if limit is None or clock.breached_by(at):
            continue
        judged_alike = _judgement(clock.rule) == _judgement(line.rule)
        clock.retime(line.rule, limit, calendar, line.terms.policy_version)
        if not judged_alike:
            _judge_anew(line, clock, view)


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
