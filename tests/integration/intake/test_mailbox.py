"""The mailbox of a real Dovecot: read over TLS, marked or moved, away and back, made anew."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from services.intake.gateways.mail import ImapServer, Mailbox, MailboxAway, Patience
from shared.kernel.errors import Misconfigured
from shared.nodes.ports import LOOPBACK
from tests.integration.intake.mail_desk import ON_SQLITE, MailDesk, mail
from tests.integration.intake.office import Office
from tests.support.dovecot import Dovecot, running_dovecot


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as found:
        yield found


def mailbox(url: str, **options: object) -> Mailbox:
    return Mailbox(ImapServer.parse(url), **{"done": None, "longest": 1_000_000, "require_tls": True, **options})


def desk_of(office: Office, folder: Path, box: Mailbox) -> MailDesk:
    return MailDesk(office, folder, box)


def test_what_lies_there_is_taken_once_and_marked(office: Office, tmp_path: Path, dovecot: Dovecot) -> None:
    folder = f"Once{office.database.engine.dialect.name}"
    desk = desk_of(office, tmp_path, mailbox(dovecot.url(folder)))
    for number in range(2):
        dovecot.deliver(mail(message_id=f"<{number}@x>").as_bytes(), folder=folder)
    dovecot.deliver(mail(precedence="bulk").as_bytes(), folder=folder)
    assert desk.turn() == 30
    told = desk.list()
    assert told["mailbox"]["letters"] == {"case": 2, "joined": 0, "aside": 1, "failed": 0}
    assert told["mailbox"]["name"] == f"service@example.com@{LOOPBACK}/{folder}"
    assert "trouble" not in told["mailbox"]
    assert all({"\\Seen", "AftercareTaken"} <= flags for flags in dovecot.flags(folder))
    another = mail(message_id="<2@x>", **{"from": "b@x.example"})
    dovecot.deliver(another.as_bytes(), folder=folder)  # seen on the connection that is kept
    desk.turn()
    assert len(desk.office.find()["cases"]) == 3

    dovecot.recreate(folder)
    desk.mailbox.hang_up()
    assert desk.turn() == 30
    assert all("AftercareTaken" in flags for flags in dovecot.flags(folder))
    assert len(desk.office.find()["cases"]) == 3
    assert len(desk.list()["letters"]) == 4
    desk.room.close()


@ON_SQLITE
def test_what_was_taken_is_moved_where_the_operator_says(office: Office, tmp_path: Path, dovecot: Dovecot) -> None:
    folder = f"Moved{office.database.engine.dialect.name}"
    box = mailbox(dovecot.url(folder, secure=False), done="已处理")  # STARTTLS
    desk = desk_of(office, tmp_path, box)
    before = len(dovecot.flags("&XfJZBHQG-"))
    dovecot.deliver(mail().as_bytes(), folder=folder)
    desk.turn()
    assert len(desk.office.find()["cases"]) == 1
    assert dovecot.flags(folder) == []
    assert len(dovecot.flags("&XfJZBHQG-")) == before + 1
    desk.room.close()


@ON_SQLITE
def test_of_a_giant_the_beginning_is_read(office: Office, tmp_path: Path, dovecot: Dovecot) -> None:
    folder = f"Giant{office.database.engine.dialect.name}"
    message = mail("It is loose, see the film.")
    message.add_attachment(bytes(1_200_000), maintype="video", subtype="mp4", filename="film.mp4")
    dovecot.deliver(message.as_bytes(), folder=folder)
    desk = desk_of(office, tmp_path, mailbox(dovecot.url(folder)))
    desk.turn()
    (case,) = desk.office.find()["cases"]
    case = desk.office.get(case["case_no"])
    assert case["description"] == "It is loose, see the film."
    left_out = case["history"][0]["detail"]["left_out"]
    assert left_out[0] == "film.mp4: the message is too large"
    assert "only its beginning was read" in left_out[1]
    assert not (tmp_path / "mail" / "attachments").exists()
    desk.room.close()


@ON_SQLITE
def test_a_server_that_goes_away_is_waited_for(office: Office, tmp_path: Path, dovecot: Dovecot) -> None:
    folder = f"Away{office.database.engine.dialect.name}"
    desk = desk_of(office, tmp_path, mailbox(dovecot.url(folder)))
    dovecot.deliver(mail().as_bytes(), folder=folder)
    dovecot.stop()
    try:
        waits = [desk.turn() for _ in range(8)]
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
        assert "refused" in desk.list()["mailbox"]["trouble"]
    finally:
        dovecot.start()
    assert desk.turn() == 30
    assert len(desk.office.find()["cases"]) == 1
    assert "trouble" not in desk.list()["mailbox"]
    desk.room.close()


def test_nobody_is_believed_or_told_a_password_without_proof(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxAway, match="certificate cannot be trusted"):
        mailbox(dovecot.url().partition("?")[0]).waiting()
    with pytest.raises(MailboxAway, match="cannot be read: it does not take our name and password"):
        mailbox(dovecot.url().replace("p%40ss", "wrong")).waiting()


@pytest.mark.parametrize(
    "url", ["http://u:p@h/", "imaps://h/INBOX", "imap://u:p@h:0/", "imaps://u:p@h/?x=1", "imap://u:p@h:secret/"]
)
def test_a_wrong_url_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="write imaps://") as refused:
        ImapServer.parse(url)
    assert url not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_ca_file_that_is_none_is_named() -> None:
    with pytest.raises(Misconfigured, match="no file of CA"):
        mailbox("imaps://u:p@h/INBOX?ca=/nowhere.pem")


@pytest.fixture
def clockwork() -> Iterator[socket.socket]:
    """A server that greets and then lets its bytes drip for ever."""
    with socket.create_server((LOOPBACK, 0)) as listener, ThreadPoolExecutor(1) as pool:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                while not ended.wait(0.02):
                    connection.sendall(b"*")

        pool.submit(drip)
        yield listener
        ended.set()


def test_a_server_that_never_ends_a_line_is_left(clockwork: socket.socket) -> None:
    box = mailbox(f"imap://u:p@{LOOPBACK}:{clockwork.getsockname()[1]}/", limits=Patience(0.3, 0.3, 0.3))
    with pytest.raises(MailboxAway, match="timed out"):
        box.waiting()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # of SQLite there is one process only
def test_replicas_take_a_letter_once(office: Office, tmp_path: Path, dovecot: Dovecot) -> None:
    folder = f"Shared{office.database.engine.dialect.name}"
    desks = [desk_of(office, tmp_path, mailbox(dovecot.url(folder))) for _ in range(2)]
    for number in range(6):
        message = mail(message_id=f"<{number}@x>", **{"from": f"c{number}@x.example"})
        dovecot.deliver(message.as_bytes(), folder=folder)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(MailDesk.turn, desks)) == [30, 30]
    assert len(desks[0].office.find()["cases"]) == 6
    assert desks[0].list()["mailbox"]["letters"]["case"] == 6
    for desk in desks:
        desk.room.close()


@ON_SQLITE
def test_a_mailbox_that_will_not_be_marked_is_read_all_the_same(
    office: Office, tmp_path: Path, dovecot: Dovecot
) -> None:
    folder = f"Full{office.database.engine.dialect.name}"
    box = mailbox(dovecot.url(folder), done="bad..name")
    desk = desk_of(office, tmp_path, box)
    for number in range(2):
        dovecot.deliver(mail(message_id=f"<{number}@x>").as_bytes(), folder=folder)
    for _ in range(2):
        assert desk.turn() == 30
    assert len(desk.office.find()["cases"]) == 2
    assert "cannot be put away: the server says NO" in desk.list()["mailbox"]["trouble"]
    desk.room.close()
