"""A forgotten card, added to a bill that is closed already: its holder earns on what was paid, and the bill stays as it is.

Nothing comes off the bill any more and nothing can be spent on it; what it earns is an entry of its own that corrects the sale, and
returns, tiers and limits take both together from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_loyalty.domain.audience import Scene
from pos_loyalty.domain.bookkeeping import (
    earning_postings,
    lots_filled,
    lots_for_referrer,
    settle_from_lots,
    settled_sums,
)
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.deed import LateCard, with_late_card
from pos_loyalty.domain.ledger import Entry
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.pricing import late_earnings, tier_of
from pos_loyalty.domain.sale import Sale
from pos_loyalty.domain.tier import Spend
from pos_loyalty.domain.usage import uses_of
from pos_loyalty.storage.books import Books
from pos_loyalty.till.checkout import checked_id, digest_of, id_conflict
from pos_loyalty.till.guard import watch
from pos_loyalty.till.history import known_of
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import locked_card, open_account, standing_after


@dataclass(frozen=True, slots=True)
class LateOrder:
    """A card to be added to a sale (its id or receipt number). `allowed_by` is as for a bill."""

    sale: str
    card: str
    operator: str = ""
    id: str | None = None
    allowed_by: str | None = None


def add_card(register: Register, order: LateOrder) -> LateCard:
    """Add a card to a closed bill, durable when this returns.

    Refused with late-card (a card was on it, it was closed too long ago, something came back of it), sale-unknown, and as a sale
    with that card would be.
    """
    action_id = checked_id(order.id) if order.id else register.new_id()
    request = digest_of(order)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        done = books.action(action_id) if order.id else None
        if done is not None:
            if done.late is None or done.request != request:
                raise id_conflict(action_id)
            return done.late
        sale = _open_sale(books, order.sale)
        rules = in_force(books, sale.at)
        programme = rules.programme
        _check_time(sale, programme.guard.late_card, now)
        card = locked_card(books, order.card, register.cards, programme)
        opened = open_account(books, card, rules, sale.day)
        account = opened.account
        watch(books, order.card, order.operator, order.allowed_by, account, programme, sale.day, closing=True)
        clock = programme.local(sale.at).time()
        known = known_of(books, Scene(programme, sale.day, clock, account, tier_of(account, programme)), locked=True)
        earned = late_earnings(sale.quote, programme, sale.day, account, clock=clock, known=known)
        late = LateCard(
            id=action_id,
            sale=sale.id,
            account=account.id,
            card=masked(order.card),
            kind=account.kind,
            at=now,
            recorded_at=now,
            day=programme.business_day(now),
            operator=order.operator,
            earned=earned.earned,
            qualifying=earned.qualifying,
            used=earned.used,
            held_out=earned.held_out,
            referrer=earned.referrer,
        )
        whole = with_late_card(sale, late)
        filled, thanks = lots_filled(whole), lots_for_referrer(whole)
        owed = {purse: holding.owed for purse, holding in account.holdings.items()}
        settled = settle_from_lots(filled, owed, late.day)
        sent_by = earned.referrer[0].account if earned.referrer else None
        theirs = books.holdings(sent_by) if sent_by is not None else {}
        their_owed = {purse: holding.owed for purse, holding in theirs.items()}
        their_settled = settle_from_lots(thanks, their_owed, late.day)
        late = replace(late, settled=settled_sums(settled))
        standing = None
        if late.qualifying > 0:
            standing = standing_after(books, opened, rules, Spend(sale.day, late.qualifying))
        books.add_late_card(late, sale, request)
        postings = earning_postings(whole, rules.units, settled, their_settled)
        entry = Entry(
            action_id, "late-card", now, now, late.day, order.operator, account.id, postings, corrects=sale.id
        )
        books.post(register.name, entry, (*filled, *thanks))
        books.add_uses(late.id, account.id, sale.day, uses_of(late.earnings(sale), programme))
        if standing is not None and standing != opened.stored:
            books.set_standing(account.id, standing)
        books.visited(account.id, sale.day)
    return late


def _check_time(sale: Sale, seconds: int, now: datetime) -> None:
    """Refuse a card where the programme lets none be added, or the bill was closed longer ago than so many seconds."""
    if not seconds:
        raise Refused("late-card", Message(N_("The programme lets no card be added to a closed bill.")))
    if now - sale.recorded_at > timedelta(seconds=seconds):
        raise Refused(
            "late-card",
            Message(N_("Receipt {number} was closed too long ago for a card."), number=sale.receipt_number),
        )


def _open_sale(books: Books, number: str) -> Sale:
    """A closed bill that has no card and of which nothing came back; nobody else takes goods of it back meanwhile."""
    found = books.sale(number)
    if found is None:
        raise Refused(
            "sale-unknown",
            Message(
                N_("There is no sale {number} here: scan the receipt's barcode, or look at its number."), number=number
            ),
        )
    sale = found[0]
    books.lock_sale(sale.id)
    if books.corrected(sale).account is not None:
        raise Refused(
            "late-card", Message(N_("Receipt {number} has a card on it already."), number=sale.receipt_number)
        )
    if books.refunds_of(sale.id):
        raise Refused(
            "late-card",
            Message(N_("Goods of receipt {number} have come back: no card can be added."), number=sale.receipt_number),
        )
    return sale
