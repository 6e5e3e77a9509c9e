"""`python -m tests.bench.timers.raw_lateness URL AMQP_URI CLOCK COUNT A_SECOND`: how late the bare work is done.

At each due instant, known beforehand, the rows of one clock are updated and an event is published and confirmed.
"""

import json
import sys
import time
from datetime import timedelta

from shared.base.clock import SuiteClock, wall_now
from shared.base.database import Database
from shared.base.link import Link
from tests.bench.timers.raw import Pipeline, running, update

FIRST = timedelta(seconds=0.5)
PADDING = "x" * 900


def main(url: str, amqp_uri: str, name: str, count: int, a_second: int) -> None:
    """One after the other."""
    database = Database(url, service="sla", clock=SuiteClock())
    ids = running(database, name, count)
    with Link(amqp_uri, "bench raw") as link:
        pipeline, first = Pipeline(link), wall_now() + FIRST
        for number, clock_id in enumerate(ids):
            due = first + timedelta(seconds=number / a_second)
            time.sleep(max(0.0, (due - wall_now()).total_seconds()))
            update(database, [clock_id])
            pipeline.publish(json.dumps({"due_at": due.isoformat(), "padding": PADDING}))
            pipeline.wait()


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5]))
    sys.stdout.write("{}\n")
