"""Alembic's entry for notify."""

from services.notify.storage.tables import metadata
from shared.base.migrations import run_scripts

run_scripts("notify", metadata)
