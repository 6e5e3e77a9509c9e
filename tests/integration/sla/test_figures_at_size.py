"""Statistics and replays over tens of thousands of clocks, against slow counting beside them (SL-9)."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa

from services.sla import handlers
from services.sla.domain.derive import clocks
from services.sla.domain.periods import Span
from services.sla.domain.policy_file import read_policy
from services.sla.handlers import Office
from services.sla.schemas import ReplayPolicy, Statistics
from services.sla.storage import statistics as storage
from services.sla.storage import tables
from services.sla.storage.policy_files import BUILTIN
from shared.base.database import Database
from shared.base.schema import load
from shared.base.yaml_file import read_yaml
from shared.testing.clock import ManualClock
from tests.bench.filling import EVENING, FIRST_CASE, built_in, examples, fill
from tests.integration.sla.desk import PEOPLE, Desk
from tests.support.databases import Databases
from tests.unit.sla.cases import at

CLOCKS = 20_000
VERDICTS = ("met", "overrun", "running", "cancelled")
MONTHS = ["2026-10-01 00:00", "2026-11-01 00:00", "2026-12-01 00:00", "2027-01-01 00:00"]
SCATTER = (
    "UPDATE cases SET region = CASE substr(case_no, 12, 1) WHEN '1' THEN 'north' WHEN '2' THEN 'south.foshan' "
    "ELSE 'south' END, owner = CASE substr(case_no, 11, 1) WHEN '3' THEN 'li.qiang' WHEN '4' THEN 'somebody' END",
    "UPDATE clocks SET due_at = due_at + (id / 10 % 60) * interval '1 day' WHERE state = 'running'",
    "UPDATE clocks SET used_percent = id % 130, ended_at = due_at, stopped_at = due_at, state = 'late' "
    "WHERE state = 'running' AND id % 7 = 0",
    "ANALYZE",
)


@pytest.fixture(scope="module")
def filled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = databases.empty("postgresql", "sla", tmp_path_factory.mktemp("figures"))
    fill(url, examples(), CLOCKS)
    database = Database(url, service="sla", clock=ManualClock(EVENING))
    with database.write() as uow:
        for sql in SCATTER:
            uow.connection.execute(sa.text(sql))
    yield database
    database.close()


@pytest.fixture
def office(filled: Database) -> Office:
    def query(question):
        with filled.read() as connection:
            return question(connection)

    return Office(built_in(), PEOPLE, query, 10_000)


def slowly(database: Database) -> Iterator[tuple[sa.Row, sa.Row]]:
    """Every clock with its case, joined here."""
    with database.read() as connection:
        cases = {row.case_no: row for row in connection.execute(sa.select(tables.cases))}
        for row in connection.execute(sa.select(tables.clocks)):
            yield row, cases[row.case_no]


def test_statistics_are_what_counting_one_by_one_gives(filled: Database, office: Office):
    asked = {"from": f"{MONTHS[0].replace(' ', 'T')}:00+08:00", "to": f"{MONTHS[-1].replace(' ', 'T')}:00+08:00"}
    by = ["period", "region", "department", "clock"]
    told = handlers.statistics(office, EVENING, load(Statistics(), asked | {"by": by}))
    counted: Counter[tuple[str, ...]] = Counter()
    states: Counter[str] = Counter()
    used: dict[str, list[int]] = {}
    months = [at(month) for month in MONTHS]
    for clock, case in slowly(filled):
        month = sum(begin <= clock.due_at for begin in months)
        if not 0 < month < len(months):
            continue
        department = {None: "nobody", "li.qiang": "售后服务部", "somebody": "unknown"}[case.owner]
        counted[MONTHS[month - 1][:7], case.region, department, clock.name] += 1
        states[clock.state] += 1
        if clock.used_percent is not None and clock.ended_at is not None:
            used.setdefault(clock.name, []).append(clock.used_percent)
    assert {tuple(row[name] for name in by): row["started"] for row in told["rows"]} == dict(counted)
    for state in ("late", "met", "breached", "running"):
        assert sum(row[state] for row in told["rows"]) == states[state] + (
            states["paused"] if state == "running" else 0
        )
    rows = handlers.statistics(office, EVENING, load(Statistics(), asked | {"by": ["clock"]}))["rows"]
    for row in rows:
        each = sorted(used.get(row["clock"], []))
        if each:
            assert row["used_percent_median"] == each[(len(each) - 1) // 2]


def test_what_falls_due_in_a_day_is_read_off_the_index(filled: Database):
    day = Span(at("2026-11-10 00:00"), at("2026-11-11 00:00"))
    seen: list[str] = []

    @sa.event.listens_for(filled.engine, "before_cursor_execute")
    def explain(_connection, cursor, statement, parameters, *_more):
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN {statement}", parameters)
            seen.append("\n".join(row[0] for row in cursor.fetchall()))

    with filled.read() as connection:
        storage.is_more_than(connection, day, 10_000)
        assert list(storage.counted(connection, storage.Wanted(["clock", "region"]), storage.Part(day)))
    sa.event.remove(filled.engine, "before_cursor_execute", explain)
    assert len(seen) == 2
    assert all("clocks_due" in plan and "Seq Scan on clocks" not in plan for plan in seen), seen


def test_a_replay_over_many_cases_is_that_of_each_of_them(filled: Database):
    """The cases are copies of three: so are the figures."""
    data = read_yaml(BUILTIN)
    data["clocks"]["first_response"]["limit"] = {"elapsed_hours": 6}
    desk = Desk(filled, ManualClock(EVENING))
    received = {"from": "2026-10-12T00:00:00+08:00", "to": "2026-10-13T00:00:00+08:00"}
    request = received | {"policy": data, "limit": 200, "region": "north"}
    cases, overrun, told, after = 0, 0, Counter[str](), {}
    while True:
        page = desk.answer(partial(handlers.replay_policy, PEOPLE), load(ReplayPolicy(), request | after))
        cases += page["cases"]
        overrun += sum(not each["saved"] for each in page["turned"])
        told.update({row["clock"]: sum(row["proposed"][state] for state in VERDICTS) for row in page["clocks"]})
        if "next" not in page:
            break
        after = {"after": page["next"]}
    with filled.read() as connection:
        numbers = connection.scalars(
            sa.select(tables.cases.c.case_no).where(
                tables.cases.c.region == "north", tables.cases.c.received_at >= at("2026-10-12 00:00")
            )
        ).all()
    kinds = Counter((int(number) - FIRST_CASE) % 3 for number in numbers)
    rules = built_in()
    proposed = [*rules.publications[:-1], type(rules.publications[0])(read_policy(data, "test"), rules.calendars)]
    each = {kind: clocks(case.facts, proposed, EVENING) for kind, case in enumerate(examples())}
    expected = Counter[str]()
    for kind, number in kinds.items():
        expected.update({clock.name: number for clock in each[kind]})
    late = {
        kind: sum(clock.name == "first_response" and clock.state == "breached" for clock in found)
        for kind, found in each.items()
    }
    assert cases == len(numbers) > 300
    assert told == expected
    assert overrun == sum(number * late[kind] for kind, number in kinds.items()) > 0
