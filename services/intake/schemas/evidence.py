"""Evidence in requests: by reference with its digest, or the file itself (IN-23)."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length

from services.intake.domain.evidence import OURS, decoded, digest_of, known_digest, parse_digest, refuse_other
from services.intake.schemas.common import nested
from shared.base.fields import LINE, NAME, CaseNumber, Choice, Text
from shared.kernel.errors import Invalid

KINDS: Final = ("photo", "recording", "document", "other")
MOST_NAMED: Final = 20
MOST_BYTES: Final = 20_000_000
"""More than any setting allows; how large a file may be is the operator's to say."""
LONGEST_CONTENT: Final = MOST_BYTES * 4 // 3 + 4


class Digest(Text):
    """A SHA-256, given on as `sha256:` with 64 small digits."""

    def __init__(self, **more: Any) -> None:
        super().__init__(NAME, **more)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        try:
            return parse_digest(super().understand(value), "digest")
        except Invalid as error:
            raise ValidationError(error.detail["digest"]) from None


class EvidenceRef(Digest):
    """A file that we keep: `evidence:sha256:…`, or its digest alone."""

    def understand(self, value: Any) -> str:
        """The digest; raises ValidationError."""
        return super().understand(value.removeprefix(OURS) if isinstance(value, str) else value)


class EvidenceSchema(Schema):
    """Evidence by reference; what a reference itself says of its digest is checked, and filled in."""

    ref = Text(LINE, required=True)
    kind = Choice(KINDS)
    digest = Digest()

    @validates_schema
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        try:
            known = known_digest(data["ref"])
            if known is not None:
                refuse_other(data.get("digest"), known)
        except Invalid as error:
            raise ValidationError(error.detail) from None

    @post_load
    def _filled_in(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        known = known_digest(data["ref"])
        if known is None:
            return data
        ref = OURS + known if data["ref"].startswith(OURS) else data["ref"]
        return {**data, "ref": ref, "digest": known}


class PutEvidence(Schema):
    """A file that proves something about a case."""

    longest_body = LONGEST_CONTENT
    case_no = CaseNumber(required=True)
    by = Text(NAME, required=True)
    name = Text(NAME, required=True)
    kind = Choice(KINDS, load_default="other")
    content = Text(LONGEST_CONTENT, required=True)
    digest = Digest()

    @post_load
    def _read(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        """With the bytes in the place of their text, and the digest that is theirs."""
        try:
            content = decoded(data["content"], "content")
            true = digest_of(content)
            refuse_other(data.get("digest"), true)
        except Invalid as error:
            raise ValidationError(error.detail) from None
        return {**data, "content": content, "digest": true}


class GetEvidence(Schema):
    """A file that was put there, with its content."""

    case_no = CaseNumber(required=True)
    ref = EvidenceRef(required=True)
    by = Text(NAME, required=True)


def evidence_list(*, required: bool = False) -> fields.List[Any]:
    """Evidence with a step."""
    length = Length(1 if required else None, MOST_NAMED)
    return fields.List(nested(EvidenceSchema), required=required, validate=length)
