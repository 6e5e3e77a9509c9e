"""HTTP beside the container: health, readiness, metrics, version (contracts 7).

It runs outside nameko because a container's start waits for the broker, and ops must see the process meanwhile.
"""

import json
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

import eventlet

from shared.base.wsgi import ROUTE
from shared.kernel.errors import Misconfigured, Unavailable
from shared.runtime.metrics import Metrics
from shared.runtime.resources import Resources
from shared.runtime.web import serve_for_ever

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]
Page = Callable[[], tuple[int, str, bytes]]

OUTBOX_LAG_SECONDS = 60.0
_STATUS = {200: "200 OK", 404: "404 Not Found", 405: "405 Method Not Allowed", 503: "503 Service Unavailable"}


def readiness(resources: Resources) -> dict[str, bool]:
    """Every check by name: the database answers, consumers and relay are connected, loops turn, the outbox moves."""
    try:
        count, age = resources.relay.pending()
        held = resources.held.count()
        database = True
    except Unavailable:
        count, age, held, database = 0, 0.0, {}, False
    resources.metrics.outbox_pending.set(count)
    resources.metrics.outbox_age.set(age)
    for state, number in held.items():
        resources.metrics.held.labels(state).set(number)
    links = {name: check() for name, check in resources.checks.items()}
    own = {name: check() for name, check in resources.loops.items()}
    checks = {"database": database, "broker": bool(links) and all(links.values())} | own
    outbox = links.pop("outbox", False) and age < OUTBOX_LAG_SECONDS
    return checks | links | {"outbox": outbox}


class HealthPages:
    """The pages every service has; anything else goes on to the service's own application, if it has one."""

    def __init__(self, resources: Resources, beyond: Wsgi | None = None, extra: dict[str, Page] | None = None) -> None:
        self._resources = resources
        self._beyond = beyond
        self._pages: dict[str, Page] = {
            "GET /healthz": self._healthz,
            "GET /readyz": self._readyz,
            "GET /metrics": self._metrics,
            "GET /version": self._version,
            **(extra or {}),
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        asked = environ["REQUEST_METHOD"]
        page = self._pages.get(f"{'GET' if asked == 'HEAD' else asked} {environ['PATH_INFO']}")
        if page is None and self._beyond is not None:
            return _measured(self._resources.metrics, self._beyond, environ, start_response)
        status, kind, body = page() if page else as_json(404, {"error": "no such page"})
        start_response(_STATUS[status], [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [] if asked == "HEAD" else [body]

    def _healthz(self) -> tuple[int, str, bytes]:
        return as_json(200, {"status": "alive", "service": self._resources.service})

    def _readyz(self) -> tuple[int, str, bytes]:
        checks = readiness(self._resources)
        return as_json(200 if all(checks.values()) else 503, {"checks": checks})

    def _metrics(self) -> tuple[int, str, bytes]:
        readiness(self._resources)
        return 200, "text/plain; version=0.0.4; charset=utf-8", self._resources.metrics.render()

    def _version(self) -> tuple[int, str, bytes]:
        return as_json(200, {"service": self._resources.service, "version": version("aftercare")})


def _measured(metrics: Metrics, beyond: Wsgi, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The application's answer, counted by the route that it says it took."""
    begun, said = time.perf_counter(), ["none"]

    def start(status: str, *more: Any) -> Any:
        said[0] = status.partition(" ")[0]
        return start_response(status, *more)

    answer = beyond(environ, start)
    route = environ.get(ROUTE, "none")
    # Only methods of routes are ours to name: a client may invent as many as it likes.
    method = environ["REQUEST_METHOD"] if ROUTE in environ else "any"
    metrics.http_requests.labels(method, route, said[0]).inc()
    metrics.http_seconds.labels(method, route).observe(time.perf_counter() - begun)
    return answer


def as_json(status: int, body: dict[str, Any]) -> tuple[int, str, bytes]:
    """A JSON page."""
    return status, "application/json", json.dumps(body).encode()


def serve(resources: Resources, application: Wsgi) -> Any:
    """Answer HTTP in a green thread; raises Misconfigured when the port is taken."""
    host, port = resources.settings.http_host, resources.settings.http_port
    try:
        listener = eventlet.listen((host, port), reuse_port=False)
    except OSError as error:
        variable = f"AFTERCARE_{resources.service.upper()}_HTTP_PORT"
        raise Misconfigured(
            [f"cannot listen on {host}:{port} ({error.strerror}); set {variable} to a free port"]
        ) from None
    return eventlet.spawn(serve_for_ever, listener, application)
