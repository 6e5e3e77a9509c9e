"""Phone calls, as exchanges tell of them."""

from services.intake import handlers
from services.intake.doors.common import Answer, ask, do, house_of
from services.intake.schemas import CallEventRequest, FindCalls, GetCall, ReconcileCalls
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Work
from shared.runtime.rpc import rpc


class Calls(Operated):
    """Calls."""

    work = Work()
    house = Built(house_of)

    @rpc(CallEventRequest)
    def call_event(self, request: Answer) -> Answer:
        """Hear of a phone call."""
        return do(self.work, lambda uow: handlers.call_event(uow, self.house, request))

    @rpc(ReconcileCalls)
    def reconcile_calls(self, request: Answer) -> Answer:
        """Find the calls that were never heard of, and mend what is asked."""
        return do(self.work, lambda uow: handlers.reconcile_calls(uow, self.house, request))

    @rpc(GetCall)
    def get_call(self, request: Answer) -> Answer:
        """One call with everything that was told of it."""
        return ask(self.work, handlers.get_call, request)

    @rpc(FindCalls)
    def find_calls(self, request: Answer) -> Answer:
        """A page of calls."""
        return ask(self.work, handlers.find_calls, request)
