"""A clock as it is kept beside its derivation: with what was said of it."""

from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import State
from services.sla.domain.usage import Usage

NO_KEY = ""


@dataclass(slots=True)
class Record:
    """One generation of a clock; nobody changes one, they are replaced (frozen ones cost too much on the hot path).

    `state` is what was said last: a breach is one only when its timer has said so. `revision` counts what was said of
    all generations of this clock. `breached_at` is when the breach was said, `revoked_at` when it was last taken back.
    `used_percent` is how much of the limit it took, in the limit's own measure, once there is a verdict (SL-9).
    From `counted_from` on other rules count; `used_before` seconds were used by then.
    """

    case_no: str
    name: str
    key: str
    generation: int
    revision: int
    state: State
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    ended_at: datetime | None
    paused_since: datetime | None
    paused_seconds: float
    measure: Measure
    provisional: bool
    policy_version: str
    calendar: str
    calendar_version: str
    warned: tuple[float, ...] = ()
    breached_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    used_percent: int | None = None
    counted_from: datetime | None = None
    used_before: float = 0.0
    id: int | None = None

    @property
    def identity(self) -> tuple[str, str, int]:
        """Which clock of its case it is."""
        return self.name, self.key, self.generation

    @property
    def line(self) -> str:
        """Which clock of its case it is a generation of."""
        return f"{self.name}/{self.key}"

    @property
    def usage(self) -> Usage:
        """What of the limit is used and left."""
        until = self.paused_since if self.ended_at is None else self.ended_at
        return Usage(
            measure=self.measure,
            started_at=self.started_at,
            due_at=self.due_at,
            until=until,
            paused_seconds=self.paused_seconds,
            counted_from=self.counted_from,
            used_before=self.used_before,
        )
