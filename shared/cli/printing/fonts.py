"""The fonts of a paper: the first is written with, the others help out with letters that it lacks."""

import os
import re
import struct
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from shared.cli.printing.letters import Face
from shared.kernel.errors import Misconfigured

SETTING: Final = "AFTERCARE_PRINT_FONT"
KNOWN: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
"""Where systems keep fonts that will do, the better ones first; the last has no Chinese, but signs that others lack."""
_BEYOND: Final = re.compile(r"<([0-9A-F]{5,6})>")
CHINESE: Final = "案"
REMEDY: Final = (
    "install one (`make setup` as root, or `apt-get install fonts-wqy-microhei`), "
    f"or name a TrueType font (.ttf, .ttc) with --font FILE or {SETTING}"
)


def faces(asked: str | None) -> list[Face]:
    """The fonts to print with, ready for use; raises Misconfigured when none has Chinese letters.

    `asked` (else the setting) names one file, or several with a colon between them.
    """
    named = asked or os.environ.get(SETTING)
    paths = named.split(os.pathsep) if named else [each for each in KNOWN if Path(each).exists()]
    found = [_face(f"face{number}", path) for number, path in enumerate(paths)]
    if not any(ord(CHINESE) in face.letters for face in found):
        where = f"{named} has no Chinese letters" if named else "there is no font with Chinese letters here"
        raise Misconfigured([f"{where}; {REMEDY}"])
    return found


def _face(name: str, path: str) -> Face:
    if not Path(path).is_file():
        raise Misconfigured([f"there is no font file {path}; {REMEDY}"])
    try:
        font = _Copied(name, path)
    except (TTFError, OSError, ValueError, LookupError, struct.error) as error:
        why = " ".join(str(error).split())
        raise Misconfigured([f"{path} is no font that can be put into a PDF ({why}); {REMEDY}"]) from None
    pdfmetrics.registerFont(font)
    return Face(name, frozenset(font.face.charToGlyph))


class _Copied(TTFont):  # type: ignore[misc] # reportlab has no types
    """A font whose letters can be copied from the paper, those beyond the first plane too: rare ones of names."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the name is reportlab's
        super().addObjects(doc)
        for name, thing in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                thing.content = in_utf_16(thing.content)


def in_utf_16(table: str) -> str:
    """The table of what each sign of a font means, with letters beyond the first plane as PDF wants them."""
    return _BEYOND.sub(lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>", table)
