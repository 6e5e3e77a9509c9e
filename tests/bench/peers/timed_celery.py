"""Timers as Celery has them: tasks with an ETA on RabbitMQ, acknowledged once they are done."""

import os

from celery import Celery

from tests.bench.peers import timed

app = Celery("timed", broker=os.environ["BENCH_AMQP_URI"])
app.conf.update(task_acks_late=True, task_ignore_result=True, worker_hijack_root_logger=False)


@app.task(name="fire")
def fire(number: int) -> None:
    """One timer."""
    timed.fire(number)
