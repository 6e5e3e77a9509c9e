"""One request and one answer of each command, for the interface's description; a test reads them by the schemas."""

from collections.abc import Mapping
from typing import Any, Final

_CASE_NO: Final = "954770952750"
_AT: Final = "2026-10-09T14:00:00+08:00"
_RECEIVED: Final = {
    "seq": 1,
    "fact": "received",
    "at": _AT,
    "recorded_at": _AT,
    "by": "system:phone",
    "set": {"kind": "complaint", "channel": "phone", "region": "south.guangdong.foshan"},
}
_LISTED: Final = {
    "case_no": _CASE_NO,
    "mode": "live",
    "version": 1,
    "state": "registered",
    "waiting": False,
    "kind": "complaint",
    "channel": "phone",
    "region": "south.guangdong.foshan",
    "category": "product_quality",
    "severity": "minor",
    "verifiable": True,
    "milestones": {"received": _AT},
    "customer": {"name": "张三", "phone": "+8613800138000"},
    "subject": "瓷砖胶不粘",
}
_WHOLE: Final = _LISTED | {"description": "两周后掉了四十平方米", "facts": [_RECEIVED]}

REQUESTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "register_case": {
        "kind": "complaint",
        "channel": "phone",
        "region": "south.guangdong.foshan",
        "customer": {"name": "张三", "phone": "138 0013 8000"},
        "subject": "瓷砖胶不粘",
        "description": "两周后掉了四十平方米",
        "category": "product_quality",
    },
    "take_step": {"step": "hand_over", "by": "desk", "owner": "desk"},
    "load_regions": {"tree": {"south": {"guangdong": {"foshan": None}}}},
    "call_event": {
        "event": "newCall",
        "call_id": "4b5a1c2e",
        "from": "13800138000",
        "to": "4008008820",
        "direction": "in",
        "queue": "hotline",
    },
}
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "register_case": {
        "case_no": _CASE_NO,
        "state": "registered",
        "version": 1,
        "duplicate": False,
        "promise": {"reply_by": "2026-10-10T14:00:00+08:00", "provisional": False},
    },
    "find_cases": {"cases": [_LISTED]},
    "get_case": _WHOLE | {"history": [_RECEIVED | {"version": 1, "detail": {}}]},
    "take_step": _WHOLE,
    "lookup_caller": {
        "customer": {"name": "张三", "phone": "+8613800138000"},
        "open_cases": [{"case_no": _CASE_NO, "state": "registered", "subject": "瓷砖胶不粘"}],
        "equipment": [],
        "calls": [],
        "repeat": True,
    },
    "case_status": {
        "cases": [{"case_no": _CASE_NO, "state": "registered", "say": {"zh": "已登记", "en": "It is registered."}}]
    },
    "call_event": {
        "call_id": "4b5a1c2e",
        "state": "ringing",
        "direction": "in",
        "from": "+8613800138000",
        "from_sent": "13800138000",
        "to": "+864008008820",
        "to_sent": "4008008820",
        "users": [],
        "queues": ["hotline"],
        "started_at": _AT,
        "customer": {"name": "张三", "phone": "+8613800138000"},
    },
    "regions": {"regions": ["south", "south.guangdong"]},
    "load_regions": {"regions": ["south", "south.guangdong"], "added": ["south"], "removed": []},
}
