"""The table at the end, and whether what was heard is what the services themselves say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from shared.cli.demo.tally import MESSAGE_STATES, Tally
from shared.cli.demo.words import Words, read_words
from shared.cli.rpc import Answer, Rpc
from shared.kernel.errors import AftercareError

PAGE: Final = 500
IN_FLIGHT: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: int

    @property
    def title(self) -> Words:
        """What it is called."""
        found = read_words("sayings.yaml")["summary"][self.name]
        return Words(found["en"], found["zh"])


def rows(counted: Tally) -> list[Row]:
    """The summary's figures."""
    return [
        Row("cases", len(counted.cases)),
        Row("assigned", counted.assigned),
        Row("resolved", sum(counted.case_states[state] for state in ("resolved", "revisited", "closed"))),
        Row("clocks", len(counted.clocks)),
        Row("met", counted.kept),
        Row("breached", counted.broken),
        Row("escalations", len(counted.escalations)),
        Row("steps", counted.steps_reached),
        Row("acknowledged", counted.acknowledged),
        Row("teams", counted.teams),
        Row("alerts", sum(counted.alerts.values())),
        *(Row(f"messages_{state}", counted.reached.get(state, 0)) for state in MESSAGE_STATES),
        Row("orders", len(counted.orders)),
        Row("orders_done", counted.order_events.get("completed", 0)),
        Row("orders_overdue", counted.order_events.get("overdue", 0)),
        Row("defects", counted.defects),
    ]


def table(counted: Tally, lang: str) -> Table:
    """The figures for a terminal."""
    made = Table(box=None, pad_edge=False, show_header=False)
    made.add_column()
    made.add_column(justify="right")
    for row in rows(counted):
        made.add_row(row.title[lang], f"{row.value:,}")
    return made


@dataclass(frozen=True)
class Answered:
    """What the services answer at the end: the state of each case and message, and every order.

    Not every state of an order is an event.
    """

    cases: Mapping[str, str]
    orders: Set[str]
    messages: Mapping[str, str]


def ask_services(rpc: Rpc) -> Answered:
    """Ask intake for every case, maintenance for every order, notify for the messages of each."""
    cases = {case["case_no"]: case["state"] for case in _every(rpc, "intake.find_cases", "cases")}
    orders = {order["order_no"] for order in _every(rpc, "maintenance.orders", "orders")}
    questions = [{"case_no": number} for number in cases] + [{"order_no": number} for number in orders]
    return Answered(cases, orders, _messages(rpc, questions))


def _every(rpc: Rpc, method: str, name: str) -> Iterator[Mapping[str, Any]]:
    page = rpc.call(method, {"limit": PAGE})
    yield from page[name]
    while "next" in page:
        page = rpc.call(method, {"limit": PAGE, "after": page["next"]})
        yield from page[name]


def _messages(rpc: Rpc, questions: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The state of every message about these, asked for many at a time."""
    answers: list[Answer | AftercareError] = []
    for sent, question in enumerate(questions, start=1):
        rpc.send("notify.messages", question, answers.append)
        while sent - len(answers) >= IN_FLIGHT:
            rpc.pump()
    while len(answers) < len(questions):
        rpc.pump()
    found: dict[str, str] = {}
    for answer in answers:
        if isinstance(answer, AftercareError):
            raise answer
        found |= {each["message_id"]: each["state"] for each in answer["messages"]}
    return found


def differences(counted: Tally, answered: Answered) -> list[str]:
    """Where events and services disagree; empty when they do not."""
    wrong = [*_compare("cases", _states(counted.cases), answered.cases)]
    wrong += _compare("messages", _states(counted.messages), answered.messages)
    if set(counted.orders) != answered.orders:
        wrong.append(f"orders: {len(counted.orders)} by events, {len(answered.orders)} by the service")
    return wrong


def _states(things: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: thing["state"] for name, thing in things.items()}


def _compare(what: str, heard: Mapping[str, str], told: Mapping[str, str]) -> Iterator[str]:
    if len(heard) != len(told):
        yield f"{what}: {len(heard)} by events, {len(told)} by the service"
    by_event, by_service = Counter(heard.values()), Counter(told.values())
    for state in sorted(set(by_event) | set(by_service)):
        if by_event[state] != by_service[state]:
            yield f"{what} in state {state}: {by_event[state]} by events, {by_service[state]} by the service"
