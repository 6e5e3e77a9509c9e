"""Every row of a database as text, to look for what must not be in it."""

import sqlalchemy as sa

from shared.base.database import Database


def dump(database: Database) -> str:
    """All tables that there are, also those that no code of ours declares; a line for each row."""
    with database.read() as connection:
        tables = sorted(sa.inspect(connection).get_table_names())
        return "\n".join(
            f"{table}: {tuple(row)!r}"
            for table in tables
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
        )


def lines_with(text: str, *marks: str) -> list[str]:
    """The lines of a dump in which one of these stands."""
    return [line for line in text.splitlines() if any(mark.lower() in line.lower() for mark in marks)]
