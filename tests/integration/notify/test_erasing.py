"""A customer is forgotten in whatever order events come: an older one that is late brings nothing back (AL-4)."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import permutations

from services.notify import handlers
from services.notify.schemas import Send
from services.notify.storage.tables import messaging
from shared.base.database import Database
from shared.base.schema import load
from shared.events import Envelope
from shared.kernel.erasing import EMAIL, NAME, PHONE, digester, terms_of
from shared.outbox import Inbox
from shared.outbox.forgotten import Erasure, Forgotten
from shared.testing.clock import ManualClock
from tests.integration.notify.office import RULES, Office
from tests.support.dump import dump, lines_with
from tests.unit.notify.events import CUSTOMER, NOW, Case, envelope

DIGEST = digester(b"a key of the tests")
LATER = NOW + timedelta(hours=1)
MARKS = ("13800138000", "138 0013 8000", "buyer@example.com", "诸葛静")
TEXT = "诸葛静女士 (138 0013 8000)：明天上门"


def erased(case: Case) -> Envelope:
    """What intake says when it has erased her."""
    terms = [
        *terms_of(DIGEST, NAME, ["诸葛静"]),
        *terms_of(DIGEST, PHONE, [str(CUSTOMER["phone"])]),
        *terms_of(DIGEST, EMAIL, [str(CUSTOMER["email"])]),
    ]
    told = Erasure("e-1", LATER, "C1", [case.case_no], terms).told()
    return envelope("customer.erased.v1", told, subject="C1", at=LATER)


def story() -> list[Envelope]:
    """Her case, her erasure, and the case that says so."""
    case = Case()
    events = [case.event(), case.add("replied", text=TEXT, due_at=LATER.isoformat()).event()]
    case.attributes = {**case.attributes, "customer": {"anonymous": False}}
    case.facts = [{**fact, **({"text": "[erased]"} if "text" in fact else {})} for fact in case.facts]
    return [*events, erased(case), case.add("personal_data_erased", at=LATER).event()]


class Desk:
    """Notify's queues, as the process reads them."""

    def __init__(self, database: Database) -> None:
        self.forgotten = Forgotten(messaging, lambda: DIGEST)
        self.inbox = Inbox(database, messaging, self.forgotten)

    def hear(self, events: Sequence[Envelope]) -> None:
        for event in events:
            if event.type == "customer.erased.v1":
                self.inbox.apply("notify.erasures", [event], partial(handlers.forget_customer, self.forgotten))
            else:
                self.inbox.apply("notify.cases", [event], partial(handlers.case_changed, RULES))


def test_whatever_the_order_nothing_of_her_is_left(database: Database, clock: ManualClock) -> None:
    desk, office = Desk(database), Office(database, clock)
    for number, order in enumerate(permutations(range(4))):
        case_no = f"2600000001{number:02}"
        told = [story()[place] for place in order]
        desk.hear([renamed(each, case_no, number) for each in told])
    assert lines_with(dump(database), *MARKS) == []
    assert {row["state"] for row in office.rows(audience="customer")} <= {"expired"}
    assert not any("8000" in each.to for each in office.send_due())


def renamed(event: Envelope, case_no: str, number: int) -> Envelope:
    """The same of another case."""
    data = event.to_bytes().decode().replace("260000000017", case_no).replace('"e-1"', f'"e-{number}"')
    return Envelope.from_bytes(data.encode())


def test_who_comes_back_is_a_customer_again(database: Database, clock: ManualClock) -> None:
    desk, office = Desk(database), Office(database, clock)
    desk.hear(story())
    again = Case("260000000025")
    again.facts[0]["recorded_at"] = (LATER + timedelta(days=1)).isoformat()
    desk.hear([again.event()])
    assert [row["address"] for row in office.rows(case_no="260000000025", audience="customer")]


def test_messages_of_hers_that_name_no_case_go_too(database: Database, clock: ManualClock) -> None:
    desk, office = Desk(database), Office(database, clock)
    told = {"channel": "sms", "to": CUSTOMER["phone"], "text": TEXT, "key": "13800138000/visit"}
    to_staff = {"channel": "email", "to": "tech@ours.example", "text": f"call 0086-{MARKS[1]}", "key": "k-2"}
    with database.write() as uow:
        for each in (told, to_staff):
            handlers.send(RULES, uow, load(Send(), each))
    assert lines_with(dump(database), *MARKS)
    desk.hear(story()[2:])
    assert lines_with(dump(database), *MARKS) == []
    hers, staff = office.rows()
    assert (hers["state"], hers["reason"]) == ("expired", "the person's data were erased")
    assert (staff["state"], staff["text"]) == ("accepted", "call [erased]")


def test_an_erasure_that_is_no_erasure_is_parked(database: Database) -> None:
    desk = Desk(database)
    event = envelope("customer.erased.v1", {"cases": ["x"], "terms": [{"kind": "face"}]}, subject="C1")
    desk.hear([event])
    assert lines_with(dump(database), "'parked'")
