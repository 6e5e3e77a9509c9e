"""Who may approve a compensation: by their role's limit, and never what they proposed themselves (IN-22)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.compensation import Compensation
from services.intake.domain.handling.limits import Limits
from shared.base.people import People
from shared.kernel.errors import Forbidden
from shared.kernel.vocabulary import HISTORY

APPROVAL: Final = "approve_compensation"


def refuse_approver(people: People, book: Handbook, case: Case, request: Mapping[str, Any]) -> None:
    """Raise Forbidden where a step approves what this person must not; somebody unknown is marked elsewhere."""
    if request["step"] != APPROVAL or case.mode == HISTORY:
        return
    asked, by = case.handling.compensation.all.get(request["compensation_id"]), request["by"]
    if asked is None:
        return
    if asked.proposed_by in people.names_of(by):
        why = f"{by} proposed this compensation; somebody else must approve it"
        raise Forbidden(why, {"proposed_by": asked.proposed_by, **_who_may(people, book.limits, asked)})
    if people.knows(by) and book.limits.roles:
        _refuse_beyond(people, book.limits, asked, by)


def _refuse_beyond(people: People, limits: Limits, asked: Compensation, by: str) -> None:
    person = people.find(by)
    roles, amount = person.roles if person else (), Decimal(asked.amount)
    if any(limits.allows(role, amount, asked.currency) for role in roles):
        return
    may = _who_may(people, limits, asked)
    why = f"{asked.amount} {asked.currency} is beyond what {by} may approve; ask {', '.join(may['may']) or 'nobody'}"
    raise Forbidden(why, {"amount": asked.amount, "currency": asked.currency, **may})


def _who_may(people: People, limits: Limits, asked: Compensation) -> dict[str, Any]:
    roles = limits.who_may(Decimal(asked.amount), asked.currency)
    able = dict.fromkeys(person.id for role in roles for person in people.with_role(role))
    return {"roles": roles, "may": [who for who in able if asked.proposed_by not in people.names_of(who)]}
