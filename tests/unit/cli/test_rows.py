"""Reading CSV: a broken line refuses itself, and the rest goes in."""

import pytest

from shared.cli.importing.rows import LONGEST_RECORD_LINES, CsvFile
from shared.kernel.errors import Invalid, NotFound


@pytest.fixture
def rows_of(tmp_path):
    def read(content: str | bytes, encoding: str = "utf-8-sig"):
        path = tmp_path / "rows.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with CsvFile(path, encoding, ",") as file:
            return [(row.line, row.wrong or dict(row.cells)) for row in file.rows()]

    return read


def test_cells_come_by_name_with_their_line(rows_of):
    assert rows_of("A,B\n1, 2 \n3,4\n") == [(2, {"A": "1", "B": "2"}), (3, {"A": "3", "B": "4"})]


def test_quotes_commas_and_line_breaks_inside_cells(rows_of):
    assert rows_of('A,B\n"x, ""y""","two\nlines"\nlast,one\n') == [
        (2, {"A": 'x, "y"', "B": "two\nlines"}),
        (4, {"A": "last", "B": "one"}),
    ]


def test_byte_order_mark_windows_line_ends_and_blank_lines(rows_of):
    assert rows_of(b"\xef\xbb\xbfA,B\r\n1,2\r\n\r\n3,4") == [(2, {"A": "1", "B": "2"}), (4, {"A": "3", "B": "4"})]


def test_a_row_with_the_wrong_number_of_cells_is_refused_alone(rows_of):
    assert rows_of("A,B\n1\n3,4\n5,6,7\n") == [
        (2, "has 1 cells, the header has 2"),
        (3, {"A": "3", "B": "4"}),
        (4, "has 3 cells, the header has 2"),
    ]


def test_a_row_in_another_encoding_is_refused_alone(rows_of):
    assert rows_of(b"A,B\n\xb4\xf3,2\n3,4\n") == [(2, "A: is not utf-8"), (3, {"A": "3", "B": "4"})]
    assert rows_of("A,B\n中,2\n".encode("gb18030"), "gb18030") == [(2, {"A": "中", "B": "2"})]


def test_an_open_quote_refuses_its_own_line_only(rows_of):
    found = rows_of('A,B\n"1,2\n3,4\n5,"6\n7,8\n')
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert "is a quote open in this line?" in found[0][1]
    assert found[1] == (3, {"A": "3", "B": "4"})
    assert "is a quote open in this line?" in found[2][1]
    assert found[3] == (5, {"A": "7", "B": "8"})


def test_an_open_quote_does_not_swallow_a_long_file(rows_of):
    many = LONGEST_RECORD_LINES + 50
    found = rows_of('A,B\n"1,2\n' + "3,4\n" * many)
    assert [row for _, row in found[1:]] == [{"A": "3", "B": "4"}] * many


def test_text_after_a_closed_quote_is_no_csv(rows_of):
    assert rows_of('A,B\n"1"x,2\n3,4\n') == [(2, "is not CSV"), (3, {"A": "3", "B": "4"})]


def test_a_column_that_the_mapping_needs_must_be_there_once(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("A,B,B\n1,2,3\n")
    with CsvFile(path, "utf-8", ",") as file:
        file.need({"A": "register.subject"})
        with pytest.raises(
            Invalid, match=r"rows.csv lacks the columns 'C' \(steps\[0\].at\) of the mapping; it has: A, B"
        ):
            file.need({"A": "register.subject", "C": "steps[0].at"})
        with pytest.raises(Invalid, match="more than one column 'B'"):
            file.need({"B": "register.subject"})


def test_no_file_and_an_empty_file_are_refused(tmp_path):
    with pytest.raises(NotFound, match="there is no file"):
        CsvFile(tmp_path / "none.csv", "utf-8", ",").__enter__()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(Invalid, match="is empty"):
        CsvFile(tmp_path / "empty.csv", "utf-8", ",").__enter__()
    with pytest.raises(Invalid, match="cannot read"):
        CsvFile(tmp_path, "utf-8", ",").__enter__()
