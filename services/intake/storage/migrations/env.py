"""Alembic's entry: runs intake's scripts on the connection that `shared.base.migrations` hands over."""

from services.intake.storage.tables import metadata
from shared.base.migrations import run_scripts

run_scripts("intake", metadata)
