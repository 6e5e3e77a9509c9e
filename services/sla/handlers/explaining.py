"""An explanation on the wire: as data and in words."""

from datetime import datetime
from typing import Any

from services.sla.domain.clock import Clock
from services.sla.domain.explain import Span, explain
from services.sla.domain.facts import Fact
from services.sla.domain.limits import IN_DAYS, IN_HOURS
from services.sla.domain.stop_words import stop_words
from services.sla.domain.words import explanation_words, limit_words
from shared.kernel.instants import format_instant

Json = dict[str, Any]


def explanation_json(clock: Clock) -> Json:
    """Rule, counted spans, days off and made up, pauses; in each language one sentence on the end, one on the stop."""
    told = explain(clock)
    answer: Json = {
        "rule": _rule(clock),
        "started_by": _fact(clock, clock.start),
        "counted": [_span(clock, span) for span in told.counted],
        "days_off": [{"date": day.isoformat(), "why": str(why)} for day, why in told.days_off],
        "make_up_days": [day.isoformat() for day in told.make_up_days],
        "pauses": [_span(clock, span) for span in told.pauses],
        "cut": told.cut,
        "text": explanation_words(told).to_json(),
        "stops": stop_words(clock.rule).to_json(),
    }
    if clock.paused_since is not None:
        answer["pauses"].append({"from": _there(clock, clock.paused_since)})
    if clock.stop is not None:
        answer["stopped_by"] = _fact(clock, clock.stop)
    return answer


def _rule(clock: Clock) -> Json:
    rule, limit = clock.rule, clock.limit
    told: Json = {
        "title": rule.title.to_json(),
        "source": rule.source,
        "counting": str(limit.counting),
        "words": limit_words(limit).to_json(),
        "calendar": clock.calendar.name,
        "stops_on": sorted(rule.stop.names),
    }
    if rule.ours:
        told["ours"] = rule.ours
    if limit.counting in IN_HOURS | IN_DAYS and limit.amount:
        told["amount"] = limit.amount
    return told


def _fact(clock: Clock, fact: Fact) -> Json:
    return {"fact": fact.name, "at": _there(clock, fact.at), "by": fact.by}


def _span(clock: Clock, span: Span) -> Json:
    begin, end = span
    return {"from": _there(clock, begin), "to": _there(clock, end)}


def _there(clock: Clock, instant: datetime) -> str:
    return format_instant(instant, clock.calendar.work.zone)
