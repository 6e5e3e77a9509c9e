"""The cases that calls open by themselves."""

from typing import Final

from services.intake.domain.calls import words
from services.intake.domain.calls.numbers import is_dialable
from services.intake.handlers.registering import register_case
from services.intake.schemas import RegisterCase, to_registration
from services.intake.storage.calls import Call
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.schema import load

_REQUEST: Final = RegisterCase()


def open_inquiry(uow: UnitOfWork, people: People, call: Call, external_ref: str, subject: str) -> str:
    """The number of the inquiry that this call opens; its clocks run from when the customer called.

    No promise is asked for: the unit of work is open, and nobody is on the phone.
    """
    record = call.record
    number = record.number or ""
    asked = {
        "kind": "inquiry",
        "channel": "phone",
        "external_ref": external_ref,
        "occurred_at": record.first_at.isoformat(),
        "customer": {"phone": number} if is_dialable(number) else {},
        "subject": subject,
        "description": words.describe(record, call.call_id),
        **({"source": call.source} if call.source else {}),
    }
    answer = register_case(uow, people, to_registration(load(_REQUEST, asked)), None)
    return str(answer["case_no"])
