"""What others tell, read with care; raises Rejected for what can never be understood (contracts 5)."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, Final, TypeVar

from services.escalation.domain.about import About
from services.escalation.domain.told import Clock, Fact, ToldCase, ToldClock, ToldOrder
from shared.events import Envelope
from shared.kernel.regions import UNASSIGNED, parse_region
from shared.kernel.told import instant_told, maybe_told, text_told, understood
from shared.kernel.vocabulary import HISTORY, SEVERITIES

ORDER_SEVERITY: Final = "serious"
"""Overdue maintenance counts as serious (contracts 6)."""

T = TypeVar("T")


def is_history(data: Mapping[str, Any]) -> bool:
    """Whether this is about a case that is only taken over from the past: nobody is told anything of it."""
    case = data.get("case")
    return isinstance(case, Mapping) and case.get("mode") == HISTORY


def told_case(event: Envelope) -> ToldCase:
    """The case with its facts."""
    return _read("case", event, _case)


def told_clock(event: Envelope) -> ToldClock:
    """The clock, and its case in short."""
    return _read("clock", event, _clock)


def told_order(event: Envelope) -> ToldOrder:
    """The work order."""
    return _read("order", event, _order)


def _read(what: str, event: Envelope, read: Callable[[Envelope], T]) -> T:
    with understood(f"a {what} that can be understood"):
        return read(event)


def _case(event: Envelope) -> ToldCase:
    told = event.data["case"]
    return ToldCase(
        about=_about(told),
        version=int(told["version"]),
        facts=[_fact(each) for each in told["facts"]],
        milestones={text_told(name, 40): instant_told(at) for name, at in told["milestones"].items()},
        product=maybe_told((told.get("product") or {}).get("model")),
        repeat_of=maybe_told(told.get("repeat_of"), 40),
    )


def _about(told: Mapping[str, Any]) -> About:
    return About(
        subject=text_told(told["case_no"], 40),
        kind=text_told(told["kind"], 20),
        region=parse_region(told["region"]),
        category=maybe_told(told.get("category"), 40),
        severity=_severity(told["severity"]),
        owner=maybe_told(told.get("owner")),
        complained_about=tuple(text_told(each, 200) for each in told.get("complained_about") or ()),
    )


def _fact(told: Mapping[str, Any]) -> Fact:
    return Fact(
        seq=int(told["seq"]),
        name=text_told(told["fact"], 40),
        at=instant_told(told["at"]),
        key=maybe_told(told.get("key")),
        set=dict(told.get("set") or {}),
        # A reply or a result may name the customer; only a notice is written for everybody (AL-4).
        text=told.get("text") if told["fact"] == "warning_settled" else None,
    )


def _clock(event: Envelope) -> ToldClock:
    told, case = event.data["clock"], event.data["case"]
    return ToldClock(
        about=_about(case),
        at=event.time.astimezone(UTC),
        clock=Clock(
            name=text_told(told["clock"], 60),
            key=maybe_told(told.get("key")) or "",
            generation=int(told["generation"]),
            revision=int(told["revision"]),
            state=text_told(told["state"], 10),
            started_at=instant_told(told["started_at"]),
            due_at=instant_told(told["due_at"]),
            warned=max(map(float, told["warned"]), default=0.0),
            breached_at=instant_told(told["breached_at"]) if told.get("breached_at") else None,
        ),
    )


def _order(event: Envelope) -> ToldOrder:
    told = event.data["order"]
    return ToldOrder(
        about=About(
            subject=text_told(told["order_no"], 40),
            is_order=True,
            kind=text_told(told["level"], 20),
            region=parse_region(told.get("region") or UNASSIGNED),
            severity=ORDER_SEVERITY,
            owner=maybe_told(told.get("technician")),
            due_on=text_told(told["due_on"], 10),
        ),
        version=event.sequence,
        state=text_told(told["state"], 20),
        due_at=instant_told(told["due_at"]),
        at=event.time.astimezone(UTC),
    )


def _severity(value: Any) -> str:
    if value not in SEVERITIES:
        raise ValueError(f"{str(value)[:20]!r} is no severity")
    return str(value)
