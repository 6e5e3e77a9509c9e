"""What the rooms of intake on nameko share: settings, people, how sla is asked, how work is done."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from services.intake import handlers
from services.intake.domain.handling.book import Handbook
from services.intake.domain.warranty import Rule
from services.intake.gateways.files import Files
from services.intake.handlers.promising import AskPromise
from services.intake.settings import Settings
from services.intake.storage.policy_files import HandlingFiles, load_handbook, load_repeats
from shared.base.database import UnitOfWork
from shared.base.people import People, load_people
from shared.kernel.errors import Unavailable
from shared.outbox.answers import AS_IT_IS, Brief
from shared.runtime.providers import Desk
from shared.runtime.resources import Resources

Answer = dict[str, Any]


def do(desk: Desk, work: Callable[[UnitOfWork], Answer]) -> Answer:
    """Do something once per request id."""
    return desk.do(work)


def do_together(desk: Desk, work: Callable[[UnitOfWork], Answer], brief: Brief = AS_IT_IS) -> Answer:
    """The same for what is asked for by the hundred."""
    return desk.do_together(work, brief)


def ask(desk: Desk, question: Callable[[sa.Connection, Answer], Answer], request: Answer) -> Answer:
    """Answer a question."""
    return desk.ask(lambda connection: question(connection, request))


def settings_of(resources: Resources) -> Settings:
    """The service's own settings."""
    settings = resources.settings
    if not isinstance(settings, Settings):
        raise TypeError("intake needs its own settings")
    return settings


def people_of(resources: Resources) -> People:
    """The operator's people, or the example organisation."""
    return load_people(resources.settings.people)


def rights_of(resources: Resources) -> handlers.Rights:
    """Who may do and see what."""
    return handlers.Rights(people_of(resources), handlers.load_roles(settings_of(resources).roles))


def warranty_of(resources: Resources) -> Sequence[Rule]:
    """The operator's rules of warranty, or the house's own."""
    return handlers.load_warranty(settings_of(resources).warranty)


def handbook_of(resources: Resources) -> Handbook:
    """What is decided about handling."""
    settings = settings_of(resources)
    own = HandlingFiles(closing=settings.closing, compensation=settings.compensation, duties=settings.duties)
    return load_handbook(own, people_of(resources))


def house_of(resources: Resources) -> handlers.House:
    """What this process's work goes by."""
    settings = settings_of(resources)
    rules, repeats = handlers.load_roles(settings.roles), load_repeats(settings.repeats)
    return handlers.House(people_of(resources), repeats, rules=rules, handbook=handbook_of(resources))


def cupboard_of(resources: Resources) -> handlers.Cupboard:
    """Where evidence lies."""
    settings = settings_of(resources)
    folder = settings.evidence_folder or settings.data / "evidence"
    return handlers.Cupboard(Files(folder), settings.evidence_most_mb * 1_000_000)


def promise_asker(resources: Resources) -> AskPromise:
    """How sla is asked; it answers Unavailable at once where promises are switched off or the broker is not reached."""

    def ask_sla(question: Answer) -> Answer:
        caller = resources.callers.get("sla")
        if caller is None or not promising:
            raise Unavailable("sla is not asked")
        answer: Answer = caller.call("promise", question)
        return answer

    promising = settings_of(resources).promises == "on"
    return ask_sla
