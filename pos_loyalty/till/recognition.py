"""What the cashier should know of a holder besides tier and purses: favourite goods, who sent them, the shop's note, complaints.

It is looked up once, when the card is put on the bill. Notes and complaints are words about a person: they stand in no chained
fact, and erasing the holder takes them away.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from pos_loyalty.domain.member import Account, short_name
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.recognition_rows import Kept
from pos_loyalty.storage.records import Complaint, Note
from pos_loyalty.till.register import Register

MAX_NOTE = 500
"""Characters of a note: more is not read at a counter. The table has room for no more."""
MAX_COMPLAINT = 1000
"""Characters of a complaint, a wish or a solution; the tables have room for no more."""
FAVOURITES = 3
OFTEN = 2
"""Sales on which goods were kept before they are called a favourite: what was bought once says nothing."""
YEAR = Duration(1, "year")


@dataclass(frozen=True, slots=True)
class Favourite:
    """Goods that a holder kept on so many sales within a year."""

    sku: str
    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of a holder in words: favourite goods, the most often bought first, the shop's note, what they complained of
    and is not settled, the oldest first, and the short name of who sent them.
    """

    favourites: tuple[Favourite, ...] = ()
    note: Note | None = None
    complaints: tuple[Complaint, ...] = ()
    sent_by: str | None = None


NOTHING_SAID = Recognition()


def recognition_of(books: Books, account: Account, programme: Programme, day: date) -> Recognition:
    """What a holder is recognised by on a business day."""
    sender = books.member(account.referrer) if account.referrer else None
    return Recognition(
        favourites=_favourites(books, account.id, programme, day),
        note=books.note(account.id),
        complaints=books.open_complaints(account.id),
        sent_by=short_name(sender.name) if sender else None,
    )


def write_note(register: Register, account: str, text: str, operator: str) -> Note | None:
    """Put a note on a holder in the place of the one before; an empty one takes it away. Refused with words-invalid."""
    text = _tidied(text, MAX_NOTE)
    note = Note(text, register.clock(), operator) if text else None
    with register.store.write() as books:
        books.lock(None, account)
        books.set_note(books.whose(account), note)
    return note


def take_complaint(
    register: Register, account: str, text: str, operator: str, wish: str = "", promised: date | None = None
) -> Complaint:
    """Open a complaint of a holder: what it is about, what they wish, and the day until which an answer was promised.

    Refused with words-invalid, also where the promised day has passed.
    """
    text, wish = _tidied(text, MAX_COMPLAINT), _tidied(wish, MAX_COMPLAINT)
    if not text:
        raise Refused("words-invalid", Message(N_("Say in a few words what the complaint is about.")))
    now = register.clock()
    if promised is not None and promised < now.date():
        raise Refused("words-invalid", Message(N_("The day promised, {day}, has passed already."), day=promised))
    complaint = Complaint(register.new_id(), account, now, operator, text, wish or None, promised)
    with register.store.write() as books:
        books.lock(None, account)
        complaint = replace(complaint, account=books.whose(account))
        books.add_complaint(complaint)
    return complaint


def close_complaint(register: Register, complaint_id: str, solution: str, operator: str) -> Complaint:
    """Close a complaint, saying how it was settled. Refused with words-invalid, complaint-unknown or complaint-closed."""
    solution = _tidied(solution, MAX_COMPLAINT)
    if not solution:
        raise Refused("words-invalid", Message(N_("Say in a few words how the complaint was settled.")))
    now = register.clock()
    with register.store.write() as books:
        found = books.complaint(complaint_id)
        if found is None:
            raise Refused("complaint-unknown", Message(N_("This complaint is not there any more.")))
        if found.closed_at is not None:
            raise Refused(
                "complaint-closed",
                Message(N_("{operator} has closed this complaint already."), operator=found.closed_by or ""),
            )
        books.close_complaint(complaint_id, now, operator, solution)
        return books.complaint(complaint_id) or found


def forget_words(books: Books, account: str) -> None:
    """Take away all words about a holder, within the transaction that erases them."""
    books.set_note(account, None)
    books.drop_complaints(account)


def _favourites(books: Books, account: str, programme: Programme, day: date) -> tuple[Favourite, ...]:
    """The goods kept on most sales within a year, without those that the programme excludes: cigarettes are nobody's favourite."""
    found: list[Favourite] = []
    for kept in books.most_kept(account, YEAR.first_before(day), day, OFTEN):
        if any(rule.covers(kept.department, kept.sku, reduced=False) for rule in programme.exclude):
            continue
        found.append(Favourite(kept.sku, _name(books, kept), kept.times))
        if len(found) == FAVOURITES:
            break
    return tuple(found)


def _name(books: Books, kept: Kept) -> str:
    """What the catalogue calls the goods, or else what the last bill did."""
    item = books.item(kept.sku)
    if item is not None:
        return item.name
    sold = books.sale(kept.last)
    lines = sold[0].quote.lines if sold else ()
    return next((line.item.name for line in lines if line.item.sku == kept.sku), kept.sku)


def _tidied(text: str, most: int) -> str:
    """A text on one line; refused with words-invalid where it is too long or holds what cannot be shown."""
    tidy = " ".join(text.split())
    if any(unicodedata.category(ch) in {"Cc", "Cs", "Co"} for ch in tidy):
        raise Refused("words-invalid", Message(N_("There is a character in it that cannot be shown: type it anew.")))
    if len(tidy) > most:
        raise Refused(
            "words-invalid", Message(N_("That is too long: write it in at most {limit} characters."), limit=most)
        )
    return tidy
