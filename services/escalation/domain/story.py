"""The story of a matter: what fired, who was told, when, by which rule; in words of both languages (ES-8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.escalation.domain import words
from services.escalation.domain.alerts import Alert
from services.escalation.domain.dossier import Team
from services.escalation.domain.escalation import Happening, What
from services.escalation.domain.policy import Policy
from shared.kernel.words import Words

SYSTEM: Final = "system:"
ALERTS: Final = "alerts"

NameOf = Callable[[str], str]
"""How a person of an id is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, as it is kept for ever; `who` are person ids, `by` who did it, `note` what they said to it."""

    at: datetime
    what: str
    rule: str
    escalation_id: str | None = None
    ladder: str | None = None
    level: int | None = None
    clock: str | None = None
    who: tuple[str, ...] = ()
    by: str = ""
    note: str = ""


def line_of(happening: Happening, team: Team | None) -> Line:
    """The line that tells of something that happened."""
    walk, reason = happening.walk, happening.reason
    who = tuple(target.person for target in happening.targets)
    if happening.what is What.TEAM_FORMED and team is not None:
        who = team.everybody
    return Line(
        at=happening.at,
        what=str(happening.what),
        rule=happening.rule,
        escalation_id=walk.id if walk else None,
        ladder=walk.ladder if walk else None,
        level=happening.level or (walk.level if walk and walk.number else None),
        clock=reason.clock if reason else None,
        who=who or ((happening.by,) if happening.by and not happening.by.startswith(SYSTEM) else ()),
        by=happening.by,
        note=happening.note,
    )


def line_of_alert(alert: Alert, now: datetime) -> Line:
    """The line that tells of an alert."""
    return Line(at=now, what=str(What.ALERT), rule=f"{ALERTS}.{alert.kind}", clock=alert.clock, note=alert.region)


def line_words(line: Line, policy: Policy, name_of: NameOf) -> Words:
    """One sentence in each language."""
    form, named = _FORMS.get(line.what, _OTHER), words.people(map(name_of, line.who))
    why, ladder = _why(line, policy), _ladder(line, policy)
    by = Words("系统", "the system") if line.by.startswith(SYSTEM) else Words(name_of(line.by), name_of(line.by))
    plain = {"level": line.level or "", "note": line.note, "rule": line.rule}
    said = Words(f"：{line.note}", f": {line.note}") if line.note else Words("", "")
    return Words(
        form.zh.format(who=named.zh, by=by.zh, why=why.zh, ladder=ladder.zh, said=said.zh, **plain).strip(),
        form.en.format(who=named.en, by=by.en, why=why.en, ladder=ladder.en, said=said.en, **plain).strip(),
    )


def _why(line: Line, policy: Policy) -> Words:
    title = _title(line.rule, policy)
    clock = policy.clocks.get(line.clock, Words(line.clock, line.clock)) if line.clock else None
    return Words(f"{title.zh}（{clock.zh}）", f"{title.en} ({clock.en})") if clock else title


def _title(rule: str, policy: Policy) -> Words:
    kind, _, name = rule.partition(".")
    if kind == ALERTS:
        return words.alert_kind(name)
    trigger = policy.trigger(rule)
    return trigger.title if trigger else Words(rule, rule)


def _ladder(line: Line, policy: Policy) -> Words:
    known = policy.ladders.get(line.ladder or "")
    return known.title if known else Words(line.ladder or "", line.ladder or "")


_OTHER: Final = Words("{why}", "{why}")
_FORMS: Final[Mapping[str, Words]] = {
    What.ASKED: Words("{by}请求支援{said}。", "{by} asked for help{said}."),
    What.RAISED: Words("{ladder}升级：{why}。", "Escalated ({ladder}): {why}."),
    What.JOINED: Words("{ladder}升级，又有原因：{why}。", "Another reason ({ladder}): {why}."),
    What.STEP_REACHED: Words("{ladder}第{level}级，已通知{who}。", "{ladder}, level {level}: told {who}."),
    What.SAID_AGAIN: Words("{ladder}第{level}级，再次通知{who}。", "{ladder}, level {level}: told {who} again."),
    What.SKIPPED: Words(
        "{ladder}第{level}级无人在岗，直接转下一步（{rule}）。",
        "{ladder}, level {level}: nobody is there, on to the next step at once ({rule}).",
    ),
    What.ACKNOWLEDGED: Words("{by}已确认{ladder}升级。", "{by} acknowledged ({ladder})."),
    What.STALLED: Words(
        "{ladder}升级经{by}确认后没有进展，重新上报。",
        "{ladder}: acknowledged by {by}, but no progress since; it comes back.",
    ),
    What.HANDED_ON: Words("{by}转交{ladder}升级{said}。", "{by} handed it on ({ladder}){said}."),
    What.REASON_GONE: Words("{why}已消除（{ladder}升级）。", "No longer so ({ladder}): {why}."),
    What.RESOLVED: Words("{ladder}升级结束（{by}）。{note}", "Resolved ({ladder}) by {by}. {note}"),
    What.TEAM_FORMED: Words("{by}成立处理小组：{who}。", "{by} formed the handling team: {who}."),
    What.ALERT: Words("已向{note}发出预警：{why}。", "Alert to {note}: {why}."),
}
