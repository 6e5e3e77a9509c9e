"""One RabbitMQ and one PostgreSQL node for a whole test run, started when the first test asks.

The keeper lives in pytest's main process (with xdist: in the controller), so the nodes outlive each worker and
die with the run. Workers ask over a Unix socket: one word in, one line of JSON out.
"""

import itertools
import json
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from shared.kernel.errors import AftercareError
from shared.nodes.postgres import PostgresNode
from shared.nodes.rabbitmq import RabbitNode

BATCH = 64


class Keeper:
    """Starts nodes on demand and hands out vhosts and databases that nobody has used before."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aftercare-tests-"))
        self.folder.chmod(0o711)
        self.address = str(self.folder / "keeper")
        self._numbers = itertools.count()
        self._vhosts: list[str] = []
        self._rabbit: RabbitNode | None = None
        self._postgres: PostgresNode | None = None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(16)
        # One thread for everything: a node dies with the thread that started it.
        self._thread = threading.Thread(target=self._serve, name="keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the nodes and forget what they kept."""
        ask(self.address, "stop")
        self._thread.join()
        shutil.rmtree(self.folder)

    def _serve(self) -> None:
        answers: dict[str, Callable[[], str]] = {"vhost": self._vhost, "database": self._database, "stop": self._stop}
        word = ""
        while word != "stop":
            client, _ = self._listener.accept()
            with client, client.makefile("rw") as lines:
                word = lines.readline().strip()
                try:
                    answer = {"url": answers[word]()}
                except Exception as error:  # noqa: BLE001 - whatever went wrong, the test that asked must hear it
                    answer = {"error": str(error) if isinstance(error, AftercareError) else repr(error)}
                lines.write(json.dumps(answer) + "\n")

    def _vhost(self) -> str:
        names = [f"test{next(self._numbers)}" for _ in range(BATCH)] if not self._vhosts else []
        if self._rabbit is None:
            rabbit = RabbitNode(self.folder / "rabbitmq", vhosts=names)
            rabbit.start()
            self._rabbit = rabbit
            rabbit.wait_ready()
        elif names:
            self._rabbit.add_vhosts(names)
        self._vhosts += names
        return self._rabbit.uri_of(self._vhosts.pop())

    def _database(self) -> str:
        if self._postgres is None:
            postgres = PostgresNode(self.folder / "postgres", durable=False)
            postgres.start()
            self._postgres = postgres
            postgres.wait_ready()
        return self._postgres.create_database(f"test{next(self._numbers)}")

    def _stop(self) -> str:
        for node in (self._rabbit, self._postgres):
            if node is not None:
                node.stop()
        self._listener.close()
        return ""


def ask(address: str, word: str) -> str:
    """Ask the keeper; fails the test with the keeper's own sentence where it has no answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address)
        with client.makefile("rw") as lines:
            lines.write(word + "\n")
            lines.flush()
            answer: dict[str, str] = json.loads(lines.readline())
    if "error" in answer:
        raise AssertionError(answer["error"])
    return answer["url"]
