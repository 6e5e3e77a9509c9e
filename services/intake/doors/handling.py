"""What is owed in cases, and the files that prove something about them (IN-21, IN-23)."""

from functools import partial

from services.intake import handlers
from services.intake.doors.common import Answer, ask, cupboard_of, do, handbook_of, people_of, rights_of
from services.intake.doors.proof import reads_of, recorded
from services.intake.schemas import GetEvidence, PutEvidence, RenewTasks, Tasks
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.rpc import rpc


def put(desk: Desk, rights: handlers.Rights, cupboard: handlers.Cupboard, request: Answer) -> Answer:
    """Keep a file once per request id; on disk it lies before anything refers to it."""
    desk.ask(lambda connection: cupboard.take_in(connection, rights, request))
    return desk.do(lambda uow: handlers.put_evidence(uow, request))


class Handling(Operated):
    """Tasks and evidence."""

    work = Work()
    people = Built(people_of)
    rights = Built(rights_of)
    handbook = Built(handbook_of)
    cupboard = Built(cupboard_of)
    reads = Built(reads_of)

    @rpc(Tasks)
    def tasks(self, request: Answer) -> Answer:
        """A page of tasks, the earliest due first."""
        finding = partial(handlers.find_tasks, self.rights, self.handbook.duties, self.work.now())
        return ask(self.work, finding, request)

    @rpc(RenewTasks)
    def renew_tasks(self, request: Answer) -> Answer:
        """Make tasks again by the duties as they are now."""
        self.rights.refuse_method("renew_tasks", request["by"])
        return do(self.work, lambda uow: handlers.renew_tasks(uow, self.people, self.handbook, request))

    @rpc(PutEvidence)
    def put_evidence(self, request: Answer) -> Answer:
        """Keep a file for a case."""
        return put(self.work, self.rights, self.cupboard, request)

    @rpc(GetEvidence)
    def get_evidence(self, request: Answer) -> Answer:
        """A file of a case, with its content."""
        answer = ask(self.work, partial(handlers.get_evidence, self.rights, self.cupboard), request)
        return recorded(self.reads, "get_evidence", request, answer)
