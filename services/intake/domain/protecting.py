"""Somebody protected: their identity is kept, and shown to those alone who ask for it and may (IN-2, AL-4).

Who works on the case, and who is complained about, sees what happened and not who said so: the customer is left out,
and their name, number and address are taken out of whatever anybody wrote.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.domain.case import Case, Customer
from services.intake.domain.wire import Wire
from shared.kernel.erasing import EMAIL, NAME, PHONE, Eraser, digester, terms_of

PROTECTED: Final = "[protected]"
_TOLD: Final = (
    "subject",
    "description",
    "demand",
    "product",
    "facts",
    "history",
    "handling",
    "evidence",
    "source",
    "external_ref",
)
# Nothing of it leaves this process: no key is needed to compare.
_DIGEST: Final = digester(b"")


def guarded(case: Case, told: Wire) -> Wire:
    """The case as it is told, without the identity of somebody protected."""
    customer = case.customer
    if not customer.protected:
        return told
    mask = _mask(customer)
    clean: Wire = {name: mask.document(told[name]) for name in _TOLD if name in told}
    return {**told, **clean, "customer": {"anonymous": customer.anonymous, "protected": True}}


def guarded_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the history without what it says of the customer."""
    return {**entry, "detail": _without_customer(entry["detail"])}


def _without_customer(detail: Any) -> Any:
    if not isinstance(detail, Mapping):
        return detail
    return {name: _without_customer(value) for name, value in detail.items() if name != "customer"}


def _mask(customer: Customer) -> Eraser:
    known = {NAME: customer.name, PHONE: customer.phone, EMAIL: customer.email}
    terms = [term for kind, value in known.items() if value for term in terms_of(_DIGEST, kind, [value])]
    return Eraser(_DIGEST, terms, PROTECTED)
