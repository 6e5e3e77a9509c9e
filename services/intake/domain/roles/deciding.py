"""Whether somebody may do something: the rules, the person and the deed go in, nothing or a refusal comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.intake.domain.assignment.rules import Person
from services.intake.domain.roles.rules import Doing, RoleRules, Row
from shared.kernel.errors import Forbidden

ROLE: Final = "role"
REGION: Final = "region"
DEPARTMENT: Final = "department"
SYSTEM: Final = "system"
MOST_NAMED: Final = 10
"""People whom a refusal names: a role may have hundreds."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody may not, and who may."""

    doing: Doing
    because: str
    roles: Sequence[str]
    people: Sequence[str]

    def as_error(self) -> Forbidden:
        """The refusal as callers see it, at the field `by`."""
        doing = self.doing
        detail: dict[str, Any] = {
            "by": doing.by,
            "what": doing.what,
            "because": self.because,
            "roles": list(self.roles),
            "people": list(self.people),
        }
        named = {"region": doing.region, "department": doing.department}
        told = {name: value for name, value in named.items() if value is not None}
        return Forbidden(f"by: {doing.by} may not {doing.what}: {self._why()}; {self._remedy()}", detail | told)

    def _why(self) -> str:
        words = {
            ROLE: "none of their roles may",
            REGION: f"they do not stand for the region {self.doing.region}",
            DEPARTMENT: f"they do not belong to {self.doing.department}",
            SYSTEM: "this system may not",
        }
        return words[self.because]

    def _remedy(self) -> str:
        whose = f"roles that may are {', '.join(self.roles)}" if self.roles else "everybody in the people file may"
        return f"{whose}; ask {', '.join(self.people)}" if self.people else f"{whose}, but nobody here has one"


def may_take(rules: RoleRules, doing: Doing, who: Person | None, everybody: Sequence[Person]) -> Refusal | None:
    """None where `who` may; a system is nobody of the people file."""
    because = _against(rules, doing, who)
    if because is None:
        return None
    row = rules.row(doing.what)
    roles = sorted(row.roles | rules.leaders) if row.roles is not None else []
    others = (each for each in everybody if not {each.id, each.name}.intersection(doing.concerned))
    able = (each for each in others if _against(rules, doing, each) is None)
    return Refusal(doing, because, roles, [each.name for _, each in zip(range(MOST_NAMED), able, strict=False)])


def _against(rules: RoleRules, doing: Doing, who: Person | None) -> str | None:
    """What speaks against it."""
    if who is None:
        return None if rules.system(doing.by).may_do(doing.what) else SYSTEM
    row, owns = rules.row(doing.what), doing.owner in (who.id, who.name)
    if not _has_role(rules, row, who) and not (row.owner and owns):
        return ROLE
    if doing.region is not None and not (row.anywhere or owns or who.serves(doing.region)):
        return REGION
    return None if _speaks_for(rules, row, doing, who) else DEPARTMENT


def _has_role(rules: RoleRules, row: Row, who: Person) -> bool:
    return row.roles is None or not (row.roles | rules.leaders).isdisjoint(who.roles)


def _speaks_for(rules: RoleRules, row: Row, doing: Doing, who: Person) -> bool:
    if not row.department or doing.department is None:
        return True
    return who.department == doing.department or not rules.any_department.isdisjoint(who.roles)
