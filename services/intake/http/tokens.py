"""Bearer tokens: kept as digests in a file of the operator's; the embedded default makes one at first start.

    {"tokens": [{"name": "hotline", "scopes": ["phone"], "sha256": "…"}]}

A token is long and random, so its plain SHA-256 is enough: there is nothing to guess from.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields
from marshmallow.validate import Length, Regexp

from services.intake.http.routes import SCOPES
from shared.base.fields import NAME, Choice, Text
from shared.base.schema import load
from shared.kernel.errors import Invalid, Misconfigured

FILE: Final = "tokens.json"
FIRST_TOKEN_FILE: Final = "token"


class TokenSchema(Schema):
    """One token of the file."""

    name = Text(NAME, required=True)
    scopes = fields.List(Choice(SCOPES), required=True, validate=Length(1))
    sha256 = fields.String(required=True, validate=Regexp(r"^[0-9a-f]{64}$"))


class TokensSchema(Schema):
    """The file."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)


class Tokens:
    """Which token may do what."""

    def __init__(self, scopes: Mapping[str, frozenset[str]]) -> None:
        self._scopes = scopes

    def scopes_of(self, token: str) -> frozenset[str]:
        """The scopes of a token; none for a token that nobody gave."""
        return self._scopes.get(digest(token), frozenset())

    @classmethod
    def read(cls, path: Path) -> "Tokens":
        """The tokens in a file; raises Misconfigured with every problem at once."""
        try:
            content = load(TokensSchema(), json.loads(path.read_text(encoding="utf-8")))
        except Invalid as error:
            problems = [f"{path}: {field}: {why}" for field, reasons in error.detail.items() for why in reasons]
            raise Misconfigured(problems) from None
        except (OSError, ValueError) as error:
            raise Misconfigured([f"{path} cannot be read as a file of tokens: {error}"]) from None
        return cls({each["sha256"]: frozenset(each["scopes"]) for each in content["tokens"]})


def digest(token: str) -> str:
    """The form in which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_first(folder: Path) -> Path:
    """The folder's file of tokens; at first start it is made, with one token for everything beside it, in clear."""
    path = folder / FILE
    if path.exists():
        return path
    token = secrets.token_urlsafe(32)
    first: dict[str, Any] = {"name": "first", "scopes": ["admin"], "sha256": digest(token)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_private(folder / FIRST_TOKEN_FILE, token + "\n")
        _write_private(path, json.dumps({"tokens": [first]}, indent=1))
    except OSError as error:
        raise Misconfigured([f"cannot write {path}: {error.strerror}; make the folder writable"]) from None
    return path


def _write_private(path: Path, text: str) -> None:
    """By rename, readable by its owner only from the first moment."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)
