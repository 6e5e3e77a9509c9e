"""From a request to what would be published; everything wrong with it is told at once, by field."""

import json
from datetime import datetime
from typing import Any

from services.sla.domain.announced import written
from services.sla.domain.policy_file import read_policy
from services.sla.domain.published import Kind, Published, regions_of
from services.sla.domain.publishing import Running
from services.sla.handlers.rules import Rules
from shared.base.yaml_file import parse_yaml
from shared.kernel.errors import Invalid, Misconfigured
from shared.worktime import WorkCalendar

PREVIEWED = "preview"


def drafted(rules: Rules, request: dict[str, Any], now: datetime) -> Published:
    """The policy or calendar of a request as it would be published now; raises Invalid."""
    if "calendar" in request:
        return _calendar(rules, request, now)
    return policy_draft(_policy_data(request), now=now, **_common(request))


def policy_draft(data: Any, *, file: str = "policy", **common: Any) -> Published:
    """A policy from the data of its file; raises Invalid with every mistake in it."""
    try:
        policy = read_policy(data, file)
    except Misconfigured as error:
        raise Invalid(str(error), {file: error.problems}) from None
    at = common.pop("now")
    return Published(kind=Kind.POLICY, name=policy.name, version=policy.version, body=plain(data), at=at, **common)


def plain(data: Any) -> dict[str, Any]:
    """The data of a YAML file as JSON: its dates become text, which is read alike."""
    found: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return found


def _policy_data(request: dict[str, Any]) -> Any:
    if "text" not in request:
        return request["policy"]
    try:
        return parse_yaml(request["text"], "text")
    except Misconfigured as error:
        raise Invalid(str(error), {"text": error.problems}) from None


def _calendar(rules: Rules, request: dict[str, Any], now: datetime) -> Published:
    name, row = request["name"], request["calendar"]
    served = regions_of(rules.calendars, name)
    regions = sorted(set(request.get("regions", served)))
    problems: dict[str, list[str]] = {}
    body: dict[str, object] = {}
    try:
        body = written(WorkCalendar.from_dict(row))
    except Invalid as error:
        problems = {f"calendar.{path}": reasons for path, reasons in error.detail.items()}
    if not regions and name != rules.calendars.default.name:
        why = f"a calendar that serves nobody; name at least one region, or publish {rules.calendars.default.name}"
        problems["regions"] = [why]
    if problems:
        told = "; ".join(f"{path}: {why}" for path, reasons in problems.items() for why in reasons)
        raise Invalid(told, problems)
    version = request.get("version", PREVIEWED)
    return Published(
        kind=Kind.CALENDAR, name=name, version=version, body=body, regions=regions, at=now, **_common(request)
    )


def _common(request: dict[str, Any]) -> dict[str, Any]:
    running = Running(request["running"])
    return {"running": running, "by": request.get("by", PREVIEWED), "note": request.get("note")}
