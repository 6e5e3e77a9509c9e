"""Settings: read once, every error at once, each with its remedy."""

from pathlib import Path

import pytest

from shared.base.service_settings import ServiceSettings
from shared.base.settings import amqp_url, from_file, one_of, read_settings, seconds, whole_number
from shared.kernel.errors import Misconfigured

GOOD = {
    "AFTERCARE_AMQP_URI": "amqp://user:word@host:5672/vhost",
    "AFTERCARE_SLA_DB_URL": "sqlite:////tmp/sla.db",
    "AFTERCARE_SLA_HTTP_PORT": "8002",
    "AFTERCARE_DATA": "/tmp",
}


def test_good_settings_are_typed() -> None:
    settings = read_settings(ServiceSettings, "sla", GOOD)
    assert (settings.http_port, settings.data, settings.http_host) == (8002, Path("/tmp"), "127.0.0.1")
    assert not settings.is_production
    assert read_settings(ServiceSettings, "sla", GOOD | {"AFTERCARE_MODE": "production"}).is_production


def test_all_errors_are_told_at_once_and_never_the_value() -> None:
    wrong = {
        "AFTERCARE_AMQP_URI": "http://user:secret@host",
        "AFTERCARE_SLA_HTTP_PORT": "0",
        "AFTERCARE_DATA": "",
        "AFTERCARE_MODE": "test",
        "AFTERCARE_LOG_LEVEL": "loud",
        "AFTERCARE_WORKERS": "many",
        "AFTERCARE_DRAIN_SECONDS": "-1",
    }
    with pytest.raises(Misconfigured) as refused:
        read_settings(ServiceSettings, "sla", wrong)
    named = {problem.split()[0] for problem in refused.value.problems}
    assert named == set(wrong) | {"AFTERCARE_SLA_DB_URL"}
    assert all(": " in problem for problem in refused.value.problems), "each with its remedy"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["amqp://h", "amqps://u:p@h:5671/v", "amqp://[::1]:5672/%2F"])
def test_amqp_urls(url: str) -> None:
    assert amqp_url(url) == url


@pytest.mark.parametrize(
    "url", ["", "h:5672", "http://h", "amqp://", "amqp://h:port/", "amqp://h:99999/", "amqp://h:0/"]
)
def test_what_is_no_amqp_url(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a parser says no more
        amqp_url(url)


@pytest.mark.parametrize(
    ("parse", "wrong"),
    [
        (whole_number(1, 9), "1.5"),
        (whole_number(1, 9), "10"),
        (seconds, "nan"),
        (seconds, "inf"),
        (seconds, "-0.1"),
        (one_of("a", "b"), "A"),
        (from_file, "/nowhere/at/all"),
        (from_file, "/tmp"),
    ],
)
def test_parsers_refuse(parse: object, wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a parser says no more
        parse(wrong)  # type: ignore[operator]
