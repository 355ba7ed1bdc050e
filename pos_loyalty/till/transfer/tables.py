"""CSV from anywhere, row by row: what is wrong with one row is said of that row, and the next one is read all the same.

The head's first line names the columns, in any order. A file of any size and of any bytes needs no more memory than its longest row
may have. A quote that is never closed spoils its own row and no other.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.till.transfer import encodings

MAX_LINE = 64 * 1024
"""Bytes of a row: every cell of a holder or of goods as long as it may be, and more."""
MAX_COLUMNS = 200
MAX_LINES_OF_A_ROW = 50
"""Lines that a cell in quotes may go over."""
SEPARATORS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab")}
_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_SAYS_SEPARATOR = re.compile(rb"sep=([,;\t])[\r\n]*")
# What a spreadsheet would take for a formula, and what keeps it from doing so. A plain number is harmless.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken in, by the line on which it begins (the first being 1), and why. `raw` is the row as it stands."""

    line: int
    message: Message
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells by column, tidied of space around them, and where it stands. `end` is how many bytes were read by then."""

    line: int
    cells: dict[str, str]
    raw: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was looked at: in which encoding it is, what separates its cells, what its columns are, and its size in bytes."""

    file: BinaryIO
    encoding: str
    separator: str
    columns: tuple[str, ...]
    head: bytes
    size: int

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the head, from the first; blank ones are passed over."""
        below = False
        for line, found, raw, end in _records(self.file, self.encoding, self.separator):
            if not below:
                below = raw == self.head
                continue
            cells = found if isinstance(found, Message) else self._cells(found)
            if isinstance(cells, Message):
                yield BadRow(line, cells, raw)
            elif cells:
                yield Row(line, cells, raw, end)

    def _cells(self, found: list[str]) -> dict[str, str] | Message:
        cells = [unguarded(cell.strip()) for cell in found]
        count = len(self.columns)
        if len(cells) > count and not any(cells[count:]):
            del cells[count:]
        if not any(cells):
            return {}
        if len(cells) != count:
            return Message(
                N_("it has {found} cells where the first line names {count} columns."), found=len(cells), count=count
            )
        return dict(zip(self.columns, cells, strict=True))


def looked_at(file: BinaryIO, known: Collection[str], encoding: str | None = None) -> Table:
    """What a file is, by its bytes and its first line; `known` are the columns looked for, `encoding` what it is said to be in.

    Refused with table-invalid (no head, a column twice, too many), encoding-unclear, or encoding-unknown.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if file.read(2) in _WIDE:
        raise _invalid(N_("The file is in UTF-16, which spreadsheets call Unicode text: save it as CSV UTF-8."))
    encoding = encodings.named(encoding) if encoding else encodings.found_in(file, MAX_LINE)
    told = None
    for _, cells, raw, _ in _records(file, encoding, ""):
        if isinstance(cells, Message):
            raise _invalid(N_("The first line cannot be read: {reason}"), reason=cells)
        if said := _SAYS_SEPARATOR.fullmatch(raw):
            told = said[1].decode()
            continue
        if raw:
            return _with_head(file, encoding, raw, told, known, size)
    raise _invalid(N_("The file is empty: its first line names the columns."))


def _with_head(file: BinaryIO, encoding: str, raw: bytes, told: str | None, known: Collection[str], size: int) -> Table:
    best: tuple[int, str, list[str]] | None = None
    for separator in (told,) if told else SEPARATORS:
        cells = _split(raw.decode(encoding), separator)
        if isinstance(cells, Message):
            continue
        names = [" ".join(cell.lower().split()).replace(" ", "_") for cell in cells]
        score = sum(name in known for name in names)
        if best is None or score > best[0]:
            best = (score, separator, names)
    if best is None:
        raise _invalid(N_("The first line cannot be read: it names the columns, between commas, semicolons or tabs."))
    _, separator, names = best
    if len(names) > MAX_COLUMNS:
        raise _invalid(
            N_("The first line names {count} columns; there may be {limit}."), count=len(names), limit=MAX_COLUMNS
        )
    while names and not names[-1]:
        names.pop()
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise _invalid(N_("The first line names the column {name} twice."), name=shown(twice))
    return Table(file, encoding, separator, tuple(names), raw, size)


def _invalid(template: str, **values: str | int | Message) -> Refused:
    return Refused("table-invalid", Message(template, **values))


def _records(file: BinaryIO, encoding: str, separator: str) -> Iterator[tuple[int, list[str] | Message, bytes, int]]:
    """Every row with the line that it begins on, its cells or what is wrong, its bytes without their end, and how far was read.

    Without a separator only lines are told apart, each as one cell.
    """
    file.seek(0)
    ahead: deque[tuple[bytes, int]] = deque()
    begins = True
    end = line = 0

    def read() -> bytes | None:
        """The next line; None at the end; a longer one than there may be is cut, and its rest is passed over."""
        nonlocal end, begins
        if ahead:
            found, end = ahead.popleft()
            return found
        found = file.readline(MAX_LINE + 1)
        if not found:
            return None
        end += len(found)
        if len(found) > MAX_LINE and not found.endswith(b"\n"):
            while piece := file.readline(MAX_LINE):
                end += len(piece)
                if piece.endswith(b"\n"):
                    break
        if begins:
            found, begins = found.removeprefix(_BOM), False
        return found

    while (raw := read()) is not None:
        line += 1
        if len(raw) > MAX_LINE:
            yield line, Message(N_("the line is longer than {limit} bytes."), limit=MAX_LINE), b"", end
            continue
        whole, more = raw, [(raw, end)]
        cells = _read(whole, encoding, separator)
        if isinstance(cells, Message) and raw.count(b'"') % 2:
            # A cell in quotes may go over several lines, to the one where they are closed.
            while len(more) < MAX_LINES_OF_A_ROW and len(whole) <= MAX_LINE and (following := read()) is not None:
                more.append((following, end))
                whole += following
                if following.count(b'"') % 2:
                    break
            joined = _read(whole, encoding, separator)
            if isinstance(joined, Message):
                ahead.extendleft(reversed(more[1:]))
                end = more[0][1]
                whole = raw
            else:
                cells = joined
                line += len(more) - 1
                yield line - len(more) + 1, cells, whole.rstrip(b"\r\n"), end
                continue
        yield line, cells, whole.rstrip(b"\r\n"), end


def _read(raw: bytes, encoding: str, separator: str) -> list[str] | Message:
    """The cells of a row, or what is wrong with it."""
    if b"\0" in raw:
        return Message(N_("it holds a NUL byte: this is no text."))
    try:
        text = raw.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        return Message(
            N_("byte {place} of it is no text in {encoding}: the file mixes encodings."),
            place=error.start + 1,
            encoding=encoding,
        )
    return [text] if not separator else _split(text, separator)


def _split(text: str, separator: str) -> list[str] | Message:
    if text.count(separator) > MAX_COLUMNS * 2:
        return Message(N_("it has more than {limit} cells."), limit=MAX_COLUMNS)
    if '"' not in text and "\r" not in text:
        return text.split(separator)
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return Message(N_("a quote opens in it and is never closed."))
        return Message(N_("this is not CSV: {error}."), error=shown(str(error), 100))
    return rows[0] if rows else []


def guarded(text: str) -> str:
    """A cell of text that no spreadsheet takes for a formula: one that begins like it gets a quotation mark before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """A cell as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
