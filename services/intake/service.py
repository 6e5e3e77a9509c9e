"""Intake on nameko: what it answers, what it hears."""

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from services.intake import handlers
from services.intake.afterwards import ask
from services.intake.filing import Filing, people_of
from services.intake.handlers.promising import AskPromise
from services.intake.http import Api, Gate, Keys
from services.intake.mailing import Mailing, forget_old_mail, promise_asker
from services.intake.satisfaction import Satisfaction
from services.intake.schemas import (
    CallEventRequest,
    CaseStatus,
    FindArticles,
    FindCalls,
    FindCases,
    GetArticle,
    GetCall,
    GetCase,
    LoadRegions,
    LookupCaller,
    PutArticle,
    ReconcileCalls,
    Regions,
    RegisterCase,
    TakeStep,
    to_registration,
)
from services.intake.settings import Settings
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.tokens import make_first
from shared.runtime.events import Batch, events
from shared.runtime.providers import Built, Desk, EventRelay, Housekeeping
from shared.runtime.remote import Remote
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

Answer = dict[str, Any]

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

    return desk.do(work)


def put_article(desk: Desk, people: People, request: Answer) -> Answer:
    """Keep a version of an article once per request id."""
    return desk.do(lambda uow: handlers.put_article(uow, people, request))


def step(desk: Desk, people: People, request: Answer) -> Answer:
    """Take a step once per request id."""
    return desk.do(lambda uow: handlers.take_step(uow, people, request))


def call_event(desk: Desk, people: People, request: Answer) -> Answer:
    """Take in what an exchange tells of a call, once per request id."""
    return desk.do(lambda uow: handlers.call_event(uow, people, request))


def reconcile_calls(desk: Desk, people: People, request: Answer) -> Answer:
    """Hold an exchange's own records against what was heard, once per request id."""
    return desk.do(lambda uow: handlers.reconcile_calls(uow, people, request))


def load_regions(desk: Desk, request: Answer) -> Answer:
    """Replace the region tree once per request id."""
    return desk.do(lambda uow: handlers.load_regions(uow, request))


class Service(Filing, Mailing, Satisfaction):
    """Intake on nameko: what it answers, what it hears."""

    name = "intake"

    sla = Remote("sla", PROMISE_SECONDS)
    counter = Built(counter_of)
    relay = EventRelay()
    housekeeping = Housekeeping(also=forget_old_mail)

    @rpc(RegisterCase)
    def register_case(self, request: Answer) -> Answer:
        """Take a case in."""
        return register(self.work, self.counter, request)

    @rpc(TakeStep)
    def take_step(self, request: Answer) -> Answer:
        """Take a step of a case."""
        return step(self.work, self.people, request)

    @rpc(GetCase)
    def get_case(self, request: Answer) -> Answer:
        """One case with everything."""
        return ask(self.work, partial(handlers.get_case, self.warranty), request)

    @rpc(FindCases)
    def find_cases(self, request: Answer) -> Answer:
        """A page of cases."""
        return ask(self.work, partial(handlers.find_cases, self.people), request)

    @rpc(LookupCaller)
    def lookup_caller(self, request: Answer) -> Answer:
        """Who is calling."""
        return ask(self.work, partial(handlers.lookup_caller, self.warranty, self.work.now()), request)

    @rpc(CaseStatus)
    def case_status(self, request: Answer) -> Answer:
        """How a case stands, to be said aloud."""
        return ask(self.work, handlers.case_status, request)

    @rpc(CallEventRequest)
    def call_event(self, request: Answer) -> Answer:
        """Hear of a phone call."""
        return call_event(self.work, self.people, request)

    @rpc(ReconcileCalls)
    def reconcile_calls(self, request: Answer) -> Answer:
        """Find the calls that were never heard of, and mend what is asked."""
        return reconcile_calls(self.work, self.people, request)

    @rpc(GetCall)
    def get_call(self, request: Answer) -> Answer:
        """One call with everything that was told of it."""
        return ask(self.work, handlers.get_call, request)

    @rpc(FindCalls)
    def find_calls(self, request: Answer) -> Answer:
        """A page of calls."""
        return ask(self.work, handlers.find_calls, request)

    @rpc(PutArticle)
    def put_article(self, request: Answer) -> Answer:
        """Keep a version of an article."""
        return put_article(self.work, self.people, request)

    @rpc(GetArticle)
    def get_article(self, request: Answer) -> Answer:
        """One article."""
        return ask(self.work, handlers.get_article, request)

    @rpc(FindArticles)
    def find_articles(self, request: Answer) -> Answer:
        """The articles that fit a matter."""
        return ask(self.work, handlers.find_articles, request)

    @rpc(LoadRegions)
    def load_regions(self, request: Answer) -> Answer:
        """Replace the region tree."""
        return load_regions(self.work, request)

    @rpc(Regions)
    def regions(self, request: Answer) -> Answer:
        """The region tree."""
        return ask(self.work, handlers.show_regions, request)

    @events("intake.brought-back", {"escalation": handlers.FROM_ESCALATION, "maintenance": handlers.FROM_MAINTENANCE})
    def brought_back(self, batch: Batch) -> None:
        """What others did for a case becomes a fact of it, what maintenance found a case."""
        batch.apply(partial(handlers.hear, self.people))


def http(resources: Resources) -> Api:
    """The HTTP interface, mounted beside health."""
    settings = resources.settings
    if not isinstance(settings, Settings):
        raise TypeError("these are no settings of intake")
    keys = Keys(tokens_file(settings))
    gate = Gate(keys, people_of(resources), settings.rate, settings.stranger_rate)
    return Api(resources.methods, gate)


def tokens_file(settings: Settings) -> Path | None:
    """The operator's file of tokens; the embedded suite makes one, in production without one nobody gets in."""
    if settings.tokens is None and settings.is_production:
        return None
    return settings.tokens or make_first(settings.data)
