"""SMS through a provider described by a file: what is asked, what its answers mean."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Unclear
from services.notify.gateways.sms_http import SmsGateway
from services.notify.gateways.sms_provider import load_provider
from shared.nodes.ports import LOOPBACK, free_ports
from tests.integration.notify.http_servers import DRIP, HANG, HANG_UP, NONSENSE, Site, site

QUICK = (2.0, 0.3)
TEXT = '【售后】您的投诉 202610090017 已登记。"},{&to=+8613900139000'
SMS = Outgoing(reference="m-9.1", channel="sms", to="+8613800138000", text=TEXT)
CODES = {
    "accepted": [{"status": [200], "at": "code", "is": [0]}],
    "refused": [{"at": "code", "is": ["blacklisted"]}],
    "failed": [{"at": "code", "is": ["throttled"]}, {"status": [503]}],
    "provider_reference": "data.0.id",
    "reason": "message",
}
ASK = {
    "url": "/v1/status?ref={reference}",
    "state": "data.state",
    "states": {"SENT": "accepted", "DELIVRD": "delivered", "REJECTD": "refused", "LOST": "failed"},
    "unknown": [{"status": [404]}],
}


@pytest.fixture
def described(tmp_path: Path):
    def make(receiver: Site, **parts: Any) -> SmsGateway:
        content = {"name": "cloud", "send": {"json": {"to": "{to}", "text": "{text}"}}} | parts
        (tmp_path / "provider.yaml").write_text(yaml.safe_dump(content))
        provider = load_provider(tmp_path / "provider.yaml", receiver.url, {"TOKEN": "t0ken"})
        return SmsGateway(provider, limits=QUICK)

    return make


def shipped(receiver: Site) -> SmsGateway:
    return SmsGateway(load_provider(None, receiver.url, {}), limits=QUICK)


def test_the_shipped_description_posts_json_to_the_address_itself():
    with site(body=b'{"message_id": "p-1"}') as receiver:
        assert shipped(receiver).send(SMS) == Accepted(provider_reference="p-1", is_final=False)
    (asked,) = receiver.asked
    assert (asked.method, asked.path) == ("POST", "/v1/messages")
    assert json.loads(asked.body) == {"to": "+8613800138000", "text": TEXT, "reference": "m-9.1"}


def test_a_form_and_headers_with_a_secret_from_outside(described):
    send = {
        "url": "/sms/{to_national}",
        "headers": {"Authorization": "Bearer ${TOKEN}", "Idempotency-Key": "{reference}"},
        "form": {"mobile": "{to_digits}", "content": "{text}", "type": 1},
    }
    with site() as receiver:
        described(receiver, send=send, answer=CODES).send(SMS)
    (asked,) = receiver.asked
    assert asked.path == "/sms/13800138000"
    assert (asked.headers["Authorization"], asked.headers["Idempotency-Key"]) == ("Bearer t0ken", "m-9.1")
    assert parse_qs(asked.body.decode()) == {"mobile": ["8613800138000"], "content": [TEXT], "type": ["1"]}


def test_places_in_the_url_are_quoted(described):
    send = {"method": "GET", "url": "/sms?to={to}&text={text}"}
    with site() as receiver:
        described(receiver, send=send).send(SMS)
    assert parse_qs(urlsplit(receiver.asked[0].path).query) == {"to": ["+8613800138000"], "text": [TEXT]}


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, {"code": 0, "data": [{"id": 77}]}, Accepted("77", is_final=False)),
        (200, {"code": "0"}, Accepted(None, is_final=False)),
        (200, {"code": "blacklisted", "message": "no\r\nway"}, Refused("the provider says 200: no way")),
        (200, {"code": "throttled"}, Failed("the provider says 200")),
        (503, {}, Failed("the provider says 503")),
        (400, {"message": "bad"}, Refused("the provider says 400: bad")),
        (400, {"message": "+8613800138000 is no number"}, Refused("the provider says 400: *** is no number")),
        (401, {}, Failed("the provider says 401")),
        (302, {}, Failed("the provider says 302")),
        (200, {"code": "never heard of"}, Unclear("the provider's answer cannot be understood (200)")),
        (200, [], Unclear("the provider's answer cannot be understood (200)")),
        (500, {"code": 0}, Unclear("the provider's answer cannot be understood (500)")),
    ],
)
def test_the_file_says_what_an_answer_means(described, status, body, result):
    with site(status=status, body=json.dumps(body).encode(), headers={"Location": "/elsewhere"}) as receiver:
        assert described(receiver, answer=CODES).send(SMS) == result
    assert len(receiver.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>welcome</html>", b"[" * 50_000, b'{"code": 0' + b" " * 70_000 + b"}"])
def test_a_good_status_with_a_body_that_cannot_be_read_is_unclear(described, body):
    with site(body=body) as receiver:
        assert isinstance(described(receiver, answer=CODES).send(SMS), Unclear)


@pytest.mark.parametrize("mishap", [HANG, HANG_UP, DRIP, NONSENSE])
def test_what_is_lost_after_the_request_is_unclear(mishap):
    with site(mishap=mishap) as receiver:
        assert isinstance(shipped(receiver).send(SMS), Unclear)


def test_nobody_listening_is_a_failure_that_may_be_tried_again():
    (port,) = free_ports(1)
    result = shipped(Site(port=port)).send(SMS)
    assert result == Failed("the provider cannot be reached: Connection refused")
    assert str(LOOPBACK) not in str(result)


@pytest.mark.parametrize("change", [{"to": "12"}, {"text": ""}, {"reference": "a b"}])
def test_what_no_provider_should_be_asked_for_is_refused(change):
    with site() as receiver:
        assert isinstance(shipped(receiver).send(replace(SMS, **change)), Refused)
    assert not receiver.asked


@pytest.mark.parametrize(
    ("status", "state", "result"),
    [
        (200, "SENT", Accepted(None, is_final=False)),
        (200, "DELIVRD", Accepted(None, is_final=True)),
        (200, "REJECTD", Refused("the provider says REJECTD")),
        (200, "LOST", Failed("the provider says LOST")),
        (200, "ODD", Unclear("the provider says ODD")),
        (404, None, Failed("the provider does not know of it")),
        (500, None, Unclear("the provider says nothing of it")),
    ],
)
def test_the_provider_can_be_asked_what_became_of_it(described, status, state, result):
    body = json.dumps({"data": {"state": state}}).encode()
    with site(status=status, body=body) as receiver:
        assert described(receiver, ask=ASK).ask("m-9.1") == result
    assert (receiver.asked[0].method, receiver.asked[0].path) == ("GET", "/v1/status?ref=m-9.1")


def test_a_provider_that_does_not_answer_leaves_it_open(described):
    with site(mishap=HANG_UP) as receiver:
        assert isinstance(described(receiver, ask=ASK).ask("m-9.1"), Unclear)
        assert shipped(receiver).ask("m-9.1") is None


def test_a_text_that_is_too_long_is_sent_as_far_as_it_goes(described):
    with site(body=b'{"code": 0}') as receiver:
        result = described(receiver, max_segments=2, answer=CODES).send(replace(SMS, text="修" * 3000))
    assert isinstance(result, Accepted)
    assert json.loads(receiver.asked[0].body)["text"] == "修" * 131 + "..."
