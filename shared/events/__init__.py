"""The facts that services say to each other: their names, their owners, their envelope."""

from shared.events.catalogue import CATALOGUE, EventType, exchange_of, must_be_heard
from shared.events.envelope import CONTENT_TYPE, Envelope, Event

__all__ = ["CATALOGUE", "CONTENT_TYPE", "Envelope", "Event", "EventType", "exchange_of", "must_be_heard"]
