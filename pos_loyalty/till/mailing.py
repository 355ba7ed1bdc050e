"""Holders handed to a mailing program: only those who agreed to be written to, and never without a note in the audit list."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.records import Person
from pos_loyalty.till.audit import note
from pos_loyalty.till.operators import permit
from pos_loyalty.till.register import Register

WHO = ("name", "email", "phone", "language")
"""The columns that every export begins with."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows stand in an export, and how many were left out because nobody agreed to be written to."""

    written: int
    left_out: int


def export(
    register: Register,
    name: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Person, Sequence[str | int | None]]],
    file: Path,
    operator: str,
    allowed_by: str | None = None,
) -> Exported:
    """Write a list as CSV for a mailing program to a new file that only its owner may read: UTF-8 with a byte order mark, which
    spreadsheets need and mailing programs take.

    Refused with file-exists where there is such a file, and with file-unusable where it cannot be written: nothing is left of it.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            "file-exists", Message(N_("There is a file {file} already: choose another name."), file=str(file))
        ) from None
    except OSError as error:
        raise _unusable(file, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as text:
            counts = Counts()
            text.writelines(lines(columns, rows, counts))
        done = noted(register, name, counts, operator, allowed_by)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _unusable(file, error) from None
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return done


@dataclass(slots=True)
class Counts:
    """What was written and left out so far."""

    written: int = 0
    left_out: int = 0


def lines(
    columns: Sequence[str], rows: Iterable[tuple[Person, Sequence[str | int | None]]], counts: Counts
) -> Iterator[str]:
    """The lines of a CSV of those rows whose holders agreed to be written to."""
    yield _line((*WHO, *columns))
    for person, cells in rows:
        if not person.may_write or person.name is None:
            counts.left_out += 1
            continue
        counts.written += 1
        yield _line((person.name, person.email, person.phone, person.language, *cells))


def noted(register: Register, name: str, counts: Counts, operator: str, allowed_by: str | None = None) -> Exported:
    """Note in the audit list that a list was exported, by whom, and how many rows it had."""
    with register.store.write() as books:
        permit(books, "lists", operator, allowed_by)
        note(
            books,
            register,
            operator,
            "list-export",
            subject=name,
            allowed_by=allowed_by,
            written=str(counts.written),
            left_out=str(counts.left_out),
        )
    return Exported(counts.written, counts.left_out)


def _line(cells: Sequence[str | int | None]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _unusable(file: Path, error: OSError) -> Refused:
    return Refused(
        "file-unusable",
        Message(N_("{file} cannot be used ({reason})."), file=str(file), reason=error.strerror or str(error)),
    )
