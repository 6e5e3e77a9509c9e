"""Where personal data lie in notify's database: the list that erasure goes by (AL-4; `shared/outbox/places.py`)."""

from collections.abc import Sequence
from typing import Final

from services.notify.storage.tables import (
    attempts,
    cases,
    flows,
    messages,
    messaging,
    orders,
    receipts,
    skips,
    subscriptions,
)
from shared.outbox.places import ANYWHERE, CASE_NO, CONTACT, Place, places_of_messaging

PLACES: Final[Sequence[Place]] = (
    Place(
        table=messages,
        found_by={"case_no": CASE_NO, "address": CONTACT, "subject": ANYWHERE, "text": ANYWHERE},
        scrubbed=("address", "subject", "text", "fallbacks", "reason", "person"),
        renamed=("key", "recipient"),
    ),
    Place(table=attempts, found_by={"reason": ANYWHERE}, scrubbed=("reason",)),
    Place(table=receipts, found_by={"raw": ANYWHERE, "reason": ANYWHERE}, scrubbed=("raw", "reason")),
    Place(table=skips, found_by={"case_no": CASE_NO, "who": CONTACT}, scrubbed=("reason",), renamed=("key", "who")),
    Place(table=flows, found_by={"address": CONTACT}, deleted=True),
    Place(table=subscriptions, found_by={"address": CONTACT}, deleted=True),
    Place(table=cases, found_by={"key": CASE_NO}, scrubbed=("document",)),
    Place(table=orders, found_by={"document": ANYWHERE}, scrubbed=("document",)),
    *places_of_messaging(messaging),
)
