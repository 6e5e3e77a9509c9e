"""What one service process holds: settings, clock, database, messaging, metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.erasure_key import digest_of
from shared.base.service_settings import ServiceSettings
from shared.outbox import Answers, Held, Inbox, MessagingTables, Voice
from shared.outbox.firing import Firing
from shared.outbox.forgotten import Forgotten
from shared.outbox.relay import Relay
from shared.outbox.retention import tidy
from shared.runtime.metrics import Metrics

CONFIG_KEY = "aftercare"


@dataclass
class Resources:
    """Everything that entrypoints and providers share; made by the runner, or by a test."""

    service: str
    settings: ServiceSettings
    clock: SuiteClock
    database: Database
    tables: MessagingTables
    metrics: Metrics
    voice: Voice = field(init=False)
    forgotten: Forgotten = field(init=False)
    inbox: Inbox = field(init=False)
    held: Held = field(init=False)
    firing: Firing = field(init=False)
    answers: Answers = field(init=False)
    relay: Relay = field(init=False)
    checks: dict[str, Callable[[], bool]] = field(default_factory=dict)
    """Readiness by name; asked by health."""
    loops: dict[str, Callable[[], bool]] = field(default_factory=dict)
    """Readiness of what depends on nothing outside, by name."""
    timers: list[Any] = field(default_factory=list)
    """The timer loops; asked when the clock is moved."""
    chores: list[Any] = field(default_factory=list)
    """The loops of work that is due at once; asked when the suite must come to rest."""
    consumers: list[Any] = field(default_factory=list)
    """The event consumers; asked when the suite must come to rest."""
    callers: dict[str, Any] = field(default_factory=dict)
    """The callers of other services by name."""
    methods: Mapping[str, Any] = field(default_factory=dict)
    """The RPC methods by name, for what answers outside a nameko worker, like HTTP."""
    is_open: bool = False
    """Whether requests are taken: from the end of the start to the beginning of the stop."""

    def __post_init__(self) -> None:
        self.voice = Voice(self.service, self.tables.outbox)
        self.forgotten = Forgotten(self.tables, digest_of(self.settings))
        self.inbox = Inbox(self.database, self.tables, self.forgotten)
        self.held = Held(self.database, self.tables)
        self.firing = Firing(self.database, self.inbox, self.held)
        self.answers = Answers(self.database, self.tables.answers)
        self.relay = Relay(self.database, self.tables.outbox)

    def tidy(self, now: datetime) -> int:
        """Delete old messages; how many went."""
        return tidy(self.database, self.tables, now)


def resources_of(container: Any) -> Resources:
    """The resources that the runner gave to a container."""
    found: Resources = container.config[CONFIG_KEY]
    return found
