"""How long messages are kept: retention runs on real time (contracts 2)."""

from datetime import timedelta

from services.notify.storage import forgetting
from services.notify.storage.forgetting import BATCH, Before
from shared.base.clock import wall_now
from shared.base.database import Database


def forget(database: Database, keep_days: int, batch: int = BATCH) -> int:
    """Delete what ended longer ago than this; how many rows went."""
    span = timedelta(days=keep_days)
    return forgetting.forget(database, Before(wall=wall_now() - span, suite=database.clock.now() - span), batch)
