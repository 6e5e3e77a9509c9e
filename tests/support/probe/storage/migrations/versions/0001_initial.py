"""The tables of the probe."""

from alembic import op

from tests.support.probe.storage.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """As they are declared: the probe has no history."""
    metadata.create_all(op.get_bind())
