"""Which key signs digests, and what is said where none will do."""

import stat
import subprocess
from pathlib import Path

import pytest

from services.intake.gateways.audit import fingerprint_of, is_signed
from services.intake.handlers.proving.opening import audit_path, key_opener
from services.intake.settings import Settings
from shared.base.settings import read_settings
from shared.kernel.errors import Misconfigured


def settings(data: Path, **more: str) -> Settings:
    given = {
        "AFTERCARE_AMQP_URI": "amqp://guest:guest@localhost:5672/",
        "AFTERCARE_INTAKE_DB_URL": "sqlite:////tmp/x.db",
        "AFTERCARE_INTAKE_HTTP_PORT": "8001",
        "AFTERCARE_DATA": str(data),
    }
    return read_settings(Settings, "intake", given | more)


def test_the_embedded_suite_makes_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = key_opener(settings(tmp_path))(), key_opener(settings(tmp_path))()
    assert first.fingerprint == again.fingerprint == fingerprint_of(first.public)
    assert is_signed(first.public, "a day", again.sign("a day"))
    assert stat.S_IMODE((tmp_path / "audit" / "intake.key").stat().st_mode) == 0o600
    assert audit_path(settings(tmp_path)) == tmp_path / "audit" / "intake"


def test_in_production_the_operator_gives_the_key(tmp_path: Path) -> None:
    production = {"AFTERCARE_MODE": "production"}
    with pytest.raises(Misconfigured, match="AFTERCARE_INTAKE_AUDIT_KEY is not set"):
        key_opener(settings(tmp_path, **production))()
    assert not (tmp_path / "audit").exists()
    key, folder = tmp_path / "key.pem", tmp_path / "kept"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    own = {"AFTERCARE_INTAKE_AUDIT_KEY": str(key), "AFTERCARE_INTAKE_AUDIT_FOLDER": str(folder)}
    signer = key_opener(settings(tmp_path, **production, **own))()
    assert is_signed(signer.public, "a day", signer.sign("a day"))
    assert audit_path(settings(tmp_path, **own)) == folder


def test_a_key_that_will_not_do_is_refused_at_the_start(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    with pytest.raises(Misconfigured, match="AFTERCARE_INTAKE_AUDIT_KEY is wrong"):
        settings(tmp_path, AFTERCARE_INTAKE_AUDIT_KEY=str(key))
    key.write_text("nonsense")
    with pytest.raises(Misconfigured, match="no private key"):
        key_opener(settings(tmp_path, AFTERCARE_INTAKE_AUDIT_KEY=str(key)))
    subprocess.run(["openssl", "genpkey", "-algorithm", "x25519", "-out", key], check=True, capture_output=True)
    with pytest.raises(Misconfigured, match="another kind"):
        key_opener(settings(tmp_path, AFTERCARE_INTAKE_AUDIT_KEY=str(key)))


def test_what_is_no_key_has_no_fingerprint_and_signs_nothing() -> None:
    assert fingerprint_of("nonsense") == "no key"
    assert not is_signed("nonsense", "a day", "00")
