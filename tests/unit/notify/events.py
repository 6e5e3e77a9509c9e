"""What the other services tell, in the shapes of contracts 5, for notify's tests."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared.events import Envelope

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Shanghai."""
CASE_NO = "260000000017"
REGION = "south.guangdong.foshan"
CUSTOMER = {"phone": "+8613800138000", "email": "buyer@example.com", "anonymous": False}
_SOURCES = {"case": "intake", "clock": "sla", "order": "maintenance"}


def envelope(
    kind: str, data: dict[str, Any], *, subject: str = CASE_NO, sequence: int = 1, at: datetime = NOW
) -> Envelope:
    source = f"/aftercare/{_SOURCES.get(kind.split('.')[0], 'escalation')}"
    return Envelope(str(uuid4()), source, kind, subject, at, sequence, data)


class Case:
    """A case that goes on: each fact is one more version of it."""

    def __init__(self, case_no: str = CASE_NO, **attributes: Any) -> None:
        self.case_no = case_no
        self.attributes = {
            "case_no": case_no,
            "mode": "live",
            "state": "registered",
            "waiting": False,
            "kind": "complaint",
            "channel": "phone",
            "region": REGION,
            "category": "product_quality",
            "severity": "minor",
            "verifiable": True,
            "owner": None,
            "customer": CUSTOMER,
            "milestones": {},
        } | attributes
        self.facts: list[dict[str, Any]] = []
        self.add("received", set={"severity": self.attributes["severity"]})

    def add(self, fact: str, at: datetime = NOW, **more: Any) -> "Case":
        stamp = at.isoformat()
        self.facts.append(
            {"seq": len(self.facts) + 1, "fact": fact, "at": stamp, "recorded_at": stamp, "by": "desk"} | more
        )
        self.attributes |= {k: v for k, v in more.get("set", {}).items() if k in ("owner", "severity")}
        return self

    def event(self) -> Envelope:
        facts = list(self.facts)
        fact = facts[-1]
        name = "registered" if fact["fact"] == "received" else fact["fact"]
        data = {"case": {**self.attributes, "version": len(facts), "facts": facts}, "fact": fact}
        at = datetime.fromisoformat(fact["recorded_at"])
        return envelope(f"case.{name}.v1", data, subject=self.case_no, sequence=len(facts), at=at)

    def short(self) -> dict[str, Any]:
        names = ("case_no", "mode", "kind", "region", "category", "severity", "owner")
        return {name: self.attributes[name] for name in names}


def clock(case: Case, change: str, *, revision: int = 1, at: datetime = NOW, **more: Any) -> Envelope:
    told = {
        "clock": "first_response",
        "case_no": case.case_no,
        "generation": 1,
        "revision": revision,
        "state": "running",
        "started_at": NOW.isoformat(),
        "due_at": "2026-10-13T10:00:00+08:00",
        "warned": [],
        "used_seconds": 0.0,
        "left_seconds": 0.0,
        "provisional": False,
        "policy_version": "1",
        "calendar_version": "cn-2026",
    } | more
    return envelope(
        f"clock.{change}.v1", {"clock": told, "case": case.short()}, subject=case.case_no, sequence=revision, at=at
    )


def warned(case: Case, *fractions: float, revision: int = 2, **more: Any) -> Envelope:
    return clock(case, "warned", revision=revision, warned=list(fractions), **more)


def breached(case: Case, revision: int = 4, **more: Any) -> Envelope:
    return clock(case, "breached", revision=revision, **{"state": "breached", "warned": [0.5, 0.8]} | more)


def step(case: Case, *people: str, urgent: bool = False, sequence: int = 1, escalation_id: str = "e-1") -> Envelope:
    escalation = {
        "escalation_id": escalation_id,
        "ladder": "complaint",
        "state": "open",
        "level": 1,
        "region": REGION,
        "severity": case.attributes["severity"],
        "opened_at": NOW.isoformat(),
        "case_no": case.case_no,
    }
    targets = [{"person": each, "role": "complaints_desk", "code": f"20481{n}"} for n, each in enumerate(people)]
    reached = {"number": 1, "level": 1, "urgent": urgent, "targets": targets, "rule": "complaint/1"}
    trigger = {"what": "clock_breached", "at": NOW.isoformat(), "clock": "first_response"}
    data = {"escalation": escalation, "case": case.short(), "trigger": trigger, "step": reached}
    return envelope("escalation.step_reached.v1", data, subject=case.case_no, sequence=sequence)


def alert(kind: str = "recurrence", severity: str = "serious", region: str = REGION, alert_id: str = "a-1") -> Envelope:
    told = {
        "alert_id": alert_id,
        "kind": kind,
        "severity": severity,
        "region": region,
        "at": NOW.isoformat(),
        "text": {"zh": "同类投诉较多", "en": "several complaints of one kind"},
        "case_no": CASE_NO,
    }
    return envelope("alert.raised.v1", {"alert": told})


def team_formed(case: Case, *, leader: str, members: list[str]) -> Envelope:
    told = {"case": case.short(), "team": {"leader": leader, "members": members}, "by": leader, "at": NOW.isoformat()}
    return envelope("team.formed.v1", told, subject=case.case_no)


def order(change: str, *, sequence: int = 1, visit_at: str | None = None, **administrator: Any) -> Envelope:
    told = {
        "order_no": "M260001",
        "equipment_id": "E1",
        "level": "quarterly",
        "slot": 3,
        "state": "planned",
        "region": REGION,
        "due_on": "2026-10-20",
        "due_at": "2026-10-20T18:00:00+08:00",
        "technician": "technician-south",
        "visit_at": visit_at,
    }
    keeper = {"name": "设备科", "phone": "+8613800138001", "email": "keeper@example.com"} | administrator
    equipment = {"equipment_id": "E1", "model": "DM-120", "serial_no": "SN1", "region": REGION, "administrator": keeper}
    return envelope(f"order.{change}.v1", {"order": told, "equipment": equipment}, subject="M260001", sequence=sequence)
