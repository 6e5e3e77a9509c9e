"""Satisfaction on both databases: who is asked, what is kept, what the figures say (IN-17)."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake import handlers
from services.intake.schemas import AddCustomer, AskSurveys, FindSurveys, RecordSurvey, SurveyStatistics
from shared.base.schema import load
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.testing.clock import ManualClock
from tests.integration.intake.office import Office

Answer = dict[str, Any]


def record(office: Office, **told: Any) -> Answer:
    with office.database.write() as uow:
        return handlers.record_survey(uow, office.people, load(RecordSurvey(), {"via": "phone", **told}))


def ask(office: Office, period: str = "2026-Q4", link: str | None = None, **told: Any) -> Answer:
    with office.database.write() as uow:
        return handlers.ask_surveys(uow, office.people, link, load(AskSurveys(), {"period": period, **told}))


def figures(office: Office, *by: str, **told: Any) -> list[Answer]:
    with office.database.read() as connection:
        request = load(SurveyStatistics(), {"by": list(by), **told})
        rows: list[Answer] = handlers.survey_statistics(connection, request)["rows"]
        return rows


def answers(office: Office, **told: Any) -> list[Answer]:
    with office.database.read() as connection:
        rights = handlers.Rights(office.people)
        found: list[Answer] = handlers.find_surveys(connection, load(FindSurveys(), told), rights)["surveys"]
        return found


def customer(office: Office, number: int) -> str:
    with office.database.write() as uow:
        told = {"name": f"客户{number}", "phones": [f"+86138001380{number:02}"]}
        customer_id: str = handlers.add_customer(uow, office.people, (), load(AddCustomer(), told))["customer_id"]
        return customer_id


def resolved(office: Office, **given: Any) -> str:
    case_no = office.case_no(kind="inquiry", **given)
    office.step(case_no, "resolve", result="told how", accountable="desk")
    return case_no


def test_an_answer_is_the_customers_reaction_too(office: Office) -> None:
    case_no = resolved(office, region="south.fujian", product={"model": "GT-100"})
    told = record(office, case_no=case_no, score=4, text="很快")
    assert told["survey"]["score"] == 4.0
    case = office.get(case_no)
    assert [fact["fact"] for fact in case["facts"]] == ["received", "resolved", "reaction_recorded"]
    assert case["history"][-1]["detail"] == {"text": "很快", "score": 8}
    assert case["history"][-1]["by"] == "system:survey"
    (row,) = figures(office, "region", "model")
    assert (row["region"], row["model"], row["asked"], row["answered"], row["mean"]) == (
        "south.fujian",
        "GT-100",
        1,
        1,
        4.0,
    )


def test_who_was_asked_and_said_nothing_counts_as_asked(office: Office) -> None:
    for score in (5, None, None):
        case_no = resolved(office)
        if score:
            record(office, case_no=case_no, score=score)
    (row,) = figures(office)
    assert (row["asked"], row["answered"], row["answer_rate"]) == (3, 1, 0.3333)


def test_nobody_is_asked_who_cannot_be_reached_or_about_the_past(office: Office) -> None:
    resolved(office, customer={"anonymous": True})
    resolved(office, customer={})
    past = office.case_no(kind="inquiry", mode="history", external_ref="old", occurred_at="2026-01-01T00:00:00Z")
    office.step(past, "resolve", by="system:import", result="done", accountable="x", at="2026-01-02T00:00:00Z")
    assert figures(office) == [{"asked": 0, "answered": 0}]


def test_a_later_answer_counts_and_the_earlier_one_stays(office: Office) -> None:
    case_no = resolved(office)
    record(office, case_no=case_no, score=2, text="slow")
    told = record(office, case_no=case_no, score=5)["survey"]
    assert (told["score"], told["answers"]) == (5.0, 2)
    assert figures(office)[0]["mean"] == 5.0
    texts = [
        entry["detail"]["text"] for entry in office.get(case_no)["history"] if entry["fact"] == "reaction_recorded"
    ]
    assert texts == ["slow", "5 / 5"]


def test_a_score_given_at_the_revisit_is_an_answer(office: Office) -> None:
    case_no = resolved(office)
    office.step(case_no, "record_reaction", text="fine", score=10)
    assert [(each["score"], each["via"]) for each in answers(office, case_no=case_no)] == [(5.0, "clerk")]


def test_an_open_case_is_not_asked_about(office: Office) -> None:
    case_no = office.case_no()
    with pytest.raises(Conflict, match="asked once it is resolved"):
        record(office, case_no=case_no, score=3)
    assert figures(office) == [{"asked": 0, "answered": 0}]


def test_a_caller_answers_for_their_own_case_only(office: Office) -> None:
    case_no = resolved(office)
    with pytest.raises(NotFound):
        record(office, case_no=case_no, phone="13900139000", score=1)
    assert record(office, case_no=case_no, phone="13800138000", score=1)["survey"]["score"] == 1.0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"score": True}, "score"),
        ({"case_no": "260000000017", "code": "x"}, "request"),
        ({"customer_id": "C1"}, "period"),
        ({"case_no": None}, "case_no"),
    ],
)
def test_bad_answers_are_refused_with_their_field(office: Office, wrong: Answer, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        record(office, **{"score": 3, **({} if "customer_id" in wrong else {"code": "x"}), **wrong})
    assert field in refused.value.detail


def test_an_unknown_code(office: Office) -> None:
    with pytest.raises(NotFound, match="no survey was sent with this code"):
        record(office, code="nobody-knows", score=3)


def test_a_round_asks_each_customer_once_and_says_so(office: Office) -> None:
    ids = {customer(office, number) for number in range(5)}
    assert ask(office, limit=2)["next"]
    told = ask(office)
    assert (told["customers"], told["asked"]) == (5, 3)
    assert ask(office) == {"customers": 5, "asked": 0}
    events = [event for event in office.said() if event["type"] == "survey.asked.v1"]
    assert {event["subject"] for event in events} == ids
    assert all(event["data"]["customer"]["phone"].startswith("+86138") for event in events)
    code = events[0]["data"]["survey"]["code"]
    record(office, code=code, score=3, via="link")
    (row,) = figures(office, "period", "month")
    assert (row["period"], row["month"], row["asked"], row["answered"]) == ("2026-Q4", "2026-10", 5, 1)


def test_a_round_leaves_those_in_peace_who_were_asked_not_long_ago(office: Office, clock: ManualClock) -> None:
    customer(office, 1)
    assert ask(office, "2026-10")["asked"] == 1
    clock.forward(timedelta(days=30))
    assert ask(office, "2026-11")["asked"] == 0
    assert ask(office, "2026-11", rest_days=20)["asked"] == 1


def test_a_link_holds_the_code(office: Office) -> None:
    customer(office, 1)
    ask(office, link="https://example.com/s/{code}")
    (event,) = [event for event in office.said() if event["type"] == "survey.asked.v1"]
    survey = event["data"]["survey"]
    assert survey["link"] == f"https://example.com/s/{survey['code']}"


def test_the_same_share_is_drawn_whenever_it_is_asked(office: Office) -> None:
    for number in range(60):
        customer(office, number)
    first = ask(office, percent=30)["asked"]
    assert 6 <= first <= 32
    assert ask(office, percent=30)["asked"] == 0
    assert ask(office, percent=100)["asked"] == 60 - first


def test_who_is_complained_about_neither_sees_nor_records_what_the_customer_says(office: Office) -> None:
    case_no = resolved(office, complained_about=["li.qiang"])
    with pytest.raises(Forbidden):
        record(office, case_no=case_no, score=5, by="李强")
    record(office, case_no=case_no, score=1)
    assert [len(answers(office, by=by)) for by in ("desk", "li.qiang")] == [1, 0]
