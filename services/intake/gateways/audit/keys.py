"""The key that signs digests: Ed25519, readable by its owner only."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from shared.kernel.errors import Misconfigured

_REMEDY: Final = "make one with `openssl genpkey -algorithm ed25519 -out FILE` (AFTERCARE_INTAKE_AUDIT_KEY)"


class Signer:
    """Signs texts; `public` is the key in PEM by which anybody checks that, `fingerprint` its short name."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = _pem(key.public_key())
        self.fingerprint = fingerprint_of(self.public)

    def sign(self, text: str) -> str:
        """The signature in hexadecimal digits."""
        return self._key.sign(text.encode()).hex()


def open_signer(path: Path, *, make: bool) -> Signer:
    """The key in this file, which is made at first need where that is allowed; raises Misconfigured."""
    try:
        if make:
            _make(path)
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise Misconfigured([f"{path}: the key of digests cannot be read ({error.strerror}); {_REMEDY}"]) from None
    except (ValueError, TypeError):
        raise Misconfigured([f"{path} holds no private key in PEM; {_REMEDY}"]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Misconfigured([f"{path} holds a key of another kind than Ed25519; {_REMEDY}"])
    return Signer(key)


def is_signed(public: str, text: str, signature: str) -> bool:
    """Whether the owner of this key signed this text."""
    try:
        key = load_pem_public_key(public.encode())
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(bytes.fromhex(signature), text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint_of(public: str) -> str:
    """The SHA-256 of a public key's 32 bytes; of what is no such key, a text that is no fingerprint."""
    try:
        key = load_pem_public_key(public.encode())
    except ValueError:
        return "no key"
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)[-32:]).hexdigest()


def _pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _make(path: Path) -> None:
    """A key of our own; where another process was quicker, its key."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    with suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()
