"""What a provider of SMS tells later about a message: proven to be its word, then understood (NO-3)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from services.notify.gateways.json_paths import found_at, parsed, plain, reason_at, word_at
from services.notify.gateways.sms_provider import SmsProvider
from shared.kernel.errors import Forbidden, Invalid, NotFound

LONGEST: Final = 262_144
"""Bytes in a body of receipts."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message; at least one of the references is there."""

    reference: str | None
    provider_reference: str | None
    state: str
    """delivered, failed or pending."""
    reason: str | None


def read_receipts(provider: SmsProvider, headers: Mapping[str, str], body: bytes) -> list[Receipt]:
    """The receipts in a request's body; raises Forbidden without proof, Invalid for what cannot be understood."""
    described = provider.receipts
    if described is None:
        raise NotFound(f"{provider.name} sends no receipts; describe them in its file")
    _check_proof(described["proof"], {name.lower(): value for name, value in headers.items()}, body)
    if len(body) > LONGEST:
        raise Invalid.field("body", f"is longer than {LONGEST} bytes")
    return [_receipt(described, item, at) for at, item in enumerate(_items(described, body))]


def _check_proof(proof: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> None:
    given = headers.get(proof["header"].lower(), "")
    if not hmac.compare_digest(_expected(proof, body), given.encode("utf-8", "replace")):
        raise Forbidden(f"the header {proof['header']} does not prove that this is the provider's word")


def _expected(proof: Mapping[str, str], body: bytes) -> bytes:
    secret = proof["secret"].encode()
    if proof["kind"] == "token":
        return secret
    digest = hmac.new(secret, body, hashlib.sha256).digest()
    return base64.b64encode(digest) if proof["kind"].endswith("base64") else digest.hex().encode()


def _items(described: Mapping[str, Any], body: bytes) -> list[Any]:
    document = dict(parse_qsl(body.decode("utf-8", "replace"))) if described["format"] == "form" else parsed(body)
    found = found_at(document, described["items"]) if "items" in described else document
    items = found if isinstance(found, list) else [found]
    if not items or not all(isinstance(item, Mapping) for item in items):
        raise Invalid.field(described.get("items", "body"), "holds no receipt")
    return items


def _receipt(described: Mapping[str, Any], item: Any, at: int) -> Receipt:
    reference = word_at(item, described.get("reference"))
    provider_reference = word_at(item, described.get("provider_reference"))
    if reference is None and provider_reference is None:
        raise Invalid.field(f"{at}", "names no message")
    word = plain(found_at(item, described["state"]))
    if word not in described["states"]:
        raise Invalid.field(f"{at}.{described['state']}", "is a state that the provider's file does not know; add it")
    return Receipt(reference, provider_reference, described["states"][word], reason_at(item, described.get("reason")))
