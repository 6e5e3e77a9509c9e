"""When a message may go: quiet hours, rates, bundling of floods; the urgent passes (NO-6).

A flow is what goes to one address on one channel. Its first message goes at once and opens a window; what comes while
the window is open goes together when it closes, which opens the next, longer one; what comes soon after goes at once
and opens a longer one too. A flow that is silent for as long as its window was begins anew.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.domain.intents import Intent
from services.notify.domain.policy import Policy, Quiet


@dataclass(frozen=True, slots=True)
class Flow:
    """What went to one address on one channel lately.

    `open_until`: the end of the window; `step`: how many windows followed on each other; `held`: something waits for
    the end. `counted` messages went since `counting_from`.
    """

    open_until: datetime | None = None
    step: int = 0
    held: bool = False
    counting_from: datetime | None = None
    counted: int = 0


def plan(intent: Intent, flow: Flow, now: datetime, policy: Policy, *, first_of_major: bool) -> tuple[datetime, Flow]:
    """The instant from which the message may go, and the flow after it.

    The first message to somebody about a major case never waits for a window or a rate (`first_of_major`).
    """
    due = max(now, intent.not_before or now)
    if intent.urgent:
        return due, flow
    if intent.quiet:
        due = after_quiet(due, policy.quiet[intent.audience], policy)
    if due > now or first_of_major:
        return due, flow
    if not intent.bundle:
        return _rated(intent, flow, now, policy)
    return _bundled(intent, flow, now, policy)


def after_quiet(instant: datetime, quiet: Quiet, policy: Policy) -> datetime:
    """The instant itself, or the end of the quiet hours that it falls into."""
    there = instant.astimezone(policy.zone)
    begin, end, now = quiet.begin, quiet.end, there.time()
    inside = begin <= now < end if begin < end else now >= begin or now < end
    if not inside:
        return instant
    day = there.date() + timedelta(days=1) if begin > end and now >= begin else there.date()
    return datetime.combine(day, end, policy.zone).astimezone(instant.tzinfo)


def _bundled(intent: Intent, flow: Flow, now: datetime, policy: Policy) -> tuple[datetime, Flow]:
    flow = _caught_up(flow, now, policy.windows)
    if flow.open_until is not None and now < flow.open_until:
        return flow.open_until, replace(flow, held=True)
    due, flow = _rated(intent, flow, now, policy)
    if due > now:
        return due, replace(flow, open_until=due, held=True)
    return now, replace(flow, open_until=now + policy.windows[flow.step], held=False)


def _caught_up(flow: Flow, now: datetime, windows: tuple[timedelta, ...]) -> Flow:
    """The flow as it stands now: windows that closed meanwhile with something held have opened the next one."""
    if flow.open_until is None or now < flow.open_until:
        return flow
    step = min(flow.step + 1, len(windows) - 1)
    if flow.held:
        opened = replace(flow, open_until=flow.open_until + windows[step], step=step, held=False)
        return replace(opened, counted=flow.counted + 1) if now < flow.open_until + windows[step] else _anew(opened)
    return replace(flow, step=step) if now < flow.open_until + windows[flow.step] else _anew(flow)


def _anew(flow: Flow) -> Flow:
    return replace(flow, open_until=None, step=0, held=False)


def _rated(intent: Intent, flow: Flow, now: datetime, policy: Policy) -> tuple[datetime, Flow]:
    """Count one more message, or put it off to the end of the span in which there were too many."""
    rate = policy.rates.get(intent.channel)
    if rate is None:
        return now, flow
    if flow.counting_from is None or now >= flow.counting_from + rate.per:
        return now, replace(flow, counting_from=now, counted=1)
    if flow.counted < rate.messages:
        return now, replace(flow, counted=flow.counted + 1)
    return flow.counting_from + rate.per, flow


def flow_key(intent: Intent) -> tuple[str, str]:
    """The flow that a message belongs to."""
    return intent.channel, intent.address
