"""What notify answers: messages sent and asked for, who would get what (contracts 4)."""

import pytest

from services.notify import handlers
from services.notify.schemas import Send, WhoWouldGet
from shared.base.schema import load
from shared.kernel.errors import Invalid
from tests.integration.notify.office import RULES, Office
from tests.unit.notify.events import CASE_NO, NOW


def test_who_would_get_an_alert_is_named_with_its_team(office: Office) -> None:
    office.subscribe("alert.#", "webhook", "https://team.example/hook")
    office.subscribe("alert.#", "email", "team@example.com", team="west")
    would = office.ask(handlers.who_would_get, {"key": "alert.recurrence.major.south"}, RULES)["recipients"]
    assert {(each["team"], each["channel"]) for each in would} == {("south", "webhook"), ("west", "email")}


def test_whom_a_rule_tells_is_said_as_far_as_it_can_be_known(office: Office) -> None:
    def would(key: str) -> list[tuple[str, str | None, str | None]]:
        found = office.ask(handlers.who_would_get, load(WhoWouldGet(), {"key": key}), RULES)["recipients"]
        return sorted((each["recipient"], each.get("channel"), each.get("to")) for each in found)

    assert would("breached") == [
        ("aftersales-lead", "email", "aftersales-lead@aftercare.example"),
        ("aftersales-lead", "sms", "+12025550111"),
        ("desk", "email", "desk@aftercare.example"),
        ("desk", "sms", "+12025550110"),
        ("owner", "email", None),
        ("owner", "sms", None),
    ]
    assert would("registered") == [("customer", "sms", None)]
    assert would("alert") == [("region_subscribers", None, None)]
    assert would("message_failed") == [("ops", "email", "ops@aftercare.example")]
    assert all(would(rule) for rule in RULES.policy.rules)
    with pytest.raises(Invalid, match="or the name of a rule"):
        would("nonsense")


def test_send_by_rpc_is_once_per_key_and_names_what_is_missing(office: Office) -> None:
    asked = {"key": "k-1", "channel": "sms", "to": "+8613800138000", "template": "warned", "data": {"percent": 50}}
    with pytest.raises(Invalid) as refused:
        office.do(handlers.send, asked, RULES)
    assert set(refused.value.detail) == {"data.case_no", "data.clock", "data.due_at"}
    asked["data"] = {"percent": 50, "case_no": CASE_NO, "clock": "opinion", "due_at": NOW.isoformat()}
    first = office.do(handlers.send, asked, RULES)
    assert office.do(handlers.send, asked | {"channel": "email", "to": "a@example.com"}, RULES) == first
    assert len(office.send_due()) == 1
    (message,) = office.messages(key="k-1")["messages"]
    assert (message["state"], message["attempts"], message["provider"]) == ("sent", 1, "recorder")


def test_messages_are_told_page_by_page_from_either_end(office: Office) -> None:
    for number in range(5):
        office.do(handlers.send, {"key": f"k-{number}", "channel": "sms", "to": "+8613800138000", "text": "x"}, RULES)
    keys = [f"k-{number}" for number in range(5)]
    for newest, expected in ((False, keys), (True, keys[::-1])):
        page, found = office.messages(limit=2, newest=newest), []
        while "next" in page:
            found += page["messages"]
            page = office.messages(limit=2, newest=newest, after=page["next"])
        assert [message["key"] for message in found + page["messages"]] == expected
    assert office.messages(state="accepted")["messages"] == office.messages()["messages"]
    for nonsense in ("x", "5", "MjAyNi0xMC0wOVQxNDowMDowMCswMDowMCA5OTk5OTk5OTk5OTk5OTk5OTk5OQ=="):
        with pytest.raises(Invalid, match="must be `next` of an earlier answer"):
            office.messages(after=nonsense)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The hall is closed.\nCome by the yard.", "The hall is closed."),
        ("\u200e\r\nSecond line\r\nBcc: x@example.com", "Second line"),
        ("y" * 100, "y" * 77 + "…"),
    ],
)
def test_a_mail_without_a_subject_has_the_first_line_of_its_text(office: Office, text: str, subject: str) -> None:
    request = load(Send(), {"key": "k-1", "channel": "email", "to": "a@example.com", "text": text})
    office.do(handlers.send, request, RULES)
    (sent,) = office.send_due()
    assert sent.subject == subject
    with pytest.raises(Invalid) as refused:
        load(Send(), request | {"channel": "sms", "to": "13800138000", "subject": "x"})
    assert set(refused.value.detail) == {"subject"}
