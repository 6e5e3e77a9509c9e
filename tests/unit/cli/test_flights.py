"""Many conversations at once: order within each is kept, a service that is away is waited for."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.cli.importing.conversation import Call, Conversation, Entered
from shared.cli.importing.flights import Flights
from shared.kernel.errors import NotFound, Unavailable


class Wire:
    """Stands in for the connection: answers the newest request first, after `away` refusals."""

    def __init__(self, away: int = 0) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.most = 0
        self.log: list[tuple[str, int]] = []
        self._away = away

    def send(self, method: str, request: Mapping[str, Any], settle: Any) -> None:
        self.sent.append((method, (dict(request), settle)))
        self.most = max(self.most, len(self.sent))

    def pump(self) -> None:
        if not self.sent:
            return
        method, (request, settle) = self.sent.pop()
        if self._away:
            self._away -= 1
            settle(Unavailable("intake does not answer"))
            return
        self.log.append((method, request["n"]))
        settle(NotFound("no such") if request["n"] < 0 else {"n": request["n"]})


def talk(name: str, *numbers: int) -> Conversation:
    for number in numbers:
        answer = yield Call(name, {"n": number})
        assert answer == {"n": number}
    return Entered(name, was_known=False)


def fly(wire: Wire, conversations: list[tuple[str, tuple[int, ...]]], width: int = 3) -> dict[str, Any]:
    landed: dict[str, Any] = {}
    together: Flights[str] = Flights(wire, landed.__setitem__, width, pauses=(0.0, 0.0))
    for name, numbers in conversations:
        together.start(name, talk(name, *numbers))
    together.finish()
    return landed


def test_each_keeps_its_order_and_no_more_than_the_width_are_under_way():
    wire = Wire()
    landed = fly(wire, [(f"row {number}", (1, 2, 3)) for number in range(10)])
    assert set(landed.values()) == {Entered(f"row {number}", False) for number in range(10)}
    for number in range(10):
        assert [n for name, n in wire.log if name == f"row {number}"] == [1, 2, 3]
    assert wire.most == 3


def test_a_refusal_ends_its_own_conversation_only():
    landed = fly(Wire(), [("good", (1, 2)), ("bad", (1, -2, 3)), ("fine", (1,))])
    assert isinstance(landed["bad"], NotFound)
    assert landed["good"] == Entered("good", False)
    assert landed["fine"] == Entered("fine", False)


def test_a_service_that_is_away_for_a_moment_is_asked_again():
    wire = Wire(away=2)
    assert fly(wire, [("row", (1, 2))]) == {"row": Entered("row", False)}
    assert wire.log == [("row", 1), ("row", 2)]


def test_a_service_that_stays_away_ends_the_whole():
    with pytest.raises(Unavailable, match="intake does not answer"):
        fly(Wire(away=3), [("row", (1, 2))])
