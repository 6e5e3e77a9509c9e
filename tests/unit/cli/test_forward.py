"""Moving time ahead, at services of a few lines that answer real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from shared.base.clock import Anchor, ClockFile, SuiteClock
from shared.cli.forward import MOST_HOPS, TimeMachine
from shared.kernel.errors import Conflict, Unavailable
from shared.kernel.instants import format_instant

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)
FEW = 25
"""Stops at the timers themselves, for a way with very many."""


GONE = "http://127.0.0.1:1"


class Service:
    """Keeps timers and the clock that its suite follows; notes when each timer fired."""

    def __init__(self, file: ClockFile, *timers: datetime) -> None:
        self.file = file
        self.timers = sorted(timers)
        self.fired: list[datetime] = []
        self.messages: list[int] = []
        self.said = self.rounds = self.asked = 0
        self.status = 200
        self.every: timedelta | None = None
        self.starting = 0
        """So many answers are those of a process that does not work yet."""

    def answer(self, asked: str) -> tuple[int, dict]:
        self.asked += 1
        if self.starting:
            self.starting -= 1
            return 503, {"now": format_instant(SuiteClock(self.file).now()), "connected": False}
        if asked == "POST /rest":
            self.rounds += 1
            self.said += self.messages.pop() if self.messages else 0
        if asked in {"POST /rest", "POST /relayed"}:
            return self.status, {"newest": self.said}
        now = SuiteClock(self.file).now()
        if asked == "POST /clock":
            self._fire(now)
        return self.status, {"now": format_instant(now), "next_timer": self._next()}

    def _fire(self, now: datetime) -> None:
        while self.timers and self.timers[0] <= now:
            due = self.timers.pop(0)
            self.fired.append(due)
            if self.every:
                self.timers.append(due + self.every)

    def _next(self) -> str | None:
        return format_instant(self.timers[0]) if self.timers else None


@pytest.fixture
def file(tmp_path) -> ClockFile:
    found = ClockFile(tmp_path / "clock.json")
    found.write(Anchor.real_time().moved_to(NOON, running=False))
    return found


@pytest.fixture
def at_work() -> Iterator:
    """Services that answer; where."""
    servers = []

    def start(**services: Service) -> dict[str, str]:
        http = {}
        for name, service in services.items():
            server = ThreadingHTTPServer(("127.0.0.1", 0), _pages(service))
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            servers.append(server)
            http[name] = f"http://127.0.0.1:{server.server_port}"
        return http

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def machine_of(file, at_work) -> Iterator[Callable[..., TimeMachine]]:
    with ExitStack() as machines:
        yield lambda most_hops=MOST_HOPS, **services: machines.enter_context(
            TimeMachine(at_work(**services), file, most_hops)
        )


def _pages(service: Service) -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = service.answer(f"{self.command} {self.path}")
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Pages


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def forward(machine: TimeMachine, hours: float):
    stops: list[datetime] = []
    moved = machine.forward_to(lambda now: now + timedelta(hours=hours), stops.append)
    return moved, stops


def test_it_stops_at_every_timer_of_every_service_on_the_way(file, machine_of):
    one, two = Service(file, after(1), after(3), after(30)), Service(file, after(2), after(3))
    moved, stops = forward(machine_of(one=one, two=two), 24)
    assert stops == [after(1), after(2), after(3)]
    assert (one.fired, two.fired) == ([after(1), after(3)], [after(2), after(3)])
    assert (moved.since, moved.now, moved.hops) == (NOON, after(24), 3)
    assert SuiteClock(file).now() == after(24)


def test_a_timer_at_the_target_itself_fires(file, machine_of):
    one = Service(file, after(24))
    moved, stops = forward(machine_of(one=one), 24)
    assert (one.fired, stops, moved.hops) == ([after(24)], [], 0)


def test_a_timer_that_is_due_already_does_not_turn_time_back(file, machine_of):
    one = Service(file, after(-5), after(1))
    _, stops = forward(machine_of(one=one), 2)
    assert one.fired == [after(-5), after(1)]
    assert stops == [after(-5), after(1)]


def test_it_goes_round_until_nobody_does_anything_more(file, machine_of):
    one, two = Service(file), Service(file)
    one.messages, two.messages = [1, 2], [4, 0]
    machine_of(one=one, two=two).rest()
    assert (one.said, two.said, one.rounds) == (3, 4, 3)


def test_it_goes_round_once_although_nobody_says_anything(file, machine_of):
    one = Service(file)
    machine_of(one=one).rest()
    assert one.rounds == 1, "somebody may still have something to handle"


def test_who_came_to_rest_and_said_nothing_since_is_at_rest(file, machine_of):
    one = Service(file)
    machine = machine_of(one=one)
    machine.rest()
    machine.rest()
    assert one.rounds == 1
    one.said += 1
    machine.rest()
    assert one.rounds == 2


def test_a_timer_that_sets_itself_again_and_again_does_not_hold_time_up(file, machine_of):
    one = Service(file, after(0.01))
    one.every = timedelta(minutes=1)
    moved, stops = forward(machine_of(FEW, one=one), 24)
    assert FEW < len(stops) <= 2 * FEW
    assert moved.now == after(24)
    assert one.fired[-1] <= after(24) < one.timers[0]


def test_a_way_with_very_many_timers_ends_in_slices_none_of_which_fires_far_too_late(file, machine_of):
    one = Service(file, *(after(each / 100) for each in range(1, 2000)))
    moved, stops = forward(machine_of(FEW, one=one), 20)
    slice_seconds = (20 - FEW / 100) * 3600 / FEW
    assert stops[:FEW] == [after(each / 100) for each in range(1, FEW + 1)]
    assert max(later - sooner for sooner, later in pairwise(stops)) <= timedelta(seconds=slice_seconds + 36)
    assert (moved.now, len(one.fired)) == (after(20), 1999)


def test_going_round_for_ever_is_said(file, machine_of):
    one = Service(file)
    one.messages = [1] * 1000
    with pytest.raises(Unavailable, match="events go round in circles"):
        machine_of(one=one).rest()


@pytest.mark.parametrize(
    ("status", "error", "said"), [(503, Unavailable, "one does not come"), (404, Conflict, "production")]
)
def test_a_service_that_cannot_is_named(file, machine_of, status, error, said):
    one = Service(file)
    one.status = status
    with pytest.raises(error, match=said):
        forward(machine_of(one=one, two=Service(file)), 1)


def test_a_service_that_is_gone_is_named(file):
    with pytest.raises(Unavailable, match="sla does not come to rest; look at `aftercare status`"):
        TimeMachine({"sla": GONE}, file, away_seconds=0).rest()


def test_a_service_that_died_is_waited_for_while_it_starts_again(file, at_work):
    one, two = Service(file, after(1)), Service(file, after(2))
    one.starting = 1
    bases = at_work(one=one, two=two)
    looks = iter([{**bases, "one": GONE}, {**bases, "one": GONE}])
    with TimeMachine(lambda: next(looks, bases), file) as machine:
        _, stops = forward(machine, 3)
    assert (one.fired, two.fired, stops) == ([after(1)], [after(2)], [after(1), after(2)])
    assert two.asked == one.asked - 1, "who answered is not asked again"


def test_when_the_suite_itself_stops_nobody_is_waited_for(file):
    def look():
        raise Unavailable("no suite runs here")

    with pytest.raises(Unavailable, match="no suite runs here"):
        TimeMachine(look, file).rest()


def test_time_does_not_go_back(file, machine_of):
    with pytest.raises(Conflict, match="time only goes forward"):
        forward(machine_of(one=Service(file)), -1)


def test_without_a_clock_file_nothing_is_moved(file, machine_of):
    file.path.unlink()
    with pytest.raises(Unavailable, match="there is no clock file"):
        forward(machine_of(one=Service(file)), 1)
