"""The words of alerts and of the story, zh-CN and en. Alerts name no person; the story does (ES-8, AL-4)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from services.escalation.domain.policy import PileRule
from shared.kernel.words import Words

CN: Final[tzinfo] = ZoneInfo("Asia/Shanghai")
"""Regions without a calendar of their own show the time of the built-in `cn` (SL-1)."""

_SEVERITY: Final = {
    "minor": Words("较轻", "minor"),
    "serious": Words("严重", "serious"),
    "major": Words("重大", "major"),
    "critical": Words("特别重大", "critical"),
}
_CATEGORY: Final = {
    "workmanship": Words("施工质量", "workmanship"),
    "product_quality": Words("产品质量", "product quality"),
    "misuse": Words("使用不当", "misuse"),
    "staff_attitude": Words("服务态度", "staff attitude"),
    "other": Words("其他", "other"),
}
_KINDS: Final = {
    "warning_notice": Words("预警通报", "warning notice"),
    "recurrence": Words("同类问题集中", "cases alike"),
    "sla_breach": Words("超时", "limit overrun"),
    "major_case": Words("重大情况", "major case"),
    "authority_case": Words("政府部门介入", "authority involved"),
    "maintenance_overdue": Words("保养逾期", "overdue maintenance"),
}
_ALERTS: Final = {
    "major_case": Words("{region}有{severity}情况，工单{subject}。", "{severity} case {subject} in {region}."),
    "authority_case": Words(
        "{region}有政府部门介入，工单{subject}（{severity}）。",
        "An authority is involved in {region}: case {subject} ({severity}).",
    ),
    "warning_notice": Words("预警通报（工单{subject}）：{text}", "Warning notice (case {subject}): {text}"),
    "maintenance_overdue": Words(
        "{region}保养逾期，保养单{subject}，应于{text}完成。",
        "Maintenance is overdue in {region}: order {subject} was due on {text}.",
    ),
}
_OTHER: Final = Words("{region}：工单{subject}（{severity}）。", "{region}: case {subject} ({severity}).")


def moment(instant: datetime) -> Words:
    """An instant for people."""
    there = instant.astimezone(CN)
    return Words(f"{there.year}年{there.month}月{there.day}日{there:%H:%M}", f"{there:%Y-%m-%d %H:%M}")


def alert_kind(name: str) -> Words:
    """A kind of alert for people."""
    return _KINDS.get(name, Words(name, name))


def severity_of(name: str) -> Words:
    """A severity for people."""
    return _SEVERITY.get(name, Words(name, name))


def alert(kind: str, severity: str, region: str, subject: str, text: str | None) -> Words:
    """An alert that comes of a fact or of an order; `text` is a notice written to be passed on, or a date."""
    form, named = _ALERTS.get(kind, _OTHER), severity_of(severity)
    return Words(
        form.zh.format(region=region, severity=named.zh, subject=subject, text=text or ""),
        _capital(form.en.format(region=region, severity=named.en, subject=subject, text=text or "")),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def breach_alert(clock: Words, severity: str, region: str, subject: str, due_at: datetime) -> Words:
    """A limit was overrun."""
    due, named = moment(due_at), severity_of(severity)
    return Words(
        f"{region}超时：工单{subject}（{named.zh}）的“{clock.zh}”应于{due.zh}前完成。",
        f"Overdue in {region}: {clock.en} of case {subject} ({named.en}) was due by {due.en}.",
    )


def pile_alert(rule: PileRule, region: str, count: int, product: str, category: str) -> Words:
    """Cases alike."""
    amount, unit = f"{rule.window.amount:g}", rule.window.unit
    what = _CATEGORY.get(category, Words(category, category))
    units = {"second": "秒", "minute": "分钟", "hour": "小时", "day": "天"}
    zh, en = "、".join(filter(None, (product, what.zh))), ", ".join(filter(None, (product, what.en)))
    return Words(
        f"{region}{amount}{units[unit]}内同类投诉{count}起：{zh}。",
        f"{count} cases alike in {region} within {amount} {unit}s: {en}.",
    )


def people(names: Iterable[str]) -> Words:
    """People in a row."""
    listed = list(names)
    return Words("、".join(listed), ", ".join(listed))
