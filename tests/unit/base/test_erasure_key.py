"""The suite's key of erasures: one for all services, made once, never guessed (AL-4)."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from shared.base.erasure_key import FILE, digest_of
from shared.base.service_settings import ServiceSettings
from shared.kernel.errors import Misconfigured


def settings(folder: Path) -> ServiceSettings:
    return ServiceSettings(amqp_uri="amqp://", db_url="sqlite://", http_port=1, data=folder)


def test_services_that_start_together_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(5) as services:
        digests = set(services.map(lambda _: digest_of(settings(tmp_path))()("name", "x"), range(5)))
    assert len(digests) == 1
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_in_production_the_operator_gives_it(tmp_path: Path) -> None:
    production = replace(settings(tmp_path), mode="production")
    with pytest.raises(Misconfigured, match="AFTERCARE_ERASURE_KEY"):
        digest_of(production)()
    given = tmp_path / "key"
    given.write_text("short")
    with pytest.raises(Misconfigured, match="too short"):
        digest_of(replace(production, erasure_key=given))()
    given.write_text("x" * 32)
    assert digest_of(replace(production, erasure_key=given))()("name", "x")
