"""What a step did to the clocks of its case, asked of sla after the step."""

import time
from collections.abc import Iterator, Sequence, Set

from shared.cli.cases.look import OPEN, Wire, clock_name, identity, is_overdue, left_text, words
from shared.cli.rpc import Rpc
from shared.cli.times import when
from shared.kernel.errors import NotFound, Unavailable

CATCH_UP_SECONDS = 2.0
POLL_SECONDS = 0.05
SHOWN_NEXT = 2

BEHIND = "The clocks are not up to date yet: `aftercare case show` tells what the step did to them."


def clocks_of(rpc: Rpc, case_no: str) -> list[Wire] | None:
    """The clocks as sla knows them now; None when it does not answer."""
    try:
        found: list[Wire] = rpc.call("sla.clocks", {"case_no": case_no})["clocks"]
        return found
    except Unavailable:
        return None


def effect(rpc: Rpc, case: Wire, before: Sequence[Wire] | None) -> list[str]:
    """What to say of the clocks after a step; says so when sla has not heard of the step within a short while."""
    after = _caught_up(rpc, case) if before is not None else None
    if before is None or after is None:
        return [BEHIND]
    recorded = case["facts"][-1]["recorded_at"]
    done = {fact["fact"] for fact in case["facts"] if fact["recorded_at"] == recorded}
    return [*changes(before, after), *still_running(after, _explanations(rpc, case), done), *next_due(after)]


def changes(before: Sequence[Wire], after: Sequence[Wire]) -> Iterator[str]:
    """Which clocks were started, stopped, paused, resumed, moved."""
    old = {identity(clock): clock for clock in before}
    for clock in after:
        was, name = old.get(identity(clock)), clock_name(clock)
        if was is None:
            yield f"Started: {name}, due {when(clock['due_at'])}" + _ended(clock)
        elif was["state"] != clock["state"] and clock["state"] not in OPEN:
            yield f"Stopped: {name}" + _ended(clock)
        elif was["state"] != clock["state"]:
            yield f"Now {clock['state']}: {name}, due {when(clock['due_at'])}"
        elif was["due_at"] != clock["due_at"]:
            yield f"Moved: {name}, due {when(clock['due_at'])}"


def still_running(after: Sequence[Wire], explanations: Sequence[Wire], done: Set[str]) -> Iterator[str]:
    """Clocks that such a fact may stop, but this one did not: what it takes (a reply without plan and time)."""
    told = {identity(each["clock"]): each for each in explanations}
    for clock in after:
        explanation = told.get(identity(clock), {})
        may_stop = done & set(explanation.get("rule", {}).get("stops_on", ()))
        if may_stop and clock["state"] in OPEN and not clock.get("key"):
            yield f"Not stopped: {clock_name(clock)}; it {words(explanation['stops'])}"


def next_due(after: Sequence[Wire]) -> Iterator[str]:
    """What is due next, broken deadlines first."""
    waiting = sorted((c for c in after if c["state"] in ("running", "breached")), key=lambda c: str(c["due_at"]))
    for clock in [c for c in waiting if c["state"] == "running" or is_overdue(c)][:SHOWN_NEXT]:
        yield f"Next due: {clock_name(clock)}, {when(clock['due_at'])} ({_left(clock)})"


def _left(clock: Wire) -> str:
    left = left_text(clock).plain
    return left if is_overdue(clock) else f"{left} left"


def _ended(clock: Wire) -> str:
    late = left_text(clock).plain
    return "" if clock["state"] in OPEN else f" ({late or clock['state']})"


def _caught_up(rpc: Rpc, case: Wire) -> list[Wire] | None:
    """The clocks of this version of the case; None when sla does not get there within a short while."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    try:
        while True:
            answer = rpc.call("sla.clocks", {"case_no": case["case_no"]})
            if answer["case_version"] >= case["version"]:
                clocks: list[Wire] = answer["clocks"]
                return clocks
            if time.monotonic() > deadline:
                return None
            time.sleep(POLL_SECONDS)
    except Unavailable:
        return None


def _explanations(rpc: Rpc, case: Wire) -> list[Wire]:
    try:
        found: list[Wire] = rpc.call("sla.explain", {"case_no": case["case_no"]})["explanations"]
        return found
    except (NotFound, Unavailable):
        return []
