"""What intake's work goes by: everything that an operator decides and the database does not hold."""

from dataclasses import dataclass, field

from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.repeats.policy import RepeatPolicy
from services.intake.domain.roles.rules import RoleRules
from services.intake.handlers.rights import Rights, house_rules
from services.intake.handlers.rule_book import RuleBook
from shared.base.people import People


@dataclass(frozen=True)
class House:
    """Made once in a process."""

    people: People
    repeats: RepeatPolicy
    book: RuleBook = field(default_factory=RuleBook)
    handbook: Handbook = CONTRACT
    rules: RoleRules = field(default_factory=house_rules)

    @property
    def rights(self) -> Rights:
        """Who may do what."""
        return Rights(self.people, self.rules)
