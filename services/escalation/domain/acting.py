"""What people do with a walk: acknowledge, hand on, resolve, form a team (ES-3, ES-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.escalation.domain import advance
from services.escalation.domain.dossier import Dossier, Rules, Team
from services.escalation.domain.escalation import Escalation, Happening, What
from services.escalation.domain.joining import end
from services.escalation.domain.policy import ENDED
from shared.kernel.errors import Forbidden, Invalid


@dataclass(frozen=True, slots=True)
class Handing:
    """To whom it is handed on (nobody named: one step up), why, and who says so."""

    to: str | None
    reason: str
    by: str


def acknowledge(dossier: Dossier, rules: Rules, walk: Escalation, now: datetime, by: str) -> Escalation:
    """Somebody has it; once more by the same person changes nothing."""
    ladder = rules.policy.ladder(walk.ladder)
    return dossier.take(advance.acknowledge(walk, ladder, dossier.organisation(rules), now, by))


def hand_on(dossier: Dossier, rules: Rules, walk: Escalation, now: datetime, handing: Handing) -> Escalation:
    """Somebody else is asked: a person, or the next step up; whoever it was handed to has to acknowledge."""
    if handing.to is not None:
        _refuse_to_name(dossier, "to", [handing.to])
    ladder, organisation = rules.policy.ladder(walk.ladder), dossier.organisation(rules)
    told = Happening(
        what=What.HANDED_ON, at=now, rule=f"{walk.ladder}.by_hand", walk=walk, by=handing.by, note=handing.reason
    )
    dossier.happened.append(told)
    if handing.to is None:
        return dossier.take(advance.reach(walk, ladder, organisation, now, walk.number + 1))
    return dossier.take(advance.hand_over(walk, ladder, organisation, now, handing.to))


def resolve(dossier: Dossier, walk: Escalation, now: datetime, by: str, reason: str) -> Escalation:
    """Somebody ends it by hand: what it was raised for counts as settled, also while its clocks run on overdue."""
    for key, each in dossier.reasons.items():
        if each.ladder == walk.ladder and each.standing:
            dossier.reasons[key] = replace(each, standing=False, settled=True)
    return end(dossier, walk, now, by=by, rule=f"{walk.ladder}.by_hand", note=reason)


def form_team(dossier: Dossier, team: Team) -> bool:
    """The one standing team of a case, formed or changed; False when it stands just so already."""
    _refuse_to_name(dossier, "leader", [team.leader])
    _refuse_to_name(dossier, "members", team.members)
    old = dossier.team
    if old is not None and (old.leader, old.members, old.visit_at) == (team.leader, team.members, team.visit_at):
        return False
    dossier.team = replace(team, version=old.version + 1 if old else 1)
    dossier.happened.append(Happening(what=What.TEAM_FORMED, at=team.at, rule="form_team", by=team.by))
    return True


def refuse_concerned(dossier: Dossier, by: str) -> None:
    """Raise Forbidden at `by` for whoever is complained about (IN-26)."""
    if dossier.about.concerns(by):
        why = f"{by} is complained about in case {dossier.about.subject}: somebody else takes care of it"
        raise Forbidden(why, {"by": by, "case_no": dossier.about.subject, "because": "complained_about"})


def _refuse_to_name(dossier: Dossier, field: str, named: Iterable[str]) -> None:
    """Raise Invalid where whoever is complained about would be asked to take care of it."""
    if concerned := [each for each in named if dossier.about.concerns(each)]:
        raise Invalid.field(field, f"{', '.join(concerned)} is complained about in this case; name somebody else")


def needs_nobody(dossier: Dossier) -> bool:
    """Whether the case has ended and was not reopened since."""
    ended = [at for name, at in dossier.milestones.items() if name in ENDED]
    reopened = dossier.milestones.get("reopened")
    return bool(ended) and (reopened is None or reopened < max(ended))
