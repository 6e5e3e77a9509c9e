"""The half of intake on nameko that works behind the caller's back, and what operators and clerks ask of it."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.intake import handlers
from services.intake.schemas import (
    Assignment,
    ExplainAssignment,
    PublishAssignment,
    RunAssignment,
)
from shared.base.people import load_people
from shared.outbox.firing import Chore
from shared.runtime.chores import Chores
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

Answer = dict[str, Any]
House = handlers.House


def house_of(resources: Resources) -> House:
    """What is decided about cases behind the caller's back."""
    return House(load_people(resources.settings.people))


def after_registration(resources: Resources) -> Chore:
    """What is done to a case once it is registered."""
    return handlers.after_registration(house_of(resources))


def publish_assignment(desk: Desk, house: House, request: Answer) -> Answer:
    """Make a version of the rules once per request id."""
    return desk.do(lambda uow: handlers.publish_assignment(house, uow, request))


def run_assignment(desk: Desk, house: House, request: Answer) -> Answer:
    """Give out a page of cases once per request id, or say what would become of it."""
    if request["dry_run"]:
        return desk.ask(lambda connection: handlers.preview_assignment(house, connection, desk.now(), request))
    return desk.do(lambda uow: handlers.run_assignment(house, uow, request))


def explain_assignment(desk: Desk, house: House, request: Answer) -> Answer:
    """Why a case has its owner."""
    return desk.ask(lambda connection: handlers.explain_assignment(house, connection, desk.now(), request))


def ask(desk: Desk, question: Callable[[sa.Connection, Answer], Answer], request: Answer) -> Answer:
    """Answer a question."""
    return desk.ask(lambda connection: question(connection, request))


class Afterwards(Operated):
    """Assignment (IN-19)."""

    work = Work()
    house = Built(house_of)
    after_registration = Chores(after_registration)

    @rpc(PublishAssignment)
    def publish_assignment(self, request: Answer) -> Answer:
        """Make a version of the rules of assignment."""
        return publish_assignment(self.work, self.house, request)

    @rpc(Assignment)
    def assignment(self, request: Answer) -> Answer:
        """The rules of assignment."""
        return ask(self.work, handlers.show_assignment, request)

    @rpc(RunAssignment)
    def run_assignment(self, request: Answer) -> Answer:
        """Let the rules give out what nobody has."""
        return run_assignment(self.work, self.house, request)

    @rpc(ExplainAssignment)
    def explain_assignment(self, request: Answer) -> Answer:
        """Why a case has its owner, or none."""
        return explain_assignment(self.work, self.house, request)
