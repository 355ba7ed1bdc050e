"""Holders taken in from a CSV file with their cards and balances: all rows, or none where one is bad, unless bad ones are skipped.

The whole file is read and checked first, against itself and the books. What is stored then goes in small transactions, so that
selling goes on; where that is broken off, the same file once more takes in the rest. A balance taken over is an adjustment with its
reason, an entry of the journal like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, Literal

from pos_loyalty.domain.bookkeeping import adjustment_postings
from pos_loyalty.domain.card import CardStatus, masked
from pos_loyalty.domain.deed import Adjustment
from pos_loyalty.domain.ledger import Lot
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.message import N_, Amount, Message
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Card, Consent
from pos_loyalty.till.audit import note
from pos_loyalty.till.checkout import digest_of, entry_of
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.arrivals import COLUMNS, Arrival, Opening, Reader, columns_of, reader_of
from pos_loyalty.till.transfer.tables import SEPARATORS, BadRow, Row, Table, looked_at

Told = Callable[[str, int, int], object]
"""Told which part goes on ("checking", "storing") and how many bytes of how many are done; what it raises breaks the import off."""
STAGES = {"checking": N_("Checking the rows"), "storing": N_("Storing the rows"), "writing": N_("Writing")}
REASON = N_("Opening balance")
CONSENT = N_("Agreed to before, as the records say that the holder was taken over from.")
AT_ONCE = 50
"""Rows stored in one transaction: a sale waits for these at most, some 50 ms."""
READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """What is written into the books in words, in the shop's language: why balances were given, and to what a consent refers."""

    reason: str
    consent: str


@dataclass(slots=True)
class Outcome:
    """What an import came to, or would. `taken` rows are stored (`dry`: would be), `there` were before, `bad` are not; `balances`
    is what the purses of those taken hold, `owed` what they owe.
    """

    encoding: str
    separator: str
    dry: bool
    rows: int = 0
    taken: int = 0
    there: int = 0
    bad: int = 0
    cards: int = 0
    balances: dict[str, Minor] = field(default_factory=dict)
    owed: dict[str, Minor] = field(default_factory=dict)

    def count(self, arrival: Arrival) -> None:
        """One more that is taken in."""
        self.taken += 1
        self.cards += len(arrival.cards)
        for opening in arrival.openings:
            self.balances[opening.purse] = self.balances.get(opening.purse, 0) + opening.amount
        for purse, amount in arrival.owed:
            self.owed[purse] = self.owed.get(purse, 0) + amount


def summary(outcome: Outcome, programme: Programme, *, skipped: bool) -> Iterator[Message]:
    """What an import came to, for a person; `skipped`: bad rows were to be left out."""
    yield Message(
        N_("Read as {encoding}, with a {separator} between cells."),
        encoding=outcome.encoding,
        separator=Message(SEPARATORS[outcome.separator]),
    )
    yield Message(
        N_("Rows: {rows}; bad: {bad}; there already: {there}."),
        rows=outcome.rows,
        bad=outcome.bad,
        there=outcome.there,
    )
    if outcome.dry:
        template = N_("Would be taken in: {taken} holders with {cards} cards. Nothing is stored.")
    elif outcome.bad and not skipped:
        yield Message(N_("Nothing was taken in: mend these rows, or leave them out with --skip-bad."))
        return
    else:
        template = N_("Taken in: {taken} holders with {cards} cards.")
    yield Message(template, taken=outcome.taken, cards=outcome.cards)
    for purse, amount in outcome.balances.items():
        yield Message(N_("{purse}: {amount}"), purse=purse, amount=Amount(amount, _unit(programme, purse)))
    for purse, amount in outcome.owed.items():
        yield Message(N_("{purse}: {amount} owed"), purse=purse, amount=Amount(amount, _unit(programme, purse)))


def _unit(programme: Programme, purse: str) -> str:
    found = programme.purse(purse)
    return programme.currency.code if found is None or found.unit == "money" else found.unit


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a file: only checked (`dry`), or taken in, with `skip_bad` even if rows of it are bad. Those go to
    `mend` as they stand, below the file's first line: mended, that is a file to be taken in.
    """

    operator: str
    words: Words
    dry: bool = False
    skip_bad: bool = False
    mend: BinaryIO | None = None
    encoding: str | None = None
    allowed_by: str | None = None


def take_in(
    register: Register, file: BinaryIO, wish: Wish, bad: Callable[[BadRow], object], told: Told = lambda *_: None
) -> Outcome:
    """Take the holders of a CSV file in; `bad` is handed every row that is wrong, in the order of the file.

    Refused with table-invalid, encoding-unclear, encoding-unknown or programme-missing where the file as a whole cannot be read.
    """
    with register.store.read() as books:
        rules = in_force(books, register.clock())
    today = rules.programme.business_day(register.clock())
    table = looked_at(file, {*COLUMNS, *columns_of(rules.programme)}, wish.encoding)
    reader = reader_of(table, register, rules.programme, today)
    checking = _Checking(
        register, table, reader, Outcome(table.encoding, table.separator, wish.dry), _Bad(bad, table, wish.mend), told
    )
    checking.run()
    outcome = checking.outcome
    if wish.dry or not outcome.taken or (outcome.bad and not wish.skip_bad):
        if not wish.dry:
            outcome.taken = outcome.cards = 0
            outcome.balances, outcome.owed = {}, {}
        return outcome
    return _store(register, checking, rules, wish)


class _Bad:
    """Rows that are wrong: told, and put aside to be mended."""

    def __init__(self, told: Callable[[BadRow], object], table: Table, mend: BinaryIO | None) -> None:
        self._told = told
        self._table = table
        self._mend = mend
        self._begun = False

    def __call__(self, row: BadRow) -> None:
        self._told(row)
        if self._mend is not None:
            if not self._begun:
                self._mend.write(self._table.head + b"\r\n")
            self._begun = True
            self._mend.write(row.raw + b"\r\n")


class _Checking:
    """The first reading: every row by itself, against those before it, and against the books."""

    def __init__(
        self,
        register: Register,
        table: Table,
        reader: Reader,
        outcome: Outcome,
        bad: Callable[[BadRow], object],
        told: Told,
    ) -> None:
        self.register = register
        self.table = table
        self.reader = reader
        self.outcome = outcome
        self.told = told
        self.left_out: set[int] = set()
        self._bad = bad
        self._seen: dict[str, int] = {}

    def run(self) -> None:
        """Read all of it."""
        rows = self.table.rows()
        while some := list(islice(rows, READ_AT_ONCE)):
            with self.register.store.read() as books:
                for row in some:
                    self._check(books, row)
            self.told("checking", _end(some), self.table.size)

    def _check(self, books: Books, row: Row | BadRow) -> None:
        self.outcome.rows += 1
        if isinstance(row, BadRow):
            self.refuse(row)
            return
        found = self.reader.read(row)
        problem = found if isinstance(found, Message) else self._twice(found)
        state = standing(books, found) if problem is None and isinstance(found, Arrival) else problem
        if isinstance(state, Message):
            self.refuse(BadRow(row.line, state, row.raw))
        elif state == "there":
            self.outcome.there += 1
            self.left_out.add(row.line)
        elif isinstance(found, Arrival):
            self.outcome.count(found)

    def _twice(self, arrival: Arrival) -> Message | None:
        """Where a card, or all of a row without one, stands in the file already."""
        keys = arrival.cards or (arrival.account,)
        first = next((self._seen[key] for key in keys if key in self._seen), None)
        for key in keys:
            self._seen.setdefault(key, arrival.line)
        if first is None:
            return None
        if arrival.cards:
            return Message(N_("one of its cards stands in line {line} already."), line=first)
        return Message(N_("the very same stands in line {line} already."), line=first)

    def refuse(self, row: BadRow) -> None:
        """Say what is wrong with a row, and leave it out."""
        self.outcome.bad += 1
        self.left_out.add(row.line)
        self._bad(row)


def standing(books: Books, arrival: Arrival) -> Literal["new", "there"] | Message:
    """Whether a row is "new" to the books or "there" since it was taken in before; or why it can be neither."""
    if books.has_account(arrival.account):
        return "there"
    for number in arrival.cards:
        if books.card(number) is not None:
            return Message(
                N_("card {card} is in use already, and not as this row has it: change its holder by hand."),
                card=masked(number),
            )
    return "new"


def _end(rows: list[Row | BadRow]) -> int:
    return max((row.end for row in rows if isinstance(row, Row)), default=0)


def _wanted(checking: _Checking) -> Iterator[tuple[Arrival, Row]]:
    for row in checking.table.rows():
        if isinstance(row, Row) and row.line not in checking.left_out:
            found = checking.reader.read(row)
            if isinstance(found, Arrival):
                yield found, row


def _store(register: Register, checking: _Checking, rules: InForce, wish: Wish) -> Outcome:
    """The second reading: what was found good is stored, few rows at a time."""
    outcome = replace(checking.outcome, taken=0, cards=0, balances={}, owed={})
    wanted, first = _wanted(checking), checking.outcome
    begun = False
    while some := list(islice(wanted, AT_ONCE)):
        late: list[BadRow] = []
        stored: list[Arrival] = []
        with register.store.write() as books:
            books.lock(register.name)
            now = register.clock()
            for arrival, row in some:
                # Another till may have used the card since it was checked.
                state = standing(books, arrival)
                if state == "new":
                    _add(books, register, rules, arrival, wish, now)
                    stored.append(arrival)
                elif isinstance(state, Message):
                    late.append(BadRow(row.line, state, row.raw))
            if not begun:
                note(
                    books,
                    register,
                    wish.operator,
                    "member-import",
                    allowed_by=wish.allowed_by,
                    rows=str(first.taken),
                    left_out=str(first.bad),
                )
        begun = True
        for arrival in stored:
            outcome.count(arrival)
        for bad in late:
            checking.refuse(bad)
            outcome.bad += 1
        outcome.there += len(some) - len(stored) - len(late)
        checking.told("storing", some[-1][1].end, checking.table.size)
    return outcome


def _add(books: Books, register: Register, rules: InForce, arrival: Arrival, wish: Wish, now: datetime) -> None:
    account = arrival.account
    joined = arrival.joined or now.date()
    books.add_account(account, joined)
    for number in _in_order(arrival):
        successor = arrival.replaced.get(number)
        status: CardStatus = "replaced" if successor else ("blocked" if number in arrival.blocked else "active")
        books.add_card(Card(number, account, arrival.kind, status, now, successor))
    person = arrival.holder
    if person is not None:
        member = Member(account, person.name, person.phone, person.email, person.birthday, person.language, joined)
        books.add_member(member, now)
        for purpose in arrival.consents:
            books.add_consent(
                Consent(register.new_id(), account, purpose, True, now, wish.operator, wish.words.consent[:1000])
            )
    for opening in arrival.openings:
        _open(books, register, rules, account, opening, wish, now)
    for purse, amount in arrival.owed:
        deed = _deed(register, rules, account, purse, -amount, wish, now)
        _post(books, register, rules, replace(deed, owed=amount), (), wish)


def _in_order(arrival: Arrival) -> list[str]:
    """The row's cards, each behind the one that took its place: a card that is named must be there."""
    ordered: dict[str, None] = {}
    for number in arrival.cards:
        chain = [number]
        while (successor := arrival.replaced.get(chain[-1])) is not None:
            chain.append(successor)
        ordered.update(dict.fromkeys(reversed(chain)))
    return list(ordered)


def _deed(
    register: Register, rules: InForce, account: str, purse: str, amount: Minor, wish: Wish, now: datetime
) -> Adjustment:
    day: date = rules.programme.business_day(now)
    return Adjustment(register.new_id(), account, now, now, day, wish.operator, purse, amount, wish.allowed_by)


def _open(
    books: Books, register: Register, rules: InForce, account: str, opening: Opening, wish: Wish, now: datetime
) -> None:
    """Fill a lot with what a purse held before."""
    deed = _deed(register, rules, account, opening.purse, opening.amount, wish, now)
    available = opening.available or deed.day
    purse = rules.programme.purse(opening.purse)
    expires = purse.expires_on(available) if opening.ruled and purse is not None else opening.expires
    lot = Lot(f"{deed.id}/1", opening.purse, opening.amount, opening.amount, available, expires, now)
    _post(books, register, rules, replace(deed, available=available, expires=expires), (lot,), wish)


def _post(
    books: Books, register: Register, rules: InForce, deed: Adjustment, filled: tuple[Lot, ...], wish: Wish
) -> None:
    books.add_deed(deed, digest_of(("import", deed.account, deed.purse, deed.amount)))
    postings = adjustment_postings(rules.units, deed, filled)
    books.post(register.name, entry_of(deed, "adjustment", deed.id, postings), filled)
    books.add_reason(deed.id, wish.words.reason)
