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
_SIGNED: Final = {"department": "质检部", "by": "desk", "at": _AT, "round": 1, "seq": 7}
_HANDLING: Final = {
    "form": {
        "round": 1,
        "measures": [_SIGNED],
        "approvers": ["质检部", "生产部"],
        "named": True,
        "order": "in_turn",
        "next": "生产部",
        "approvals": [_SIGNED | {"seq": 9}],
        "waits_for": ["生产部"],
        "approved": False,
        "plan": {"subject_to_approval": True, "stands": True},
        "missing_to_treat": [{"what": "approval of 生产部", "remedy": "`approve` by 生产部"}],
    },
    "compensation": [
        {
            "compensation_id": "c8",
            "kind": "refund",
            "amount": "120.50",
            "currency": "CNY",
            "proposed_by": "desk",
            "state": "proposed",
        }
    ],
    "closing": {"missing": [{"what": "reaction", "remedy": "write down what the customer says: `record_reaction`"}]},
}
_WHOLE: Final = _LISTED | {"description": "两周后掉了四十平方米", "facts": [_RECEIVED], "handling": _HANDLING}

_SURVEY: Final = {
    "code": "8c2f0AqLx3_d",
    "kind": "case",
    "case_no": _CASE_NO,
    "region": "south.guangdong.foshan",
    "score": 4.0,
    "via": "phone",
    "asked_at": _AT,
    "answered_at": _AT,
    "answers": 1,
}
_ABOUT: Final = {"title": {"zh": "瓷砖空鼓"}, "text": {"zh": "先问施工日期和基层。"}, "words": ["空鼓", "脱落"]}
_ARTICLE: Final = {"article_id": "tiles-hollow", "version": 1, "active": True, **_ABOUT, "at": _AT}

_PROPOSAL: Final = {
    "case_no": _CASE_NO,
    "first_case": "100000000008",
    "reasons": [{"reason": "serial_no", "points": 60}],
    "score": 60,
    "state": "proposed",
    "proposed_at": _AT,
}

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
    "take_step": {
        "step": "propose_compensation",
        "by": "desk",
        "kind": "refund",
        "amount": "120.50",
        "currency": "CNY",
        "reason": "退货",
    },
    "load_regions": {"tree": {"south": {"guangdong": {"foshan": None}}}},
    "call_event": {
        "event": "newCall",
        "call_id": "4b5a1c2e",
        "from": "13800138000",
        "to": "4008008820",
        "direction": "in",
        "queue": "hotline",
    },
    "record_survey": {"case_no": _CASE_NO, "phone": "13800138000", "score": 4, "via": "phone"},
    "put_article": _ABOUT,
    "confirm_repeat": {"by": "desk", "reason": "同一台设备"},
    "reject_repeat": {"by": "desk", "reason": "另一台设备"},
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
    "record_survey": {"survey": _SURVEY, "state": "resolved", "version": 7},
    "find_surveys": {"surveys": [_SURVEY]},
    "survey_statistics": {"rows": [{"kind": "case", "asked": 12, "answered": 4, "mean": 4.25}]},
    "find_articles": {
        "articles": [{"article_id": "tiles-hollow", "title": {"zh": "瓷砖空鼓"}, "because": ["words:空鼓"]}]
    },
    "get_article": _ARTICLE,
    "put_article": _ARTICLE,
    "repeats": {"repeats": [_PROPOSAL | {"case": {"region": "south", "kind": "repair", "subject": "漏水"}}]},
    "confirm_repeat": _WHOLE | {"repeat_of": "100000000008"},
    "reject_repeat": _PROPOSAL | {"state": "rejected", "by": "desk", "at": _AT},
    "explain_assignment": {
        "case_no": _CASE_NO,
        "state": "handed_over",
        "owner": "desk",
        "assigned": [{"at": _AT, "by": "clerk-day", "owner": "desk"}],
    },
    "regions": {"regions": ["south", "south.guangdong"]},
    "load_regions": {"regions": ["south", "south.guangdong"], "added": ["south"], "removed": []},
}
