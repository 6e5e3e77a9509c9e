"""Registering on a real database: one row, one number, one event, and never twice (IN-16)."""

from datetime import timedelta

import pytest

from services.intake.domain.numbers import is_case_number
from services.intake.handlers import registering
from services.intake.schemas import RegisterCase, to_registration
from shared.base.people import People, Person
from shared.base.schema import load
from shared.kernel.errors import Forbidden, Invalid, NotFound, Unavailable
from tests.integration.intake.office import CALL, Office

PROMISE = {"reply_by": "2026-10-10T22:00:00+08:00", "provisional": False, "explanation": "24 hours"}


def test_the_answer(office: Office) -> None:
    answer = office.register(PROMISE)
    assert is_case_number(answer.pop("case_no"))
    assert answer == {"state": "registered", "version": 1, "duplicate": False, "promise": PROMISE}


def test_a_case_and_its_event_are_committed_together(office: Office) -> None:
    case_no = office.case_no(authority={"name": "market regulator", "reference": "R-1"})
    registered, involved = office.said()
    assert (registered["type"], involved["type"]) == ("case.registered.v1", "case.authority_involved.v1")
    assert registered["subject"] == case_no
    assert registered["sequence"] == involved["sequence"] == "1"
    assert registered["data"]["fact"] == registered["data"]["case"]["facts"][0]
    assert involved["data"]["fact"] == registered["data"]["case"]["facts"][1]


def test_nothing_is_kept_of_a_request_that_fails(office: Office) -> None:
    def register_and_fail() -> None:
        with office.database.write() as uow:
            registering.register_case(uow, office.people, to_registration(load(RegisterCase(), CALL)), None)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        register_and_fail()
    assert office.said() == []
    assert office.find() == {"cases": []}


def test_the_same_reference_again_is_the_same_case(office: Office) -> None:
    first = office.register(PROMISE, source="exchange", external_ref="call-1")
    office.step(first["case_no"], "hand_over", owner="desk")
    again = office.register(source="exchange", external_ref="call-1", subject="tiles", region="south")
    assert again == {
        "case_no": first["case_no"],
        "state": "handed_over",
        "version": 2,
        "duplicate": True,
        "differs": ["region", "subject"],
        "promise": PROMISE,
    }
    assert len(office.said()) == 2
    assert office.get(first["case_no"])["subject"] == "tile adhesive"


def test_a_correction_does_not_make_the_same_request_differ(office: Office) -> None:
    case_no = office.case_no(external_ref="call-1")
    office.step(case_no, "correct", set={"subject": "grout", "region": "north", "channel": "store"}, reason="misheard")
    assert office.register(external_ref="call-1")["differs"] == []


@pytest.mark.parametrize(
    "other", [{"channel": "online"}, {"source": "another"}, {"external_ref": "call-2"}, {"external_ref": "CALL-1"}]
)
def test_another_reference_is_another_case(office: Office, other: dict[str, str]) -> None:
    first = office.case_no(source="exchange", external_ref="call-1")
    given = {"source": "exchange", "external_ref": "call-1", **other}
    assert office.case_no(**given) != first


def test_without_a_reference_every_registration_is_a_case(office: Office) -> None:
    assert office.case_no() != office.case_no()


def test_a_number_that_is_taken_is_not_given_again(office: Office) -> None:
    serials = iter([7, 7, 8])

    def register() -> str:
        asked = to_registration(load(RegisterCase(), CALL))
        with office.database.write() as uow:
            answer = registering.register_case(uow, office.people, asked, None, lambda: next(serials))
        return str(answer["case_no"])[:-1]

    assert [register(), register()] == ["10000000007", "10000000008"]


def test_when_no_number_is_free_the_caller_may_try_again(office: Office) -> None:
    asked = to_registration(load(RegisterCase(), CALL))

    def register() -> None:
        with office.database.write() as uow:
            registering.register_case(uow, office.people, asked, None, lambda: 7)

    register()
    with pytest.raises(Unavailable):
        register()
    assert len(office.said()) == 1


def test_a_repeat_is_linked_to_the_first_of_the_matter(office: Office) -> None:
    first = office.case_no()
    second = office.case_no(repeat_of=first)
    third = office.case_no(repeat_of=second)
    assert office.get(third)["repeat_of"] == first
    with pytest.raises(NotFound):
        office.register(repeat_of="100000000008")


def test_when_it_reached_us_counts_and_not_when_it_was_typed_in(office: Office) -> None:
    yesterday = office.clock.now() - timedelta(days=1)
    case = office.get(office.case_no(occurred_at=yesterday.isoformat()))
    assert case["facts"][0]["at"] == "2026-10-08T22:00:00+08:00"
    assert case["facts"][0]["recorded_at"] == "2026-10-09T22:00:00+08:00"
    with pytest.raises(Invalid):
        office.register(occurred_at=(office.clock.now() + timedelta(minutes=2)).isoformat())


def test_an_unknown_registrar_is_marked_and_later_refused(office: Office) -> None:
    history = office.get(office.case_no(registrar="nobody"))["history"]
    assert history[0]["detail"]["unknown"] == ["registrar"]
    office.people = People([Person(id="ann", name="Ann", roles=("clerk",))])
    assert office.register(registrar="ann")["version"] == 1
    assert office.register()["version"] == 1
    with pytest.raises(Forbidden):
        office.register(registrar="nobody")
