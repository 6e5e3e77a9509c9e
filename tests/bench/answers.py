"""Answers of sla without a case: a promise must be there in 5 ms, for it is given while the customer is on the phone.

Each request goes through its schema, as in the service, and asks for another instant, so that nothing is remembered.
What counts is the slowest in a hundred, told as a rate: 200 a second is one each 5 ms.
"""

from datetime import UTC, datetime, timedelta
from time import perf_counter

from services.sla import handlers
from services.sla.handlers import Rules, rules_of
from services.sla.schemas import Promise
from services.sla.storage.policy_files import load_policy
from shared.base.schema import load
from shared.kernel.instants import format_instant
from shared.kernel.vocabulary import KINDS, SEVERITIES
from tests.bench.measure import Row, row

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
ASKED = 2_000
LONGEST = 0.005


def rows() -> list[Row]:
    """The rate of the slowest in a hundred promises, beside one each 5 ms."""
    rules = rules_of(load_policy())
    for number in range(100):
        _ask(rules, number)  # the calendar's blocks are made when first needed
    took = sorted(_ask(rules, number) for number in range(ASKED))
    slow = took[int(len(took) * 0.99)]
    return [row("sla, promise, p99", "calls/s", (1 / slow, 1 / LONGEST), "one each 5 ms", goal=1.0)]


def _ask(rules: Rules, number: int) -> float:
    asked = {
        "kind": KINDS[number % len(KINDS)],
        "severity": SEVERITIES[number % len(SEVERITIES)],
        "verifiable": number % 3 > 0,
        "region": "south.guangdong.foshan",
        "at": format_instant(NOW + timedelta(minutes=37 * number), UTC),
    }
    begin = perf_counter()
    answer = handlers.promise(rules, NOW, load(Promise(), asked))
    took = perf_counter() - begin
    if "reply_by" not in answer:
        raise AssertionError(f"nothing was promised for {asked}")
    return took
