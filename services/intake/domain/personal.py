"""A warning notice goes to teams of other regions: it must not carry the customer's own data (contracts 4)."""

import re
import unicodedata

from services.intake.domain.case import Customer
from shared.kernel.errors import Invalid

PHONE_TAIL = 8
"""Digits by which a number is known in every way of writing it: local, national, international."""
SHORTEST_NAME = 2
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().·/-]+(?=\d)")


def refuse_personal(text: str, customer: Customer, field: str) -> None:
    """Raise Invalid at `field` when the text holds the customer's name, number or address."""
    found = [what for what, held in _holds(_plain(text), customer) if held]
    if found:
        raise Invalid.field(
            field, f"holds the customer's {', '.join(found)}; this text is passed on, write it without personal data"
        )


def is_named(text: str, name: str) -> bool:
    """Whether a text names this person, in whatever way of writing."""
    return _holds_name(_plain(text), name)


def _holds(text: str, customer: Customer) -> list[tuple[str, bool]]:
    return [
        ("name", _holds_name(text, customer.name)),
        ("phone", _holds_phone(text, customer.phone)),
        ("email", bool(customer.email) and _plain(customer.email or "") in text),
    ]


def _holds_name(text: str, name: str | None) -> bool:
    plain = _plain(name or "").strip()
    if len(plain) < SHORTEST_NAME:
        return False
    if not plain.isascii():
        return re.sub(r"\s", "", plain) in re.sub(r"\s", "", text)  # Chinese is written without spaces
    pattern = r"\s+".join(map(re.escape, plain.split()))
    return re.search(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", text) is not None  # no "Li" in "delivered"


def _holds_phone(text: str, phone: str | None) -> bool:
    digits = re.sub(r"\D", "", phone or "")
    return bool(digits) and digits[-PHONE_TAIL:] in _BETWEEN_DIGITS.sub("", text)


def _plain(text: str) -> str:
    """One form for every way of writing: full-width digits, capitals."""
    return unicodedata.normalize("NFKC", text).casefold()
