"""Cases and clocks as others tell of them, for tests of escalation."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from shared.events import Envelope

CN = ZoneInfo("Asia/Shanghai")
CASE_NO = "260000000017"
MONDAY = "2026-10-12 10:00"


def at(text: str) -> datetime:
    """An instant on the wall in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=CN)


@dataclass(frozen=True)
class Told:
    """A case that tests tell of: facts one after the other, attributes as they make them."""

    facts: list[dict[str, Any]]
    about: dict[str, Any]
    case_no: str = CASE_NO
    product: str | None = None
    mode: str = "live"

    def then(self, fact: str, when: str, **more: Any) -> "Told":
        """The case once this has happened too."""
        instant = at(when).isoformat()
        told = {"seq": len(self.facts) + 1, "fact": fact, "at": instant, "recorded_at": instant, "by": "desk"} | more
        changed = {name: value for name, value in more.get("set", {}).items() if name in self.about}
        return replace(self, facts=[*self.facts, told], about=self.about | changed)

    def upto(self, version: int) -> "Told":
        """The case as it was after so many facts."""
        case = replace(self, facts=[], about=self.about)
        for fact in self.facts[:version]:
            changed = {name: value for name, value in fact.get("set", {}).items() if name in self.about}
            case = replace(case, facts=[*case.facts, fact], about=case.about | changed)
        return case

    @property
    def short(self) -> dict[str, Any]:
        """What clock events carry of it."""
        names = ("kind", "region", "category", "severity", "owner")
        return {"case_no": self.case_no, "mode": self.mode} | {name: self.about[name] for name in names}

    def event(self, **more: Any) -> Envelope:
        """The case event as intake says it."""
        milestones: dict[str, str] = {}
        for fact in self.facts:
            milestones[fact["fact"]] = max(fact["at"], milestones.get(fact["fact"], fact["at"]))
        case = self.short | {
            "version": len(self.facts),
            "state": "registered",
            "waiting": False,
            "channel": "phone",
            "verifiable": True,
            "facts": self.facts,
            "milestones": milestones,
            "repeat_of": self.about["repeat_of"],
        }
        if self.product:
            case["product"] = {"model": self.product}
        return envelope(
            "intake",
            f"case.{self.facts[-1]['fact']}.v1",
            self.case_no,
            len(self.facts),
            self.facts[-1]["at"],
            {"case": case | more, "fact": self.facts[-1]},
        )

    def clock(self, name: str, state: str, due: str, **more: Any) -> Envelope:
        """A clock event as sla says it; revision, generation and what else there is to a clock in `more`."""
        clock = {
            "clock": name,
            "case_no": self.case_no,
            "generation": 1,
            "revision": 2,
            "state": state,
            "started_at": self.facts[0]["at"],
            "due_at": at(due).isoformat(),
            "warned": [],
            "used_seconds": 0,
            "left_seconds": 0,
            "provisional": False,
            "policy_version": "builtin-1",
            "calendar_version": "cn-2026",
        } | more
        change = {"running": "started", "late": "stopped", "met": "breach_revoked"}.get(state, state)
        data = {"clock": clock, "case": self.short}
        return envelope("sla", f"clock.{change}.v1", self.case_no, clock["revision"], clock["due_at"], data)


def a_case(
    when: str = MONDAY, case_no: str = CASE_NO, *, product: str | None = None, mode: str = "live", **attributes: Any
) -> Told:
    """A case that was just registered."""
    about = {
        "kind": "complaint",
        "region": "south.guangdong",
        "category": "product_quality",
        "severity": "minor",
        "owner": None,
        "repeat_of": None,
    } | attributes
    case = Told([], about, case_no, product, mode)
    return case.then("received", when, set={name: value for name, value in about.items() if value is not None})


def an_order(state: str, due: str, *, version: int = 3, order_no: str = "M-1-4", **more: Any) -> Envelope:
    """An order event as maintenance says it, an hour after the order was due."""
    order = {
        "order_no": order_no,
        "equipment_id": "e1",
        "level": "quarterly",
        "slot": 4,
        "state": state,
        "region": "south.guangdong",
        "due_on": due[:10],
        "due_at": at(due).isoformat(),
        "technician": "technician-south",
    } | more
    said = (at(due) + timedelta(hours=1)).isoformat()
    return envelope("maintenance", "order.overdue.v1", order_no, version, said, {"order": order, "equipment": {}})


def envelope(service: str, kind: str, subject: str, sequence: int, when: str, data: dict[str, Any]) -> Envelope:
    """An event as it travels."""
    time = datetime.fromisoformat(when)
    return Envelope(str(uuid4()), f"/aftercare/{service}", kind, subject, time, sequence, data)
