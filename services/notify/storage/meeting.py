"""A case and its clocks are heard by two consumers, maybe at one instant: what needs both waits for the other."""

import sqlalchemy as sa


def meet(connection: sa.Connection, case_no: str) -> None:
    """From here to the end of the unit of work nobody else is at this place with the case.

    Neither of two sees what the other has not committed, and a row that is not there yet cannot be locked. SQLite has
    one writer at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(case_no, 0))))
