"""Reasons and walks brought together: a walk begins, is joined, is raised, ends with its last reason (ES-2, ES-3)."""

from dataclasses import replace
from datetime import datetime

from services.escalation.domain.advance import reach
from services.escalation.domain.dossier import Dossier, Rules
from services.escalation.domain.escalation import Escalation, Happening, Reason, State, What, said
from services.escalation.domain.policy import Ladder

SYSTEM = "system:escalation"


def settle(dossier: Dossier, rules: Rules, now: datetime) -> None:
    """Bring every ladder of the matter into line with the reasons that stand; twice in a row changes nothing."""
    ladders = {reason.ladder for reason in dossier.reasons.values() if reason.standing}
    for name in sorted(ladders | {walk.ladder for walk in dossier.open_walks()}):
        _settle_ladder(dossier, rules, name, now)


def _settle_ladder(dossier: Dossier, rules: Rules, name: str, now: datetime) -> None:
    walk, standing = dossier.open_walk(name), dossier.standing(name)
    if walk is not None:
        _tell_gone(dossier, walk, now)
    if not standing:
        if walk is not None:
            end(dossier, walk, now, by=SYSTEM, rule=f"{name}.no_reason_left")
        return
    fresh = sorted((each for each in standing if each.joined is None), key=lambda each: (each.at, each.key))
    if walk is not None:
        _go_on(dossier, rules, walk, fresh, now)
    elif fresh:
        _begin(dossier, rules, name, fresh, now)


def _begin(dossier: Dossier, rules: Rules, name: str, fresh: list[Reason], now: datetime) -> None:
    level = wanted_level(dossier, rules.policy.ladder(name))
    count = sum(walk.ladder == name for walk in dossier.walks.values()) + 1
    subject = dossier.about.subject
    walk_id = f"{subject}.{name}.{count}"
    walk = Escalation(id=walk_id, subject=subject, ladder=name, level=level, opened_at=now, reached_at=now)
    walk = _remember(walk, fresh)
    walk = _raise(dossier, walk, fresh[0], now)
    _join(dossier, walk, fresh[1:], now)
    _climb(dossier, rules, walk, level, now)


def _go_on(dossier: Dossier, rules: Rules, walk: Escalation, fresh: list[Reason], now: datetime) -> None:
    """Later reasons join; it climbs to what all of them ask for, or one level where what lifts is new to it."""
    ladder = rules.policy.ladder(walk.ladder)
    level = wanted_level(dossier, ladder)
    if level <= walk.level and any(reason.up and reason.lift not in walk.lifted for reason in fresh):
        level = walk.level + 1
    walk = _remember(walk, fresh)
    if level <= walk.level or walk.number >= ladder.last.number:
        _join(dossier, walk, fresh, now)
        return
    strongest = max(fresh or dossier.standing(walk.ladder), key=_strength)
    _join(dossier, walk, [reason for reason in fresh if reason is not strongest], now)
    walk = replace(walk, level=min(level, ladder.last.level))
    _climb(dossier, rules, _raise(dossier, walk, strongest, now), level, now)


def _remember(walk: Escalation, fresh: list[Reason]) -> Escalation:
    """What lifts it goes down on the walk: a reason that goes and comes again would else lift it each time."""
    lifts = dict.fromkeys([*walk.lifted, *(reason.lift for reason in fresh if reason.up)])
    return replace(walk, lifted=tuple(lifts))


def _strength(reason: Reason) -> tuple[int, int, datetime, tuple[str, str]]:
    """Which of several reasons is named as the one that raised a walk."""
    return reason.up, reason.level or 0, reason.at, reason.key


def _raise(dossier: Dossier, walk: Escalation, reason: Reason, now: datetime) -> Escalation:
    """It begins, or rises, for this reason: others hear of it."""
    return _note(dossier, said(walk), reason, What.RAISED, now)


def _join(dossier: Dossier, walk: Escalation, fresh: list[Reason], now: datetime) -> None:
    """Reasons that raise nothing are in the story alone."""
    for reason in fresh:
        _note(dossier, walk, reason, What.JOINED, now)


def _note(dossier: Dossier, walk: Escalation, reason: Reason, what: What, now: datetime) -> Escalation:
    reason = replace(reason, joined=walk.id)
    dossier.reasons[reason.key] = reason
    return dossier.take((walk, (Happening(what=what, at=now, rule=reason.rule, walk=walk, reason=reason),)))


def _climb(dossier: Dossier, rules: Rules, walk: Escalation, level: int, now: datetime) -> None:
    ladder = rules.policy.ladder(walk.ladder)
    dossier.take(reach(walk, ladder, dossier.organisation(rules), now, ladder.number_of(level)))


def wanted_level(dossier: Dossier, ladder: Ladder) -> int:
    """The level that severity and standing reasons ask for together, whichever of them came first."""
    standing = dossier.standing(ladder.name)
    named = [reason.level for reason in standing if reason.level is not None]
    base = max([ladder.entry[dossier.about.severity], *named])
    lifts = {reason.lift: reason.up for reason in standing}
    return min(ladder.last.level, base + sum(lifts.values()))


def _tell_gone(dossier: Dossier, walk: Escalation, now: datetime) -> None:
    """Tell of each reason of this walk that has just gone: it belongs to the walk no longer."""
    for reason in list(dossier.reasons.values()):
        if reason.joined == walk.id and not reason.standing and not reason.settled:
            gone = Happening(what=What.REASON_GONE, at=now, rule=reason.rule, walk=walk, reason=reason)
            dossier.happened.append(gone)
            dossier.reasons[reason.key] = replace(reason, joined=None)


def end(dossier: Dossier, walk: Escalation, now: datetime, *, by: str, rule: str, note: str = "") -> Escalation:
    """The walk is over."""
    walk = said(replace(walk, state=State.RESOLVED, next_at=None))
    told = Happening(what=What.RESOLVED, at=now, rule=rule, walk=walk, by=by, note=note)
    return dossier.take((walk, (told,)))
