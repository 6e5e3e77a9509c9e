"""Where personal data lie in our database: the list that erasure goes by (AL-4; see `shared/outbox/places.py`)."""

from collections.abc import Sequence
from typing import Final

from services.maintenance.storage.tables import defects, equipment, messaging, order_items, order_steps, orders, slots
from shared.outbox.places import ANYWHERE, CASE_NO, CUSTOMER_ID, Place, places_of_messaging

PLACES: Final[Sequence[Place]] = (
    # Whoever is reached there is the administrator, by whatever name.
    Place(
        table=equipment,
        found_by={"administrator": ANYWHERE},
        cleared={"administrator": {}},
        scrubbed=("customer", "site"),
    ),
    Place(table=equipment, found_by={"customer": CUSTOMER_ID}, scrubbed=("administrator", "site")),
    Place(table=defects, found_by={"case_no": CASE_NO, "note": ANYWHERE}, scrubbed=("note", "reading")),
    Place(
        table=order_items,
        found_by={"note": ANYWHERE, "reading": ANYWHERE, "evidence": ANYWHERE},
        scrubbed=("note", "reading", "evidence"),
    ),
    Place(table=orders, found_by={"reason": ANYWHERE}, scrubbed=("reason",)),
    Place(table=slots, found_by={"reason": ANYWHERE}, scrubbed=("reason",)),
    Place(table=order_steps, found_by={"note": ANYWHERE}, scrubbed=("note",)),
    *places_of_messaging(messaging),
)
