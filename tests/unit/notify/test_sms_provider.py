"""The file of an SMS provider: every mistake by its path; and the receipts it describes."""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notify.gateways.receipts import Receipt, read_receipts
from services.notify.gateways.sms_provider import EXAMPLE, SmsProvider, load_provider
from shared.kernel.errors import Forbidden, Invalid, Misconfigured, NotFound

URL = "https://sms.example.com/v1"
GOOD: dict[str, Any] = {"name": "cloud", "send": {"json": {"to": "{to}", "text": "{text}"}}}
RECEIPTS: dict[str, Any] = {
    "reference": "ref",
    "provider_reference": "id",
    "state": "status",
    "states": {"DELIVRD": "delivered", "UNDELIV": "failed", 0: "pending"},
    "reason": "error",
    "proof": {"header": "X-Secret", "secret": "s3cret"},
}


def loaded(folder: Path, content: Any, url: str = URL, *, require_tls: bool = False) -> SmsProvider:
    path = folder / "provider.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return load_provider(path, url, {"TOKEN": "t"}, require_tls=require_tls)


def problems(folder: Path, content: Any, url: str = URL, *, require_tls: bool = False) -> list[str]:
    with pytest.raises(Misconfigured) as refused:
        loaded(folder, content, url, require_tls=require_tls)
    return [problem.removeprefix(f"{folder / 'provider.yaml'}: ") for problem in refused.value.problems]


def test_every_mistake_is_named_by_its_path_at_once(tmp_path):
    wrong = {
        "sned": {},
        "max_segments": 0,
        "send": {
            "method": "PATCH",
            "headers": {"Authorization": "Bearer ${NOWHERE}", "X-Text": "{text}"},
            "json": {"a": ["{phone}"], "b": "{to}"},
        },
        "answer": {"accepted": [{"status": [99]}, {"at": "code"}, {}]},
        "ask": {"url": "s/{text}", "state": "s", "states": {"SENT": "lost"}},
        "receipts": {"state": "s", "states": {}, "proof": {"header": "h"}},
    }
    assert [problem.partition(": ")[0] for problem in problems(tmp_path, wrong)] == [
        "send.headers.Authorization",
        "name",
        "max_segments",
        "send.method",
        "send.headers.X-Text",
        "send.json.a.0",
        "answer.accepted.0.status.0",
        "answer.accepted.1",
        "answer.accepted.2",
        "ask.states.SENT.value",
        "ask.url",
        "receipts.states",
        "receipts.proof.secret",
        "sned",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"send": {"json": {"to": "{to}"}}}, "send: {text} is nowhere in url, json or form"),
        ({"send": {"form": {"text": "{text}"}}}, "send: {to} is nowhere in url, json or form"),
        (
            {"send": {"json": {"a": "{to}{text}"}, "form": {"b": "{to}{text}"}}},
            "send: give json or form, not both",
        ),
        (
            {"send": GOOD["send"] | {"url": "ftp://x/"}},
            "send.url: is no http:// or https:// URL; write one, or set AFTERCARE_NOTIFY_SMS_URL",
        ),
        (
            {"receipts": {k: v for k, v in RECEIPTS.items() if "reference" not in k}},
            "receipts: give reference or provider_reference, else no receipt can be joined",
        ),
    ],
)
def test_contradictions_are_named(tmp_path, change, problem):
    assert problems(tmp_path, GOOD | change) == [problem]


@pytest.mark.parametrize("content", ["a: [", "just words", "[1, 2]", ""])
def test_a_file_that_is_no_description_is_refused(tmp_path, content):
    assert problems(tmp_path, content)


def test_production_mode_requires_tls(tmp_path):
    url = "http://sms.example.com/"
    assert problems(tmp_path, GOOD, url, require_tls=True) == ["send.url: must be https:// in production mode"]
    assert loaded(tmp_path, GOOD, URL, require_tls=True).send["url"] == URL


def test_the_shipped_file_is_right_with_all_its_examples_taken_in(tmp_path):
    """Every commented example line, uncommented, is still a right description."""
    content = re.sub(r"^( *)#(?! \S)", r"\1", EXAMPLE.read_text(), flags=re.MULTILINE)
    environment = {"SMS_TOKEN": "t", "SMS_RECEIPT_SECRET": "s"}
    (tmp_path / "provider.yaml").write_text(content)
    provider = load_provider(tmp_path / "provider.yaml", URL, environment)
    assert provider.ask is not None
    assert provider.receipts is not None
    assert provider.send["headers"]["Authorization"] == "Bearer t"
    assert load_provider(None, URL, {}).ask is None


def receipts(tmp_path: Path, body: bytes, headers: dict[str, str] | None = None, **change: Any) -> list[Receipt]:
    provider = loaded(tmp_path, GOOD | {"receipts": RECEIPTS | change})
    return read_receipts(provider, {"x-secret": "s3cret"} if headers is None else headers, body)


def test_receipts_come_alone_in_lists_and_as_forms(tmp_path):
    one = {"ref": "m-1", "id": 7, "status": "DELIVRD"}
    two = {"id": "8", "status": "UNDELIV", "error": "absent\nsubscriber 13800138000"}
    first = Receipt("m-1", "7", "delivered", None)
    second = Receipt(None, "8", "failed", "absent subscriber ***")
    assert receipts(tmp_path, json.dumps(one).encode()) == [first]
    assert receipts(tmp_path, json.dumps([one, two]).encode()) == [first, second]
    assert receipts(tmp_path, json.dumps({"a": {"b": [two]}}).encode(), items="a.b") == [second]
    assert receipts(tmp_path, b"ref=m-1&id=7&status=0", format="form") == [Receipt("m-1", "7", "pending", None)]


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b"[1]", b"{}", b'{"ref": "m-1", "status": "NEW"}', b'{"status": "DELIVRD"}', b"{" * 9999],
)
def test_receipts_that_cannot_be_understood_are_refused(tmp_path, body):
    with pytest.raises(Invalid):
        receipts(tmp_path, body)


def test_receipts_without_proof_are_forbidden(tmp_path):
    body = b'{"ref": "m-1", "status": "DELIVRD"}'
    for headers in ({}, {"X-Secret": "guess"}, {"X-Secret": "s3cret "}, {"X-Secret": "sécret"}):
        with pytest.raises(Forbidden):
            receipts(tmp_path, body, headers)
    digest = hmac.new(b"s3cret", body, hashlib.sha256).digest()
    for kind, proof in (("hex", digest.hex()), ("base64", base64.b64encode(digest).decode())):
        described = {"kind": f"hmac-sha256-{kind}", "header": "X-Proof", "secret": "s3cret"}
        assert len(receipts(tmp_path, body, {"X-PROOF": proof}, proof=described)) == 1
        with pytest.raises(Forbidden):
            receipts(tmp_path, body + b" ", {"X-PROOF": proof}, proof=described)


def test_a_provider_without_receipts_has_none(tmp_path):
    with pytest.raises(NotFound):
        read_receipts(loaded(tmp_path, GOOD), {}, b"{}")
