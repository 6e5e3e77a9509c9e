"""Structured logs: one JSON object a line on stderr, correlated by trace, personal data masked (AL-4)."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared.base.traces import tell_trace

PERSONAL_KEYS = frozenset(
    "name phone email address to from customer text description subject demand contact caller body".split()
)
MASK = "***"
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}")
# Numbers as people write them: international, Chinese mobile and fixed, local of 7 to 11 digits. A case number has
# 12 digits and no sign; parts of words, ids, fractions and instants are no phone numbers.
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_])(?<!\d[.:-])"
    r"(\+\d(?:[ ()-]{0,2}\d){6,14}"
    r"|(?:(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|\(?0\d{2,3}[ )-]{1,2}\d{3,4}[ -]?\d{4}"
    r"|\d{7,11})"
    r"(?![A-Za-z0-9_]|[.:-]\d)"
)
# What PostgreSQL adds to an error: the values of the row, whatever they are.
_ROW = re.compile(r"(?<=\)=\().*?(?=\) (?:already exists|is not present|is still referenced|conflicts))", re.DOTALL)
_FAILING_ROW = re.compile(r"(?<=Failing row contains \().*\)", re.DOTALL)


def mask_text(text: str) -> str:
    """The text without phone numbers, e-mail addresses and the rows that databases show in their errors."""
    plain = _PHONE.sub(MASK, _EMAIL.sub(MASK, text))
    return _FAILING_ROW.sub(MASK, _ROW.sub(MASK, plain))


def mask(value: Any, key: str = "") -> Any:
    """The value with everything personal replaced, at any depth."""
    if key in PERSONAL_KEYS and value:
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {inner: mask(each, str(inner)) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [mask(each) for each in value]
    return value


def _masked(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if key not in ("event", "timestamp", "level", "trace"):
            entry[key] = mask(value, key)
    entry["event"] = mask_text(str(entry.get("event", "")))
    return entry


def configure(service: str, level: str = "info") -> None:
    """Set up logging for this process; the libraries' own logs take the same way."""
    shared_steps: list[Any] = [
        tell_trace,
        lambda _logger, _method, entry: {"service": service, **entry},
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _masked,
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("amqp", "kombu", "nameko", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # nameko prints a handler's error with its arguments; our entrypoints log what may be shown.
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)


def logger(name: str) -> Any:
    """A logger for one module."""
    return structlog.get_logger(name)
