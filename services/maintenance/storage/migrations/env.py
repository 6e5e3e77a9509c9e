"""Alembic's entry for maintenance."""

from services.maintenance.storage.tables import metadata
from shared.base.migrations import run_scripts

run_scripts("maintenance", metadata)
