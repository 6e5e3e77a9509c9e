"""SMS through any provider that takes an HTTP request: the provider's file says how (NO-1)."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Result, Unclear
from services.notify.domain.sms import shortened
from services.notify.gateways import sms_template
from services.notify.gateways.http_exchange import LIMITS, HttpAnswer, HttpRequest, NoAnswer, NotSent, exchange
from services.notify.gateways.json_paths import found_at, parsed, plain, reason_at, word_at
from services.notify.gateways.mime import checked_reference
from services.notify.gateways.sms_provider import SmsProvider
from shared.kernel.contacts import parse_phone
from shared.kernel.errors import Invalid

_BAD_REQUEST: Final = frozenset({400, 422})
"""Replies that blame what was asked for: the same again would be refused again. Other 4xx blame us, or the hour."""

Rules = Sequence[Mapping[str, Any]]


class SmsGateway:
    """One provider, as its file describes it."""

    def __init__(
        self, provider: SmsProvider, *, tls: ssl.SSLContext | None = None, limits: tuple[float, float] = LIMITS
    ) -> None:
        self.name = provider.name
        self._provider = provider
        self._tls = tls or ssl.create_default_context()
        self._limits = limits

    def send(self, message: Outgoing) -> Result:
        """Hand one text to the provider."""
        try:
            request = self._request(message)
        except Invalid as error:
            return Refused(str(error))
        try:
            return self._meaning(exchange(request, self._tls, limits=self._limits))
        except NotSent as error:
            return Failed(f"the provider cannot be reached: {error}")
        except NoAnswer as error:
            return Unclear(f"the provider did not answer: {error}")

    def ask(self, reference: str) -> Result | None:
        """What the provider knows of a reference of ours; None when its file names no way to ask."""
        ask = self._provider.ask
        if ask is None:
            return None
        request = _filled(ask, {"reference": checked_reference(reference)})
        try:
            answer = exchange(request, self._tls, limits=self._limits)
        except (NotSent, NoAnswer) as error:
            return Unclear(f"the provider cannot be asked now: {error}")
        document = parsed(answer.body)
        if _first(ask["not_known"], answer.status, document):
            return Failed("the provider does not know of it")
        word = plain(found_at(document, ask["state"]))
        return self._outcome(ask["states"].get(word, "unclear"), word_at(document, ask["state"]), document)

    def _request(self, message: Outgoing) -> HttpRequest:
        parse_phone(message.to, "to")
        checked_reference(message.reference)
        if not message.text:
            raise Invalid.field("text", "is empty")
        # The beginning of a long answer is more than no answer at all.
        fitting = replace(message, text=shortened(message.text, self._provider.max_segments))
        return _filled(self._provider.send, sms_template.values_of(fitting))

    def _meaning(self, answer: HttpAnswer) -> Result:
        """The file's rules first; where they say nothing, what the status says by itself."""
        rules, document = self._provider.answer, parsed(answer.body)
        for outcome in ("refused", "failed", "accepted"):
            if _first(rules.get(outcome, ()), answer.status, document):
                return self._outcome(outcome, str(answer.status), document)
        match answer.status:
            case status if status in _BAD_REQUEST:
                return self._outcome("refused", str(status), document)
            case status if 300 <= status < 500:
                return self._outcome("failed", str(status), document)
            case status:
                return Unclear(f"the provider's answer cannot be understood ({status})")

    def _outcome(self, outcome: str, word: str | None, document: Any) -> Result:
        names = self._provider.answer
        said = f"the provider says {word}" if word else "the provider says nothing of it"
        if reason := reason_at(document, names.get("reason")):
            said = f"{said}: {reason}"
        match outcome:
            case "accepted" | "delivered":
                return Accepted(word_at(document, names.get("provider_reference")), is_final=outcome == "delivered")
            case "refused":
                return Refused(said)
            case "failed":
                return Failed(said)
            case _:
                return Unclear(said)


def _filled(part: Mapping[str, Any], values: sms_template.Values) -> HttpRequest:
    headers, body = {"User-Agent": "aftercare"}, b""
    if "json" in part:
        headers["Content-Type"] = "application/json; charset=utf-8"
        body = sms_template.json_body(part["json"], values)
    elif "form" in part:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = sms_template.form_body(part["form"], values)
    headers |= sms_template.fill(part["headers"], values)
    return HttpRequest(
        method=part["method"], url=sms_template.fill_url(part["url"], values), headers=headers, body=body
    )


def _first(rules: Rules, status: int, document: Any) -> bool:
    """Whether one of the rules holds."""
    return any(_holds(rule, status, document) for rule in rules)


def _holds(rule: Mapping[str, Any], status: int, document: Any) -> bool:
    if "status" in rule and status not in rule["status"]:
        return False
    return "at" not in rule or plain(found_at(document, rule["at"])) in rule["values"]
