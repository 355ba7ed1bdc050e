"""What a report is saved as: its rows as CSV, and files that are written whole or not at all, and never over others unasked."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Currency, plain, plain_rate
from pos_loyalty.reports.frame import COUNT, RATE, Cell, Column, Period, Report

_DOCUMENTS = "Documents"
_FULL = N_("The disk is full: free some room, or name another disk. Not written: {file}")
_READ_ONLY = N_("Nothing may be written there: name another folder than {folder}.")
_NO_FOLDER = N_("There is no such folder: name one that is there. Not written: {file}")
_SENTENCES = {
    errno.ENOSPC: ("disk-full", _FULL),
    errno.EDQUOT: ("disk-full", _FULL),
    errno.EROFS: ("folder-read-only", _READ_ONLY),
    errno.EACCES: ("folder-read-only", _READ_ONLY),
    errno.EPERM: ("folder-read-only", _READ_ONLY),
    errno.ENOENT: ("folder-missing", _NO_FOLDER),
    errno.ENOTDIR: ("folder-missing", _NO_FOLDER),
    errno.ENAMETOOLONG: ("name-too-long", N_("The name is too long: name a shorter one than {file}.")),
}


def plain_rows(report: Report, rows: Sequence[Sequence[Cell]], currency: Currency) -> list[list[str | int | None]]:
    """Rows for programs: amounts as texts with the currency's decimals, shares as percentages, dates as ISO 8601."""
    units = next((n for n, column in enumerate(report.columns) if column.name == "unit"), None)
    return [
        [
            _written(column, cell, currency, COUNT if units is None else str(row[units]))
            for column, cell in zip(report.columns, row, strict=True)
        ]
        for row in rows
    ]


def _written(column: Column, cell: Cell, currency: Currency, unit: str) -> str | int | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Message):
        return cell.template
    if not isinstance(cell, int):
        return cell
    if column.kind == "figure" and unit == RATE:
        return plain_rate(cell)
    money = column.kind == "money" or (column.kind == "figure" and unit == currency.code)
    return plain(cell, currency.digits) if money else cell


def as_csv(report: Report, rows: Sequence[Sequence[Cell]], currency: Currency) -> str:
    """The rows as CSV, the columns' names first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in report.columns)
    writer.writerows(plain_rows(report, rows, currency))
    return text.getvalue()


def suggested(report: Report, period: Period, kind: str) -> Path:
    """A file that says what it holds, in the user's own folder of documents, or their home where they have none."""
    home = Path.home()
    folder = home / _DOCUMENTS if (home / _DOCUMENTS).is_dir() else home
    return folder / f"{report.name}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.{kind}"


def pages_at(file: Path, count: int) -> list[Path]:
    """The files of a picture of so many pages: `file` itself, then "-2", "-3" before its ending."""
    return [file, *(file.with_name(f"{file.stem}-{n}{file.suffix}") for n in range(2, count + 1))]


def save(contents: Sequence[tuple[Path, bytes]], *, over: bool = False) -> None:
    """Write files, each whole or not at all; refused in one sentence where one is there already and `over` is not said, or where
    the disk is full, the folder cannot be written, or there is none.
    """
    for file, _ in contents:
        if not over and os.path.lexists(file):
            raise _exists(file)
    for file, content in contents:
        try:
            _write(file, content, over)
        except FileExistsError:
            raise _exists(file) from None
        except OSError as error:
            raise _refusal(error, file) from error


def _exists(file: Path) -> Refused:
    return Refused("file-exists", Message(N_("There is already a file {file}."), file=str(file)))


def _write(file: Path, content: bytes, over: bool) -> None:
    """Beside it first, then in its place: a link does not take the place of what is there."""
    if over and file.exists() and not file.is_file():  # a pipe or a device is written to, not replaced
        file.write_bytes(content)
        return
    beside = file.parent / f".pos-loyalty-{os.getpid()}.part"
    try:
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if over:
            beside.replace(file.resolve())
        else:
            _place(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _place(beside: Path, file: Path) -> None:
    try:
        file.hardlink_to(beside)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP):
            raise
        # A memory stick knows no links: the name is taken exclusively, empty, and replaced by what is whole.
        with file.open("xb"):
            pass
        beside.replace(file)


def _refusal(error: OSError, file: Path) -> Refused:
    code, sentence = _SENTENCES.get(error.errno or 0, ("file-unwritable", N_("{file} cannot be written ({reason}).")))
    return Refused(
        code, Message(sentence, file=str(file), folder=str(file.parent), reason=error.strerror or str(error))
    )
