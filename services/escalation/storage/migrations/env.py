"""Alembic's entry for escalation."""

from services.escalation.storage.tables import metadata
from shared.base.migrations import run_scripts

run_scripts("escalation", metadata)
