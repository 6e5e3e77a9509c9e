"""What stops a clock, in words, zh-CN and en: what somebody has to do, told with the limit."""

from collections.abc import Iterable

from services.sla.domain.conditions import FactCondition, FactConditions
from services.sla.domain.policy import ClockRule
from shared.kernel.words import Words

HAPPENINGS = {
    "handed_over": Words("已移交负责人", "the case is handed over to an owner"),
    "investigation_started": Words("开始调查", "the investigation starts"),
    "inspected": Words("现场勘察", "an inspection is recorded"),
    "relief_given": Words("给予先行处理", "relief is given"),
    "replied": Words("答复客户", "the customer gets a reply"),
    "opinion_given": Words("给出处理意见", "an opinion is given"),
    "warning_settled": Words(
        "发出预警通报或说明不发的理由", "the warning notice is given, or the reason why there is none"
    ),
    "plan_agreed": Words("与客户商定方案", "a plan is agreed with the customer"),
    "progress_recorded": Words("记录进展", "progress is recorded"),
    "customer_wrote": Words("客户来信", "the customer writes"),
    "head_acknowledged": Words("公司负责人确认知悉", "the head acknowledges"),
    "head_reported": Words("已当面报告公司负责人", "the head is told in person"),
    "team_formed": Words("成立处理小组", "the team is formed"),
    "report_received": Words("收到处理报告", "the handling report is received"),
    "team_opinion_given": Words("小组给出处理意见", "the team's opinion is given"),
    "arrived": Words("到达现场", "the arrival is recorded"),
    "authority_replied": Words("答复主管部门", "the reply to the authority is sent"),
    "promise_kept": Words("承诺已兑现", "the promise is kept"),
    "resolved": Words("办结", "the case is resolved"),
    "revisited": Words("完成回访", "the revisit is recorded"),
    "closed": Words("结案", "the case is closed"),
    "reopened": Words("重新处理", "the case is reopened"),
}
WITH_DUE = {
    "replied": Words("答复客户并说明方案和时间", "the customer gets a reply that says what will be done and by when"),
}
"""The same where the fact must carry an instant; a reply has one when plan and time are both given (contracts 4)."""


def stop_words(rule: ClockRule) -> Words:
    """One sentence: what stops the clock, and what starts it anew."""
    stop, anew = list(_said(rule.stop)), list(_said(rule.restart))
    zh, en = f"{_zh(stop)}时停止", f"stops when {_en(stop)}"
    if anew:
        zh, en = f"{zh}；{_zh(anew)}时重新计时", f"{en}; starts anew when {_en(anew)}"
    return Words(f"{zh}。", f"{en}.")


def _said(conditions: FactConditions) -> Iterable[Words]:
    return dict.fromkeys(map(_happening, conditions.any_of))


def _happening(condition: FactCondition) -> Words:
    plain = HAPPENINGS.get(condition.name) or Words(f"发生{condition.name}", f"{condition.name} is recorded")
    return WITH_DUE.get(condition.name, plain) if "due_at" in condition.has else plain


def _zh(titles: list[Words]) -> str:
    return "或".join(each.zh for each in titles)


def _en(titles: list[Words]) -> str:
    *first, last = [each.en for each in titles]
    return f"{', '.join(first)}, or {last}" if first else last
