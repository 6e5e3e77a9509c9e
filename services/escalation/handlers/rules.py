"""The rules in force: the policy, the people, the calendar; checked together before anybody relies on them."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.escalation.domain import dossier
from services.escalation.domain.policy import PERSON, Policy
from shared.base.people import People
from shared.kernel.errors import Misconfigured
from shared.worktime import default_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(dossier.Rules):
    """What decides; its staff are the people of the file."""

    staff: People


def rules_of(policy: Policy, people: People) -> Rules:
    """Policy and people together; raises Misconfigured when a step could reach nobody at all (ES-7)."""
    if problems := dict.fromkeys(_problems(policy, people)):
        raise Misconfigured(list(problems))
    return Rules(policy=policy, staff=people, calendar=default_calendar())


def _problems(policy: Policy, people: People) -> Iterator[str]:
    if not any(people.with_role(role) for role in policy.fallback):
        roles = ", ".join(policy.fallback)
        yield f"people: nobody has any of the roles {roles}, so a ladder could end in nobody; give one to somebody"
    for ladder in policy.ladders.values():
        for step in ladder.steps:
            for who in step.to:
                if who.role == PERSON and people.find(who.person or "") is None:
                    yield f"{step.rule}.to: no person of the people file has the id {who.person}; name one"
