"""Past sales taken over from a CSV file, as history: they count for tiers, visits and figures, and move no purse.

Each is a sale of a register of its own, `history`, whose journal and receipt numbers are apart from any till's, under the revision
that was in force then (before the first one: the first). It is priced without any of that revision's offers: what was paid is what
the file says, and nothing is given or earned. So a return of it gives money back alone, and `store verify` holds it to its facts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby, islice
from typing import BinaryIO
from zoneinfo import ZoneInfo

from pos_loyalty.domain.basket import HIDDEN, MAX_TEXT, ByHand, LineItem
from pos_loyalty.domain.bookkeeping import sale_postings
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Minor, parse_rate
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Quote, Sale, Settlement, Tender
from pos_loyalty.domain.tier import Spend
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.checkout import digest_of, entry_of, shown_name
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import open_account, standing_after
from pos_loyalty.till.transfer.cells import CellWrong, amount_in, day_in
from pos_loyalty.till.transfer.holders import AT_ONCE, READ_AT_ONCE, Told
from pos_loyalty.till.transfer.tables import BadRow, Row, Table, looked_at

HISTORY = "history"
"""The register that past sales are of."""
COLUMNS = (
    *("day", "time", "card", "receipt", "sku", "name", "department", "quantity", "unit", "price", "paid", "vat"),
)
NEEDED = ("day", "name", "price")


@dataclass(slots=True)
class Past:
    """What an import of sales came to, or would."""

    encoding: str
    separator: str
    dry: bool
    rows: int = 0
    taken: int = 0
    there: int = 0
    bad: int = 0
    paid: Minor = 0


@dataclass(frozen=True, slots=True)
class _Bill:
    """A bill of the file: the lines of one receipt, in rows that follow one another."""

    line: int
    end: int
    id: str
    day: date
    at: time
    card: str | None
    items: tuple[LineItem, ...]


def take_sales_in(
    register: Register,
    file: BinaryIO,
    operator: str,
    bad: Callable[[BadRow], object],
    told: Told = lambda *_: None,
    *,
    dry: bool = False,
    encoding: str | None = None,
) -> Past:
    """Take past sales in, all of them, or none where a row is bad; the same file once more takes in what is not there yet.

    Refused with table-invalid, encoding-unclear, encoding-unknown or programme-missing where the file as a whole cannot be read.
    """
    with register.store.read() as books:
        rules = in_force(books, register.clock())
    table = looked_at(file, COLUMNS, encoding)
    _check_head(table)
    outcome = Past(table.encoding, table.separator, dry)
    bills = _bills(table, rules.programme, outcome)
    while some := list(islice(bills, READ_AT_ONCE)):
        with register.store.read() as books:
            for found in some:
                problem = found if isinstance(found, BadRow) else _checked(books, register, found, outcome)
                if problem is not None:
                    outcome.bad += 1
                    bad(problem)
        told("checking", _end(some), table.size)
    if not dry and not outcome.bad and outcome.taken:
        return _store(register, table, rules, operator, outcome, told)
    if not dry:
        outcome.taken = outcome.paid = 0
    return outcome


def _end(some: list[_Bill | BadRow]) -> int:
    return max((one.end for one in some if isinstance(one, _Bill)), default=0)


def _check_head(table: Table) -> None:
    unknown = [column for column in table.columns if column not in COLUMNS]
    missing = [column for column in NEEDED if column not in table.columns]
    if unknown or missing:
        raise Refused(
            "table-invalid",
            Message(
                N_(
                    "The columns of past sales are {columns}, of which {needed} are needed; {column} is wrong or missing."
                ),
                columns=", ".join(COLUMNS),
                needed=", ".join(NEEDED),
                column=shown((unknown or missing)[0]) or "(empty)",
            ),
        )


def _bills(table: Table, programme: Programme, outcome: Past) -> Iterator[_Bill | BadRow]:
    """The bills of the file, a row without a receipt being one by itself; rows that are wrong on the way."""
    done: dict[str, int] = {}
    alike: dict[str, int] = {}

    def receipt(row: Row | BadRow) -> object:
        if isinstance(row, Row) and row.cells.get("receipt"):
            return row.cells["receipt"], row.cells["day"]
        return object()

    for _, group in groupby(table.rows(), key=receipt):
        rows = list(group)
        outcome.rows += len(rows)
        wrong = [row for row in rows if isinstance(row, BadRow)]
        good = [row for row in rows if isinstance(row, Row)]
        try:
            bill = _bill(good, programme) if good else None
        except CellWrong as error:
            bill = None
            wrong.append(BadRow(_wrong_line(good, programme), error.message, good[0].raw))
        yield from wrong
        if bill is None or wrong:
            continue
        name = good[0].cells.get("receipt")
        if name and done.setdefault(f"{name} {bill.day}", bill.line) != bill.line:
            line = done[f"{name} {bill.day}"]
            message = Message(
                N_("its receipt stands in line {line} already: rows of one follow one another."), line=line
            )
            yield BadRow(bill.line, message, good[0].raw)
            continue
        # Two bills may be alike to the last cell where there is no receipt number: the second is another one.
        count = alike[bill.id] = alike.get(bill.id, 0) + 1
        yield bill if count == 1 else replace(bill, id=_id([bill.id, count]))


def _wrong_line(rows: list[Row], programme: Programme) -> int:
    for row in rows:
        try:
            _item(row, programme)
            _when(row)
        except CellWrong:
            return row.line
    return rows[-1].line


def _bill(rows: list[Row], programme: Programme) -> _Bill:
    items = tuple(_item(row, programme) for row in rows)
    first = rows[0]
    day, at = _when(first)
    for row in rows:
        if _when(row) != (day, at) or row.cells.get("card") != first.cells.get("card"):
            raise CellWrong(N_("rows of one receipt have one day, time and card."))
    content = [[value for _, value in sorted(row.cells.items())] for row in rows]
    return _Bill(first.line, rows[-1].end, _id(content), day, at, first.cells.get("card") or None, items)


def _id(content: object) -> str:
    """A UUID of version 8 that follows from the content."""
    digest = hashlib.sha256(json.dumps(["pos-loyalty past sale 1", content]).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _when(row: Row) -> tuple[date, time]:
    text = row.cells.get("time") or "12:00"
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise CellWrong(N_("time: {text} is no time such as 17:30."), text=shown(text)) from None
    if at.tzinfo is not None:
        raise CellWrong(N_("time: {text} is no time such as 17:30."), text=shown(text))
    day = day_in(row.cells["day"], "day")
    if day < date(1990, 1, 1):
        raise CellWrong(N_("day: {day} is too long ago."), day=day.isoformat())
    return day, at


def _item(row: Row, programme: Programme) -> LineItem:
    cells, digits = row.cells, programme.currency.digits
    for text in cells.values():
        if HIDDEN.search(text) or len(text) > MAX_TEXT:
            raise CellWrong(N_("a text is too long, or holds a character that nobody can see."))
    if not cells["name"]:
        raise CellWrong(N_("it has no name."))
    quantity = amount_in(cells["quantity"], 6, "quantity") if cells.get("quantity") else MILLION
    price = amount_in(cells["price"], digits, "price")
    vat = cells.get("vat") or "0%"
    try:
        rate = parse_rate(vat if vat.endswith("%") else f"{vat}%")
    except ValueError:
        raise CellWrong(N_("vat: {text} is no percentage such as 20%."), text=shown(vat)) from None
    if not 0 <= rate <= MILLION or quantity <= 0 or price < 0:
        raise CellWrong(N_("a quantity is above zero, a price not below it, and VAT from 0% to 100%."))
    item = LineItem(
        cells["name"],
        price,
        quantity,
        cells.get("sku", ""),
        cells.get("department", ""),
        cells.get("unit") or "pc",
        rate,
    )
    if cells.get("paid"):
        gross = (price * quantity * 2 + MILLION) // (2 * MILLION)
        off = gross - amount_in(cells["paid"], digits, "paid")
        if not 0 <= off <= gross:
            raise CellWrong(N_("paid: more was paid than the goods cost, or less than nothing."))
        item = replace(item, by_hand=ByHand(amount=off)) if off else item
    return item


def _priced(bill: _Bill, rules: InForce, account: Account | None = None) -> Quote:
    """What a past bill came to: its goods and what was taken off them, and no offer of any programme."""
    return quote(bill.items, replace(rules.programme, offers=(), clubs=()), bill.day, account)


def _moment(bill: _Bill, programme: Programme) -> datetime:
    return datetime.combine(bill.day, bill.at, ZoneInfo(programme.time_zone))


def _checked(books: Books, register: Register, bill: _Bill, outcome: Past) -> BadRow | None:
    """Count a bill, or say why it cannot be taken in."""
    if books.action(bill.id) is not None:
        outcome.there += 1
        return None
    now = register.clock()
    at = _moment(bill, in_force(books, now).programme)
    if at > now:
        return BadRow(bill.line, Message(N_("its time is still to come.")))
    if bill.card is not None and books.card(bill.card) is None:
        return BadRow(
            bill.line,
            Message(N_("card {card} is not known here: take its holder in first."), card=masked(bill.card)),
        )
    try:
        outcome.paid += _priced(bill, in_force(books, at)).due
    except Refused as refused:
        return BadRow(bill.line, refused.message)
    outcome.taken += 1
    return None


def _store(register: Register, table: Table, rules: InForce, operator: str, first: Past, told: Told) -> Past:
    apart = replace(register, name=HISTORY)
    outcome = replace(first, taken=0, paid=0, there=0)
    bills = (bill for bill in _bills(table, rules.programme, replace(first)) if isinstance(bill, _Bill))
    begun = False
    while some := list(islice(bills, AT_ONCE)):
        with apart.store.write() as books:
            books.lock(apart.name)
            for bill in some:
                if books.action(bill.id) is not None:
                    outcome.there += 1
                    continue
                outcome.paid += _add(books, apart, bill, operator)
                outcome.taken += 1
            if not begun:
                note(books, register, operator, "sales-import", rows=str(first.rows))
        begun = True
        told("storing", some[-1].end, table.size)
    return outcome


def _add(books: Books, register: Register, bill: _Bill, operator: str) -> Minor:
    now = register.clock()
    at = _moment(bill, in_force(books, now).programme)
    rules = in_force(books, at)
    day = rules.programme.business_day(at)
    card = None if bill.card is None else books.card(bill.card)
    opened = None
    if card is not None:
        books.lock(None, card.account)
        opened = open_account(books, card, rules, day)
    account = opened.account if opened else None
    priced = _priced(bill, rules, account)
    tenders = (Tender("other", priced.due),) if priced.due else ()
    sale = Sale(
        id=bill.id,
        register=register.name,
        number=books.next_receipt(register.name),
        at=at,
        recorded_at=now,
        day=day,
        operator=operator,
        revision=rules.number,
        currency=rules.programme.currency.code,
        account=account.id if account else None,
        card=masked(bill.card) if bill.card else None,
        kind=account.kind if account else None,
        tier=None,
        tier_after=None,
        quote=priced,
        settlement=Settlement(tenders, priced.due, 0, 0),
    )
    books.add_sale(sale, bill.card, shown_name(account), digest_of(("past sale", bill.id)))
    books.post(register.name, entry_of(sale, "sale", sale.id, sale_postings(sale, rules.units)))
    if opened is not None:
        if priced.qualifying > 0:
            standing = standing_after(books, opened, rules, Spend(day, priced.qualifying))
            if standing is not None and standing != opened.stored:
                books.set_standing(opened.account.id, standing)
        books.visited(opened.account.id, day)
    return priced.due
