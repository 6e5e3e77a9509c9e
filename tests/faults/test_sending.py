"""SIGKILL at each point of sending: nothing lost, nothing sent twice, and what cannot be known is `unknown` (NO-2)."""

import json
import random
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notify.storage.policy_files import BUILTIN
from shared.base.broker import QUORUM
from shared.base.clock import Anchor, ClockFile
from shared.events import CONTENT_TYPE, exchange_of
from tests.integration.notify.mail_servers import Mailbox, mail_server
from tests.support.client import client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for
from tests.unit.notify.events import NOW, Case

SEED = 20261012
MESSAGES = 8
DURING = "notify: during the call"
POINTS = (
    "notify: before the attempt's commit",
    "notify: after the attempt's commit, before the call",
    DURING,
    "notify: after the answer, before its commit",
    "notify: after the answer's commit",
)
UNKNOWN_SECONDS = 10.0


class Recorder(Mailbox):
    """A mail server that keeps what it takes; told so, it strikes the sender down before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.victim: ServiceProcess | None = None
        self.spare = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        said = await super().handle_DATA(server, session, envelope)
        if self.victim is not None:
            self.spare -= 1
            if self.spare <= 0:
                victim, self.victim = self.victim, None
                victim.signal(signal.SIGKILL)
        return said

    def taken(self) -> Counter[str]:
        return Counter(to for _, recipients in self.envelopes for to in recipients)


@pytest.fixture
def recorder() -> Iterator[tuple[Recorder, int]]:
    recorder = Recorder()
    with mail_server(recorder) as port:
        yield recorder, port


@pytest.fixture
def queues(amqp_uri: str) -> None:
    """What notify will hear is kept from the beginning: its queue is there before it is."""
    with client(amqp_uri) as outside:
        outside.channel.exchange_declare(exchange_of("intake"), "topic", durable=True)
        outside.channel.queue_declare("notify.cases", durable=True, arguments=QUORUM)
        outside.channel.queue_bind("notify.cases", exchange_of("intake"), "case.#")


def notify_on(folder: Path, amqp_uri: str, port: int) -> ServiceProcess:
    """Notify that sends one mail at a time, so that a crash finds exactly one on its way."""
    policy = yaml.safe_load(BUILTIN.read_text())
    policy["providers"]["email"] = {"parallel": 1}
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True))
    ClockFile(folder / "clock.json").write(Anchor.real_time().moved_to(NOW, running=False))
    settings = {
        "AFTERCARE_CLOCK": str(folder / "clock.json"),
        "AFTERCARE_NOTIFY_POLICY": str(folder / "policy.yaml"),
        "AFTERCARE_NOTIFY_SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    process = ServiceProcess(folder, amqp_uri, "notify", settings=settings)
    process.module = ["tests.faults.struck", "notify"]
    return process


def say(amqp_uri: str, round_number: int) -> None:
    """Cases whose customers are answered by mail; each says its event twice."""
    with client(amqp_uri) as outside:
        for number in range(MESSAGES):
            customer = {"email": f"buyer-{round_number}-{number}@example.com"}
            case = Case(f"26{round_number:04}{number:06}", customer=customer)
            event = case.add("replied", text="we come tomorrow").event()
            for _ in range(2):
                outside.publish(
                    exchange_of("intake"), event.type, event.to_bytes(), content_type=CONTENT_TYPE, message_id=event.id
                )


def on_their_way(notify: ServiceProcess) -> set[str]:
    """The addresses of mails whose attempt is committed and has no answer."""
    return set(notify.query("SELECT address FROM messages WHERE rule = 'replied' AND state = 'sending'"))


def crash(notify: ServiceProcess, mailbox: Recorder, point: str, strike_at: int) -> None:
    """Start it with work to do, until it dies there."""
    if point == DURING:
        mailbox.spare, mailbox.victim = strike_at, notify
        notify.start()
    else:
        notify.start(point, str(strike_at))
    wait_for(lambda: not notify.is_alive(), f"the crash {point}; {notify.tail()}")
    assert notify.wait() == -signal.SIGKILL, notify.tail()


@pytest.mark.usefixtures("queues")
def test_a_crash_at_each_point_of_sending(tmp_path: Path, amqp_uri: str, recorder: tuple[Recorder, int]) -> None:
    mailbox, port = recorder
    chance = random.Random(SEED)
    notify = notify_on(tmp_path, amqp_uri, port)
    struck: set[str] = set()
    found: list[tuple[int, int]] = []
    try:
        for number, point in enumerate(POINTS):
            say(amqp_uri, number)
            crash(notify, mailbox, point, chance.randint(2, MESSAGES - 1))
            new = on_their_way(notify) - struck
            struck |= new
            found.append((len(new), sum(mailbox.taken()[each] for each in new)))
        # Of the mail that was on its way nobody can tell whether it went out: only the recorder knows.
        # An answer is recorded with the next attempt: before that commit the answered mail is on its way, after it
        # the next one, which was not called.
        assert found == [(1, 1), (1, 0), (1, 1), (1, 1), (1, 0)]
        notify.start().ready()
        wait_for(lambda: not on_their_way(notify), "within 10 s of the restart nothing is under way", UNKNOWN_SECONDS)
        ended = "SELECT count(*) FROM messages WHERE rule = 'replied' AND state IN ('sent', 'unknown')"
        wait_for(lambda: notify.query(ended) == [MESSAGES * len(POINTS)], "every message settled")
        assert notify.stop() == 0, notify.tail()
        check(notify, mailbox.taken(), struck)
    finally:
        notify.kill()


def check(notify: ServiceProcess, taken: Counter[str], struck: set[str]) -> None:
    rows = notify.query("SELECT address, state FROM messages WHERE rule = 'replied'")
    states = dict(rows)
    assert len(rows) == len(states) == MESSAGES * len(POINTS), "each message is there once"
    assert max(taken.values()) == 1, "nothing was sent twice"
    assert {address for address, state in states.items() if state == "unknown"} == struck
    assert all(taken[address] == 1 for address, state in states.items() if state == "sent"), "nothing was lost"
    events = [json.loads(body) for body in notify.query("SELECT body FROM outbox WHERE routing_key LIKE 'message.%'")]
    said = Counter((each["type"], each["data"]["message"]["message_id"]) for each in events)
    assert set(said.values()) == {1}, "each state is said once"
