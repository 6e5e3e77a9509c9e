"""Many conversations in flight at once, each in its own order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.cli.importing.conversation import Call, Conversation, Entered
from shared.cli.rpc import Answer, Rpc
from shared.kernel.errors import AftercareError, Unavailable

WIDTH = 50
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds to wait before the same request is sent again to a service that is away; its id makes that harmless."""

K = TypeVar("K")
Land = Callable[[K, Entered | AftercareError], None]


@dataclass
class _Flight(Generic[K]):
    key: K
    conversation: Conversation
    tries: int = 0


class Flights(Generic[K]):
    """Holds up to `width` conversations at once; `land` hears how each ended."""

    def __init__(self, rpc: Rpc, land: Land[K], width: int = WIDTH, pauses: Sequence[float] = PAUSES) -> None:
        self._rpc = rpc
        self._land = land
        self._width = width
        self._pauses = pauses
        self._open = 0
        self._again: list[tuple[float, _Flight[K], Call]] = []
        self._failure: Unavailable | None = None

    def start(self, key: K, conversation: Conversation) -> None:
        """Begin one more, as soon as there is room; raises Unavailable when the suite stays away."""
        while self._open >= self._width:
            self._turn()
        self._open += 1
        self._go_on(_Flight(key, conversation), None)

    def finish(self) -> None:
        """Wait for all that are under way; raises Unavailable when the suite stays away."""
        while self._open:
            self._turn()

    def _turn(self) -> None:
        now = time.monotonic()
        due = [each for each in self._again if each[0] <= now]
        self._again = [each for each in self._again if each[0] > now]
        for _, flight, call in due:
            self._send(flight, call)
        self._rpc.pump()
        if self._failure:
            raise self._failure

    def _go_on(self, flight: _Flight[K], outcome: Answer | AftercareError | None) -> None:
        try:
            call = _reply(flight.conversation, outcome)
        except StopIteration as done:
            self._end(flight, done.value)
        except AftercareError as error:
            self._end(flight, error)
        else:
            flight.tries = 0
            self._send(flight, call)

    def _send(self, flight: _Flight[K], call: Call) -> None:
        self._rpc.send(call.method, call.request, lambda outcome: self._arrived(flight, call, outcome))

    def _arrived(self, flight: _Flight[K], call: Call, outcome: Answer | AftercareError) -> None:
        if not isinstance(outcome, Unavailable):
            self._go_on(flight, outcome)
        elif flight.tries < len(self._pauses):
            self._again.append((time.monotonic() + self._pauses[flight.tries], flight, call))
            flight.tries += 1
        else:
            self._failure = outcome

    def _end(self, flight: _Flight[K], outcome: Entered | AftercareError) -> None:
        self._open -= 1
        self._land(flight.key, outcome)


def _reply(conversation: Conversation, outcome: Answer | AftercareError | None) -> Call:
    """Hand an answer, or an error, to the conversation; its next request."""
    if isinstance(outcome, AftercareError):
        return conversation.throw(outcome)
    return next(conversation) if outcome is None else conversation.send(outcome)
