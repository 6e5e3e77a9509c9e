"""Alembic's entry for the probe."""

from shared.base.migrations import run_scripts
from tests.support.probe import NAME
from tests.support.probe.storage.tables import metadata

run_scripts(NAME, metadata)
