"""Who gets in: the token, its scopes, how often, and in whose name (contracts 7)."""

import math
import time
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, Final

from werkzeug import Request

from services.intake.http.keys import Keys
from services.intake.http.route import ADMIN, PHONE, Route
from shared.base.buckets import Buckets
from shared.base.logs import logger
from shared.base.people import SYSTEM, People
from shared.base.tokens import Token
from shared.base.wsgi import TooMany, Unauthenticated
from shared.kernel.errors import Forbidden

BURST_SECONDS: Final = 2.0
"""After a silence so many seconds' worth may come at once."""
FAILURES_A_SECOND: Final = 1 / 3
FAILURES_AT_ONCE: Final = 10
IDENTITY: Final = "identity"
IDENTIFYING: Final = frozenset(("clerk", "auditor", ADMIN))
"""Who may ask who somebody protected is; never the owner of the case, nor the phone system (AL-4)."""

log = logger(__name__)


class Gate:
    """Lets requests in. A good token is never kept out by what others at its address do."""

    def __init__(self, keys: Keys, people: People, rate: float, stranger_rate: float) -> None:
        self._keys = keys
        self.people = people
        self._known = Buckets(rate, rate * BURST_SECONDS)
        self._strangers = Buckets(stranger_rate, stranger_rate * BURST_SECONDS)
        self._failures = Buckets(FAILURES_A_SECOND, FAILURES_AT_ONCE)

    def let_in(self, request: Request, route: Route) -> Token:
        """The token of the request; raises unless it has one of the route's scopes."""
        token = self._token(request, route)
        if not token.scopes & route.scopes:
            log.warning("a token was refused", token=token.name, why="scope", method=route.command)
            raise Forbidden(f"this token may not; a scope of {', '.join(sorted(route.scopes))} is needed")
        return token

    def let_stranger_in(self, request: Request) -> None:
        """Raise TooMany when this address asks too often for what needs no token."""
        _take(self._strangers, _address(request))

    def _token(self, request: Request, route: Route) -> Token:
        given = _given(request, route)
        if not given:
            self.let_stranger_in(request)
            raise Unauthenticated("send a token: `Authorization: Bearer …`")
        token = self._keys.find(given)
        if token is None:
            _take(self._failures, _address(request))
            raise Unauthenticated("send a valid token: `Authorization: Bearer …`")
        _take(self._known, token.name)
        return token

    def in_name_of(self, token: Token, route: Route, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The request with who acts; raises Forbidden for somebody whom the token does not stand for."""
        for field, value in route.for_admin.items():
            if asked.get(field) == value and ADMIN not in token.scopes:
                raise Forbidden(f"{field} {value} needs a token with the scope {ADMIN}")
        if asked.get(IDENTITY) and not token.scopes & IDENTIFYING:
            raise Forbidden(f"{IDENTITY} needs a token with a scope of {', '.join(sorted(IDENTIFYING))}")
        if route.by is None:
            return dict(asked)
        by = asked.get(route.by)
        if by is None:
            return {**asked, route.by: token.person} if token.person else dict(asked)
        if isinstance(by, str):
            self._vouch(token, by.strip(), route.by)
        return dict(asked)

    def _vouch(self, token: Token, by: str, field: str) -> None:
        """Raise Forbidden unless the token may speak in this name."""
        if token.person is not None:
            if by not in self.people.names_of(token.person):
                raise Forbidden(f"this token stands for {token.person}, {field} is somebody else", {field: by})
        elif by.startswith(SYSTEM) and ADMIN not in token.scopes and by not in _systems(token):
            raise Forbidden(f"this token may not speak for {by}", {field: by})


def _given(request: Request, route: Route) -> str | None:
    """The bearer token; an exchange that can only be given an address has it as the password in there (RFC 7617)."""
    given = request.authorization
    if given is None:
        return None
    if route.spelled and given.type == "basic":
        return given.password
    return given.token if given.type == "bearer" else None


def _systems(token: Token) -> set[str]:
    """The systems that a phone system's token may name: the one, or one by the token's name."""
    return {f"{SYSTEM}{PHONE}", f"{SYSTEM}{token.name}"} if PHONE in token.scopes else set()


def _take(buckets: Buckets, key: str) -> None:
    if wait := buckets.wait(key, time.monotonic()):
        raise TooMany("too many requests; wait before the next", math.ceil(wait))


def _address(request: Request) -> str:
    """Where the request comes from: a whole network in IPv6, where one machine has very many addresses."""
    address = request.remote_addr or ""
    return str(ip_network(f"{address.partition('%')[0]}/64", strict=False)) if ":" in address else address
