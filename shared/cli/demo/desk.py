"""Doing what the script says: requests with their gaps filled, many in flight, each case's in their order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shared.cli.demo.acts import Act, Ref
from shared.cli.rpc import Answer, Rpc
from shared.kernel.errors import AftercareError, Conflict, NotFound

IN_FLIGHT: Final = 20


@dataclass
class Memory:
    """What the run has named so far, for the gaps in later requests."""

    named: dict[Ref, str] = field(default_factory=dict)

    def case_of(self, label: str) -> str | None:
        """The number of the case with this label."""
        return self.named.get(Ref("case", label))

    def learn(self, act: Act, answer: Answer) -> None:
        """Keep the names in an answer: case, order, equipment, and the keys of promises and appointments."""
        for what in ("case", "order", "equipment", "escalation"):
            for suffix in ("_no", "_id"):
                name = answer.get(f"{what}{suffix}")
                if isinstance(name, str):
                    self.named[Ref(what, act.label)] = name
        for fact in answer.get("facts", []):
            if "key" in fact:
                self.named[Ref(fact["fact"], act.label)] = fact["key"]

    def filled(self, value: Any) -> Any:
        """The value with every gap filled; raises KeyError for one that nothing has named."""
        if isinstance(value, Ref):
            return self.named[value]
        if isinstance(value, Mapping):
            return {name: self.filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        return value


@dataclass(frozen=True)
class Refusal:
    """An act that was refused, and why."""

    act: Act
    why: str


class Desk:
    """Takes acts to the services."""

    def __init__(self, rpc: Rpc, memory: Memory) -> None:
        self._rpc = rpc
        self._memory = memory
        self._open = 0
        self.done = 0
        self.too_late = 0
        self.refusals: list[Refusal] = []

    def perform(self, acts: Sequence[Act]) -> None:
        """Do them all: those of one label one after the other, the others at the same time."""
        lines: defaultdict[str, list[Act]] = defaultdict(list)
        for act in acts:
            lines[act.label].append(act)
        while lines:
            for label in list(lines):
                self._send(lines[label].pop(0))
                if not lines[label]:
                    del lines[label]
            self._wait_below(1)

    def _send(self, act: Act) -> None:
        self._wait_below(IN_FLIGHT)
        try:
            request = self._memory.filled(act.request)
        except KeyError as error:
            self.refusals.append(Refusal(act, f"nothing is called {error.args[0]}"))
            return
        self._open += 1
        self._rpc.send(act.method, request, lambda outcome: self._settle(act, outcome))

    def _settle(self, act: Act, outcome: Answer | AftercareError) -> None:
        self._open -= 1
        if act.may_be_late and isinstance(outcome, NotFound | Conflict):
            self.too_late += 1
        elif isinstance(outcome, AftercareError):
            self.refusals.append(Refusal(act, str(outcome)))
        else:
            self.done += 1
            self._memory.learn(act, outcome)

    def _wait_below(self, limit: int) -> None:
        while self._open >= limit:
            self._rpc.pump()
