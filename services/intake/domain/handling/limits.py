"""Who may approve how much compensation, by role and currency: an operator's data (IN-22)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from shared.kernel.reading import Part, Problems

ANY: Final = "any"
MOST: Final = Decimal("999999999.99")
"""The highest amount that is one."""
CENT: Final = Decimal("0.01")
AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
NO_AMOUNT: Final = f"must be an amount from {CENT} to {MOST} with at most two decimals, like 1200.50"
"""What is wrong with something that is no amount of money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """By role, up to which amount in which currency; None is any amount, `any` any currency not named."""

    roles: Mapping[str, Mapping[str, Decimal | None]] = field(default_factory=dict)

    def allows(self, role: str, amount: Decimal, currency: str) -> bool:
        """Whether this role may approve this amount."""
        limits = self.roles.get(role, {})
        name = currency if currency in limits else ANY
        limit = limits.get(name, Decimal(0))
        return limit is None or amount <= limit

    def who_may(self, amount: Decimal, currency: str) -> list[str]:
        """The roles that may approve it."""
        return [role for role in self.roles if self.allows(role, amount, currency)]


def parse_amount(value: Any) -> Decimal:
    """The amount that a number or a text names; raises ValueError that says what an amount is."""
    text = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(NO_AMOUNT)
    if not AMOUNT.fullmatch(text) or not CENT <= Decimal(text) <= MOST:
        raise ValueError(NO_AMOUNT)
    return Decimal(text).quantize(CENT)


def read_limits(data: Any, file: str, roles: Collection[str]) -> Limits:
    """The limits in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(("limits",))
    found = {role: _of_role(part) for role, part in top.at("limits", {}).entries(roles).items()}
    if not found:
        top.at("limits").wrong("names nobody; give at least one role its limits")
    problems.refuse(file)
    return Limits(roles=found)


def _of_role(part: Part) -> dict[str, Decimal | None]:
    if part.value == ANY:
        return {ANY: None}
    return {name: _limit(name, each) for name, each in part.entries().items()}


def _limit(name: str, part: Part) -> Decimal | None:
    if name != ANY and not CURRENCY.fullmatch(name):
        part.wrong("is no currency; write three capital letters, like CNY, or any")
    return None if part.value == ANY else part.parsed(parse_amount, Decimal(0))
