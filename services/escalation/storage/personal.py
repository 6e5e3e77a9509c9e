"""Where personal data lie in escalation's database: the list that erasure goes by (AL-4; `shared/outbox/places.py`).

A case comes without its customer; what people write into its story may hold anything.
"""

from collections.abc import Sequence
from typing import Final

from services.escalation.storage.tables import messaging, registered, story
from shared.outbox.places import CASE_NO, Place, places_of_messaging

PLACES: Final[Sequence[Place]] = (
    Place(table=story, found_by={"subject": CASE_NO}, scrubbed=("note",)),
    Place(table=registered, found_by={"case_no": CASE_NO}, scrubbed=("product",)),
    *places_of_messaging(messaging),
)
