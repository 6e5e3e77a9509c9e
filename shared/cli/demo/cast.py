"""Who is who: which case and which work order belongs to which thread of the story."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from shared.cli.demo.acts import Ref
from shared.cli.demo.desk import Memory
from shared.cli.demo.journal import Heard

MACHINE: Final = "line"
"""The thread of the story about a machine: its orders, and the cases that maintenance opens."""


class Cast:
    """Filled while the run names things."""

    def __init__(self, labels: Collection[str], memory: Memory) -> None:
        self._labels = labels
        self.memory = memory
        self._names: dict[str, str] = {}
        self._planned: Counter[str] = Counter()
        self._machine: str | None = None

    def meet(self, heard: Heard) -> None:
        """Learn from an event who a new case or order is."""
        if heard.type == "case.registered.v1" and heard.case_no:
            self._names[heard.case_no] = self._name_of_new(heard)
        if heard.type == "order.planned.v1" and heard.order_no and heard.order_no not in self._names:
            self._names[heard.order_no] = self._name_of_order(heard.data["order"])

    def name_of(self, heard: Heard) -> str | None:
        """The label of the case or order that an event is about."""
        return self._names.get(heard.case_no or "") or self._names.get(heard.order_no or "")

    def label_of(self, heard: Heard) -> str | None:
        """The thread of the story that an event belongs to; None for everybody else."""
        name = self.name_of(heard)
        return name if name in self._labels else None

    def _name_of_order(self, order: Mapping[str, Any]) -> str:
        """Orders of the story's machine are numbered by level, for the script to name them."""
        machine, level = order["equipment_id"], order["level"]
        if self._machine is None:
            self._machine = machine  # the story's is the first one registered
        if machine != self._machine:
            return str(machine)
        self._planned[level] += 1
        self.memory.named[Ref("order", f"{level}-{self._planned[level]}")] = order["order_no"]
        return MACHINE

    def _name_of_new(self, heard: Heard) -> str:
        case = heard.data["case"]
        if case["channel"] != "maintenance":
            return str(case.get("external_ref"))
        self.memory.named[Ref("case", MACHINE)] = case["case_no"]
        return MACHINE
