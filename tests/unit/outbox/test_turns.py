"""Lanes take one after the other and end in the same order, whatever becomes of one (SL-7)."""

import threading
from collections.abc import Callable
from contextlib import suppress

from shared.outbox.turns import Turn, Turns

SECONDS = 10.0


def lane(turns: Turns, work: Callable[[Turn], None]) -> threading.Thread:
    """One more lane, at work."""

    def run() -> None:
        with suppress(ZeroDivisionError), turns.next() as turn:
            work(turn)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_one_takes_while_another_works_and_ends_after_it() -> None:
    turns, second_took, done = Turns(), threading.Event(), []

    def second(turn: Turn) -> None:
        turn.taken()
        second_took.set()
        turn.wait()
        done.append("second")

    with turns.next() as first:
        first.taken()
        beside = lane(turns, second)
        assert second_took.wait(SECONDS)
        done.append("first")
    beside.join(SECONDS)
    assert done == ["first", "second"]


def test_nobody_takes_before_the_one_before_has_taken() -> None:
    turns, took = Turns(), threading.Event()
    with turns.next():
        beside = lane(turns, lambda _turn: took.set())
        assert not took.is_set()
    beside.join(SECONDS)
    assert took.is_set()


def test_one_that_fails_lets_nobody_pass_those_before_it() -> None:
    turns, failed, done = Turns(), threading.Event(), []

    def fails(turn: Turn) -> None:
        turn.taken()
        failed.set()
        _ = 1 / 0

    def third(turn: Turn) -> None:
        turn.wait()
        done.append("third")

    with turns.next() as first:
        first.taken()
        lanes = [lane(turns, fails)]
        assert failed.wait(SECONDS)
        lanes.append(lane(turns, third))
        done.append("first")
    for each in lanes:
        each.join(SECONDS)
    assert done == ["first", "third"]
