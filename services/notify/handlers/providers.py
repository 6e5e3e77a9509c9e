"""Which gateway serves which channel, by the settings; mail and SMS without a provider go to the spool folder."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from services.notify.domain.addresses import networks
from services.notify.domain.provider import Gateway
from services.notify.domain.vocabulary import EMAIL, SMS, WEBHOOK
from services.notify.gateways.mime import Sender
from services.notify.gateways.receipts import read_receipts
from services.notify.gateways.sms_http import SmsGateway
from services.notify.gateways.sms_provider import SmsProvider, load_provider
from services.notify.gateways.smtp import SmtpGateway
from services.notify.gateways.smtp_server import MailServer
from services.notify.gateways.spool import Spool
from services.notify.gateways.webhook import WebhookGateway
from services.notify.handlers.receiving import Receipt
from services.notify.handlers.subscribing import Ways
from services.notify.settings import Settings
from shared.base.mail_secret import mail_secret
from shared.kernel.contacts import parse_email
from shared.kernel.errors import Misconfigured

SPOOL: Final = "spool"
SECRET_FILE: Final = "webhook.secret"
T = TypeVar("T")
Reader = Callable[[Mapping[str, str], bytes], list[Receipt]]


@dataclass(frozen=True)
class Providers:
    """The gateways by channel, the readers of receipts by provider, and what subscriptions need."""

    gateways: Mapping[str, Gateway]
    readers: Mapping[str, Reader]
    ways: Ways


def providers_of(settings: Settings, now: Callable[[], datetime]) -> Providers:
    """Everything through which we speak; raises Misconfigured with every setting that will not do."""
    problems: list[str] = []
    sender = _parsed("AFTERCARE_NOTIFY_SMTP_FROM", settings.smtp_from, Sender.parse, problems)
    server = _parsed("AFTERCARE_NOTIFY_SMTP_URL", settings.smtp_url, MailServer.parse, problems)
    allowed = _parsed("AFTERCARE_NOTIFY_WEBHOOK_ALLOW", settings.webhook_allow, networks, problems)
    sms = _sms(settings, problems)
    reply_to = _parsed("AFTERCARE_NOTIFY_REPLY_TO", settings.reply_to, parse_email, problems)
    if sender is None or problems:
        raise Misconfigured(problems)
    marks = mail_secret(settings.mail_secret, settings.data, is_production=settings.is_production)
    sender = replace(sender, secret=marks, reply_to=reply_to)
    spool, secret, strict = Spool(settings.data / SPOOL, now, sender), _secret(settings), settings.is_production
    webhook = WebhookGateway(secret, allowed=allowed or (), require_tls=strict)
    gateways: dict[str, Gateway] = {
        EMAIL: SmtpGateway(server, sender, now, require_tls=strict) if server else spool,
        SMS: SmsGateway(sms) if sms else spool,
        WEBHOOK: webhook,
    }
    readers = {sms.name: _reader(sms)} if sms and sms.receipts else {}
    return Providers(gateways, readers, Ways(settings.amqp_uri, webhook, secret))


def _parsed(variable: str, text: str | None, parse: Callable[[str], T], problems: list[str]) -> T | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        problems.append(f"{variable} is wrong: {error}")
        return None


def _sms(settings: Settings, problems: list[str]) -> SmsProvider | None:
    if settings.sms_url is None:
        if settings.sms_provider is not None:
            problems.append("AFTERCARE_NOTIFY_SMS_PROVIDER is set without AFTERCARE_NOTIFY_SMS_URL; set both")
        return None
    try:
        return load_provider(settings.sms_provider, settings.sms_url, os.environ, require_tls=settings.is_production)
    except Misconfigured as error:
        problems += error.problems
        return None


def _reader(provider: SmsProvider) -> Reader:
    def read(headers: Mapping[str, str], body: bytes) -> list[Receipt]:
        found = read_receipts(provider, headers, body)
        return [
            Receipt(reference, each.state if each.state in ("delivered", "failed") else "other", each.reason)
            for each in found
            if (reference := each.reference or each.provider_reference)
        ]

    return read


def _secret(settings: Settings) -> str:
    """The operator's, or one made at first start, readable by its owner only."""
    if settings.webhook_secret:
        return settings.webhook_secret
    path = settings.data / SECRET_FILE
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(32))
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured([f"cannot keep {path}: {error.strerror}; make the folder writable"]) from None


def _write_private(path: Path, text: str) -> None:
    """By rename; whoever comes second at the same moment keeps what the first wrote."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    temporary.replace(path)
