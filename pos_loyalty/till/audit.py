"""What was done, by whom and who allowed it: noted in the transaction that did it, and read back with the journal, newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.audit_rows import NEWEST, Deed, EntryDone, Place
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.folding import fold
from pos_loyalty.till.register import Register

STRETCH = 2_000
"""Rows that are read at once: some ten milliseconds."""
MOST_READ = 200_000
"""Rows that one page looks through before it says how far it came: some seconds."""
_BEGINNING = date(1900, 1, 1)
_folded = lru_cache(maxsize=256)(fold)
"""The same few names come again and again."""


def note(
    books: Books,
    register: Register,
    operator: str,
    action: str,
    *,
    account: str | None = None,
    subject: str | None = None,
    allowed_by: str | None = None,
    **detail: str,
) -> None:
    """Note an action by its stable word ("card-block"). Neither `subject` nor `detail` may hold a holder's name, phone or card."""
    books.note_deed(
        Deed(register.new_id(), register.clock(), register.name, operator, action, account, subject, allowed_by, detail)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the beginning of an operator's name or of who allowed it (folded), an action's word, an account, and the
    business days from `first` to `last`, both included. Nothing of it: everything.
    """

    operator: str = ""
    action: str = ""
    account: str | None = None
    first: date | None = None
    last: date | None = None

    def fits(self, deed: Deed) -> bool:
        """Whether it is one of these."""
        if self.action and deed.action != self.action:
            return False
        who = _folded(self.operator)
        return not who or any(_folded(name).startswith(who) for name in (deed.operator, deed.allowed_by or "") if name)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins, in the journal and among the deeds."""

    entries: Place = NEWEST
    deeds: Place = NEWEST


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was done, the newest first. `then` is where the next page begins (None: that was all), `back_to` how far back
    was looked where the page is not full although there is more.
    """

    done: tuple[Deed, ...]
    then: Cursor | None
    back_to: datetime | None = None


def page(
    register: Register,
    wanted: Wanted,
    programme: Programme,
    cursor: Cursor | None = None,
    size: int = 50,
    progress: Callable[[datetime], bool] = lambda _: True,
) -> Page:
    """The next page of what was done. `progress` is told how far back it looks, and ends the page where it answers no.

    Entries are found by their business day, deeds by their moment; a page takes both in the order of time.
    """
    zone = ZoneInfo(programme.time_zone)
    first = wanted.first or _BEGINNING
    begin = datetime.combine(first, programme.day_starts, zone)
    if cursor is None:
        cursor = Cursor()
        if wanted.last is not None:
            over = wanted.last + timedelta(days=1)
            cursor = Cursor((over.isoformat(), ""), (moment(datetime.combine(over, programme.day_starts, zone)), ""))
    done: list[Deed] = []
    with register.store.read() as books:
        entries = _Stream(
            cursor.entries,
            lambda place, most: [
                ((one.day.isoformat(), one.id), _deed(one))
                for one in books.entries_done(wanted.account, first, place, most)
            ],
        )
        deeds = _Stream(
            cursor.deeds,
            lambda place, most: [
                ((moment(one.at), one.id), one) for one in books.deeds(wanted.account, begin, place, most)
            ],
        )
        back_to = None
        for read in count(1):
            heads = [stream for stream in (entries, deeds) if stream.head is not None]
            if not heads or len(done) == size:
                break
            one = max(heads, key=_when).take()
            if wanted.fits(one):
                done.append(_with_receipt(books, one))
            elif read % STRETCH == 0 and (read >= MOST_READ or not progress(one.at)):
                back_to = one.at
                break
    then = Cursor(entries.place, deeds.place) if heads else None
    return Page(tuple(done), then, back_to)


class _Stream:
    """One of both lists, read in stretches that grow; `place` is behind what was taken of it."""

    def __init__(self, place: Place, read: Callable[[Place, int], list[tuple[Place, Deed]]]) -> None:
        self.place = self._end = place
        self._read = read
        self._most = 64
        self._rows: deque[tuple[Place, Deed]] = deque()
        self._over = False

    @property
    def head(self) -> Deed | None:
        """The next one; None where there is none."""
        if not self._rows and not self._over:
            self._rows.extend(self._read(self._end, self._most))
            self._over = len(self._rows) < self._most
            self._most = min(2 * self._most, STRETCH)
            if self._rows:
                self._end = self._rows[-1][0]
        return self._rows[0][1] if self._rows else None

    def take(self) -> Deed:
        """The next one, taken."""
        self.place, deed = self._rows.popleft()
        return deed


def _when(stream: _Stream) -> datetime:
    head = stream.head
    return head.at if head is not None else datetime.min.replace(tzinfo=UTC)


def _deed(entry: EntryDone) -> Deed:
    return Deed(entry.id, entry.at, entry.register, entry.operator, entry.kind, entry.account)


def _with_receipt(books: Books, deed: Deed) -> Deed:
    """An entry with the number of its receipt."""
    number = books.receipt_of(deed.id, deed.action)
    return deed if number is None else replace(deed, subject=number)
