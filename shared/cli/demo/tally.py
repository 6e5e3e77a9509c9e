"""The figures of a run, counted from what was heard. Pure: a journal in, numbers out."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.cli.demo.journal import Heard, Journal
from shared.cli.demo.words import ZONE
from shared.kernel.instants import parse_instant

Data = Mapping[str, Any]

ASSIGNMENT: Final = "system:assignment"
KEPT: Final = ("met",)
BROKEN: Final = ("breached", "late")
MESSAGE_STATES: Final = ("accepted", "sent", "delivered", "failed", "expired", "unknown")


@dataclass(frozen=True)
class Tally:
    """Everything that was counted."""

    cases: Mapping[str, Data]
    """The newest version of each case, by number."""
    assigned: int
    """Cases that were given to somebody by rules (IN-19)."""
    clocks: tuple[Data, ...]
    """The newest revision of each clock of live cases."""
    breaches: tuple[Heard, ...]
    revoked: int
    escalations: Mapping[str, Data]
    steps_reached: int
    acknowledged: int
    teams: int
    alerts: Mapping[str, int]
    messages: Mapping[str, Data]
    """The newest state of each message, by id."""
    reached: Mapping[str, int]
    """How many messages ever reached each state."""
    orders: Mapping[str, Data]
    order_events: Mapping[str, int]
    defects: int

    @property
    def case_states(self) -> Counter[str]:
        """Cases by the state they ended in."""
        return Counter(case["state"] for case in self.cases.values())

    @property
    def clock_states(self) -> Counter[str]:
        """Clocks by their state."""
        return Counter(clock["state"] for clock in self.clocks)

    @property
    def kept(self) -> int:
        """Clocks that were met."""
        return sum(self.clock_states[state] for state in KEPT)

    @property
    def broken(self) -> int:
        """Clocks that were breached, whether what they wanted was done later or not."""
        return sum(self.clock_states[state] for state in BROKEN)

    @property
    def message_states(self) -> Counter[str]:
        """Messages by the state they ended in."""
        return Counter(message["state"] for message in self.messages.values())

    @property
    def order_states(self) -> Counter[str]:
        """Work orders by the state they ended in."""
        return Counter(order["state"] for order in self.orders.values())

    def clock_verdicts(self) -> dict[str, Counter[str]]:
        """For each kind of clock, how many were kept and how many broken."""
        found: dict[str, Counter[str]] = {}
        for clock in self.clocks:
            verdict = "met" if clock["state"] in KEPT else "late" if clock["state"] in BROKEN else None
            if verdict:
                found.setdefault(clock["clock"], Counter())[verdict] += 1
        return found

    def breaches_by_place_and_hour(self) -> dict[str, Counter[int]]:
        """For each region, breaches by the hour of the day at which the clock ran out."""
        found: dict[str, Counter[int]] = {}
        for each in self.breaches:
            due = parse_instant(each.data["clock"]["due_at"]).astimezone(ZONE)
            found.setdefault(each.data["case"]["region"], Counter())[due.hour] += 1
        return found

    def messages_by_channel(self) -> dict[str, Counter[str]]:
        """For each channel, messages by the state they ended in."""
        found: dict[str, Counter[str]] = {}
        for message in self.messages.values():
            found.setdefault(message["channel"], Counter())[message["state"]] += 1
        return found


def tally(journal: Journal) -> Tally:
    """Count what was heard."""
    messages = list(journal.events("message."))
    return Tally(
        cases=_newest(journal.events("case."), lambda data: data["case"], lambda case: case["case_no"]),
        assigned=sum(each.data["fact"]["by"] == ASSIGNMENT for each in journal.events("case.handed_over.")),
        clocks=tuple(_newest(journal.events("clock."), lambda data: data["clock"], _clock_key).values()),
        breaches=tuple(journal.events("clock.breached.")),
        revoked=_count(journal, "clock.breach_revoked."),
        escalations=_newest(
            journal.events("escalation."), lambda data: data["escalation"], lambda each: each["escalation_id"]
        ),
        steps_reached=_count(journal, "escalation.step_reached."),
        acknowledged=_count(journal, "escalation.acknowledged."),
        teams=_count(journal, "team.formed."),
        alerts=Counter(each.data["alert"]["kind"] for each in journal.alerts()),
        messages=_newest(messages, lambda data: data["message"], lambda each: each["message_id"]),
        reached=Counter(state for _, state in {(_message_id(each), each.type.split(".")[1]) for each in messages}),
        orders=_newest(journal.events("order."), lambda data: data["order"], lambda each: each["order_no"]),
        order_events=Counter(each.type.split(".")[1] for each in journal.events("order.")),
        defects=_count(journal, "defect.found."),
    )


def _newest(heard: Iterable[Heard], part: Callable[[Data], Data], key: Callable[[Data], Hashable]) -> dict[Any, Data]:
    """The newest of each thing: the highest sequence, and of equal ones the last heard."""
    newest: dict[Hashable, tuple[int, Data]] = {}
    for each in heard:
        thing = part(each.data)
        name, sequence = key(thing), each.envelope.sequence
        if name not in newest or sequence >= newest[name][0]:
            newest[name] = (sequence, thing)
    return {name: thing for name, (_, thing) in newest.items()}


def _clock_key(clock: Data) -> Hashable:
    return (clock["case_no"], clock["clock"], clock.get("key"), clock["generation"])


def _message_id(heard: Heard) -> str:
    found: str = heard.data["message"]["message_id"]
    return found


def _count(journal: Journal, prefix: str) -> int:
    return sum(1 for _ in journal.events(prefix))
