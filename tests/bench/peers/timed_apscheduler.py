"""Timers as APScheduler has them: jobs in a SQLAlchemy store, run by a pool of threads.

    python -m tests.bench.peers.timed_apscheduler COUNT SECONDS

Adds so many jobs for one instant so many seconds after the last was added, prints that instant, and runs them.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from shared.base.clock import wall_now
from tests.bench.peers import timed


def main(count: int, seconds: float) -> None:
    """Add, say when, run until killed."""
    timed.metadata.create_all(timed.engine)
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=os.environ["BENCH_DB_URL"])},
        executors={"default": ThreadPoolExecutor(10)},
        job_defaults={"misfire_grace_time": None},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    due = _room(count, seconds)
    for number in range(count):
        scheduler.add_job(timed.fire, "date", run_date=due, args=[number])
    scheduler.resume()
    sys.stdout.write(f"{due.isoformat()}\n")
    sys.stdout.flush()
    while True:
        time.sleep(1)


def _room(count: int, seconds: float) -> datetime:
    """An instant that lies behind the adding of all jobs."""
    return wall_now() + timedelta(seconds=seconds + count / 150)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
