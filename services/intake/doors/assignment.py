"""What is done behind the caller's back: assignment (IN-19) and repeats (IN-20)."""

from functools import partial

from services.intake import handlers
from services.intake.doors.common import Answer, ask, do, house_of
from services.intake.schemas import (
    Assignment,
    DecideRepeat,
    ExplainAssignment,
    PublishAssignment,
    Repeats,
    RunAssignment,
)
from shared.outbox.firing import Chore
from shared.runtime.chores import Chores
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

House = handlers.House


def forget_old_keys(resources: Resources) -> int:
    """Delete what repeats are found by, once they are too old to be found; how many rows."""
    policy, removed = house_of(resources).repeats, 0
    while True:
        with resources.database.write() as uow:
            went = handlers.forget_old_keys(policy, uow)
        if not went:
            return removed
        removed += went


def after_registration(resources: Resources) -> Chore:
    """What is done to a case once it is registered."""
    return handlers.after_registration(house_of(resources))


def run_assignment(desk: Desk, house: House, request: Answer) -> Answer:
    """Give out a page of cases once per request id, or say what would become of it."""
    if request["dry_run"]:
        return desk.ask(lambda connection: handlers.preview_assignment(house, connection, desk.now(), request))
    return desk.do(lambda uow: handlers.run_assignment(house, uow, request))


def explain_assignment(desk: Desk, house: House, request: Answer) -> Answer:
    """Why a case has its owner."""
    return desk.ask(lambda connection: handlers.explain_assignment(house, connection, desk.now(), request))


class Assignments(Operated):
    """Assignment (IN-19) and repeats (IN-20)."""

    work = Work()
    house = Built(house_of)
    after_registration = Chores(after_registration)

    @rpc(PublishAssignment)
    def publish_assignment(self, request: Answer) -> Answer:
        """Make a version of the rules of assignment."""
        self.house.rights.refuse_method("publish_assignment", request["by"])
        return do(self.work, lambda uow: handlers.publish_assignment(self.house, uow, request))

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

    @rpc(Repeats)
    def repeats(self, request: Answer) -> Answer:
        """Cases that seem to repeat others."""
        return ask(self.work, partial(handlers.show_repeats, rights=self.house.rights), request)

    @rpc(DecideRepeat)
    def confirm_repeat(self, request: Answer) -> Answer:
        """It is the same matter."""
        return do(self.work, lambda uow: handlers.confirm_repeat(self.house, uow, request))

    @rpc(DecideRepeat)
    def reject_repeat(self, request: Answer) -> Answer:
        """It is a matter of its own."""
        return do(self.work, lambda uow: handlers.reject_repeat(self.house, uow, request))
