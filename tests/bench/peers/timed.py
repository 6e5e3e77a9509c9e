"""The job that every peer of the timers does when a timer is due: commit a row, publish a confirmed event.

As their documentation has it: an SQLAlchemy engine with its pool, a kombu producer with publisher confirms that each
thread or process keeps. Where to is in the environment: BENCH_DB_URL, BENCH_AMQP_URI.
"""

import os
import threading
from typing import Any

import kombu
import sqlalchemy as sa

EXCHANGE = kombu.Exchange("bench.timed", "topic", durable=True)
PADDING = "x" * 900
"""An event is as large as one of the suite."""

metadata = sa.MetaData()
fired = sa.Table(
    "fired", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.Integer, nullable=False)
)
engine = sa.create_engine(os.environ["BENCH_DB_URL"], pool_size=10)
_kept = threading.local()


def _producer() -> Any:
    if not hasattr(_kept, "producer"):
        connection = kombu.Connection(os.environ["BENCH_AMQP_URI"], transport_options={"confirm_publish": True})
        _kept.producer = kombu.Producer(connection, EXCHANGE, serializer="json")
    return _kept.producer


def fire(number: int) -> None:
    """What is done at the due instant."""
    with engine.begin() as connection:
        connection.execute(fired.insert(), {"number": number})
    _producer().publish({"number": number, "padding": PADDING}, routing_key="timer.fired", delivery_mode=2)
