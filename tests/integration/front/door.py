"""Intake as a real process, asked over HTTP as programs ask it."""

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any

from shared.base.tokens import FIRST_TOKEN_FILE
from tests.support.process import ServiceProcess

CALL = {"kind": "inquiry", "channel": "online", "customer": {}, "subject": "colour", "description": "which?"}
SECONDS = 20.0


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)


class Door:
    """The front door of a process."""

    def __init__(self, process: ServiceProcess) -> None:
        self.process = process
        self.token = (process.folder / FIRST_TOKEN_FILE).read_text().strip()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """One request with the first token; header names are written with underscores. A bytes body goes as it is."""
        line = http.client.HTTPConnection("127.0.0.1", self.process.port, timeout=SECONDS)
        sent = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            return Response(answer.status, answer.headers, answer.read().decode())
        finally:
            line.close()

    def register(self, **given: Any) -> Response:
        """Register a case."""
        return self.ask("POST", "/cases", {**CALL, **given})

    def count(self, table: str) -> int:
        """How many rows there are."""
        (number,) = self.process.query(f"SELECT count(*) FROM {table}")
        return int(number)

    def wire(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.process.port), SECONDS)
