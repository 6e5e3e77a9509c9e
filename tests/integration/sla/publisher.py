"""SLA's handlers by what is published, as a test speaks to them: the desk, and who publishes."""

from pathlib import Path
from typing import Any

from services.sla import handlers
from services.sla.handlers import LiveRules, Rules
from services.sla.schemas import Preview, Publications, PublishCalendar, Published, PublishPolicy
from shared.base.database import Database
from shared.base.schema import load
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import CASE_NO, Desk, Heard, event_of
from tests.unit.sla.cases import Told


class Publisher(Desk):
    """One replica of sla."""

    def __init__(self, database: Database, clock: ManualClock, own: Path | None = None) -> None:
        super().__init__(database, clock)
        self.live: LiveRules = handlers.live_rules(database, own)

    def tell(self, case: Told, *, case_no: str = CASE_NO, version: int | None = None, **more: Any) -> list[Heard]:
        """The case as it is now; what sla says to that."""
        with self.database.write() as uow:
            event = event_of(case, case_no, version or len(case.facts), **more)
            handlers.case_changed(self.live.held_by(uow), uow, event)
        return self.heard()

    def fire_now(self, limit: int = 100) -> int:
        """One batch of timers due by now."""
        with self.database.write() as uow:
            return handlers.fire_due(self.live.held_by(uow), uow, limit)

    def answer(self, question: Any, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to any question."""
        with self.database.read() as connection:
            rules: Rules = self.live.seen_by(connection)
            return question(rules, connection, self.clock.now(), request)

    def publish_policy(self, **asked: Any) -> dict[str, Any]:
        """A version of the policy."""
        return self._publish(load(PublishPolicy(), {"running": "recompute", "by": "chen"} | asked))

    def publish_calendar(self, **asked: Any) -> dict[str, Any]:
        """A version of a calendar, `cn` unless said."""
        return self._publish(load(PublishCalendar(), {"name": "cn", "running": "recompute", "by": "chen"} | asked))

    def _publish(self, request: dict[str, Any]) -> dict[str, Any]:
        with self.database.write() as uow:
            answer = handlers.publish(self.live, uow, request)
        self.live.look_again()
        return answer

    def preview(self, **asked: Any) -> dict[str, Any]:
        """A page of what would change."""
        return self.answer(handlers.preview, load(Preview(), {"running": "recompute"} | asked))

    def publications(self, **asked: Any) -> list[dict[str, Any]]:
        """What was published, newest first."""
        found: list[dict[str, Any]] = self.answer(handlers.publications_told, load(Publications(), asked))[
            "publications"
        ]
        return found

    def published(self, **asked: Any) -> dict[str, Any]:
        """One version with its body."""
        return self.answer(handlers.in_force, load(Published(), asked))

    def step(self, limit: int = 100) -> int:
        """One piece of the work that was published."""
        with self.database.write() as uow:
            return handlers.republish(self.live, uow, limit)

    def carry_through(self, limit: int = 100) -> list[Heard]:
        """All of it; what sla says."""
        while self.is_at_work():
            self.step(limit)
        return self.heard()

    def is_at_work(self) -> bool:
        """Whether work is left."""
        with self.database.read() as connection:
            return handlers.next_republished(connection) is not None
