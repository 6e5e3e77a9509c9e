"""Calls over HTTP as exchanges send them: forms in their own spelling, a token in an address."""

import base64
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.unit.intake.test_http import Commands, call, problem

SIPGATE_LIKE = "event=newCall&from=4913800138000&to=864008008820&direction=in&callId=c-1&user[]=Li&user[]=Zhang&xcid=x"
CALL_EVENT = {"event": "newCall", "call_id": "c-1", "source": "", "from": "1", "to": "2", "direction": "in"}


def tell(commands: Commands, data: str, path: str = "/calls", **more: Any) -> TestResponse:
    return call(commands, "POST", path, data=data, content_type="application/x-www-form-urlencoded", **more)


def test_an_exchange_sends_a_form_in_its_own_spelling() -> None:
    commands = Commands({"call_id": "c-1"})
    assert tell(commands, SIPGATE_LIKE, "/calls/exchange-1", token="phone").status_code == 200
    assert commands.asked == [
        (
            {
                "event": "newCall",
                "call_id": "c-1",
                "source": "exchange-1",
                "from": "4913800138000",
                "to": "864008008820",
                "direction": "in",
                "user": "Li, Zhang",
            },
            None,
        )
    ]


@pytest.mark.parametrize(
    ("form", "changed"),
    [
        ("event=HangUp&callId=c-1&from=&to=2&direction=inbound&cause=", {"event": "hangup", "from": ""}),
        ("event=answered&CallID=c-1&from=1&to=2&direction=out&user=", {"event": "answer", "direction": "out"}),
    ],
)
def test_spellings(form: str, changed: dict[str, str]) -> None:
    commands = Commands({"call_id": "c-1"})
    assert tell(commands, form).status_code == 200
    assert commands.asked[0][0] == CALL_EVENT | changed


def test_many_who_are_rung_are_as_many_as_have_room() -> None:
    commands = Commands({"call_id": "c-1"})
    rung = "".join(f"&user[]=colleague%20{number}" for number in range(100))
    assert tell(commands, f"event=newCall&callId=c-1&from=1&to=2&direction=in{rung}").status_code == 200
    user = commands.asked[0][0]["user"]
    assert (len(user) <= 200, user[-12:]) == (True, "colleague 14")


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("event=ring&from=1", ["call_id", "direction", "event", "to"]),
        ("event=newCall&event=hangup&callId=c-1&from=1&to=2&direction=in", ["event"]),
        ("event=newCall&callId=c-1&from=1&to=2&direction=in&at=yesterday", ["at"]),
    ],
)
def test_a_wrong_form_is_refused_by_field(form: str, fields: list[str]) -> None:
    told = problem(tell(Commands(), form))
    assert (told["status"], sorted(told["errors"])) == (422, fields)


def test_a_token_may_be_the_password_of_an_address() -> None:
    for password, status in (("phone", 200), ("wrong", 401), ("owner", 403)):
        word = base64.b64encode(f"exchange:{password}".encode()).decode()
        response = call(
            Commands({"call_id": "c"}),
            "POST",
            "/calls",
            None,
            head={"Authorization": f"Basic {word}"},
            data="event=newCall&callId=c&from=1&to=2&direction=in",
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code == status
