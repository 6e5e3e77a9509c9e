"""Intake on nameko: what it answers, what it hears, room by room; and the same over HTTP."""

from functools import partial
from pathlib import Path

from services.intake import handlers
from services.intake.doors.articles import Articles
from services.intake.doors.assignment import Assignments, forget_old_keys
from services.intake.doors.calls import Calls
from services.intake.doors.cases import Cases
from services.intake.doors.common import people_of, settings_of
from services.intake.doors.customers import Customers
from services.intake.doors.handling import Handling
from services.intake.doors.mail import Mail, forget_old_mail
from services.intake.doors.proof import Proof
from services.intake.doors.surveys import Surveys
from services.intake.http import Api, Gate, Keys, Wsgi, behind
from services.intake.settings import Settings
from services.intake.storage.told import whole
from shared.base.tokens import make_first
from shared.runtime.events import Batch, events
from shared.runtime.providers import EventRelay, Housekeeping
from shared.runtime.resources import Resources


class Service(Cases, Handling, Calls, Customers, Assignments, Surveys, Articles, Mail, Proof):
    """The rooms under one name, and what comes back from other services."""

    name = "intake"

    relay = EventRelay(whole)
    housekeeping = Housekeeping(also=lambda resources: forget_old_mail(resources) + forget_old_keys(resources))

    @events("intake.brought-back", {"escalation": handlers.FROM_ESCALATION, "maintenance": handlers.FROM_MAINTENANCE})
    def brought_back(self, batch: Batch) -> None:
        """What others did for a case becomes a fact of it, what maintenance found a case."""
        batch.apply(partial(handlers.hear, self.house))


def http(resources: Resources) -> Wsgi:
    """The HTTP interface, mounted beside health; behind proxies a caller's address is what they say it is."""
    settings = settings_of(resources)
    keys = Keys(tokens_file(settings))
    gate = Gate(keys, people_of(resources), settings.rate, settings.stranger_rate)
    return behind(settings.proxies, Api(resources.methods, gate))


def tokens_file(settings: Settings) -> Path | None:
    """The operator's file of tokens; the embedded suite makes one, in production without one nobody gets in."""
    if settings.tokens is None and settings.is_production:
        return None
    return settings.tokens or make_first(settings.data)
