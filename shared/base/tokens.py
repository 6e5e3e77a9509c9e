"""Bearer tokens: kept as digests in a file of the operator's; the embedded default makes one at first start.

    {"tokens": [{"name": "hotline", "scopes": ["phone"], "sha256": "…", "expires_at": "2027-01-01T00:00:00+08:00"}]}

A token is long and random, so its plain SHA-256 is enough: there is nothing to guess from, and finding a digest in a
table takes the same time whatever was sent.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields
from marshmallow.validate import Length, Regexp

from shared.base.fields import NAME, Choice, Moment, Text
from shared.base.schema import load
from shared.kernel.errors import Invalid, Misconfigured

SCOPES: Final = ("clerk", "owner", "phone", "auditor", "admin")
FILE: Final = "tokens.json"
FIRST_TOKEN_FILE: Final = "token"
MARK: Final = "aftercare_"
"""How tokens begin, so that they are recognised where they should not be."""

Entry = dict[str, Any]


class TokenSchema(Schema):
    """One token of the file."""

    name = Text(NAME, required=True)
    scopes = fields.List(Choice(SCOPES), required=True, validate=Length(1))
    sha256 = fields.String(required=True, validate=Regexp(r"^[0-9a-f]{64}$"))
    person = Text(NAME)
    expires_at = Moment()
    revoked_at = Moment()


class TokensSchema(Schema):
    """The file."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token; with a `person` it stands for nobody else."""

    name: str
    scopes: frozenset[str]
    person: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def refusal(self, now: datetime) -> str | None:
        """Why it is good no longer."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else None


def digest(token: str) -> str:
    """The form in which a token is kept."""
    return hashlib.sha256(token.encode(errors="backslashreplace")).hexdigest()


def new_token() -> str:
    """A token that nobody can guess."""
    return MARK + secrets.token_urlsafe(32)


def read_tokens(path: Path) -> dict[str, Token]:
    """The tokens in a file by digest; raises Misconfigured with every problem at once."""
    found = read_entries(path)
    return {each.pop("sha256"): Token(**{**each, "scopes": frozenset(each["scopes"])}) for each in found}


def read_entries(path: Path) -> list[Entry]:
    """What the file says; raises Misconfigured with every problem at once."""
    try:
        content = load(TokensSchema(), json.loads(path.read_text(encoding="utf-8")))
    except Invalid as error:
        problems = [f"{path}: {field}: {why}" for field, reasons in error.detail.items() for why in reasons]
        raise Misconfigured(problems) from None
    except (OSError, ValueError) as error:
        raise Misconfigured([f"{path} cannot be read as a file of tokens: {error}"]) from None
    entries: list[Entry] = content["tokens"]
    for unique in ("name", "sha256"):
        if len({each[unique] for each in entries}) < len(entries):
            raise Misconfigured([f"{path}: two tokens have the same {unique}; give each its own"])
    return entries


def write_entries(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Replace the file."""
    write_private(path, json.dumps({"tokens": entries}, indent=1, ensure_ascii=False, default=_instant) + "\n")


def _instant(value: datetime) -> str:
    return value.isoformat()


def make_first(folder: Path) -> Path:
    """The folder's file of tokens; at first start it is made, with one token for everything beside it, in clear."""
    path = folder / FILE
    if path.exists():
        return path
    token = new_token()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / FIRST_TOKEN_FILE, token + "\n")
        write_entries(path, [{"name": "first", "scopes": ["admin"], "sha256": digest(token)}])
    except OSError as error:
        raise Misconfigured([f"cannot write {path}: {error.strerror}; make the folder writable"]) from None
    return path


def write_private(path: Path, text: str) -> None:
    """By rename, readable by its owner only from the first moment."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
