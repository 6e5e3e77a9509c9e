"""Gates for tests: a token's name is its secret."""

import json
import tempfile
from pathlib import Path

from services.intake.http import Gate, Keys
from shared.base.people import load_people
from shared.base.tokens import Token, digest, write_entries


def gate_for(*tokens: Token, rate: float = 0, stranger_rate: float = 0) -> Gate:
    """A gate that knows these tokens."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokens.json"
        write_entries(path, [entry(each) for each in tokens])
        keys = Keys(path)
    return Gate(keys, load_people(), rate, stranger_rate)


def entry(token: Token) -> dict[str, object]:
    """The token as it stands in the file."""
    found = {
        "name": token.name,
        "scopes": sorted(token.scopes),
        "sha256": digest(token.name),
        "person": token.person,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
    return {name: value for name, value in found.items() if value is not None}


def text(*tokens: Token) -> str:
    """The file as an operator writes it."""
    return json.dumps({"tokens": [entry(each) for each in tokens]}, default=str)
