"""A case as far as it is compared with others: a few attributes, read without the rest of it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.repeats.likeness import features
from services.intake.domain.repeats.policy import ORDER, PHONE, SERIAL
from services.intake.domain.vocabulary import CLOSED, WITHDRAWN

OVER: Final = (CLOSED, WITHDRAWN)
"""States in which a matter is at an end; the milestone has the same name."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One case."""

    id: int
    case_no: str
    kind: str
    region: str
    received_at: datetime
    subject: str
    phone: str | None
    product: Mapping[str, Any]
    is_hidden: bool
    """Whether nobody may find out by comparing who it is."""
    repeat_of: str | None
    ended_at: datetime | None

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """What it may share with others, by reason, in one form of writing; empty where it is not told."""
        return {PHONE: self.phone or ""} | {name: _plain(self.product.get(name)) for name in (SERIAL, ORDER)}

    @cached_property
    def features(self) -> frozenset[str]:
        """The words of its subject."""
        return features(self.subject)

    def came_before(self, other: "Matter") -> bool:
        """Whether it is another case, and came in earlier."""
        return self.id != other.id and (self.received_at, self.id) < (other.received_at, other.id)


def matter_of(case_id: int, case: Case) -> Matter:
    """A case as it is compared."""
    ended = [case.milestones[name] for name in OVER if name in case.milestones]
    return Matter(
        id=case_id,
        case_no=case.case_no,
        kind=case.kind,
        region=case.region,
        received_at=case.received_at,
        subject=case.account.subject,
        phone=case.customer.phone,
        product=case.product,
        is_hidden=case.customer.anonymous or case.customer.protected,
        repeat_of=case.repeat_of,
        ended_at=max(ended, default=case.received_at) if case.state in OVER else None,
    )


def _plain(number: Any) -> str:
    """A number however it is written: without spaces, hyphens and capitals."""
    if not number:
        return ""
    return "".join(each for each in unicodedata.normalize("NFKC", str(number)).casefold() if each.isalnum())
