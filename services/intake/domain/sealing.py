"""What of an entry stays for ever, and the seal over all of it (AL-4).

An entry is sealed with the digest of its salt, its fact and its detail. To erase somebody's data changes texts in both,
and takes the salt away; the seal stays, and so does everything that `lasting` names. Whatever proves the record goes by
these two, so it proves it after an erasure too: without the salt nobody can try names until one fits the seal.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from services.intake.domain.wire import Wire

_LASTING: Final = ("seq", "fact", "at", "recorded_at", "by", "key", "due_at", "voids")
_PERHAPS_PERSONAL: Final = frozenset(("product", "source", "external_ref"))
"""Of the attributes that a fact sets, those that are written by others and may hold anything."""


def seal(salt: str, body: str, detail: str) -> str:
    """The seal of an entry as it is kept."""
    return hashlib.sha256("\x00".join((salt, body, detail)).encode("utf-8", "surrogatepass")).hexdigest()


def lasting(fact: Mapping[str, Any]) -> Wire:
    """The part of a fact, as on the wire, that no erasure changes."""
    attributes = {name: value for name, value in fact.get("set", {}).items() if name not in _PERHAPS_PERSONAL}
    return {name: fact[name] for name in _LASTING if name in fact} | {"set": attributes}


def spare_lasting(fact: Mapping[str, Any], erased: Mapping[str, Any]) -> Wire:
    """An erased fact with its lasting part as it was: who acted, and keys, stay also where they look like a name."""
    stays = lasting(fact)
    attributes = {**erased.get("set", {}), **stays.pop("set")}
    return {**erased, **stays} | ({"set": attributes} if attributes else {})
