"""How an alert is shown to the people of a team, in their language."""

from collections.abc import Mapping
from typing import Any, Final

from shared.events import Envelope
from shared.kernel.errors import Undecodable
from shared.kernel.instants import parse_instant

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "warning_notice": "预警通知",
        "recurrence": "重复发生",
        "sla_breach": "超时",
        "major_case": "重大案件",
        "authority_case": "主管部门介入",
        "maintenance_overdue": "保养逾期",
        "minor": "一般",
        "serious": "较重",
        "major": "重大",
        "critical": "特大",
        "case": "案件",
        "order": "工单",
    },
    "en": {},
}


def alert_lines(envelope: Envelope, language: str) -> str:
    """When, how bad, what, where and about which case, then the text; raises Undecodable for what is no alert."""
    alert = envelope.data.get("alert")
    if not isinstance(alert, Mapping):
        raise Undecodable("holds no alert")
    try:
        moment = parse_instant(alert["at"], "at").strftime("%Y-%m-%d %H:%M:%S %z")
        severity, kind, text = alert["severity"], alert["kind"], alert["text"][language]
        words = (
            moment,
            _word(severity, language),
            _word(kind, language),
            str(alert["region"]),
            *_about(alert, language),
        )
    except (LookupError, TypeError, ValueError):  # Invalid is a ValueError
        raise Undecodable("its alert lacks what every alert has") from None
    return f"{_shown('  '.join(words))}\n    {_shown(str(text))}"


def _about(alert: Mapping[str, Any], language: str) -> list[str]:
    named = {"case": alert.get("case_no"), "order": alert.get("order_no")}
    return [f"{_word(name, language)} {number}" for name, number in named.items() if number]


def _word(name: str, language: str) -> str:
    return _WORDS[language].get(name, name.replace("_", " "))


def _shown(text: str) -> str:
    """On one line, without what would command the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
