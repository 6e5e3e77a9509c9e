"""A service's RPC methods for what answers outside a nameko worker, like HTTP: the same schemas, the same work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import marshmallow as ma
from eventlet.semaphore import Semaphore
from nameko.containers import WorkerContext

from shared.base.traces import current_trace
from shared.kernel.errors import Unavailable
from shared.runtime.loop import within
from shared.runtime.providers import METHOD, REQUEST_ID, TRACE
from shared.runtime.resources import Resources
from shared.runtime.rpc import RpcMethod

TURN_SECONDS = 10.0
"""How long a request waits for its turn."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it takes, and how it runs."""

    schema: ma.Schema
    run: Callable[[Answer, str | None], Answer]
    """Takes the validated request and the request id; raises what the method raises."""


def methods_of(container: Any, resources: Resources) -> Mapping[str, Method]:
    """The RPC methods of a container by name; until it is started, and once it stops, they are Unavailable."""
    turns = Semaphore(resources.settings.workers)
    found = [each for each in container.entrypoints if isinstance(each, RpcMethod)]
    return {
        each.method_name: Method(each.schema, partial(_run_in_turn, turns, resources, container, each))
        for each in found
    }


def _run_in_turn(turns: Any, resources: Resources, container: Any, entrypoint: RpcMethod, *asked: Any) -> Answer:
    """As many at once as by RPC: each needs a connection to the database."""
    if not resources.is_open:
        raise Unavailable("the service is starting or stopping")
    if not within(TURN_SECONDS, turns.acquire):
        raise Unavailable("too many requests are in hand")
    try:
        return _run(container, entrypoint, *asked)
    finally:
        turns.release()


def _run(container: Any, entrypoint: RpcMethod, request: Answer, request_id: str | None) -> Answer:
    """What a nameko worker does, but here: the caller waits for the answer anyway."""
    service = container.service_cls()
    data = {METHOD: entrypoint.method_name, REQUEST_ID: request_id, TRACE: current_trace.get()}
    context = WorkerContext(container, service, entrypoint, data=data)
    for provider in container.dependencies:
        setattr(service, provider.attr_name, provider.get_dependency(context))
    answer: Answer = getattr(service, entrypoint.method_name)(request)
    return answer
