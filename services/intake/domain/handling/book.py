"""What an operator decides about handling: when a case may close or is reopened, who approves money, who owes what."""

from dataclasses import dataclass, field
from typing import Final

from services.intake.domain.handling.closing_rules import ClosingRules
from services.intake.domain.handling.duties import Duties
from services.intake.domain.handling.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Handbook:
    """Read once in a process."""

    closing: ClosingRules = field(default_factory=ClosingRules)
    limits: Limits = field(default_factory=Limits)
    duties: Duties = field(default_factory=Duties)


CONTRACT: Final = Handbook()
"""Nothing beyond the table of steps."""
