"""The work after registration: each case once, in batches, and one that fails delays no other (AL-2)."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from services.intake.handlers.house import House
from services.intake.storage import fresh
from services.intake.storage.repository import Kept
from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.kernel.errors import Rejected
from shared.outbox import Held
from tests.integration.intake.office import Office


class Seen:
    """A hook that remembers its batches, and stumbles over some subjects."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, _house: House, uow: UnitOfWork, batch: Sequence[Kept]) -> None:
        uow.connection.execute(sa.text("SELECT 1"))
        self.batches.append([kept.case.case_no for kept in batch])
        for kept in batch:
            if kept.case.account.subject == "poison":
                raise Rejected("nobody can handle this")
            if kept.case.account.subject == "shaky":
                raise RuntimeError("not now")


def waits(office: Office) -> bool:
    with office.database.read() as connection:
        return fresh.waits(connection)


def test_every_case_is_looked_at_once_together(office: Office) -> None:
    seen = Seen()
    numbers = [office.case_no() for _ in range(3)]
    assert waits(office)
    assert office.look_after(seen) == 3
    assert seen.batches == [numbers]
    assert not waits(office)
    assert office.look_after(seen) == 0
    office.step(numbers[0], "hand_over", owner="desk")
    assert not waits(office), "a step makes nothing fresh again"


def test_history_is_left_alone(office: Office) -> None:
    office.register(mode="history", occurred_at="2020-01-01T00:00:00+08:00")
    assert not waits(office)


def test_one_that_fails_is_held_with_its_reason_and_the_others_go_on(office: Office) -> None:
    seen = Seen()
    first, poison, shaky, last = (office.case_no(subject=subject) for subject in ("one", "poison", "shaky", "two"))
    assert office.look_after(seen) == 4
    assert not waits(office), "what is held is not due"
    held = {row["event_id"]: row for row in Held(office.database, MESSAGING).list()}
    assert set(held) == {poison, shaky}
    assert (held[poison]["state"], held[shaky]["state"]) == ("parked", "waiting")
    assert "nobody can handle this" in held[poison]["reason"]
    assert [first] in seen.batches
    assert [last] in seen.batches


def test_a_parked_one_is_looked_at_once_it_is_replayed(office: Office) -> None:
    office.register(subject="poison")
    office.look_after(Seen())
    held = Held(office.database, MESSAGING)
    held.replay(held.list()[0]["id"])
    healed: list[str] = []
    assert office.look_after(lambda _house, _uow, batch: healed.extend(kept.case.case_no for kept in batch)) == 1
    assert len(healed) == 1
    assert held.list() == []


def test_replicas_share_and_no_step_waits(office: Office) -> None:
    if office.database.is_sqlite:
        pytest.skip("one process alone writes to a file")
    mine, theirs = office.case_no(), office.case_no()
    with office.database.write() as uow, office.database.write() as other:
        assert [kept.case.case_no for kept in fresh.claim(uow.connection, 1)] == [mine]
        assert [kept.case.case_no for kept in fresh.claim(other.connection, 9)] == [theirs]
        assert office.step(mine, "hand_over", owner="desk")["owner"] == "desk"
