"""Who may do and see what: the one place that asks, for RPC and HTTP alike (IN-21, IN-26, contracts 3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.complained import needs_owner, refuse_complained_about
from services.intake.domain.roles.deciding import may_take
from services.intake.domain.roles.rules import READ, Doing, RoleRules
from services.intake.domain.roles.rules_file import Known, read_rules
from services.intake.domain.steps import TABLE
from services.intake.schemas import STEPS
from services.intake.storage.sight import Sight
from shared.base.people import ROLES, People
from shared.base.vouching import admit
from shared.base.yaml_file import read_yaml

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "roles.yaml"
DEPARTMENT: Final = "department"
METHODS: Final = (
    "register_case",
    "record_survey",
    "add_customer",
    "export_customer",
    "erase_customer",
    "reject_repeat",
    "publish_assignment",
    "load_regions",
    "put_article",
    "ask_surveys",
    "put_evidence",
    "renew_tasks",
)
"""Methods that say who asks, beside `take_step`; to confirm a repeat is the step `link_repeat`."""


def load_roles(path: Path | None = None) -> RoleRules:
    """The operator's rules, or the house's own; raises Misconfigured with every mistake in them."""
    of_departments = {step for step, schema in STEPS.items() if DEPARTMENT in schema.fields}
    known = Known(roles=ROLES, steps=tuple(TABLE), methods=METHODS, of_departments=of_departments)
    return read_rules(read_yaml(path or BUILTIN), str(path or BUILTIN.name), known)


house_rules: Final = cache(load_roles)


@dataclass(frozen=True)
class Rights:
    """What the people of this house may do; with the example organisation nobody is refused for their role."""

    people: People
    rules: RoleRules = field(default_factory=house_rules)

    def refuse_step(self, case: Case, request: Mapping[str, Any]) -> None:
        """Raise Forbidden at `by` for whoever may not take this step of this case."""
        by = request["by"]
        refuse_complained_about(case, by, self.people.names_of(by))
        self._refuse(_about(case, request["step"], by, request.get(DEPARTMENT)))

    def refuse_method(self, what: str, by: str | None, case: Case | None = None) -> None:
        """Raise Forbidden at `by` for whoever may not call a method; where nobody is named, nobody is refused."""
        if by is None:
            return
        admit(self.people, by)
        if case is not None:
            refuse_complained_about(case, by, self.people.names_of(by))
        self._refuse(_about(case, what, by) if case else Doing(what=what, by=by))

    def refuse_reading(self, by: str | None, case: Case) -> None:
        """Raise Forbidden at `by` for whoever may not read the case."""
        self.refuse_method(READ, by, case)

    def refuse_concerned(self, by: str, cases: Iterable[Case]) -> None:
        """Raise Forbidden at `by` for whoever is complained about in one of these cases."""
        for case in cases:
            refuse_complained_about(case, by, self.people.names_of(by))

    def sight(self, by: str | None) -> Sight | None:
        """What `by` sees of a list; None, everything, where nobody says who asks."""
        self.refuse_method(READ, by)
        return None if by is None else Sight(self.people.names_of(by), self._regions(by))

    def owing(self, case: Case) -> dict[str, Any]:
        """What the case needs because of who has it."""
        return needs_owner(case, self.people.names_of(case.owner)) if case.owner else {}

    def _refuse(self, doing: Doing) -> None:
        if self.people.is_example:
            return
        refusal = may_take(self.rules, doing, self.people.find(doing.by), self.people.everybody)
        if refusal is not None:
            raise refusal.as_error()

    def _regions(self, by: str) -> tuple[str, ...] | None:
        """The regions whose cases they see; None is all of them."""
        person = self.people.find(by)
        if person is None or self.people.is_example or self.rules.row(READ).anywhere:
            return None
        return person.regions or None


def _about(case: Case, what: str, by: str, department: str | None = None) -> Doing:
    return Doing(
        what=what,
        by=by,
        region=case.region,
        owner=case.owner,
        department=department,
        concerned=case.complained_about,
    )
