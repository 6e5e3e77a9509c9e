"""Names that nobody knows are taken while the example organisation is in use, and warned about (contracts 3)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from shared.cli.output import note
from shared.cli.rpc import Rpc
from shared.kernel.errors import Unavailable

UNKNOWN = "unknown"
PEOPLE = ("registrar", "by", "owner")
"""Fields that name people of ours."""


def warn_of_unknown(rpc: Rpc, case: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Say on stderr which people and departments of a request are in no file; they may be mistyped."""
    if not any(request.get(field) for field in PEOPLE):
        return
    with suppress(Unavailable):  # what was asked for is done; the mark is read again with the case
        kept = rpc.call("intake.get_case", {"case_no": case["case_no"]})
        for field in unknown_fields(kept["history"], case["version"]):
            note(f"warning: {field}: {request.get(field)} is not in the people file; taken, and marked in the history")
        for name in unlisted(kept.get("tasks", ()), request):
            note(f"warning: {name} is no department of the file of duties; taken as it stands")


def unknown_fields(history: Iterable[Mapping[str, Any]], version: int) -> list[str]:
    """The fields of the request of this version that name unknown people."""
    marked = [entry["detail"].get(UNKNOWN, []) for entry in history if entry["version"] == version]
    return sorted({field for fields in marked for field in fields})


def unlisted(tasks: Iterable[Mapping[str, Any]], request: Mapping[str, Any]) -> list[str]:
    """The departments that a request names and that now owe something, without a name in the file of duties."""
    named = {*request.get("departments", ()), request.get("department")} - {None}
    owing = [each["owed_by"] for each in tasks if each["owed_by"].get("department") in named]
    return sorted({each["department"] for each in owing if {*each["name"].values()} == {each["department"]}})
