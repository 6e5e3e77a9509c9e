"""Which gateway serves which channel, by the settings; without a provider of its own a channel goes to the spool."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from services.notify.domain.provider import Gateway
from services.notify.domain.vocabulary import CHANNELS, EMAIL
from services.notify.gateways.mime import Sender
from services.notify.gateways.smtp import SmtpGateway
from services.notify.gateways.smtp_server import MailServer
from services.notify.gateways.spool import Spool
from services.notify.settings import Settings
from shared.kernel.errors import Misconfigured

SPOOL = "spool"
T = TypeVar("T")


def gateways_of(settings: Settings, now: Callable[[], datetime]) -> Mapping[str, Gateway]:
    """One gateway for each channel; raises Misconfigured with every setting that will not do."""
    problems: list[str] = []
    sender = _parsed("AFTERCARE_NOTIFY_SMTP_FROM", settings.smtp_from, Sender.parse, problems)
    server = None
    if settings.smtp_url is not None:
        server = _parsed("AFTERCARE_NOTIFY_SMTP_URL", settings.smtp_url, MailServer.parse, problems)
    if sender is None or problems:
        raise Misconfigured(problems)
    gateways: dict[str, Gateway] = dict.fromkeys(CHANNELS, Spool(settings.data / SPOOL, now, sender))
    if server is not None:
        gateways[EMAIL] = SmtpGateway(server, sender, now, require_tls=settings.is_production)
    return gateways


def _parsed(variable: str, text: str, parse: Callable[[str], T], problems: list[str]) -> T | None:
    try:
        return parse(text)
    except ValueError as error:
        problems.append(f"{variable} is wrong: {error}")
        return None
