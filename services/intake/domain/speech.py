"""What a machine may say to a caller about a case: how it stands, nothing of whom or of what (IN-11)."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from services.intake.domain.case import Case

GROUP: Final = 4
_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "registered": ("已登记，即将交由专人负责", "is registered and will be handed to a colleague soon"),
    "handed_over": ("已交由专人负责", "has been handed to a colleague"),
    "investigating": ("正在调查", "is being investigated"),
    "opinion_given": ("已有处理意见", "has a proposal for its handling"),
    "agreed": ("已商定处理方案", "has an agreed plan"),
    "in_treatment": ("正在处理", "is being treated"),
    "checked": ("已处理并检验", "has been treated and checked"),
    "resolved": ("已处理完毕", "is resolved"),
    "revisited": ("已处理完毕并回访", "is resolved and was followed up"),
    "closed": ("已结案", "is closed"),
    "withdrawn": ("已撤销", "was withdrawn"),
}
_WAITING: Final = ("，正在等待您的答复", "; we are waiting for your answer")


def speak(case: Case, reply_by: datetime | None, zone: tzinfo) -> dict[str, str]:
    """Two sentences, safe to say aloud."""
    zh, en = _PHRASES[case.state]
    if case.waiting:
        zh, en = zh + _WAITING[0], en + _WAITING[1]
    number = spelled(case.case_no)
    by_zh, by_en = _reply(reply_by.astimezone(zone)) if reply_by else ("", "")
    return {"zh": f"您的工单 {number} {zh}。{by_zh}", "en": f"Your case {number} {en}.{by_en}"}


def spelled(case_no: str) -> str:
    """The digits apart, so that a voice says each, in groups of four, so that a listener keeps up."""
    return ", ".join(" ".join(case_no[at : at + GROUP]) for at in range(0, len(case_no), GROUP))


def _reply(when: datetime) -> tuple[str, str]:
    zh = f"我们最迟在{when.month}月{when.day}日{when.hour}点{when.minute:02d}分答复您。"
    en = f" We will answer you by {when:%H:%M} on {when.day} {when:%B}."
    return zh, en
