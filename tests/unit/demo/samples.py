"""One event of each type, as its owner would say it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared.cli.demo.journal import Heard
from shared.events import CATALOGUE, Envelope, exchange_of
from shared.kernel.instants import format_instant

NOW = datetime(2026, 10, 12, 1, 10, tzinfo=UTC)
DUE = "2026-10-13T09:10:00+08:00"
CASE_NO = "463574758293"
ORDER_NO = "M-2026-0001"
CASE = {
    "case_no": CASE_NO,
    "mode": "live",
    "version": 1,
    "state": "registered",
    "waiting": False,
    "kind": "complaint",
    "channel": "phone",
    "region": "south.guangdong.foshan",
    "category": "product_quality",
    "severity": "serious",
    "verifiable": True,
    "owner": "south-desk",
    "facts": [],
    "milestones": {},
}
FACT = {
    "seq": 1,
    "fact": "received",
    "at": DUE,
    "recorded_at": DUE,
    "by": "zhang.min",
    "due_at": DUE,
    "key": "quality",
    "set": {"warning": True, "cause": "quality_defect", "repeat_of": CASE_NO, "authority": "市场监管"},
}
CLOCK = {
    "clock": "opinion",
    "case_no": CASE_NO,
    "key": None,
    "generation": 1,
    "revision": 2,
    "state": "running",
    "started_at": "2026-10-12T09:10:00+08:00",
    "due_at": DUE,
    "stopped_at": None,
    "warned": [0.5, 0.8],
    "used_seconds": 1.0,
    "left_seconds": 1.0,
    "provisional": False,
    "policy_version": "1",
    "calendar_version": "1",
}
ESCALATION = {
    "escalation_id": "e1",
    "ladder": "complaint",
    "state": "open",
    "level": 3,
    "region": "south.guangdong.foshan",
    "severity": "serious",
    "opened_at": DUE,
    "case_no": CASE_NO,
}
STEP = {
    "number": 3,
    "level": 3,
    "urgent": False,
    "rule": "complaint/3",
    "targets": [{"person": "sales-vp", "role": "vice_president", "code": "123456"}],
}
TEAM = {"leader": "sales-vp", "members": ["sales-vp", "desk", "south-desk"], "visit_at": DUE}
ALERT = {
    "alert_id": "a1",
    "kind": "sla_breach",
    "severity": "serious",
    "region": "south.guangdong.foshan",
    "at": DUE,
    "text": {"zh": "逾期", "en": "late"},
    "case_no": CASE_NO,
}
MESSAGE = {
    "message_id": "m1",
    "key": "k1",
    "channel": "sms",
    "audience": "staff",
    "state": "delivered",
    "category": "case",
    "attempts": 1,
    "urgent": False,
    "template": "registered",
    "person": "south-desk",
    "case_no": CASE_NO,
}
ORDER = {
    "order_no": ORDER_NO,
    "equipment_id": "q1",
    "level": "quarterly",
    "slot": 1,
    "state": "scheduled",
    "region": "south.guangdong.foshan",
    "due_on": "2026-10-13",
    "due_at": DUE,
    "technician": "technician-south",
    "visit_at": DUE,
}
EQUIPMENT = {
    "equipment_id": "q1",
    "model": "HL-30",
    "serial_no": "1",
    "site": "佛山",
    "region": "south.guangdong.foshan",
}
DEFECT = {"defect_id": "d1", "item": "upkeep.motors", "text": {"zh": "电机测试", "en": "motors tested"}}

DATA: dict[str, dict[str, Any]] = {
    "case": {"case": CASE, "fact": FACT},
    "clock": {"clock": CLOCK, "case": CASE},
    "escalation": {
        "escalation": ESCALATION,
        "case": CASE,
        "step": STEP,
        "trigger": {"what": "breached", "at": DUE, "clock": "opinion"},
        "by": "general-manager",
        "at": DUE,
    },
    "team": {"case": CASE, "team": TEAM, "by": "sales-vp", "at": DUE},
    "alert": {"alert": ALERT},
    "message": {"message": MESSAGE},
    "order": {"order": ORDER, "equipment": EQUIPMENT, "by": "technician-south"},
    "defect": {"order": ORDER, "equipment": EQUIPMENT, "defect": DEFECT},
}


def heard(name: str, **changes: Any) -> Heard:
    """The sample of a type; `changes` are merged into the object of that name, like clock={"state": "late"}."""
    family = name.partition(".")[0]
    data = dict(DATA.get(family, {}))
    for part, change in changes.items():
        data[part] = {**data[part], **change} if isinstance(change, dict) else change
    subject = ORDER_NO if family in ("order", "defect") else CASE_NO
    return heard_as(name, data, subject=subject)


def heard_as(name: str, data: dict[str, Any], at: datetime = NOW, subject: str = CASE_NO) -> Heard:
    """An event with this data."""
    owner = CATALOGUE[name].owner if name in CATALOGUE else "intake"
    raw = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"/aftercare/{owner}",
        "type": name,
        "subject": subject,
        "time": format_instant(at),
        "sequence": "1",
        "data": data,
    }
    envelope = Envelope(raw["id"], raw["source"], name, subject, at, 1, data)
    return Heard(exchange_of(owner), name, envelope)


def alert(**changes: Any) -> Heard:
    """An alert as the regional teams read it."""
    told = heard("alert.raised.v1", alert=changes)
    fields = told.data["alert"]
    return Heard("alerts", f"alert.{fields['kind']}.{fields['severity']}.{fields['region']}", told.envelope)
