"""What is asked for in an order is read off an index that has it, also where PostgreSQL's counts are old.

Rows that wait for something are few when a table is counted, in the night say, and many in the morning. PostgreSQL
then takes them for one: any index will do, or to read all and sort, and each window of a burst reads the whole of it.
"""

import sqlalchemy as sa

# A sort that cannot be done without is thought to be so dear that its statement were worth compiling.
_SETTINGS = "SET LOCAL enable_sort = off; SET LOCAL jit = off"


def in_order(connection: sa.Connection) -> None:
    """Have PostgreSQL rather take an index than sort, until the transaction ends; SQLite does nothing else."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_SETTINGS)
