"""What fires is changed in place. Runs before the deploy: older code works on the same tables and columns.

No index holds the state of a clock any more, and a timer that fired is not kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index anew, with one of open clocks beside it; leave room on each page for what is written next to it.

    What an older replica still keeps of timers that fired is not in the way: nobody asks for it.
    """
    op.drop_index("clocks_due", "clocks")
    op.create_index("clocks_due", "clocks", ["due_at", "id"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index("clocks_open", "clocks", ["due_at", "id"], postgresql_where=is_open, sqlite_where=is_open)
    op.execute("DELETE FROM timers WHERE state = 'fired'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE clocks SET (fillfactor = 85)")
