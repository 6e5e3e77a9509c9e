"""The file that describes a provider of SMS: what is asked for, what its answers and receipts mean (NO-1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import marshmallow as ma
from marshmallow import fields, validates_schema
from marshmallow.validate import Length

from services.notify.gateways import sms_template
from shared.base.fields import NAME, PAGE, Choice, Plain, Text, Whole
from shared.base.schema import load
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Invalid, Misconfigured

EXAMPLE: Final = Path(__file__).parents[1] / "policies" / "sms_provider.yaml"
OUTCOMES: Final = ("delivered", "accepted", "refused", "failed", "unclear")
RECEIPT_STATES: Final = ("delivered", "failed", "pending")
PROOFS: Final = ("token", "hmac-sha256-hex", "hmac-sha256-base64")

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_STATUS: Final = (100, 599)


class _Value(Plain[str]):
    """A plain value, kept as JSON would write it."""

    def understand(self, value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int | float):
            raise ma.ValidationError("must be a plain value")
        return str(value)


class _Rule(ma.Schema):
    """Holds when all that is given holds."""

    status = fields.List(Whole(*_STATUS), validate=Length(1))
    at = Text(NAME)
    values = fields.List(_Value(), data_key="is", validate=Length(1))

    @validates_schema
    def _whole(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not data:
            raise ma.ValidationError("says nothing; give status, or at and is")
        if ("at" in data) != ("values" in data):
            raise ma.ValidationError("at and is belong together")


def _rules(**more: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(_Rule), load_default=list, **more)


def _words(choices: tuple[str, ...]) -> fields.Dict:
    return fields.Dict(keys=_Value(), values=Choice(choices), required=True, validate=Length(1))


class _Request(ma.Schema):
    """What both requests have."""

    places: tuple[str, ...] = sms_template.PLACES

    method = Choice(("GET", "POST", "PUT"), load_default="POST")
    url = Text(2000)
    headers = fields.Dict(keys=Text(NAME), values=Text(PAGE), load_default=dict)

    @validates_schema(skip_on_field_errors=False)
    def _headers(self, data: Mapping[str, Any], **_more: Any) -> None:
        for name, value in data.get("headers", {}).items():
            if not _HEADER.fullmatch(name):
                raise ma.ValidationError({"headers": {name: ["is no name of a header"]}})
            if not value.isascii() or any(sms_template.unknown_places(value, sms_template.HEADER_PLACES)):
                raise ma.ValidationError({"headers": {name: ["must be ASCII; the only place here is {reference}"]}})

    @validates_schema(skip_on_field_errors=False)
    def _places(self, data: Mapping[str, Any], **_more: Any) -> None:
        templates = {name: data[name] for name in ("url", "json", "form") if name in data}
        wrong = dict(sms_template.unknown_places(templates, self.places))
        if wrong:
            raise ma.ValidationError({path: [f"{{{name}}} is no place; {self._known}"] for path, name in wrong.items()})

    @property
    def _known(self) -> str:
        return f"there are {', '.join(f'{{{name}}}' for name in self.places)}"


class _Send(_Request):
    json = fields.Raw()
    form = fields.Dict(keys=Text(NAME), values=_Value())

    @validates_schema
    def _body(self, data: Mapping[str, Any], **_more: Any) -> None:
        if "json" in data and "form" in data:
            raise ma.ValidationError("give json or form, not both")
        templates = [data.get(name) for name in ("url", "json", "form")]
        for place in ("text", "to"):
            names = [place] if place == "text" else [name for name in self.places if name.startswith("to")]
            if not any(sms_template.has_place(templates, name) for name in names):
                raise ma.ValidationError(f"{{{place}}} is nowhere in url, json or form")


class _Answer(ma.Schema):
    accepted = _rules()
    refused = _rules()
    failed = _rules()
    provider_reference = Text(NAME)
    reason = Text(NAME)


class _Ask(_Request):
    places = sms_template.ASK_PLACES

    method = Choice(("GET", "POST"), load_default="GET")
    url = Text(2000, required=True)
    json = fields.Raw()
    state = Text(NAME, required=True)
    states = _words(OUTCOMES)
    not_known = _rules(data_key="unknown")


class _Proof(ma.Schema):
    kind = Choice(PROOFS, load_default="token")
    header = Text(NAME, required=True)
    secret = Text(NAME, required=True)


class _Receipts(ma.Schema):
    format = Choice(("json", "form"), load_default="json")
    items = Text(NAME)
    reference = Text(NAME)
    provider_reference = Text(NAME)
    state = Text(NAME, required=True)
    states = _words(RECEIPT_STATES)
    reason = Text(NAME)
    proof = fields.Nested(_Proof, required=True)

    @validates_schema
    def _reference(self, data: Mapping[str, Any], **_more: Any) -> None:
        if "reference" not in data and "provider_reference" not in data:
            raise ma.ValidationError("give reference or provider_reference, else no receipt can be joined")


class _Provider(ma.Schema):
    name = Text(NAME, required=True)
    max_segments = Whole(1, 255, load_default=10)
    send = fields.Nested(_Send, required=True)
    answer = fields.Nested(_Answer, load_default=dict)
    ask = fields.Nested(_Ask)
    receipts = fields.Nested(_Receipts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsProvider:
    """A provider as its file describes it; each part as the schema above leaves it."""

    name: str
    max_segments: int
    send: Mapping[str, Any]
    answer: Mapping[str, Any]
    ask: Mapping[str, Any] | None
    receipts: Mapping[str, Any] | None


def load_provider(
    path: Path | None, url: str, environment: Mapping[str, str], *, require_tls: bool = False
) -> SmsProvider:
    """The provider of a file, or of the example; raises Misconfigured with every problem at once, each by its path.

    `url` is the base to which the file's own are relative (AFTERCARE_NOTIFY_SMS_URL); `${NAME}` in the file stands for
    the variable NAME of `environment`, so that secrets stay outside it.
    """
    source = path or EXAMPLE
    problems: list[str] = []
    raw = _with_variables(read_yaml(source), environment, "", problems)
    content: dict[str, Any] = {}
    try:
        content = load(_Provider(), raw)
    except Invalid as error:
        problems += [f"{field}: {why}" for field, reasons in error.detail.items() for why in reasons]
    for part in ("send", "ask"):
        if part in content:
            content[part]["url"] = urljoin(url, content[part].get("url", ""))
            problems += _url_problems(f"{part}.url", content[part]["url"], require_tls)
    if problems:
        raise Misconfigured([f"{source}: {problem}" for problem in problems])
    return SmsProvider(**{"ask": None, "receipts": None, **content})


def _with_variables(node: Any, environment: Mapping[str, str], path: str, problems: list[str]) -> Any:
    if isinstance(node, str):
        missing = [name for name in _VARIABLE.findall(node) if not environment.get(name)]
        problems += [f"{path}: the variable {name} is not set" for name in missing]
        return _VARIABLE.sub(lambda found: environment.get(found[1]) or "unset", node)
    if isinstance(node, Mapping):
        return {
            key: _with_variables(inner, environment, f"{path}.{key}" if path else str(key), problems)
            for key, inner in node.items()
        }
    if isinstance(node, list):
        return [_with_variables(inner, environment, f"{path}.{at}", problems) for at, inner in enumerate(node)]
    return node


def _url_problems(path: str, url: str, require_tls: bool) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or not url.isascii() or not url.isprintable() or " " in url or "#" in url:
        yield f"{path}: is no http:// or https:// URL; write one, or set AFTERCARE_NOTIFY_SMS_URL"
    elif require_tls and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        yield f"{path}: must be https:// in production mode"
