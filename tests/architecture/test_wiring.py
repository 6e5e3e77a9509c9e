"""The catalogue tells the truth: who is listed as a consumer binds the event, and who binds it is listed."""

import importlib
from typing import Any

import pytest

from shared.base.broker import SERVICES
from shared.events import CATALOGUE
from shared.runtime.events import EventConsumer
from shared.runtime.providers import HOURLY, Housekeeping


def consumers_of(service: str) -> list[EventConsumer]:
    service_class = importlib.import_module(f"services.{service}.service").Service
    methods: list[Any] = [getattr(service_class, name) for name in dir(service_class)]
    entrypoints = [each for method in methods for each in getattr(method, "nameko_entrypoints", ())]
    return [each for each in entrypoints if isinstance(each, EventConsumer)]


def hears(pattern: str, name: str) -> bool:
    """Whether a topic pattern matches a routing key (AMQP 0-9-1: * is one word, # any number)."""
    return _matches(pattern.split("."), name.split("."))


def _matches(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_matches(pattern[1:], words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _matches(pattern[1:], words[1:])


@pytest.mark.parametrize("service", SERVICES)
def test_listed_consumers_bind_and_binders_are_listed(service: str) -> None:
    bindings = [(owner, key) for each in consumers_of(service) for owner, keys in each.sources.items() for key in keys]
    for event in CATALOGUE.values():
        bound = any(owner == event.owner and hears(key, event.name) for owner, key in bindings)
        assert bound == (service in event.consumers), event.name


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_keeps_house_by_the_hour(service: str) -> None:
    parts = vars(importlib.import_module(f"services.{service}.service").Service).values()
    assert [each.rounds for each in parts if isinstance(each, Housekeeping)] == [HOURLY]


@pytest.mark.parametrize("service", SERVICES)
def test_queues_are_named_after_their_service(service: str) -> None:
    assert all(each.queue.startswith(f"{service}.") for each in consumers_of(service))


def test_every_event_has_an_owner_and_a_version() -> None:
    assert all(event.owner in SERVICES and name.endswith(".v1") for name, event in CATALOGUE.items())
