"""A message put into a broker and taken out again."""

from pathlib import Path

import pika
import pika.exceptions

from shared.nodes.process import wait_until

QUEUE = "kept"


def put(uri: str, body: bytes) -> None:
    """Into a durable queue, confirmed."""
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        channel.basic_publish("", QUEUE, body, pika.BasicProperties(delivery_mode=2))


def put_for_good(uri: str, body: bytes, folder: Path) -> None:
    """Into a queue that survives a SIGKILL: RabbitMQ 3.10 notes a new quorum queue on disk up to a second late."""
    put(uri, body)
    wait_until(lambda: is_noted(folder, QUEUE), 60, "not noted")


def is_noted(folder: Path, queue: str) -> bool:
    """Whether the broker in this folder has a quorum queue on disk, so that a SIGKILL no longer loses its leader."""
    return any(queue.encode() in each.read_bytes() for each in folder.rglob("names.dets"))


def get(uri: str) -> bytes | None:
    """Out of it."""
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection:
        _, _, body = connection.channel().basic_get(QUEUE, auto_ack=True)
        return bytes(body) if body is not None else None


def has_queue(uri: str, name: str) -> bool:
    """Whether the queue is there."""
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection:
        try:
            connection.channel().queue_declare(name, passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            return False
        return True


def answers(uri: str) -> bool:
    """Whether a broker takes connections there."""
    try:
        pika.BlockingConnection(pika.URLParameters(uri)).close()
    except pika.exceptions.AMQPError:
        return False
    return True
