"""Requests that stand together when somebody commits: in one group on SQLite, one after the other on PostgreSQL."""

from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

from shared.outbox import Answers
from tests.support.waiting import wait_for

Ask = Callable[[], Any]


def at_once(answers: Answers, asks: Sequence[Ask]) -> list[Any]:
    """What each gave or raised; each asks `answers` to run something together, and they step up in this order."""
    outcomes: list[Any] = [None] * len(asks)
    threads = [Thread(target=_ask, args=(ask, outcomes, place)) for place, ask in enumerate(asks)]
    if answers.database.is_sqlite:
        # Whoever has the lead does its own work alone, and that lasts until all the others stand there.
        answers.run_together("hold", None, lambda _uow: _line_up(answers, threads))
    else:
        for thread in threads:
            thread.start()
            thread.join()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive(), "somebody was never told"
    return outcomes


def _ask(ask: Ask, outcomes: list[Any], place: int) -> None:
    try:
        outcomes[place] = ask()
    except Exception as error:  # noqa: BLE001 - an error is an outcome
        outcomes[place] = error


def _line_up(answers: Answers, threads: Sequence[Thread]) -> dict[str, Any]:
    for place, thread in enumerate(threads, 1):
        thread.start()
        wait_for(lambda place=place: len(answers._together._waiting) == place, "the next one stands there")
    return {}
