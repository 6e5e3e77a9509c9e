"""What child processes write."""

from pathlib import Path

from shared.nodes.output import bound, how_it_ended, last_line


def test_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert last_line(log) == ""
    log.write_text("")
    assert last_line(log) == ""
    log.write_text("x" * 10_000 + "\nthe end \n\n")
    assert last_line(log) == "the end"


def test_how_it_ended() -> None:
    assert how_it_ended(-9, "all is well") == "was killed (signal 9)"
    assert how_it_ended(1, "no such table") == "ended (no such table)"
    assert how_it_ended(None, "") == "ended"


def test_a_log_that_has_outgrown_its_limit_begins_anew_under_its_writer(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("a") as writer:
        writer.write("much\n")
        writer.flush()
        bound(log, 10)
        writer.write("too much\n")
        writer.flush()
        bound(log, 10)
        writer.write("more\n")
    assert (tmp_path / "log.1").read_text() == "much\ntoo much\n"
    assert log.read_text() == "more\n"


def test_no_log_is_no_trouble(tmp_path: Path) -> None:
    bound(tmp_path / "log")
    assert not list(tmp_path.iterdir())
