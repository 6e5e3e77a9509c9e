"""Which cases somebody sees in a list: none in which they are complained about (IN-26)."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.intake.storage.tables import cases
from shared.base.where import lies_within

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody in every way of naming them, and the regions that they may read; None is everywhere."""

    names: Sequence[str]
    regions: Sequence[str] | None = None


def seen_by(sight: Sight, dialect: str) -> list[Condition]:
    """What must be true of a case that they see."""
    return [sa.or_(cases.c.complained_about.is_(sa.null()), sa.not_(_names(sight, dialect))), *_of_regions(sight)]


def _names(sight: Sight, dialect: str) -> Condition:
    """Whether one of their names is among those complained about."""
    if dialect == "postgresql":
        named: Condition = cases.c.complained_about.bool_op("?|")(sa.cast(list(sight.names), ARRAY(sa.Text)))
        return named
    each = sa.func.json_each(cases.c.complained_about).table_valued("value")
    return sa.exists(sa.select(sa.literal(1)).select_from(each).where(each.c.value.in_(sight.names)))


def _of_regions(sight: Sight) -> list[Condition]:
    """A person of some regions sees their cases, and their own wherever these are."""
    if sight.regions is None:
        return []
    return [sa.or_(cases.c.owner.in_(sight.names), *(lies_within(cases.c.region, each) for each in sight.regions))]
