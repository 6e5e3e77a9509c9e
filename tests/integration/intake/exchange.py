"""A telephone exchange beside the office: it tells of calls, as exchanges do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake import handlers
from services.intake.schemas import CallEventRequest, FindCalls, GetCall, ReconcileCalls
from shared.base.schema import load
from tests.integration.intake.office import Office

Answer = dict[str, Any]
CALLER, LINE = "13800138000", "4008008820"


@dataclass
class Exchange:
    """Sends events of calls, one unit of work each."""

    office: Office
    source: str = "exchange-1"

    def tells(self, event: str, call_id: str = "c-1", at: datetime | None = None, **given: Any) -> Answer:
        """One event of a call, told to intake."""
        with self.office.database.write() as uow:
            request = load(CallEventRequest(), self.event(event, call_id, at, **given))
            return handlers.call_event(uow, self.office.house(), request)

    def event(self, event: str, call_id: str = "c-1", at: datetime | None = None, **given: Any) -> Answer:
        """One event as it goes over the wire; `caller` stands for `from`."""
        caller = given.pop("caller", CALLER)
        told = {"event": event, "call_id": call_id, "source": self.source, "direction": "in"}
        usual = {"from": caller, "to": LINE, **({"at": at.isoformat()} if at else {})}
        return {**told, **usual, **given}

    def misses(self, call_id: str, **given: Any) -> Answer:
        """A call that nobody takes."""
        self.tells("newCall", call_id, **given)
        return self.tells("hangup", call_id, cause="noAnswer", **given)

    def calls(self, call_id: str, user: str, number: str = CALLER, **given: Any) -> Answer:
        """We call somebody, and they answer."""
        ours = {"direction": "out", "caller": LINE, "to": number, "user": user, **given}
        self.tells("newCall", call_id, **ours)
        return self.tells("answer", call_id, **ours)

    def get(self, call_id: str) -> Answer:
        """One call."""
        with self.office.database.read() as connection:
            request = load(GetCall(), {"call_id": call_id, "source": self.source})
            return handlers.get_call(connection, request)

    def find(self, **wanted: Any) -> list[str]:
        """The ids of a page of calls; `since` stands for `from`."""
        request = {"from" if name == "since" else name: value for name, value in wanted.items()}
        with self.office.database.read() as connection:
            found = handlers.find_calls(connection, load(FindCalls(), request))
            return [call["call_id"] for call in found["calls"]]

    def row(self, call_id: str, at: datetime, **given: Any) -> Answer:
        """One row of its own records; `caller` stands for `from`."""
        caller = given.pop("caller", CALLER)
        told = {"call_id": call_id, "direction": "in", "started_at": at.isoformat(), "seconds": 30}
        return {**told, "from": caller, "to": LINE, **given}

    def reconcile(self, *rows: Any, **asked: Any) -> Answer:
        """Its own records against what it told."""
        with self.office.database.write() as uow:
            request = load(ReconcileCalls(), {"calls": list(rows), "source": self.source, **asked})
            return handlers.reconcile_calls(uow, self.office.house(), request)
