"""Who stands behind the number of a call, as far as we know."""

from typing import Any

import sqlalchemy as sa

from services.intake.domain.calls.numbers import is_dialable
from services.intake.handlers.recognising import who_calls
from services.intake.storage.search import Search


def customer_of(connection: sa.Connection, number: str | None) -> dict[str, Any]:
    """`{"customer": …}` as for `lookup_caller`, or nothing."""
    if number is None or not is_dialable(number):
        return {}
    found = who_calls(connection, number, Search(connection).last_caller(number))
    return {"customer": found["customer"]} if "customer" in found else {}
