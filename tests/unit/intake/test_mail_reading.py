"""Messages that nobody should send: each becomes a letter or is refused, soon, and nothing of it does harm."""

import time
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.mail.files import safe_name, safe_type
from services.intake.domain.mail.letter import Letter
from services.intake.domain.mail.sorting import machine
from services.intake.domain.mail.words import case_numbers, lines, one_line
from services.intake.domain.numbers import case_number
from services.intake.gateways.mail import Fetched, Limits, Unreadable, read_letter
from services.intake.gateways.mail.charsets import header_text, text_of
from services.intake.gateways.mail.html_text import text_of_html
from services.intake.gateways.mail.reading import bare_letter
from services.intake.gateways.mail.server import folder_on_wire
from shared.base.fields import LINE, NAME, PAGE, Text
from shared.kernel.mail_threads import mark_of, marked, marked_cases, our_reference

ARRIVED = datetime(2026, 10, 9, 14, tzinfo=UTC)
HEAD = b"From: Li <li@customer.example>\r\nMessage-ID: <1@x>\r\n"


def read(raw: bytes) -> Letter:
    return read_letter(Fetched(raw, len(raw), ARRIVED), Limits(), lambda content: f"{len(content):064d}")


def check(letter: Letter) -> None:
    """It fits where letters go: the request to register, and a database that takes no NUL."""
    for text, field in (
        (letter.subject, Text(LINE)),
        (letter.sender_name, Text(NAME)),
        (letter.text, Text(PAGE, lines=True)),
    ):
        assert not text or field.understand(text) == text
    names = [each.name for each in letter.attachments]
    assert all(name and "/" not in name and "\\" not in name and name not in (".", "..") for name in names)
    written = [letter.message_id, *letter.answers, *letter.marks.values(), *names, *letter.left_out]
    assert all("\x00" not in text and "\n" not in text and text.encode() is not None for text in written)
    machine(letter, "secret")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"),
        ("us-ascii", "gb18030"),
        ("utf-8", "gb18030"),
        ("gb18030", "gb18030"),
        ("big5", "big5"),
        ("utf-7", "utf-7"),
        ("x-nobody-knows", "utf-8"),
        ("", "utf-8"),
        ("hz-gb-2312", "hz"),
    ],
)
def test_text_is_read_whatever_its_label_says(label: str, codec: str) -> None:
    text = "瓷磚脫落" if codec == "big5" else "瓷砖脱落，请处理"
    kind = f"Content-Type: text/plain; charset={label}\r\n" if label else ""
    raw = HEAD + f"{kind}Content-Transfer-Encoding: 8bit\r\n\r\n".encode() + text.encode(codec)
    assert read(raw).text == text


@pytest.mark.parametrize("label", ["rot13", "zlib", "hex", "unicode_escape", "idna", "undefined", "\x00", "utf-8" * 99])
def test_a_codec_that_is_no_charset_is_not_asked(label: str) -> None:
    assert text_of("磚\\x41".encode(), label) == "磚\\x41"


def test_headers_are_read_and_nothing_breaks_out_of_them() -> None:
    subject = Header("瓷砖\r\nBcc: everybody@x.example", "gb2312").encode()
    assert read(HEAD + f"Subject: {subject}\r\n\r\n".encode()).subject.startswith("瓷砖 Bcc: everybody")
    raw = "Subject: 瓷砖脱落\r\nFrom: 李雷 <li@x.example>\r\n\r\n".encode("gb18030")
    letter = read(raw)
    assert (letter.subject, letter.sender_name) == ("瓷砖脱落", "李雷")
    assert header_text("=?utf-8?q?broken") == "=?utf-8?q?broken"
    assert header_text("=?rot13?q?abc?=") == "abc"
    assert header_text("=?utf-8?b?=E4?=")


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("", None),
        ("nobody", None),
        ("<>", None),
        ('"a,b" <a@b.example>', "a@b.example"),
        ("Ü <ü@x.example>", None),
        ("x@-bad-.example", None),
        ("li@例子.example", "li@xn--fsqu00a.example"),
        ("@@@@, <ok@x.example>", "ok@x.example"),
        ("a@x.example, b@x.example", "a@x.example"),
        ("x" * 5000 + "@x.example", None),
    ],
)
def test_the_sender_is_the_first_whose_address_is_one(sender: str, expected: str | None) -> None:
    assert read(f"From: {sender}\r\n\r\nhello".encode()).sender == expected


def test_html_is_read_as_its_reader_sees_it() -> None:
    html = (
        "<html><head><title>t</title><style>p {color: red}</style></head><body><!-- <b>no</b> -->"
        "<p>Dear&nbsp;Sir,</p><script>alert('<p>')</script><div>3 &lt; 4 and 5 < 6<br>two<table><tr><td>a<td>b</table>"
    )
    told = [line for line in text_of_html(html).split("\n") if line]
    assert told == ["Dear Sir,", "3 < 4 and 5 < 6", "two", "a b"]
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert "alert" not in read(raw).text


BOMBS = {
    "nesting": HEAD
    + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
    "nested messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "lines": HEAD + b"\r\n" + b"\n" * 2_000_000,
    "headers": HEAD + b"X: y\r\n" * 200_000 + b"\r\n",
    "one header": HEAD + b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "type": HEAD + b"Content-Type: text/plain" + b'; a="' * 50_000 + b"\r\n\r\n",
    "recipients": HEAD + b"To: " + b"<a@x.example>, " * 20_000 + b"\r\n\r\n",
    "senders": b"From: " + b"((" * 5_000 + b"\r\n\r\n",
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 150_000,
    "comments": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 150_000,
    "entities": HEAD + b"Content-Type: text/html\r\n\r\n" + b"&" * 500_000,
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?q?x?= " * 20_000 + b"\r\n\r\n",
    "references": HEAD + b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\n",
    "blank lines": HEAD + b"\r\n" + b"a \r\n \r\n" * 60_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_made_to_harm_takes_no_time(bomb: str) -> None:
    begun = time.process_time()
    try:
        check(read(BOMBS[bomb]))
    except Unreadable:
        check(bare_letter(Fetched(BOMBS[bomb], len(BOMBS[bomb]), ARRIVED)))
    assert time.process_time() - begun < 15


def test_a_part_that_is_archive_or_program_is_kept_as_it_is() -> None:
    message = EmailMessage()
    message["From"] = "a@x.example"
    message.set_content("see")
    message.add_attachment(b"PK\x03\x04 bomb", maintype="application", subtype="zip", filename="a.zip")
    message.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="photo.jpg\u202eexe.bat")
    message.add_attachment(EmailMessage(), filename="passed on.eml")
    letter = read(message.as_bytes())
    assert [(each.name, each.size) for each in letter.attachments[:2]] == [("a.zip", 9), ("photo.jpgexe.bat", 2)]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\photo.jpg", "photo.jpg"),
        ("..", "attachment-7"),
        ("", "attachment-7"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("con<>:|?.txt", "con_____.txt"),
        ("很" * 200 + ".jpeg", "很" * 115 + ".jpeg"),
    ],
)
def test_names_lead_nowhere(given: str, name: str) -> None:
    assert safe_name(given, 7) == name
    assert safe_type("text/html; x=y") == "application/octet-stream"


def test_marks_open_only_the_case_that_they_were_made_for() -> None:
    case_no, secret = case_number(5), "s" * 32
    mark = mark_of(secret, case_no)
    message_id = f"<0b7e-1.{mark}@x.example>"
    assert marked_cases(secret, f"<a@b> {message_id} {marked('service@x.example', mark)}") == [case_no] * 2
    assert our_reference(secret, message_id) == "0b7e-1"
    other = mark.replace(case_no, case_number(6))
    assert (
        marked_cases(secret, f"<x.{other}@x>")
        == marked_cases("t" * 32, message_id)
        == marked_cases("", message_id)
        == []
    )
    assert our_reference("t" * 32, message_id) is None


def test_case_numbers_are_found_as_people_write_them() -> None:
    number = case_number(123_456_789)
    spaced = f"{number[:4]} {number[4:8]}-{number[8:]}"
    assert case_numbers(f"Re: 工单{spaced}, 13800138000, {number}9") == [number]


def test_folders_are_named_as_imap_writes_them() -> None:
    assert folder_on_wire("已处理/A&B") == '"&XfJZBHQG-/A&-B"'
    assert folder_on_wire('a"\\') == '"a\\"\\\\"'


pieces = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"--b",
        b"--b--",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        b"Content-Type: text/rfc822-headers\r\n",
        b"Content-Type: text/html\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: uuencode\r\nbegin 644 x\n",
        b"Content-Disposition: attachment; filename*0*=x''%ff; filename*1=y\r\n",
        b"; charset*=rot13''x",
        b'; name="=?b?q?',
        b"Subject: =?gb2312?b?",
        b"?=",
        b"From: ",
        b"<a@b.example>",
        b"Message-ID: <",
        b"Auto-Submitted: ",
        b"References: ",
        b"Action: failed\r\n",
        b"QUJD=20",
        b"\x00",
        b"\xff\xfe",
        b"\xe2\x80\xae",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(pieces | st.binary(max_size=20), max_size=40).map(b"".join))
def test_whatever_comes_is_a_letter_or_refused(raw: bytes) -> None:
    try:
        check(read(raw))
    except Unreadable:
        check(bare_letter(Fetched(raw, len(raw), ARRIVED)))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(20, 60))
def test_free_text_is_made_fit(text: str, longest: int) -> None:
    line, page = one_line(text, longest), lines(text, longest)
    assert not line or Text(longest).understand(line) == line
    assert not page or Text(longest, lines=True).understand(page) == page
    text_of_html(text)
    header_text(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.text(max_size=12))
def test_bytes_are_text_under_any_label(raw: bytes, label: str) -> None:
    assert text_of(raw, label) is not None
