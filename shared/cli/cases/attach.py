"""`aftercare case attach` and `aftercare case fetch`: files that prove something (IN-23)."""

import base64
import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli.cases.numbers import split_number
from shared.cli.cases.taking import By, taken, told
from shared.cli.files import STANDARD_OUTPUT, save
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show_json
from shared.cli.problems import in_words_of
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

SECONDS = 60.0
"""How long a file may take: it goes to the service whole."""


class Kind(StrEnum):
    """What a file is."""

    PHOTO = "photo"
    RECORDING = "recording"
    DOCUMENT = "document"
    OTHER = "other"


Words = Annotated[list[str], typer.Argument(metavar="CASE FILE...", help="The case, and the files.")]
Which = Annotated[list[str], typer.Argument(metavar="CASE DIGEST", help="The case, and the file by its digest.")]
Out = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="Where to; its own name here unless said, - for a pipe.")
]
What = Annotated[Kind, typer.Option("--kind", help="What the files are.")]
About = Annotated[str | None, typer.Option("--about", help="What they show.", show_default=False)]


def attach(
    words: Words,
    by: By,
    kind: What = Kind.OTHER,
    about: About = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Put files that prove something into a case; each is kept with its digest, so that a changed one is found.

    \b
    Examples:
      aftercare case attach 123456789012 kitchen.jpg --kind photo \\
        --by li.qiang
      aftercare case attach 1234 5678 9012 a.jpg b.jpg --kind photo \\
        --by li.qiang --about "The kitchen floor, before the work."
    """
    case_no, files = split_number(words)
    contents = {file: _read(file) for file in files}
    if not contents:
        raise Invalid.field("FILE", "name the files to attach")
    with Suite.at(data).rpc(SECONDS) as rpc:
        kept = [_put(rpc, case_no, by, kind, (file, content)) for file, content in contents.items()]
        evidence = [{"ref": each["ref"], "kind": kind.value, "digest": each["digest"]} for each in kept]
        step = {"case_no": case_no, "step": "add_evidence", "by": by, "evidence": evidence}
        case = taken(rpc, step | ({"about": about} if about else {}), {"about": "--about"})
    if as_json:
        show_json({"evidence": kept, "case": case})
        return
    told(case)
    for file, each in zip(contents, kept, strict=True):
        say(f"{file}: {each['digest']}")


def fetch(words: Which, by: By, out: Out = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Take a file out of a case, by its digest; one that was changed since it was put there is refused.

    \b
    Examples:
      aftercare case fetch 123456789012 sha256:9f86d081... \\
        --by auditor --out kitchen.jpg
    """
    case_no, rest = split_number(words)
    if len(rest) != 1:
        raise Invalid.field("DIGEST", f"name one file; `aftercare case show {case_no}` shows their digests")
    request = {"case_no": case_no, "ref": rest[0], "by": by}
    with Suite.at(data).rpc(SECONDS) as rpc:
        try:
            found = rpc.call("intake.get_evidence", request)
        except Invalid as error:
            raise in_words_of(error, {"by": "--by", "ref": "DIGEST"}) from None
    file = out or Path(found.get("name") or found["digest"]).name
    save(file, base64.b64decode(found.pop("content")))
    if as_json and file != STANDARD_OUTPUT:
        show_json({**found, "file": file})
    elif file != STANDARD_OUTPUT:
        say(f"{file} is written: {found['digest']}")


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Invalid.field("FILE", f"cannot read {file}: {error.strerror}") from None


def _put(rpc: Rpc, case_no: str, by: str, kind: Kind, file: tuple[str, bytes]) -> dict[str, Any]:
    """What the service keeps of a file; it reckons the digest again, and refuses what came in damaged."""
    name, content = Path(file[0]).name, file[1]
    request = {
        "case_no": case_no,
        "by": by,
        "name": name,
        "kind": kind.value,
        "content": base64.b64encode(content).decode(),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    try:
        return rpc.call("intake.put_evidence", request)
    except Invalid as error:
        raise in_words_of(error, {"by": "--by", "content": file[0], "name": file[0], "digest": file[0]}) from None
