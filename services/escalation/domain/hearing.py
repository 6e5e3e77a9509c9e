"""What is told changes a dossier: the newest version counts, and all that it demands and was not done yet is done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from services.escalation.domain import alerts, reasons
from services.escalation.domain.alerts import Pile
from services.escalation.domain.dossier import Dossier, Rules
from services.escalation.domain.escalation import Escalation, Happening, Reason, What
from services.escalation.domain.joining import settle
from services.escalation.domain.policy import On, PileRule
from services.escalation.domain.told import ToldCase, ToldClock, ToldOrder

_ASKED: Final = "asked:"


def hear_case(dossier: Dossier, told: ToldCase, rules: Rules, now: datetime) -> None:
    """A case: an overtaken or repeated version changes nothing."""
    if told.version <= dossier.version:
        return
    dossier.about, dossier.version, dossier.milestones = told.about, told.version, told.milestones
    _merge(dossier, reasons.of_facts(rules.policy, told.facts))
    _look_again(dossier, rules)
    dossier.alerts += alerts.of_facts(rules.policy, told.about, tuple(told.facts))
    settle(dossier, rules, now)


def hear_clock(dossier: Dossier, told: ToldClock, rules: Rules, now: datetime) -> None:
    """A state of a clock; one that was overtaken still tells that there was a breach."""
    clock = told.clock
    if dossier.version == 0:
        dossier.about = told.about
    known = dossier.clocks.get(clock.ref)
    if known is None or known.revision < clock.revision:
        dossier.clocks[clock.ref] = clock
    given = reasons.of_clock(rules.policy, clock, told.about, told.at)
    _merge(dossier, (each for each in given if each.key not in dossier.reasons))
    _look_again(dossier, rules)
    dossier.alerts += alerts.of_clock(rules.policy, told.about, clock)
    settle(dossier, rules, now)


def hear_order(dossier: Dossier, told: ToldOrder, rules: Rules, now: datetime) -> None:
    """A work order that is overdue, or no longer."""
    if told.version <= dossier.version:
        return
    dossier.about, dossier.version = told.about, told.version
    ref = f"overdue:{told.about.due_on}"
    for key, reason in dossier.reasons.items():
        dossier.reasons[key] = reason.stands(told.is_overdue and reason.ref == ref)
    if told.is_overdue:
        _ask(dossier, rules, On.OVERDUE, ref, told.due_at)
        dossier.alerts += alerts.of_order(rules.policy, told.about, told.due_at)
    settle(dossier, rules, now)


def hear_pile(dossier: Dossier, rule: PileRule, found: Pile, rules: Rules, now: datetime) -> None:
    """Cases alike have piled up, this one the newest (ES-6)."""
    alert = alerts.of_pile(rule, dossier.about, found, now)
    dossier.alerts.append(alert)
    _ask(dossier, rules, On.RECURRENCE, f"pile:{alert.id}", now)
    settle(dossier, rules, now)


def ask_for_help(dossier: Dossier, rules: Rules, now: datetime, by: str, note: str) -> bool:
    """Somebody asks for help by hand (ES-2); False when the policy has no rule for it."""
    count = sum(reason.ref.startswith(_ASKED) for reason in dossier.reasons.values())
    known = len(dossier.reasons)
    _ask(dossier, rules, On.ASKED, f"{_ASKED}{count + 1}", now)
    dossier.happened.append(Happening(what=What.ASKED, at=now, rule="open", by=by, note=note))
    settle(dossier, rules, now)
    return len(dossier.reasons) > known


def helping(dossier: Dossier) -> list[Escalation]:
    """The walks that go on because somebody asked for help."""
    joined = {reason.joined for reason in dossier.reasons.values() if reason.ref.startswith(_ASKED)}
    return [walk for walk in dossier.open_walks() if walk.id in joined]


def _ask(dossier: Dossier, rules: Rules, on: On, ref: str, at: datetime) -> None:
    for trigger in rules.policy.triggers:
        if trigger.occasion.takes(on, "", dossier.about.attributes):
            new = Reason(
                rule=trigger.name,
                ref=ref,
                what=trigger.what,
                ladder=trigger.ladder,
                at=at,
                level=trigger.level,
                up=trigger.up,
            )
            _merge(dossier, [new])


def _merge(dossier: Dossier, given: Iterable[Reason]) -> None:
    """New reasons are kept; of known ones only whether they stand may change."""
    for reason in given:
        known = dossier.reasons.get(reason.key)
        dossier.reasons[reason.key] = reason if known is None else known.stands(reason.standing)


def _look_again(dossier: Dossier, rules: Rules) -> None:
    """Whether the reasons that come of no fact still stand."""
    for key, reason in dossier.reasons.items():
        if not reason.ref.startswith("fact:"):
            trigger = rules.policy.trigger(reason.rule)
            stands = reasons.still_stands(reason, trigger, dossier.clocks, dossier.milestones)
            dossier.reasons[key] = reason.stands(stands)
