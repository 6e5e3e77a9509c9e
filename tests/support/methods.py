"""The RPC methods of a service, as its class declares them: whoever adds one has it tested."""

from importlib import import_module

from shared.runtime.rpc import RpcMethod


def rpc_methods(service: str) -> dict[str, RpcMethod]:
    """Each method by name."""
    service_class = import_module(f"services.{service}.service").Service
    methods = [getattr(service_class, name) for name in dir(service_class)]
    found = [(m.__name__, each) for m in methods for each in getattr(m, "nameko_entrypoints", ())]
    return dict(sorted((name, each) for name, each in found if isinstance(each, RpcMethod)))
