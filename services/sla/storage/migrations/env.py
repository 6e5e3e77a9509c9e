"""Alembic's entry for sla."""

from services.sla.storage.tables import metadata
from shared.base.migrations import run_scripts

run_scripts("sla", metadata)
