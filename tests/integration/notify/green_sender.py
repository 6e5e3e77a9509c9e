"""Sends from a process whose sockets are eventlet's, as a service's are: run as a program, it prints what happened."""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402 - everything after the sockets are green
import sys  # noqa: E402
import time  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from itertools import pairwise  # noqa: E402
from typing import Any  # noqa: E402

from services.notify.domain.addresses import networks  # noqa: E402
from services.notify.domain.provider import Outgoing  # noqa: E402
from services.notify.gateways.mime import Sender  # noqa: E402
from services.notify.gateways.sms_http import SmsGateway  # noqa: E402
from services.notify.gateways.sms_provider import load_provider  # noqa: E402
from services.notify.gateways.smtp import SmtpGateway  # noqa: E402
from services.notify.gateways.smtp_server import MailServer  # noqa: E402
from services.notify.gateways.webhook import WebhookGateway  # noqa: E402

SENDER = Sender.parse("service@example.cn")
LIMITS = (30.0, 5.0)


def mailer(url: str) -> SmtpGateway:
    return SmtpGateway(MailServer.parse(url), SENDER, lambda: datetime(2026, 10, 9, tzinfo=UTC), limits=LIMITS)


def send(job: tuple[Any, Outgoing]) -> str:
    gateway, message = job
    return type(gateway.send(message)).__name__


def main(smtp: str, smtps: str, site: str, hanging: str) -> None:
    plain, secure, stuck = mailer(smtp), mailer(smtps), mailer(hanging)
    webhook = WebhookGateway("secret", allowed=networks("127.0.0.1"), limits=LIMITS)
    sms = SmsGateway(load_provider(None, site, {}), limits=LIMITS)
    jobs = [(stuck, mail("stuck"))] * 3
    for n in range(6):
        jobs += [(plain, mail(f"a{n}")), (secure, mail(f"b{n}"))]
        jobs += [(webhook, Outgoing(reference=f"c{n}", channel="webhook", to=site, text="{}"))]
        jobs += [(sms, Outgoing(reference=f"d{n}", channel="sms", to="+8613800138000", text="好"))]
    ticks: list[float] = []
    ticker = eventlet.spawn(tick, ticks)
    results = list(eventlet.GreenPool(10).imap(send, jobs))
    ticker.kill()
    for each in (plain, secure):
        each.close()
    longest = max(after - before for before, after in pairwise(ticks))
    sys.stdout.write(json.dumps({"results": results, "longest_stop": longest}))


def tick(ticks: list[float]) -> None:
    while True:
        ticks.append(time.monotonic())
        eventlet.sleep(0.01)


def mail(reference: str) -> Outgoing:
    return Outgoing(reference=reference, channel="email", to="li@example.cn", subject="你好", text="你好")


if __name__ == "__main__":
    main(*sys.argv[1:])
