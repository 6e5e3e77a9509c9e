"""Cases: taken in, worked on, found (IN-1 to IN-8)."""

from functools import partial
from typing import NamedTuple

from services.intake import handlers
from services.intake.doors.common import (
    Answer,
    ask,
    cupboard_of,
    do,
    do_together,
    handbook_of,
    people_of,
    promise_asker,
    rights_of,
    warranty_of,
)
from services.intake.doors.proof import reads_of, recorded
from services.intake.handlers.promising import AskPromise
from services.intake.schemas import (
    CaseStatus,
    FindCases,
    GetCase,
    LoadRegions,
    LookupCaller,
    Regions,
    RegisterCase,
    TakeStep,
    to_registration,
)
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.remote import Remote
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

PROMISE_SECONDS = 1.0
"""How long a registration waits for sla: the customer is on the phone."""


class Counter(NamedTuple):
    """With what cases are taken in: who works here, how sla is asked, which articles are at hand."""

    people: People
    ask_promise: AskPromise
    shelf: handlers.Shelf


def counter_of(resources: Resources) -> Counter:
    """This process's counter."""
    return Counter(people_of(resources), promise_asker(resources), handlers.Shelf())


def register(desk: Desk, counter: Counter, request: Answer) -> Answer:
    """Register once per request id; sla is asked before the unit of work begins."""
    asked = to_registration(request)
    promise = handlers.promise_for(asked, counter.ask_promise, desk.now())

    def work(uow: UnitOfWork) -> Answer:
        answer = handlers.register_case(uow, counter.people, asked, promise)
        return answer | handlers.offer(counter.shelf, uow.connection, asked)

    return desk.do_together(work)


class Cases(Operated):
    """The counter, the case file, the region tree."""

    work = Work()
    people = Built(people_of)
    rights = Built(rights_of)
    warranty = Built(warranty_of)
    handbook = Built(handbook_of)
    cupboard = Built(cupboard_of)
    sla = Remote("sla", PROMISE_SECONDS)
    counter = Built(counter_of)
    reads = Built(reads_of)

    @rpc(RegisterCase)
    def register_case(self, request: Answer) -> Answer:
        """Take a case in."""
        self.rights.refuse_method("register_case", request.get("registrar"))
        return register(self.work, self.counter, request)

    @rpc(TakeStep)
    def take_step(self, request: Answer) -> Answer:
        """Take a step of a case."""

        def work(uow: UnitOfWork) -> Answer:
            handlers.refuse_unkept(self.cupboard, uow.connection, request)
            return handlers.take_step(uow, self.people, request, self.handbook, self.rights)

        return do_together(self.work, work, handlers.WITHOUT_FACTS)

    @rpc(GetCase)
    def get_case(self, request: Answer) -> Answer:
        """One case with everything."""
        showing = partial(handlers.get_case, self.warranty, rights=self.rights, book=self.handbook)
        question = partial(showing, now=self.work.now())
        return recorded(self.reads, "get_case", request, ask(self.work, question, request))

    @rpc(FindCases)
    def find_cases(self, request: Answer) -> Answer:
        """A page of cases."""
        answer = ask(self.work, partial(handlers.find_cases, self.people, rights=self.rights), request)
        return recorded(self.reads, "find_cases", request, answer)

    @rpc(LookupCaller)
    def lookup_caller(self, request: Answer) -> Answer:
        """Who is calling."""
        looking_up = partial(handlers.lookup_caller, self.warranty, self.work.now(), rights=self.rights)
        return ask(self.work, looking_up, request)

    @rpc(CaseStatus)
    def case_status(self, request: Answer) -> Answer:
        """How a case stands, to be said aloud."""
        return ask(self.work, handlers.case_status, request)

    @rpc(LoadRegions)
    def load_regions(self, request: Answer) -> Answer:
        """Replace the region tree."""
        self.rights.refuse_method("load_regions", request.get("by"))
        return do(self.work, lambda uow: handlers.load_regions(uow, request))

    @rpc(Regions)
    def regions(self, request: Answer) -> Answer:
        """The region tree."""
        return ask(self.work, handlers.show_regions, request)
