"""Searches over 300,000 cases on PostgreSQL, each with a page of 100 found, read and written as an answer (IN-10).

What clerks look for: lists by each attribute, rare and frequent, together, and words of two Chinese characters.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from services.intake import handlers
from services.intake.schemas import FindCases
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from shared.kernel.plain_json import write_json
from tests.bench.front.filling import RARE, fill
from tests.bench.measure import Row, goal_row
from tests.bench.processes import postgres

CASES: Final = 300_000
ROUNDS: Final = 9
GOAL_MS: Final = 100.0
SEARCHES: Final[dict[str, dict[str, Any]]] = {
    "the oldest": {},
    "the newest": {"newest": True},
    "a state of many": {"state": "closed"},
    "a state of few": {"state": "investigating"},
    "an owner": {"owner": "owner-17"},
    "a region": {"region": "south.fujian"},
    "a region with those below": {"region": "south"},
    "a region of none": {"region": "west"},
    "a severity": {"severity": "critical"},
    "four together": {"severity": "critical", "state": "investigating", "kind": "dispute", "region": "south"},
    "three that never meet": {"severity": "critical", "kind": "suggestion", "category": "staff_attitude"},
    "a day": {"from": "2024-05-01T00:00:00Z", "to": "2024-05-02T00:00:00Z"},
    "two characters": {"text": "渗水"},
    "one character": {"text": "藻"},
    "a run of six": {"text": "外墙瓷砖空鼓"},
    "a rare word": {"text": RARE},
    "a word of none": {"text": "zebra"},
    "the beginning of a word": {"text": "leak"},
    "words of both scripts": {"text": "grout cracked 泳池"},
    "a serial number": {"text": "SN001234"},
    "a word and a severity": {"text": "渗水", "severity": "critical"},
    "words that never meet a state": {"text": "渗水 primer", "severity": "critical", "state": "handed_over"},
    "a word, the newest of a region": {"text": "返碱", "state": "investigating", "region": "south", "newest": True},
}


def rows(_amqp_uri: str) -> list[Row]:
    """The slowest kind of search: its median."""
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as node:
        url = node.create_database("intake")
        fill(url, CASES)
        slowest, figure = max(_figures(url).items(), key=lambda each: each[1])
    title = f"search of {CASES:,} cases, PostgreSQL, the slowest of {len(SEARCHES)}: {slowest}"
    return [goal_row(title, "ms", 1e3 * figure, GOAL_MS)]


def _figures(url: str) -> dict[str, float]:
    """Seconds of each search, without the wire."""
    database = Database(url, service="intake", clock=SuiteClock())
    with database.read() as connection:
        figures = {name: _seconds(connection, asked) for name, asked in SEARCHES.items()}
    database.close()
    return figures


def _seconds(connection: sa.Connection, asked: dict[str, Any]) -> float:
    people = load_people()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        write_json(handlers.find_cases(people, connection, load(FindCases(), dict(asked))))
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
