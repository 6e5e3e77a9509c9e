"""Each of the five services is killed in turn under load: the others go on, it catches up, nothing is lost (AL-1)."""

import itertools
import os
import signal
import threading
from collections import Counter
from typing import Self

from shared.cli.forward import TimeMachine
from shared.cli.pages import ask
from shared.cli.rpc import Rpc
from shared.kernel.errors import AftercareError, Unavailable
from tests.e2e.conftest import Running, StartSuite
from tests.support.waiting import wait_for

SERVICES = ("notify", "sla", "escalation", "maintenance", "intake")
PACE_SECONDS = 0.1
FIRST = 10
SECONDS = 3.0


class Load(threading.Thread):
    """Registers cases one after the other; each is asked for until it is answered, as a phone system does."""

    def __init__(self, suite: Running) -> None:
        super().__init__(name="load", daemon=True)
        self.suite = suite
        self.stopping = threading.Event()
        self.given_up = threading.Event()
        self.answered: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        self.given_up.set()
        self.join(60)

    def run(self) -> None:
        """A call, and a breath, until told to stop."""
        with self.suite.suite.rpc(SECONDS) as rpc:
            for number in itertools.count():
                if self.stopping.wait(PACE_SECONDS):
                    return
                self._until_answered(rpc, f"call-{number}")

    def _until_answered(self, rpc: Rpc, ref: str) -> None:
        while ref not in self.answered and not self.given_up.is_set():
            try:
                self.answered[ref] = rpc.call("intake.register_case", request_of(ref))["case_no"]
            except Unavailable:
                self.given_up.wait(0.1)  # as long as any caller would wait before the next try

    def stop(self) -> None:
        """Let the last call be answered."""
        self.stopping.set()
        self.join(60)
        assert not self.is_alive(), "the last call was never answered"


def request_of(ref: str) -> dict[str, object]:
    """Every fifth is major: a ladder at once, urgent messages, an alert. Nobody calls twice."""
    number = int(ref.partition("-")[2])
    return {
        "kind": "complaint",
        "channel": "phone",
        "external_ref": ref,
        "request_id": ref,
        "region": "south.guangdong.foshan",
        "severity": "minor" if number % 5 else "major",
        "customer": {"phone": f"+86138{number:08}"},
        "subject": ref,
        "description": "An outage is no excuse.",
    }


def test_the_others_go_on_and_it_catches_up(start_suite: StartSuite) -> None:
    suite = start_suite("--clock-start", "2026-10-12T09:00:00+08:00")
    orders = plan_of_maintenance(suite)
    with Load(suite) as load:
        wait_for(lambda: len(load.answered) >= FIRST, "load")
        for service in SERVICES:
            before = len(load.answered)
            kill(suite, service)
            for other in SERVICES:
                if other != service:
                    status, _ = ask(suite.suite.http[other], "GET", "/readyz")
                    assert status == 200, f"{other} is not ready without {service}"
            if service != "intake":
                wait_for(lambda before=before: len(load.answered) > before + FIRST, f"cases while {service} is away")
            wait_for(lambda service=service: is_ready(suite, service), f"{service} again")
        load.stop()
    with TimeMachine(suite.suite.http, suite.suite.clock_file) as machine:
        machine.rest()
    check(suite, load, orders)


def plan_of_maintenance(suite: Running) -> int:
    """A machine with a monthly plan; how many orders stand."""
    machine = suite.suite.call("maintenance.register_equipment", {"serial_no": "M-1", "model": "M", "region": "south"})
    plan = {"equipment_id": machine["equipment_id"], "level": "routine", "anchor": "2026-10-15"}
    suite.suite.call("maintenance.set_plan", plan)
    wait_for(lambda: numbers_of_orders(suite), "the first order")
    return len(numbers_of_orders(suite))


def numbers_of_orders(suite: Running) -> list[str]:
    return [order["order_no"] for order in suite.suite.call("maintenance.orders", {})["orders"]]


def kill(suite: Running, service: str) -> None:
    """As the kernel would; the supervisor starts it again."""
    pid = suite.suite.pids[service]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_ready(suite, service), f"{service} gone")


def is_ready(suite: Running, service: str) -> bool:
    try:
        return ask(suite.suite.http[service], "GET", "/readyz")[0] == 200
    except (AftercareError, OSError):
        return False


def check(suite: Running, load: Load, orders: int) -> None:
    """What went in against what came of it, in every service."""
    numbers = load.answered
    assert len(set(numbers.values())) == len(numbers), "each call is a case of its own"
    assert in_intake(suite) == set(numbers.values()), "each call is one case, and there is no other"
    with suite.suite.rpc() as rpc:
        for ref, case_no in numbers.items():
            check_case(rpc, case_no, is_major=request_of(ref)["severity"] == "major")
    assert len(numbers_of_orders(suite)) == orders


def check_case(rpc: Rpc, case_no: str, *, is_major: bool) -> None:
    """Its clocks, its escalation, and every message to everybody, once."""
    asked = {"case_no": case_no}
    clocks = Counter(clock["clock"] for clock in rpc.call("sla.clocks", asked)["clocks"])
    assert clocks["first_response"] == 1
    assert clocks["major_report"] == is_major
    assert bool(rpc.call("escalation.story", asked)["entries"]) == is_major
    # What ops hear of alerts without subscribers goes in bundles, when their windows close.
    messages = [each for each in rpc.call("notify.messages", asked)["messages"] if each["audience"] != "ops"]
    assert not [message for message in messages if message["state"] != "delivered"]
    told = Counter((each.get("template"), each.get("person"), each["channel"]) for each in messages)
    wanted = [("registered", None, "sms")]
    if is_major:
        people = ("sales-vp", "general-manager")
        wanted += [(why, who, how) for why in ("major", "step") for who in people for how in ("sms", "email")]
    assert told == Counter(wanted)


def in_intake(suite: Running) -> set[str]:
    """Every case number that intake has."""
    found: set[str] = set()
    question: dict[str, object] = {"limit": 100}
    while True:
        page = suite.suite.call("intake.find_cases", question)
        found |= {case["case_no"] for case in page["cases"]}
        if "next" not in page:
            return found
        question["after"] = page["next"]
