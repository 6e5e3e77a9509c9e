"""An explanation on the wire: as data and in words."""

from datetime import datetime
from typing import Any

from services.sla.domain.clock import Clock
from services.sla.domain.explain import Span, explain
from services.sla.domain.facts import Fact
from services.sla.domain.limits import IN_DAYS, IN_HOURS
from services.sla.domain.marks import BREACH, Mark, marks, minutes_left
from services.sla.domain.stop_words import stop_words
from services.sla.domain.what_if import NOW, Supposed, Waiting, supposed_words
from services.sla.domain.words import explanation_words, limit_words
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant

Json = dict[str, Any]


def explanation_json(clock: Clock) -> Json:
    """Rule, counted spans, days off and made up, pauses; in each language one sentence on the end, one on the stop."""
    told, ahead = explain(clock), marks(clock) if clock.is_open else []
    answer: Json = {
        "rule": _rule(clock),
        "started_by": _fact(clock, clock.start),
        "counted": [_span(clock, span) for span in told.counted],
        "days_off": [{"date": day.isoformat(), "why": str(why)} for day, why in told.days_off],
        "make_up_days": [day.isoformat() for day in told.make_up_days],
        "pauses": [_span(clock, span) for span in told.pauses],
        "warnings": [_warning(clock, mark) for mark in ahead if mark.fraction != BREACH],
        "cut": told.cut,
        "text": explanation_words(told).to_json(),
        "stops": stop_words(clock.rule).to_json(),
    }
    if clock.paused_since is not None:
        answer["pauses"].append({"from": _there(clock, clock.paused_since)})
    if clock.stop is not None:
        answer["stopped_by"] = _fact(clock, clock.stop)
    return answer


def waiting_asked(request: Json, now: datetime) -> Waiting | None:
    """The wait that a request supposes; raises Invalid when it ends before it begins."""
    since, until = request.get("if_waiting_from"), request.get("if_resumed_at")
    if since is None and until is None:
        return None
    since = now if since == NOW else since
    if since is not None and until is not None and until <= since:
        raise Invalid.field("if_resumed_at", "must be later than if_waiting_from")
    return Waiting(since, until)


def supposed_json(supposed: Supposed) -> Json:
    """The clock as it would be: its due instant, how far that moves, and one sentence in each language."""
    clock, then, waiting = supposed.clock, supposed.then, supposed.waiting
    told: Json = {
        "waits": supposed.waits,
        "due_at": _there(then, then.due_at),
        "moved_seconds": round((then.due_at - clock.due_at).total_seconds(), 3),
        "provisional": then.provisional,
        "text": supposed_words(supposed).to_json(),
    }
    if waiting.since is not None:
        told["waiting_from"] = _there(clock, waiting.since)
    if waiting.until is not None:
        told["resumed_at"] = _there(clock, waiting.until)
    return told


def _rule(clock: Clock) -> Json:
    rule, limit = clock.rule, clock.limit
    told: Json = {
        "title": rule.title.to_json(),
        "source": rule.source,
        "counting": str(limit.counting),
        "words": limit_words(limit).to_json(),
        "calendar": clock.calendar.name,
        "zone": clock.calendar.work.zone.key,
        "stops_on": sorted(rule.stop.names),
    }
    if rule.ours:
        told["ours"] = rule.ours
    if limit.counting in IN_HOURS | IN_DAYS and limit.amount:
        told["amount"] = limit.amount
    return told


def _warning(clock: Clock, mark: Mark) -> Json:
    """When it warns; one by time left says how much that is, in what the limit counts."""
    left = minutes_left(mark.fraction)
    told: Json = {"fraction": mark.fraction, "at": _there(clock, mark.at)}
    return told | {"left_seconds": left * 60} if left else told


def _fact(clock: Clock, fact: Fact) -> Json:
    return {"fact": fact.name, "at": _there(clock, fact.at), "by": fact.by}


def _span(clock: Clock, span: Span) -> Json:
    begin, end = span
    return {"from": _there(clock, begin), "to": _there(clock, end)}


def _there(clock: Clock, instant: datetime) -> str:
    return format_instant(instant, clock.calendar.work.zone)
