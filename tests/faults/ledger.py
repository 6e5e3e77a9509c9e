"""The ledger: what went in, against what came of it. Nothing lost, nothing doubled (AL-2)."""

import contextlib
import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from pika.exceptions import AMQPError

from shared.base.broker import DEAD_QUEUE
from tests.support.client import Client, client
from tests.support.probe import NAME, QUEUE
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

EVENTS = 3
WINDOW = 10


class Ledger:
    """Notes that are to be taken, and what was answered; a note is asked for until it is answered."""

    def __init__(self, amqp_uri: str) -> None:
        self.amqp_uri = amqp_uri
        self.asked: list[str] = []
        self.answered: dict[str, Any] = {}
        self.asks = 0
        self.given_up = threading.Event()

    def ask(self, *keys: str) -> None:
        """Put these in and ask until every one is answered, through any number of broken connections, or given up."""
        self.asked += keys
        with losses_expected():
            while any(key not in self.answered for key in keys) and not self.given_up.is_set():
                with contextlib.suppress(AMQPError), client(self.amqp_uri) as outside:
                    self._ask_open(outside, [key for key in keys if key not in self.answered])

    def _ask_open(self, outside: Client, keys: list[str]) -> None:
        while keys:
            now, keys = keys[:WINDOW], keys[WINDOW:]
            sent = {outside.send(f"{NAME}.note", _request(key)): key for key in now}
            self.asks += len(now)
            for correlation_id, answer in outside.answers(len(now), seconds=1.5).items():
                if correlation_id in sent and (answer["error"] or {}).get("exc_type") != "Unavailable":
                    self.answered[sent[correlation_id]] = answer

    def check(self, probe: ServiceProcess) -> None:
        """Wait until all is done, then compare."""
        wanted = EVENTS * len(self.asked)
        wait_for(lambda: probe.query("SELECT count(*) FROM effects")[0] >= wanted and probe.is_quiet(), "the drain")
        with client(self.amqp_uri) as outside:
            wait_for(lambda: outside.depth(QUEUE) + outside.depth(f"rpc-{NAME}") == 0, "empty queues")
            assert outside.depth(DEAD_QUEUE) == 0
        assert probe.stop() == 0, probe.tail()
        self._compare(probe)

    def _compare(self, probe: ServiceProcess) -> None:
        assert all(answer == _answer(key) for key, answer in self.answered.items())
        assert Counter(probe.query("SELECT key FROM notes")) == Counter(self.asked), "each note was taken once"
        said = Counter(probe.query("SELECT event_id FROM outbox"))
        assert len(said) == sum(said.values()) == EVENTS * len(self.asked), "each event was said once"
        assert probe.effects() == said, "each event had its effect once"


@contextmanager
def losses_expected() -> Iterator[None]:
    """Connections break here by the dozen, and pika would tell each several times; what is raised is raised."""
    log = logging.getLogger("pika")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _answer(key: str) -> dict[str, Any]:
    return {"result": {"key": key, "events": EVENTS}, "error": None}


def _request(key: str) -> bytes:
    """The events of every third note are held at first, and handled by a later try."""
    data = {"do": "retry once"} if sum(key.encode()) % 3 == 0 else {}
    return json.dumps({"args": [{"key": key, "events": EVENTS, "data": data, "request_id": key}]}).encode()


class Load(threading.Thread):
    """Asks, batch by batch, until told to stop, or until so many notes were taken; gives up where the test does."""

    def __init__(self, ledger: Ledger, most: int) -> None:
        super().__init__(name="load", daemon=True)
        self.ledger = ledger
        self.most = most
        self.stopping = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        self.ledger.given_up.set()
        self.join(60)

    def run(self) -> None:
        """Ask on."""
        number = 0
        while number < self.most and not self.stopping.is_set():
            self.ledger.ask(*(f"note {number + step}" for step in range(WINDOW)))
            number += WINDOW

    def stop(self) -> None:
        """Let the last batch be answered."""
        self.stopping.set()
        self.join(60)
        assert not self.is_alive(), "the last batch was never answered"
