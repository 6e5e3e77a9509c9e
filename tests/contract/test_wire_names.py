"""Every name on the wire, held against a golden file: a change of one is a decision, never an accident.

After a deliberate addition, write the file anew: `python -m tests.contract.test_wire_names`.
"""

import importlib
import json
from pathlib import Path
from typing import Any

from shared.base import broker
from shared.events import CATALOGUE, exchange_of
from shared.kernel import errors
from shared.runtime import requests
from shared.runtime.events import EventConsumer
from tests.support.methods import rpc_methods

GOLDEN = Path(__file__).with_name("wire_names.json")


def wire_names() -> dict[str, Any]:
    """All names that the outside relies on, as the code has them."""
    return {
        "exchanges": sorted(
            [*map(exchange_of, broker.SERVICES), broker.RPC_EXCHANGE, broker.ALERTS_EXCHANGE, broker.DEAD_EXCHANGE]
        ),
        "events": {name: sorted(event.consumers) for name, event in sorted(CATALOGUE.items())},
        "methods": {service: _methods(service) for service in broker.SERVICES},
        "queues": {service: _queues(service) for service in broker.SERVICES},
        "errors": sorted({kind.slug for module in (errors, requests) for kind in _errors(module)}),
    }


def _entrypoints(service: str) -> list[Any]:
    service_class = importlib.import_module(f"services.{service}.service").Service
    methods = [getattr(service_class, name) for name in dir(service_class)]
    return [(m.__name__, e) for m in methods for e in getattr(m, "nameko_entrypoints", ())]


def _methods(service: str) -> dict[str, list[str]]:
    """Each method with the fields that its request may have."""
    return {name: sorted(each.schema.fields) for name, each in rpc_methods(service).items()}


def _queues(service: str) -> dict[str, dict[str, list[str]]]:
    found = [each for _, each in _entrypoints(service) if isinstance(each, EventConsumer)]
    return {each.queue: {owner: list(keys) for owner, keys in each.sources.items()} for each in found}


def _errors(module: Any) -> list[Any]:
    kinds = [each for each in vars(module).values() if isinstance(each, type)]
    return [
        kind for kind in kinds if issubclass(kind, errors.Refused | errors.Unavailable) and kind is not errors.Refused
    ]


def test_names_are_the_golden_ones() -> None:
    assert wire_names() == json.loads(GOLDEN.read_text())


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(wire_names(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
