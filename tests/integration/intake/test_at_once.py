"""Two at the same case, or with the same call, at the same moment: in one group each is as if it were alone."""

from collections.abc import Callable
from typing import Any

from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict
from shared.outbox import Answers
from tests.integration.intake.office import Office
from tests.support.at_once import at_once


def ask_at_once(office: Office, *commands: Callable[[UnitOfWork], dict[str, Any]]) -> list[Any]:
    """The outcomes of these, asked for in one moment under ids of their own."""
    answers = Answers(office.database, MESSAGING.answers)
    asks = [
        lambda number=number, command=command: answers.run_together("a_method", f"r{number}", command)
        for number, command in enumerate(commands)
    ]
    return at_once(answers, asks)


def test_of_two_who_saw_the_same_version_one_is_told_to_look_again(office: Office) -> None:
    case_no, version = office.case_no(), {"expected_version": 1}
    first, second, third = ask_at_once(
        office,
        lambda uow: office.stepping(uow, case_no, "start_investigation", **version),
        lambda uow: office.stepping(uow, case_no, "withdraw", reason="not so", **version),
        lambda uow: office.stepping(uow, case_no, "record_progress", text="went on"),
    )
    assert (first["version"], third["version"]) == (2, 3)
    assert isinstance(second, Conflict)
    assert second.detail["state"] == "investigating"
    assert [fact["fact"] for fact in office.get(case_no)["facts"]] == [
        "received",
        "investigation_started",
        "progress_recorded",
    ]


def test_the_same_call_twice_is_one_case(office: Office) -> None:
    outcomes = ask_at_once(office, *[lambda uow: office.registering(uow, external_ref="call-7")] * 3)
    assert [each["duplicate"] for each in outcomes] == [False, True, True]
    assert len({each["case_no"] for each in outcomes}) == len(office.said()) == 1
