"""Alerts to a team's own program: signed, sent once, never into a network of ours.

The receiver checks `Aftercare-Signature`: `v1=` and the HMAC-SHA256, in hex, of the timestamp in
`Aftercare-Timestamp` (Unix seconds), a full stop and the body as it came, keyed with the secret of its address.
"""

import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from services.notify.domain.addresses import Network, is_public, parse_webhook
from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Result, Unclear
from services.notify.gateways.http_exchange import (
    LIMITS,
    HttpAnswer,
    HttpRequest,
    NoAnswer,
    NotAllowed,
    NotSent,
    exchange,
    resolve,
)
from services.notify.gateways.mime import checked_reference, extra_headers
from shared.base.clock import wall_now
from shared.kernel.errors import Invalid

_OWN: Final = frozenset(
    "host content-length transfer-encoding connection user-agent te trailer upgrade expect "
    "aftercare-message aftercare-timestamp aftercare-signature".split()
)
_LATER: Final = frozenset({408, 423, 425, 429, 503})
"""Replies that say: not now (RFC 9110, RFC 6585)."""


def secret_of(address: str, master: str) -> str:
    """The secret of one address: told to the team that subscribes it, of no use for anybody else's."""
    return hmac.new(master.encode(), f"webhook {address}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves that a body is ours, and of when it is."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class WebhookGateway:
    """POSTs a body to a URL; `allowed` are networks of the operator's own that may be reached."""

    name = "webhook"

    def __init__(
        self,
        master_secret: str,
        *,
        allowed: Iterable[Network] = (),
        require_tls: bool = False,
        tls: ssl.SSLContext | None = None,
        limits: tuple[float, float] = LIMITS,
        now: Callable[[], datetime] = wall_now,
    ) -> None:
        self._master = master_secret
        self._allowed = tuple(allowed)
        self._require_tls = require_tls
        self._tls = tls or ssl.create_default_context()
        self._limits = limits
        self._now = now

    def check(self, url: str, field: str = "address") -> str:
        """The URL itself, as it is subscribed; raises Invalid for one that could never be sent to (NO-8)."""
        parts = urlsplit(parse_webhook(url, field))
        if self._require_tls and parts.scheme != "https":
            raise Invalid.field(field, "must be https:// in production mode")
        try:
            resolve(parts.hostname or "", parts.port or 0, self._may_reach)
        except NotAllowed as error:
            raise Invalid.field(field, f"{error}; an operator can allow it: AFTERCARE_NOTIFY_WEBHOOK_ALLOW") from None
        except (OSError, UnicodeError):
            # Names come and go; what it stands for is looked at again whenever something is sent.
            return url
        return url

    def send(self, message: Outgoing) -> Result:
        """POST it once; 2xx is delivered, redirects are not followed."""
        try:
            request = self._request(message)
        except Invalid as error:
            return Refused(str(error))
        try:
            return _meaning(exchange(request, self._tls, self._may_reach, self._limits))
        except NotAllowed as error:
            return Refused(str(error))
        except NotSent as error:
            return Failed(f"the webhook cannot be reached: {error}")
        except NoAnswer as error:
            return Unclear(f"the webhook did not answer: {error}")

    def ask(self, reference: str) -> Result | None:  # noqa: ARG002 - the seam's name
        """A webhook cannot be asked."""
        return None

    def _request(self, message: Outgoing) -> HttpRequest:
        url = parse_webhook(message.to)
        if self._require_tls and not url.lower().startswith("https:"):
            raise Invalid.field("to", "must be https:// in production mode")
        body = message.text.encode()
        timestamp = str(int(self._now().timestamp()))
        own = {
            "User-Agent": "aftercare",
            "Aftercare-Message": checked_reference(message.reference),
            "Aftercare-Timestamp": timestamp,
            "Aftercare-Signature": signature(secret_of(url, self._master), timestamp, body),
        }
        extra = extra_headers(message.headers, _OWN)
        if not all(value.isascii() for value in extra.values()):
            raise Invalid.field("headers", "must be ASCII")
        if not any(name.lower() == "content-type" for name in extra):
            own["Content-Type"] = _type_of(message.text)
        return HttpRequest(method="POST", url=url, headers=own | extra, body=body)

    def _may_reach(self, address: str) -> bool:
        return is_public(address, self._allowed)


def _type_of(text: str) -> str:
    """Alerts are JSON; what somebody had sent may be anything."""
    try:
        is_document = isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        is_document = False
    return "application/json" if is_document else "text/plain; charset=utf-8"


def _meaning(answer: HttpAnswer) -> Result:
    reason = f"the webhook answered {answer.status}"
    match answer.status // 100:
        case 2:
            return Accepted(provider_reference=None, is_final=True)
        case 3:
            return Refused(f"{reason}; redirects are not followed, subscribe the address where it leads")
        case 4 | 5 if answer.status in _LATER:
            return Failed(reason)
        case 4:
            return Refused(reason)
        case _:
            return Unclear(reason)
