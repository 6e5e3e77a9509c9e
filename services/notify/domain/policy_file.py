"""From the data of a policy file to a policy: everything is checked, every mistake is told at once with its remedy."""

from collections.abc import Collection
from datetime import time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.notify.domain.policy import Category, Lane, Policy, Quiet, Rate
from services.notify.domain.reading import span, time_of_day
from services.notify.domain.rule_file import read_rule
from services.notify.domain.vocabulary import (
    AUDIENCES,
    CUSTOMER,
    DIRECT,
    LANGUAGES,
    PERSONAL_CHANNELS,
    SENT_CHANNELS,
    OnUnknown,
)
from shared.kernel.reading import Part, Problems

FILE: Final = "policy version zone languages quiet_hours bundling rates providers retries categories rules".split()
CATEGORY: Final = "expires_after on_unknown bundle quiet audience".split()
MOST_IN_BUNDLE: Final = 1000


def read_policy(data: Any, file: str, roles: Collection[str]) -> Policy:
    """The policy in a file's data; raises Misconfigured that names file and place of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    policy = _policy(top, roles)
    _check_quiet(top, policy)
    problems.refuse(file)
    return policy


def _policy(top: Part, roles: Collection[str]) -> Policy:
    bundling = top.at("bundling")
    bundling.mapping({"windows", "most"})
    categories = {name: _category(name, part) for name, part in top.at("categories").entries().items()}
    if DIRECT not in categories:
        top.at("categories").wrong(f"{DIRECT!r} is missing: what is sent by RPC without a category belongs to it")
    rules = {name: read_rule(name, part, categories, roles) for name, part in top.at("rules").entries().items()}
    return Policy(
        name=str(top.at("policy", "").value),
        version=str(top.at("version", "").value),
        zone=top.at("zone").parsed(_zone, ZoneInfo("UTC")),
        languages=_languages(top.at("languages")),
        quiet={name: _quiet(part) for name, part in top.at("quiet_hours", {}).entries(AUDIENCES).items()},
        windows=_windows(bundling.at("windows")),
        most_in_bundle=int(bundling.at("most").number(2, MOST_IN_BUNDLE, MOST_IN_BUNDLE)),
        rates={name: _rate(part) for name, part in top.at("rates", {}).entries(PERSONAL_CHANNELS).items()},
        lanes=_lanes(top.at("providers", {})),
        waits=tuple(span(part) for part in top.at("retries").items()),
        categories=categories,
        rules={rule.name: rule for rule in rules.values() if rule is not None},
    )


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError(f"{name!r} is no time zone; write an IANA name like Asia/Shanghai") from None


def _languages(part: Part) -> dict[str, str]:
    asked = part.entries(AUDIENCES)
    return {name: asked[name].one_of(LANGUAGES) if name in asked else LANGUAGES[0] for name in AUDIENCES}


def _windows(part: Part) -> tuple[timedelta, ...]:
    found = tuple(span(each) for each in part.items())
    if not found or list(found) != sorted(found):
        part.wrong("must be one or more spans, each at least as long as the one before, like [10 seconds, 1 minute]")
    return found or (timedelta(seconds=1),)


def _quiet(part: Part) -> Quiet:
    ends = [time_of_day(each) for each in part.items()]
    if len(ends) != 2 or ends[0] == ends[1]:
        part.wrong("must be two different times of day, like ['22:00', '07:00']")
        return Quiet(time(0), time(0))
    return Quiet(*ends)


def _rate(part: Part) -> Rate:
    part.mapping({"messages", "per"})
    return Rate(int(part.at("messages").number(1, 100_000, 1)), span(part.at("per")))


def _lanes(part: Part) -> dict[str, Lane]:
    asked = part.entries(SENT_CHANNELS)
    for each in asked.values():
        each.mapping({"parallel", "per_second"})
    return {
        name: Lane(
            int(asked[name].at("parallel").number(1, 100, 4)), asked[name].at("per_second").number(0, 100_000, 0)
        )
        if name in asked
        else Lane(4)
        for name in SENT_CHANNELS
    }


def _category(name: str, part: Part) -> Category:
    part.mapping(CATEGORY)
    on_unknown = part.at("on_unknown", OnUnknown.SHOW.value).one_of(frozenset(OnUnknown))
    return Category(
        name=name,
        expires_after=span(part.at("expires_after")),
        on_unknown=OnUnknown(on_unknown or OnUnknown.SHOW),
        bundle=part.at("bundle").flag(True),
        quiet=part.at("quiet").flag(True),
        audience=part.at("audience", CUSTOMER).one_of(AUDIENCES) or CUSTOMER,
    )


def _check_quiet(top: Part, policy: Policy) -> None:
    """Refuse a message that quiet hours would let expire before it may go."""
    longest = max((quiet.length for quiet in policy.quiet.values()), default=timedelta())
    for rule in policy.rules.values():
        category = policy.categories[rule.category]
        if category.quiet and not rule.urgent and category.expires_after <= longest:
            top.at("categories").at(rule.category).at("expires_after").wrong(
                f"the rule {rule.name!r} could expire during quiet hours, which last {longest}; "
                "give it longer, make the rule urgent, or write `quiet: false`"
            )
