"""Where personal data lie in sla's database: the list that erasure goes by (AL-4; `shared/outbox/places.py`).

A case comes without its customer and without free text; what a product or an outside reference is called may still
hold a name. What sla says carries nothing of it.
"""

from collections.abc import Sequence
from typing import Final

from services.sla.storage.tables import facts, messaging, pending_cases
from shared.outbox.places import CASE_NO, Place, places_of_messaging

PLACES: Final[Sequence[Place]] = (
    Place(table=facts, found_by={"case_no": CASE_NO}, scrubbed=("set",)),
    Place(table=pending_cases, found_by={"case_no": CASE_NO}, scrubbed=("problem",)),
    *places_of_messaging(messaging, speaks=False),
)
