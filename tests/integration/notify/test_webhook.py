"""Webhooks over real HTTP: signed, never into a network of ours, and what each failure proves."""

import json
import re
import ssl
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from services.notify.domain.addresses import networks
from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Unclear
from services.notify.gateways.webhook import WebhookGateway, secret_of
from shared.base.clock import wall_now
from shared.kernel.errors import Invalid
from shared.nodes.ports import LOOPBACK, free_ports
from tests.integration.notify.http_servers import DRIP, HANG, HANG_UP, NONSENSE, site

README = Path(__file__).parents[3] / "services" / "notify" / "README.md"
NOW = datetime(2020, 10, 9, 14, 0, tzinfo=UTC)
MASTER = "a master secret"
QUICK = (2.0, 0.3)
LOCAL = networks("127.0.0.1")
DELIVERED = Accepted(provider_reference=None, is_final=True)


def alert(url: str, **change) -> Outgoing:
    message = Outgoing(
        reference="m-7.1",
        channel="webhook",
        to=url,
        text=json.dumps({"type": "alert.raised.v1", "data": {"text": "召回"}}, ensure_ascii=False),
        headers={"Content-Type": "application/cloudevents+json"},
    )
    return replace(message, **change)


def gateway(**options) -> WebhookGateway:
    return WebhookGateway(MASTER, **({"allowed": LOCAL, "limits": QUICK, "now": lambda: NOW} | options))


def test_the_body_arrives_as_it_is_and_its_signature_can_be_checked():
    with site(status=204, body=b"") as receiver:
        sent = alert(f"{receiver.url}?team=south")
        assert gateway().send(sent) == DELIVERED
    (asked,) = receiver.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/v1/messages?team=south", sent.text.encode())
    assert asked.headers["Content-Type"] == "application/cloudevents+json"
    assert asked.headers["Host"] == f"{LOOPBACK}:{receiver.port}"
    assert asked.headers["Aftercare-Message"] == "m-7.1"
    assert asked.headers["Aftercare-Timestamp"] == str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"kind": "召回"}', "application/json"),
        ("[1]", "application/json"),
        ("召回 {A}", "text/plain; charset=utf-8"),
        ("42", "text/plain; charset=utf-8"),
    ],
)
def test_a_body_is_called_what_it_is(text: str, kind: str):
    with site() as receiver:
        assert gateway().send(alert(receiver.url, text=text, headers={})) == DELIVERED
    (asked,) = receiver.asked
    assert (asked.headers["Content-Type"], asked.body) == (kind, text.encode())


def test_a_receiver_checks_the_signature_as_the_documentation_says():
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    with site() as receiver:
        gateway(now=wall_now).send(alert(receiver.url))
        gateway().send(alert(receiver.url))
    fresh, old = receiver.asked
    secret = secret_of(receiver.url, MASTER)
    assert names["is_genuine"](secret, fresh.headers, fresh.body)
    assert not names["is_genuine"](secret, fresh.headers, fresh.body + b" ")
    assert not names["is_genuine"](secret_of("https://other.example/", MASTER), fresh.headers, fresh.body)
    assert not names["is_genuine"](secret, old.headers, old.body)


def test_every_address_has_a_secret_of_its_own():
    assert secret_of("https://a.cn/", MASTER) != secret_of("https://b.cn/", MASTER)
    assert secret_of("https://a.cn/", MASTER) != secret_of("https://a.cn/", "another")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Accepted),
        (202, Accepted),
        (301, Refused),
        (307, Refused),
        (404, Refused),
        (410, Refused),
        (429, Failed),
        (503, Failed),
        (500, Unclear),
        (504, Unclear),
    ],
)
def test_the_status_decides_what_is_known(status, kind):
    with site(status=status, headers={"Location": "/elsewhere"}) as receiver:
        assert type(gateway().send(alert(receiver.url))) is kind
    assert len(receiver.asked) == 1, "a redirect is not followed"


@pytest.mark.parametrize("mishap", [HANG, HANG_UP, DRIP, NONSENSE])
def test_what_is_lost_after_the_request_is_unclear(mishap):
    with site(mishap=mishap) as receiver:
        assert type(gateway().send(alert(receiver.url))) is Unclear


def test_nobody_listening_is_a_failure_that_may_be_tried_again():
    (port,) = free_ports(1)
    assert gateway().send(alert(f"http://{LOOPBACK}:{port}/")) == Failed(
        "the webhook cannot be reached: Connection refused"
    )
    assert isinstance(gateway().send(alert("http://no-such-name.invalid/")), Failed)
    assert isinstance(gateway().send(alert(f"http://{'a' * 64}.example/")), Failed)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f.1", "2130706433", "127.1"]
)
def test_a_network_of_ours_is_never_reached(host):
    with site() as receiver:
        url = f"http://{host}:{receiver.port}/"
        result = gateway(allowed=()).send(alert(url))
        with pytest.raises(Invalid, match="AFTERCARE_NOTIFY_WEBHOOK_ALLOW"):
            gateway(allowed=()).check(url)
    assert result == Refused("the name stands for an address that is not of the open Internet")
    assert not receiver.asked


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "169.254.169.254", "192.168.0.1", "[fe80::1]", "[fc00::1]", "224.0.0.1"]
)
def test_private_link_local_and_multicast_addresses_are_refused(address):
    assert isinstance(gateway().send(alert(f"http://{address}/")), Refused)


def test_the_connection_goes_to_the_very_address_that_was_looked_at():
    """A name that stands for something else when it is asked a second time is never asked a second time."""
    seen: list[tuple[str, object]] = []
    watched = threading.get_ident()  # other threads of this process have names of their own to look up

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        is_ours = threading.get_ident() == watched
        if is_ours and event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect"):
            seen.append((event, arguments[1] if event == "socket.connect" else arguments[0]))

    sys.addaudithook(watch)  # cannot be taken off again: `watched` puts it to sleep
    with site() as receiver:
        url = f"http://localhost:{receiver.port}/"
        assert gateway(allowed=networks("127.0.0.1, ::1")).send(alert(url)) == DELIVERED
        watched = 0
    names = [what for event, what in seen if event != "socket.connect"]
    assert names == ["localhost"]
    assert ("socket.connect", (LOOPBACK, receiver.port)) in seen
    assert all(what[0] in (LOOPBACK, "::1") for event, what in seen if event == "socket.connect")


def test_tls_proves_the_name_while_the_address_is_pinned():
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    with site(tls=server) as receiver:
        both = networks("127.0.0.1, ::1")
        right = f"https://localhost:{receiver.port}/"
        assert gateway(tls=client, allowed=both, require_tls=True).send(alert(right)) == DELIVERED
        other_name = gateway(tls=client).send(alert(f"https://{LOOPBACK}:{receiver.port}/"))
        unknown = gateway(allowed=both).send(alert(right))
    for result in (other_name, unknown):
        assert isinstance(result, Failed)
        assert "certificate cannot be trusted" in result.reason
    assert len(receiver.asked) == 1


def test_production_mode_requires_tls():
    assert gateway(require_tls=True).send(alert("http://hooks.example.com/")) == Refused(
        "to: must be https:// in production mode"
    )
    with pytest.raises(Invalid, match="must be https://"):
        gateway(require_tls=True).check("http://hooks.example.com/")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "b\r\nX-C: d"},
        {"X-A: b\r\nX-C": "d"},
        {"Host": "other"},
        {"content-length": "5"},
        {"Aftercare-Signature": "v1=0"},
        {"X-A": "召回"},
    ],
)
def test_nothing_breaks_out_of_a_header(headers):
    with site() as receiver:
        assert isinstance(gateway().send(alert(receiver.url, headers=headers)), Refused)
    assert not receiver.asked


def test_a_webhook_that_can_be_sent_to_is_taken_at_subscription():
    with site() as receiver:
        assert gateway().check(receiver.url) == receiver.url
    assert gateway().check("https://no-such-name.invalid/") == "https://no-such-name.invalid/"
    assert gateway().ask("m-1") is None
