"""The spellings of exchanges: what many of them send as a form, in the contract's names (contracts 4, `call_event`)."""

from typing import Final

from shared.base.fields import NAME

Pairs = list[tuple[str, str]]

_NAMES: Final = {
    "event": "event",
    "callid": "call_id",
    "call_id": "call_id",
    "source": "source",
    "from": "from",
    "caller": "from",
    "to": "to",
    "callee": "to",
    "direction": "direction",
    "at": "at",
    "user": "user",
    "user[]": "user",
    "queue": "queue",
    "queue[]": "queue",
    "cause": "cause",
    "recording": "recording",
    "request_id": "request_id",
}
"""What else an exchange sends is left out: it may add what it likes without a call being lost."""
_VALUES: Final = {
    "event": {
        "newcall": "newCall",
        "new_call": "newCall",
        "ringing": "newCall",
        "answer": "answer",
        "answered": "answer",
        "hangup": "hangup",
        "hungup": "hangup",
        "hang_up": "hangup",
    },
    "direction": {"in": "in", "inbound": "in", "incoming": "in", "out": "out", "outbound": "out", "outgoing": "out"},
}
_SEVERAL: Final = ("user", "queue")
"""Fields that a form may hold several times: whoever it rings for."""


def contract_names(pairs: Pairs) -> Pairs:
    """The form in the contract's names; empty values other than numbers are as good as none."""
    found: Pairs = []
    several: dict[str, list[str]] = {}
    for sent, value in pairs:
        name = _NAMES.get(sent.strip().casefold())
        if name is None or (not value.strip() and name not in ("from", "to")):
            continue
        if name in _SEVERAL:
            several.setdefault(name, []).append(value.strip())
        else:
            found.append((name, _VALUES.get(name, {}).get(value.strip().casefold(), value)))
    return found + [(name, _listed(values)) for name, values in several.items()]


def _listed(values: list[str]) -> str:
    """All of them in one text; of very many as many as have room."""
    listed = ", ".join(dict.fromkeys(values))
    return listed if len(listed) <= NAME or len(values) == 1 else listed[:NAME].rpartition(", ")[0]
