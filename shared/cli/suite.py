"""The running suite, as `DIR/suite.json` describes it (contracts 1)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.kernel.errors import Misconfigured, Unavailable


@dataclass(frozen=True)
class Suite:
    """Where a suite's broker and services answer."""

    data: Path
    amqp_uri: str
    http: dict[str, str]
    clock: dict[str, Any]
    pids: dict[str, int]

    @classmethod
    def at(cls, data: Path) -> "Suite":
        """The suite that runs in this folder; raises Unavailable when none does."""
        path = data / "suite.json"
        try:
            found = json.loads(path.read_text())
            return cls(data, found["amqp_uri"], found["http"], found["clock"], found["pids"])
        except (FileNotFoundError, NotADirectoryError):
            raise Unavailable(f"no suite runs in {data}; start one with `aftercare up --data {data}`") from None
        except PermissionError:
            raise Unavailable(f"the suite in {data} belongs to another user") from None
        except (ValueError, KeyError, TypeError):
            raise Misconfigured([f"{path} is not what `aftercare up` writes; start the suite again"]) from None
