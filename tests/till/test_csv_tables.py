"""CSV of every kind, and of none: what is wrong with a row is said of that row, and no file of any bytes stops the till."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.message import Refused
from pos_loyalty.till.transfer.cells import CellWrong, amount_in, day_in
from pos_loyalty.till.transfer.tables import MAX_LINE, BadRow, Row, Table, guarded, looked_at, unguarded

KNOWN = ("name", "card", "points")


def table(data: bytes, encoding: str | None = None) -> Table:
    return looked_at(io.BytesIO(data), KNOWN, encoding)


def rows(data: bytes) -> list[object]:
    """The rows: cells by column, or the line and the template of what is wrong."""
    return [
        tuple(row.cells.values()) if isinstance(row, Row) else (row.line, row.message.template)
        for row in table(data).rows()
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_ends_of_lines_are_found_by_the_columns_names(separator: str, end: str) -> None:
    """Commas, semicolons and tabs, whatever else stands in the cells; capitals and spaces of a name do not count."""
    text = end.join(
        (separator.join((" Card", "NAME")), separator.join(("1", '"a, b; c"')), "", separator.join(("2", "b")))
    )
    found = table(text.encode())
    assert (found.separator, found.columns) == (separator, ("card", "name"))
    assert rows(text.encode()) == [("1", "a, b; c"), ("2", "b")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Žaneta Мария محمد"),
        ("utf-8-sig", "Žaneta Мария محمد"),
        ("cp1251", "Иван Петров\nМария ИВАНОВА\nГеорги Щерев"),
        ("cp1250", "Łukasz Wiśniewski\nHašim Begović\nJiří Novák"),
        ("cp1256", "محمد علي\nفاطمة الزهراء\nخديجة"),
    ],
)
def test_encodings_are_told_by_bytes_and_words(encoding: str, text: str) -> None:
    """UTF-8 with and without its mark, and the code pages of the six languages, each said by its name."""
    data = f"name\n{text}\n".encode(encoding)
    assert table(data).encoding == encoding.removesuffix("-sig")
    assert rows(data) == [(name,) for name in text.split("\n")]


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866"])
def test_what_is_not_plain_is_not_guessed(encoding: str) -> None:
    """An encoding whose bytes make no words of those code pages is asked for; once it is named, the file is read."""
    data = "name\nИван Петров\nМария Иванова\n".encode(encoding)
    with pytest.raises(Refused) as caught:
        table(data)
    assert caught.value.code == "encoding-unclear"
    assert table(data, encoding).encoding == encoding.replace("koi8-r", "koi8-r")
    with pytest.raises(Refused) as caught:
        table(data, "utf-7000")
    assert caught.value.code == "encoding-unknown"


def test_a_line_in_another_encoding_is_a_bad_row() -> None:
    """Two files put together: what the more lines are in is the file's, the rest are bad rows, each with its line."""
    data = "name\nИван\nПётр\nAna\n".encode() + "Мария\n".encode("cp1251") + b"Bo\n"
    assert rows(data) == [
        ("Иван",),
        ("Пётр",),
        ("Ana",),
        (5, "byte {place} of it is no text in {encoding}: the file mixes encodings."),
        ("Bo",),
    ]


def test_a_quote_that_is_never_closed_spoils_its_own_row() -> None:
    """The rows behind it are read; a cell that is closed some lines on is one row."""
    assert rows(b'name,card\n"never,1\nAna,2\n"two\nlines",3\n5" pipe,4\n"a"b,5\nBo,6') == [
        (2, "a quote opens in it and is never closed."),
        ("Ana", "2"),
        ("two\nlines", "3"),
        ('5" pipe', "4"),
        (7, "this is not CSV: {error}."),
        ("Bo", "6"),
    ]


def test_hostile_rows_are_bad_rows() -> None:
    """NUL bytes, a million columns, a line of a hundred megabytes, too few cells: one sentence each, and the next row is read."""
    huge = io.BytesIO()
    huge.write(b"name,card\na\0b,1\n" + b"," * 1_000_000 + b"\n")
    for _ in range(100):
        huge.write(b"x" * 1_000_000)
    huge.write(b"\nAna,2\nonly one\nBo,3,,,\nCy,4,5\n")
    found = looked_at(huge, KNOWN)
    said = [(row.line, row.message.template) if isinstance(row, BadRow) else row.cells["name"] for row in found.rows()]
    assert said == [
        (2, "it holds a NUL byte: this is no text."),
        (3, "the line is longer than {limit} bytes."),
        (4, "the line is longer than {limit} bytes."),
        "Ana",
        (6, "it has {found} cells where the first line names {count} columns."),
        "Bo",
        (8, "it has {found} cells where the first line names {count} columns."),
    ]
    assert rows(b"name\n" + b"," * (MAX_LINE // 2) + b"\nAna\n") == [
        (2, "it has more than {limit} cells."),
        ("Ana",),
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"name\0\nAna\n", "name\nAna".encode("utf-16"), b"name,name\n", b'"name\n', b"a," * 300 + b"\n"],
)
def test_a_file_without_a_head_is_one_sentence(data: bytes) -> None:
    """Nothing, NUL bytes, UTF-16, a column twice, a quote never closed, far too many columns."""
    with pytest.raises(Refused) as caught:
        table(data)
    assert caught.value.code == "table-invalid"


def test_the_line_that_spreadsheets_put_first() -> None:
    """`sep=;` names the separator and is no head."""
    assert rows(b"sep=;\r\nname;card\r\nAna;1,2\r\n") == [("Ana", "1,2")]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    """Whatever stands in a file, it is read to its end or refused."""
    code = ""
    try:
        list(table(b"name,card\n" + data).rows())
    except Refused as refused:
        code = refused.code
    assert code in {"", "encoding-unclear"}


@given(st.text(alphabet=st.sampled_from("'=+-@\t\ra1.")))
def test_cells_are_guarded_and_come_back(text: str) -> None:
    """No cell begins like a formula but plain numbers, and reading takes off exactly what writing put there."""
    cell = guarded(text)
    assert unguarded(cell) == text
    assert cell[:1] not in tuple("=@\t\r")
    if cell[:1] in tuple("+-"):
        assert float(cell) == float(text)


@pytest.mark.parametrize(
    ("text", "digits", "amount"),
    [("12.50", 2, 1250), ("12,50", 2, 1250), ("12", 2, 1200), ("-3,5", 2, -350), ("7", 0, 7), ("1.250", 3, 1250)],
)
def test_amounts_with_a_point_or_a_comma(text: str, digits: int, amount: int) -> None:
    """Both stand before the decimals."""
    assert amount_in(text, digits, "points") == amount


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1.250", 2),
        ("1,250", 2),
        ("1.250,00", 2),
        ("1 250", 2),
        ("1.250", 0),
        ("7.0", 0),
        ("1e3", 2),
        ("", 2),
        ("٣", 2),
    ],
)
def test_no_amount_is_guessed(text: str, digits: int) -> None:
    """1.250 in a currency of two decimals is neither 1.25 nor 1250 here."""
    with pytest.raises(CellWrong):
        amount_in(text, digits, "points")


def test_days_are_iso_or_dotted() -> None:
    """2026-12-31 and 31.12.2026; everything else, and a day that no calendar has, is refused."""
    assert day_in("2026-12-31", "x") == day_in("31.12.2026", "x")
    assert day_in("1.2.2026", "x").isoformat() == "2026-02-01"
    for text in ("12/31/2026", "31.12.26", "2026-02-30", "30.2.2026", "soon", "20261231"):
        with pytest.raises(CellWrong):
            day_in(text, "x")
