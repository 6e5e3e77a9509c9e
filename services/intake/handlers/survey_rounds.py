"""`ask_surveys`: a round of a periodic survey (IN-17)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from services.intake.handlers.saying import VOICE
from services.intake.storage.surveys import Person, Row, SurveyFile, new_code
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit
from shared.events import Event
from shared.kernel.regions import is_within

Answer = dict[str, Any]
ASKED: Final = "survey.asked.v1"


def ask_surveys(uow: UnitOfWork, people: People, link: str | None, request: Mapping[str, Any]) -> Answer:
    """Ask a page of customers for a period, each once; `next` while there are more customers on file.

    With `percent` the same ones are drawn however often it is asked. `link` is the operator's page, with {code} in it.
    """
    if "by" in request:
        admit(people, request["by"])
    file = SurveyFile(uow.connection)
    page = file.people(request["after"], request["limit"], timedelta(days=request["rest_days"]), uow.now)
    wanted = [person for person in page if _is_wanted(person, request)]
    asked = {row["customer_id"]: row for row in file.ask([_row(each, request["period"], uow.now) for each in wanted])}
    VOICE.stage(uow, [_event(each, asked[each.customer_id], link) for each in wanted if each.customer_id in asked])
    following = {"next": page[-1].key} if len(page) == request["limit"] else {}
    return {"customers": len(page), "asked": len(asked), **following}


def _is_wanted(person: Person, request: Mapping[str, Any]) -> bool:
    if person.rests or not (person.phone or person.email):
        return False
    if "region" in request and not is_within(person.region, request["region"]):
        return False
    drawn = hashlib.sha256(f"{request['period']} {person.customer_id}".encode()).digest()
    percent: int = request["percent"]
    return int.from_bytes(drawn[:8]) * 100 < percent << 64


def _row(person: Person, period: str, now: datetime) -> Answer:
    told = {"code": new_code(), "customer_id": person.customer_id, "period": period, "region": person.region}
    return told | {"asked_at": now}


def _event(person: Person, row: Row, link: str | None) -> Event:
    reached = {name: value for name, value in (("phone", person.phone), ("email", person.email)) if value}
    survey = {name: row[name] for name in ("code", "period", "region")}
    survey |= {"link": link.replace("{code}", row["code"])} if link else {}
    customer = {"customer_id": person.customer_id, **reached}
    return Event(ASKED, person.customer_id, 1, {"survey": survey, "customer": customer})
