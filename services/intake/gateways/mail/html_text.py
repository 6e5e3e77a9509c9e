"""The text of HTML, for people: nothing is fetched, nothing is run, and it takes no longer than its length asks for."""

import re
from html import unescape
from typing import Final

_BLOCKS: Final = frozenset("p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote pre hr section article".split())
_HIDDEN: Final = frozenset("script style head title template noscript svg".split())
_NAME: Final = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_SPACES: Final = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of_html(html: str) -> str:
    """What a reader would see."""
    first, *pieces = html.split("<")
    found, hidden = [_spaced(first)], ""
    for piece in pieces:
        if hidden:
            hidden, text = _still_hidden(hidden, piece)
        else:
            hidden, text = _opened(piece)
        found.append(text)
    told = [" ".join(line.split()) for line in unescape("".join(found)).split("\n")]
    return "\n".join(told).strip()


def _opened(piece: str) -> tuple[str, str]:
    """What begins to be hidden here, and the text that the piece adds."""
    if piece.startswith("!--"):
        return _after_comment(piece)
    tag, end, text = piece.partition(">")
    name = _NAME.match(tag)
    if not end or (name is None and not tag.startswith(("!", "?", "/"))):
        return "", _spaced("<" + piece)  # a plain less-than sign
    word = name[1].lower() if name else ""
    if word in _HIDDEN and not tag.startswith("/") and not tag.endswith("/"):
        return word, ""
    if word in ("td", "th"):
        return "", " " + _spaced(text)
    return "", ("\n" if word in _BLOCKS else "") + _spaced(text)


def _still_hidden(hidden: str, piece: str) -> tuple[str, str]:
    if hidden == "!--":
        return _after_comment(piece)
    if piece[: len(hidden) + 1].lower() != f"/{hidden}":
        return hidden, ""
    return "", _spaced(piece.partition(">")[2])


def _after_comment(piece: str) -> tuple[str, str]:
    _, end, text = piece.partition("-->")
    return ("", _spaced(text)) if end else ("!--", "")


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text)
