"""Hundreds of thousands of cases in seconds: some thousands are made by the real rules, then copied by SQL."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Account, Customer
from services.intake.domain.numbers import case_number
from services.intake.domain.proof.chain import begin
from services.intake.domain.registration import Registration, register
from services.intake.domain.vocabulary import STATES
from services.intake.storage.rows import case_row, case_words, entry_rows
from services.intake.storage.tables import cases, entries
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.kernel.vocabulary import CATEGORIES, KINDS
from shared.testing.clock import ManualClock

Row = dict[str, Any]

PATTERNS: Final = 3_000
START: Final = datetime(2024, 1, 1, tzinfo=UTC)
REGIONS: Final = ("south.guangdong.foshan", "south.guangdong.shenzhen", "south.fujian", "north.hebei", "east.jiangsu")
SHARES: Final = {"minor": 80, "serious": 15, "major": 4, "critical": 1}
PARTS: Final = "卫生间 厨房 外墙 阳台 客厅 地下室 屋面 泳池 楼梯 电梯厅".split()
FAULTS: Final = "瓷砖空鼓 墙面脱落 渗水 开裂 起砂 粘结不牢 色差 返碱 结块 固化慢".split()
THINGS: Final = "adhesive grout primer sealant mortar levelling membrane bucket trowel pallet".split()
TROUBLES: Final = "leaking cracked delaminated hollow discoloured hardened late missing wrong dusty".split()
RARE: Final = "螺旋藻"
"""A word of one case in 3,000."""


def fill(url: str, count: int) -> None:
    """Fill an empty intake database with so many cases of many kinds, states, owners and words."""
    database = Database(url, service="intake", clock=ManualClock(START))
    migrate(database)
    drawn = random.Random(2026)
    with database.engine.connect() as connection:
        for setting in _SETTINGS[database.engine.dialect.name]:
            connection.exec_driver_sql(setting)
        rows = [_case(drawn, number) for number in range(PATTERNS)]
        connection.execute(cases.insert(), [case for case, _entry in rows])
        connection.execute(entries.insert(), [entry for _case, entry in rows])
        _copy(connection, -(-count // PATTERNS) - 1)
        connection.commit()
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    database.close()


_SETTINGS: Final = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000", "BEGIN IMMEDIATE"),
    "postgresql": ("SET LOCAL statement_timeout = 0", "SET LOCAL maintenance_work_mem = '256MB'"),
}


def _case(drawn: random.Random, number: int) -> tuple[Row, Row]:
    """The rows of a case and of its registration, as the service writes them."""
    asked = Registration(
        kind=drawn.choice(KINDS),
        channel="phone",
        external_ref=f"pattern-{number}",
        region=drawn.choice(REGIONS),
        category=drawn.choice(CATEGORIES),
        severity=drawn.choices(list(SHARES), list(SHARES.values()))[0],
        verifiable=True,
        mode="live",
        customer=Customer(f"Buyer {number}", f"+86138{number:08}", None, False),
        account=Account(*_told(drawn, number)),
        product={"model": f"GT-{drawn.randrange(40)}", "serial_no": f"SN{number:06}"},
    )
    taken = register(case_number(number), asked, START + timedelta(minutes=drawn.randrange(300_000)))
    state = drawn.choices(STATES, [60 if state == "closed" else 1 for state in STATES])[0]
    row = case_row(taken.case) | {
        "id": number + 1,
        "state": state,
        "owner": None if state == "registered" else f"owner-{drawn.randrange(200)}",
        "first_channel": "phone",
        "promise": None,
        "words": case_words(taken.case),
    }
    written, head = entry_rows(taken.case, taken.entries, begin(taken.case.case_no))
    return row | {"chained": head.seq, "chain": head.chain}, {"case_id": number + 1, **written[0]}


def _told(drawn: random.Random, number: int) -> Iterator[str]:
    yield _sentence(drawn)
    told = [
        f"{drawn.choice(PARTS)}的{drawn.choice(FAULTS)}，{drawn.choice(THINGS)} is {drawn.choice(TROUBLES)}"
        for _ in "12345"
    ]
    yield "。".join(told) + (RARE if number == PATTERNS // 2 else "")
    yield f"要求{drawn.choice(['退款', '更换', '赔偿', '上门'])}"


def _sentence(drawn: random.Random) -> str:
    return f"{drawn.choice(PARTS)}{drawn.choice(FAULTS)}，{drawn.choice(THINGS)} is {drawn.choice(TROUBLES)}"


def _copy(connection: sa.Connection, copies: int) -> None:
    number = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(sa.select(number.c.n + 1).where(number.c.n < copies))
    for table, key in ((cases, cases.c.id), (entries, entries.c.case_id)):
        moved = {key.name: key + number.c.n * PATTERNS}
        if table is cases:
            serial = sa.cast(800_000_000_000 + cases.c.id + number.c.n * PATTERNS, sa.String(12))
            moved |= {"case_no": serial, "external_ref": serial}
        shown = [moved.get(column.name, column).label(column.name) for column in table.c]
        copied = sa.select(*shown).select_from(sa.join(number, table, sa.true()))
        connection.execute(table.insert().from_select([column.name for column in table.c], copied))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT setval('cases_id_seq', (SELECT max(id) FROM cases))")
