"""Where personal data lie in intake's database: the one list that export and erasure go by (AL-4).

Who adds a table or a column that holds anything about people adds it here. `shared/outbox/places.py` says what the
words mean: rows are found by the key or the number of a case, by the key or the id of a customer, by a number or an
address (E.164, mail), or because one of these stands anywhere in a text.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from services.intake.domain.sealing import spare_lasting
from services.intake.storage import customer_tables
from services.intake.storage.call_tables import calls
from services.intake.storage.repeat_tables import repeat_keys, repeat_proposals
from services.intake.storage.tables import MESSAGING, cases, entries, evidence, letters, surveys
from shared.outbox.places import CASE_ID, CASE_NO, CONTACT, CUSTOMER, CUSTOMER_ID, Place, places_of_messaging


def _belonging(table: sa.Table) -> Place:
    return Place(table=table, found_by={"customer": CUSTOMER}, deleted=True)


PLACES: Final[Sequence[Place]] = (
    Place(
        table=customer_tables.customers,
        found_by={"customer_id": CUSTOMER_ID},
        cleared={"name": None, "name_key": None, "address": None, "external_ref": None, "source": ""},
    ),
    _belonging(customer_tables.customer_contacts),
    _belonging(customer_tables.customer_orders),
    _belonging(customer_tables.customer_equipment),
    Place(
        table=cases,
        found_by={"id": CASE_ID},
        cleared={"customer_name": None, "customer_phone": None, "customer_email": None},
        scrubbed=("subject", "description", "demand", "product", "handling"),
        renamed=("source", "external_ref"),
    ),
    Place(
        table=calls,
        found_by={"number": CONTACT, "callback_case_no": CASE_NO},
        cleared={"number": None},
        scrubbed=("sent_from", "sent_to", "events"),
        renamed=("call_id",),
    ),
    Place(
        table=entries,
        found_by={"case_id": CASE_ID},
        scrubbed=("body", "detail"),
        spared={"body": spare_lasting},
        along={"salt": None},
    ),
    Place(
        table=letters,
        found_by={"case_no": CASE_NO, "sender": CONTACT},
        cleared={"sender": None},
        scrubbed=("subject", "attachments", "why"),
        renamed=("message_id",),
    ),
    # The files go with it (handlers/erasing.py); digest, size and who put it there are the record.
    Place(table=evidence, found_by={"case_id": CASE_ID}, cleared={"name": None, "kept": False}),
    Place(table=repeat_keys, found_by={"case_id": CASE_ID}, deleted=True, exported=False),
    Place(table=repeat_proposals, found_by={"case_id": CASE_ID}, scrubbed=("note",)),
    Place(
        table=surveys,
        found_by={"case_no": CASE_NO, "customer_id": CUSTOMER_ID},
        cleared={"comment": None},
        scrubbed=("earlier",),
    ),
    *places_of_messaging(MESSAGING),
)
