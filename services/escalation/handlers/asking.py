"""Questions: the story of a matter, who is on duty, whom every step would reach (ES-7, ES-8). They change nothing."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from services.escalation.domain.about import About
from services.escalation.domain.dossier import Dossier
from services.escalation.domain.escalation import Escalation
from services.escalation.domain.organisation import targets
from services.escalation.domain.policy import OWNER, OWNER_MANAGER, TEAM, Ladder, Step
from services.escalation.domain.story import Line, line_words
from services.escalation.handlers.rules import Rules
from services.escalation.handlers.saying import escalation_json, there
from services.escalation.storage import dossiers, records
from shared.base.people import ROLES
from shared.kernel.regions import UNASSIGNED

Answer = dict[str, Any]

OF_THE_CASE = frozenset({OWNER, OWNER_MANAGER, TEAM})
"""Whom these are, only a case can tell."""


def escalation_answer(connection: sa.Connection, walk: Escalation, about: About) -> Answer:
    """A walk as those see it who work on it."""
    told = escalation_json(walk, about) | {
        "step": walk.number,
        "version": walk.version,
        "acknowledged_by": list(walk.acknowledged_by),
        "asked": records.asked(connection, walk.id),
    }
    return told | {"next_at": there(walk.next_at)} if walk.next_at else told


def team_answer(dossier: Dossier) -> Answer:
    """The standing team of a case."""
    team = dossier.team
    if team is None:
        return {"case_no": dossier.about.subject, "team": None}
    told: Answer = {"leader": team.leader, "members": list(team.members), "version": team.version}
    if team.visit_at is not None:
        told["visit_at"] = there(team.visit_at)
    return {"case_no": dossier.about.subject, "team": told}


def story(rules: Rules, connection: sa.Connection, request: Answer) -> Answer:
    """What fired, who was told, when, by which rule, in words; with how it stands now. Empty for what is unknown."""
    subject = request.get("case_no") or request["order_no"]
    found = dossiers.find(connection, [subject])
    dossier = found[0] if found else Dossier(about=About(subject=subject))
    return {
        "entries": [_entry(rules, line) for line in records.story_of(connection, subject)],
        "escalations": [escalation_answer(connection, walk, dossier.about) for walk in dossier.walks.values()],
    } | {"team": team_answer(dossier)["team"]}


def _entry(rules: Rules, line: Line) -> Answer:
    told: Answer = {
        "at": there(line.at),
        "what": line.what,
        "who": list(line.who),
        "rule": line.rule,
        "text": line_words(line, rules.policy, lambda who: _name(rules, who)).to_json(),
    }
    optional = {
        "clock": line.clock,
        "level": line.level,
        "ladder": line.ladder,
        "escalation_id": line.escalation_id,
        "by": line.by or None,
        "note": line.note or None,
        "unknown": sorted({who for who in (*line.who, line.by) if who and not rules.staff.knows(who)}) or None,
    }
    return told | {name: value for name, value in optional.items() if value is not None}


def _name(rules: Rules, who: str) -> str:
    person = rules.staff.find(who)
    return person.name if person else who


def who_is_on_duty(rules: Rules, request: Answer) -> Answer:
    """Everybody who stands for a region, by role."""
    people, region = rules.staff, request["region"]
    roles = [request["role"]] if "role" in request else ROLES
    found = [(role, person) for role in roles for person in people.with_role(role, region)]
    return {
        "region": region,
        "people": [{"person": person.id, "name": person.name, "role": role} for role, person in found],
    }


def check_reachability(rules: Rules, request: Answer) -> Answer:
    """Whom every step of every ladder would reach in a region, and which would be skipped."""
    people = rules.staff
    regions = sorted({UNASSIGNED, *(region for person in people.everybody for region in person.regions)})
    asked = [request["region"]] if "region" in request else regions
    steps = [step for region in asked for step in _steps(rules, region)]
    return {"steps": steps, "empty": [step for step in steps if step["is_empty"]]}


def _steps(rules: Rules, region: str) -> Iterator[Answer]:
    about = About(subject="", region=region)
    for ladder in rules.policy.ladders.values():
        for step in ladder.steps:
            yield _step(rules, ladder, step, about)


def _step(rules: Rules, ladder: Ladder, step: Step, about: About) -> Answer:
    reached = targets(rules.staff, step, about)
    open_to = [who.role for who in step.to if who.role in OF_THE_CASE]
    is_last = step is ladder.last
    if not reached and is_last:
        reached = Dossier(about=about).organisation(rules).behind(step, is_last=True)
    return {
        "ladder": ladder.name,
        "region": about.region,
        "number": step.number,
        "level": step.level,
        "rule": step.rule,
        "targets": [{"person": target.person, "role": target.role} for target in reached],
        "also": open_to,
        "is_empty": not reached,
    }
