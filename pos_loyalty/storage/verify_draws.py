"""Prize draws against the entry that used their tickets up, and their winners drawn again from the list and the seed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from sqlalchemy import ColumnElement, bindparam, literal_column, select

from pos_loyalty.domain.draw import (
    CAUSE,
    NOTHING,
    Ticket,
    digest_of,
    holder_name,
    list_text,
    read_list,
    winners_of,
)
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.records import FrozenDraw
from pos_loyalty.storage.tables import draws, entries, lots, postings, sales
from pos_loyalty.storage.verify_merges import whose_now

_DRAWS = select(draws.c.draw, entries.c.at).select_from(draws.join(entries, entries.c.id == draws.c.entry_id))
_DRAWS = _DRAWS.order_by(draws.c.draw)
# Each lot's tickets, in the order in which the entry has them: what a draw takes is one posting a lot on `redeemed`.
_TAKEN = (
    select(postings.c.offer, postings.c.holder, postings.c.amount, sales.c.register, sales.c.number)
    .select_from(
        postings.outerjoin(lots, lots.c.id == postings.c.lot).outerjoin(sales, sales.c.id == lots.c.sale),
    )
    .where(postings.c.entry_id == bindparam("entry"), postings.c.account.like(literal_column("'redeemed:%'")))
    .order_by(postings.c.n)
)
_none: ColumnElement[None] = literal_column("NULL")
_STRAYS = (
    select(postings.c.entry_id)
    .distinct()
    .select_from(postings.outerjoin(draws, draws.c.entry_id == postings.c.entry_id))
    .where(postings.c.offer.like(literal_column(f"'{CAUSE}%'")), draws.c.draw.is_(_none))
)


def check_draws(books: Books, findings: Findings) -> None:
    """Each draw's digest, its list from the entry's postings, and its prizes from the list and the seed."""
    for draw, at in books.rows(_DRAWS):
        findings.count("draws")
        frozen = books.frozen_draw(draw)
        if frozen is not None:
            _check(books, findings, frozen, at)
    for (entry_id,) in books.pages(_STRAYS):
        findings.fault(f"entry {entry_id}", Message(N_("It used up the tickets of a draw that is not there.")))


def _check(books: Books, findings: Findings, frozen: FrozenDraw, at: str) -> None:
    place = f"draw {frozen.draw}"
    findings.differs(place, "digest", frozen.digest, digest_of(frozen.text))
    try:
        tickets = read_list(frozen.text)
    except Refused as refused:
        findings.fault(place, refused.message)
        return
    if list_text(tickets) != frozen.text:
        findings.fault(place, Message(N_("Its list is not what this program publishes.")))
    findings.differs(place, "draw", tickets.draw, frozen.draw)
    findings.differs(place, "title", frozen.title, tickets.title)
    findings.differs(place, "frozen", tickets.frozen, at)
    accounts: dict[str, str] = {}
    for stored, derived in zip_longest(tickets.tickets, _taken(books, frozen, accounts)):
        if stored is None or derived is None or (stored.holder, stored.receipt) != (derived.holder, derived.receipt):
            ticket = (stored or derived or Ticket(0, "", "", "")).number
            findings.fault(
                place,
                Message(N_("Its list and the tickets that it used up differ from ticket {ticket} on."), ticket=ticket),
            )
            break
    _check_prizes(books, findings, frozen, tickets.prizes, tickets.tickets, accounts)


def _taken(books: Books, frozen: FrozenDraw, accounts: dict[str, str]) -> Iterator[Ticket]:
    """The tickets that the entry used up, as a list has them, but for their cards; fills in whose each name is."""
    number = 0
    for cause, holder, amount, register, sold in books.rows(_TAKEN, entry=frozen.entry):
        if cause != f"{CAUSE}{frozen.draw}":
            continue
        name = holder_name(frozen.draw, holder)
        accounts[name] = holder
        receipt = NOTHING if sold is None else receipt_number(register, sold)
        for _ in range(-amount):
            number += 1
            yield Ticket(number, name, NOTHING, receipt)


def _check_prizes(
    books: Books,
    findings: Findings,
    frozen: FrozenDraw,
    prizes: tuple[str, ...],
    tickets: tuple[Ticket, ...],
    accounts: dict[str, str],
) -> None:
    whose = whose_now(books)
    stored = {one.place: one for one in books.prizes(frozen.draw)}
    winners = winners_of(frozen.draw, frozen.digest, frozen.seed, prizes, tickets) if frozen.seed is not None else ()
    for winner in winners:
        if winner.ticket is None:
            continue
        place = f"draw {frozen.draw} prize {winner.place}"
        found = stored.pop(winner.place, None)
        findings.differs(place, "prize", found and found.prize, winner.prize)
        findings.differs(place, "ticket", found and found.ticket, winner.ticket.number)
        findings.differs(place, "account", found and found.account, whose(accounts.get(winner.ticket.holder)))
    for number in stored:
        findings.fault(f"draw {frozen.draw} prize {number}", Message(N_("Nobody has won it.")))
