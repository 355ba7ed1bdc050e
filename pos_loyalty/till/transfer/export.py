"""Everything that a store holds, in open formats: CSV by subject, the programmes as TOML, and a page that says what is what.

All of it is of one moment, read in streams while selling goes on. A new folder or .zip has its name only once it is whole.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TextIO

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import plain, plain_millionths, plain_rate
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.export_rows import SUBJECTS
from pos_loyalty.storage.facts import moment, read_refund, read_sale
from pos_loyalty.till.audit import note
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.arrivals import column_of
from pos_loyalty.till.transfer.subjects import ABOUT, BACK, LINES, README, WRITTEN, Kind
from pos_loyalty.till.transfer.tables import guarded

OFTEN = 1_000
"""Rows between two words about how far it is."""
_REVISIONS = ("number", "active_from", "activated_at", "operator", "digest", "file")

Told = Callable[[str, int, int], object]
"""Told "writing", how many rows are done, and of how many; what it raises breaks the export off, and nothing is left of it."""
Cells = Sequence[str | int | None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files with how many rows each has."""

    rows: dict[str, int]


class _Place(Protocol):
    """Where files go."""

    def file(self, name: str) -> contextlib.AbstractContextManager[TextIO]: ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def file(self, name: str) -> Iterator[TextIO]:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[TextIO]:
        with (
            self._archive.open(name, "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as out,
        ):
            yield out


def export_everything(
    register: Register, target: Path, operator: str, told: Told = lambda *_: None, allowed_by: str | None = None
) -> Exported:
    """Write everything to a new folder, or to a new .zip, which only its owner may read. That it was done is noted.

    Refused with file-exists where there is such a one, file-unusable where it cannot be written, programme-missing: nothing
    is left.
    """
    if os.path.lexists(target):
        raise Refused(
            "file-exists", Message(N_("There is a file {file} already: choose another name."), file=str(target))
        )
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _place(draft, target.suffix.lower() == ".zip") as place:
            exported = _write(register, place, operator, told, allowed_by)
        draft.rename(target)
    except OSError as error:
        _take_away(draft)
        raise Refused(
            "file-unusable",
            Message(N_("{file} cannot be used ({reason})."), file=str(target), reason=error.strerror or str(error)),
        ) from error
    except BaseException:
        _take_away(draft)
        raise
    return exported


@contextmanager
def _place(draft: Path, zipped: bool) -> Iterator[_Place]:
    if not zipped:
        draft.mkdir(mode=0o700)
        yield _Folder(draft)
        return
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            yield _Zip(archive)
        out.flush()
        os.fsync(out.fileno())


def _take_away(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)


def _write(register: Register, place: _Place, operator: str, told: Told, allowed_by: str | None) -> Exported:
    now = register.clock()
    with register.store.read() as books:
        in_force(books, now)
    with register.store.write() as books:
        note(books, register, operator, "export", allowed_by=allowed_by)
    with register.store.read() as books:
        rules = in_force(books, now)
        writer = _Writer(place, rules, told, sum(map(books.how_many, (*SUBJECTS, "accounts"))))
        writer.csv("holders", *_holders(books, rules, rules.programme.business_day(now)))
        for subject, columns in SUBJECTS.items():
            writer.csv(subject, columns, books.everything(subject))
            if subject == "sales":
                writer.csv("sale_lines", LINES, _sold(books, columns))
            elif subject == "refunds":
                writer.csv("refund_lines", BACK, _returned(books, columns))
        _programmes(books, writer, place)
        with place.file("README.md") as out:
            currency = rules.programme.currency
            out.write(README.format(made_at=moment(now), currency=currency.code, digits=currency.digits))
            for name, about in ABOUT.items():
                out.write(f"\n## {name}.csv\n{about}.\n\nColumns: {', '.join(writer.columns[name])}.\n")
        writer.end()
    return Exported(writer.rows)


def _programmes(books: Books, writer: _Writer, place: _Place) -> None:
    lines = []
    for revision in books.revisions():
        name = f"programme/{revision.number:04d}.toml"
        with place.file(name) as out:
            out.write(revision.text)
        lines.append(
            (
                revision.number,
                moment(revision.active_from),
                moment(revision.activated_at),
                revision.operator,
                revision.digest,
                name,
            )
        )
    writer.csv("revisions", _REVISIONS, lines)


class _Writer:
    """Writes rows, each column as `WRITTEN` says, and counts them."""

    def __init__(self, place: _Place, rules: InForce, told: Told, total: int) -> None:
        self._place = place
        self._units = rules.units
        self._currency = rules.programme.currency
        self._told = told
        self._total = total
        self._done = 0
        self.rows: dict[str, int] = {}
        self.columns: dict[str, Sequence[str]] = {}

    def csv(self, subject: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
        """One file."""
        kinds = WRITTEN.get(subject, {})
        special = [(n, kinds[name]) for n, name in enumerate(columns) if name in kinds]
        beside = next((n for n, name in enumerate(columns) if name in ("purse", "unit")), 0)
        counts = subject in SUBJECTS or subject == "holders"
        count = 0
        with self._place.file(f"{subject}.csv") as out:
            out.write("\ufeff")
            write = csv.writer(out, lineterminator="\r\n").writerow
            write(columns)
            for row in rows:
                cells = [guarded(cell) if isinstance(cell, str) else cell for cell in row]
                for n, kind in special:
                    cells[n] = self._written(kind, row[n], row[beside])
                write(cells)
                count += 1
                if counts:
                    self._done += 1
                if count % OFTEN == 0:
                    self._told("writing", self._done, self._total)
        self.rows[subject], self.columns[subject] = count, columns
        self._told("writing", self._done, self._total)

    def end(self) -> None:
        """All is written."""
        self._told("writing", self._total, self._total)

    def _written(self, kind: Kind, value: Any, unit: Any) -> str | None:
        if value is None:
            return None
        match kind:
            case "money":
                return plain(value, self._currency.digits)
            case "purse":
                return plain(value, self._digits(self._units.get(unit, unit)))
            case "unit":
                return plain(value, self._digits(unit))
            case "price":
                whole, _, rest = plain(value, 6).partition(".")
                return f"{whole}.{rest.rstrip('0').ljust(self._currency.digits, '0')}".rstrip(".")
            case "rate":
                return plain_rate(value)
            case "quantity":
                return plain_millionths(value)
        return str(value)

    def _digits(self, unit: str) -> int:
        return self._currency.digits if unit == self._currency.code else 0


def _sold(books: Books, columns: Sequence[str]) -> Iterator[Cells]:
    facts = columns.index("facts")
    for row in books.everything("sales"):
        sale = read_sale(row[facts])
        for n, line in enumerate(sale.quote.lines, 1):
            item = line.item
            yield (
                *(sale.id, n, item.sku, item.name, item.department, item.quantity, item.unit, item.unit_price),
                *(item.vat, int(item.reduced), line.gross, line.discount, line.spent, line.spent_as_tender),
                *(line.paid, line.vat, line.earning),
            )


def _returned(books: Books, columns: Sequence[str]) -> Iterator[Cells]:
    facts = columns.index("facts")
    for row in books.everything("refunds"):
        back = read_refund(row[facts])
        for line in back.lines:
            yield (
                *(back.id, back.sale, line.line, line.quantity),
                *(line.paid, line.vat, line.spent_as_tender, line.earning),
            )


class _Beside:
    """Rows in the order of accounts, read along with the accounts themselves."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, account: str) -> list[tuple[Any, ...]]:
        """The rows of an account; asked for in ascending order."""
        found = []
        while self._next is not None and self._next[0] <= account:
            if self._next[0] == account:
                found.append(self._next[1:])
            self._next = next(self._rows, None)
        return found


def _holders(books: Books, rules: InForce, today: date) -> tuple[Sequence[str], Iterator[Cells]]:
    """Holders as `member import` takes them in: columns, and a row each."""
    purses = [
        (purse.id, rules.programme.currency.digits if purse.unit == "money" else 0) for purse in rules.programme.purses
    ]
    columns = [
        "name",
        "cards",
        "blocked",
        "replaced",
        "kind",
        "phone",
        "email",
        "birthday",
        "language",
        "joined",
        "consent",
    ]
    for purse, _ in purses:
        columns += [f"{column_of(purse)}{part}" for part in ("", ":expires", ":available", ":owed")]

    def rows() -> Iterator[Cells]:
        place = {name: n for n, name in enumerate(SUBJECTS["accounts"])}
        cards, lots = _Beside(books.cards_by_account()), _Beside(books.lots_by_account())
        debts, consents = _Beside(books.debts_by_account()), _Beside(books.consents_by_account())
        for account in books.everything("accounts"):
            key = account[place["id"]]
            keys, name = cards.of(key), account[place["name"]]
            open_lots = [lot for lot in lots.of(key) if lot[3] is None or lot[3] >= today.isoformat()]
            owed, said = dict(debts.of(key)), dict(consents.of(key))
            if not keys and name is None:
                continue  # erased, or part of another one by now
            cells: list[str | int | None] = [
                name,
                " ".join(number for number, *_ in keys),
                " ".join(number for number, _, status, _ in keys if status == "blocked"),
                " ".join(f"{number}:{successor}" for number, _, status, successor in keys if status == "replaced"),
                "named" if name is not None or any(kind == "named" for _, kind, *_ in keys) else "bearer",
                *(account[place[column]] for column in ("phone", "email", "birthday", "language", "joined")),
                " ".join(purpose for purpose, given in said.items() if given) if name is not None else "",
            ]
            for purse, digits in purses:
                own = [lot for lot in open_lots if lot[0] == purse]
                cells += [
                    " ".join(plain(lot[1], digits) for lot in own),
                    " ".join(lot[3] or "never" for lot in own),
                    " ".join(lot[2] for lot in own),
                    plain(owed[purse], digits) if owed.get(purse) else "",
                ]
            yield cells

    return columns, rows()
