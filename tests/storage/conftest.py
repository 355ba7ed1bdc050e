"""A small shop to store: holders with cards, and sales, refunds and expiries whose figures are written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.ledger import Draw, Entry, EntryKind, Lot, Posting
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.message import Amount, Message
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import (
    Earned,
    Line,
    Quote,
    Refund,
    RefundLine,
    Sale,
    Settlement,
    Spent,
    Tender,
    TierState,
    VatLine,
    Why,
)
from pos_loyalty.domain.tier import replay
from pos_loyalty.domain.usage import given_back, uses_of
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import Card, Revision

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "UTC"

[purse.cashback]
unit = "money"
expires = "12 months"

[tiers]
window = "12 months"
kept_for = "12 months"

[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
cashback = "10%"

[[tier]]
id = "vip"
name = "VIP"
spend = "2000.00"
cashback = "10%"
"""
DIGEST = hashlib.sha256(RULES.encode()).hexdigest()


@dataclass
class Shop:
    """Writes what a till would write, with figures that a reader can add up: 10 % cashback, one lot a sale."""

    store: Store
    now: datetime = NOON
    count: int = 0
    register: str = "till-1"
    sold: dict[str, Sale] = field(default_factory=dict)

    def id(self) -> str:
        """Identifiers that sort in the order in which they were made."""
        self.count += 1
        return f"019b0000-0000-7000-8000-{self.count:012d}"

    def open(self) -> None:
        """Activate the rules."""
        with self.store.write() as books:
            books.add_revision(Revision(1, NOON - timedelta(days=400), NOON, "owner", DIGEST, RULES))

    def holder(self, number: str = "2900000000018", name: str | None = "Ana Kovač") -> str:
        """A holder with one card."""
        account = self.id()
        with self.store.write() as books:
            books.add_account(account, self.now.date())
            books.add_card(Card(number, account, "named" if name else "bearer", "active", self.now))
            if name:
                books.add_member(Member(account, name, joined=self.now.date()), self.now)
        return account

    def sale(self, books: Books, account: str | None, gross: int = 10_000, draws: Sequence[Draw] = ()) -> Sale:
        """Ring up one line; `draws` are spent from cashback. Earns a tenth of what is paid into the lot `<id>/1`."""
        sale_id = self.id()
        spent = sum(draw.amount for draw in draws)
        paid = gross - spent
        earned = paid // 10 if account else 0
        vat = paid // 5
        day = self.now.date()
        line = Line(LineItem("Jacket", gross, sku="JACKET", vat=250_000), gross, 0, spent, 0, paid, vat, paid)
        title = Message("Cashback of {tier}", tier="Basic")
        quote = Quote(
            lines=(line,),
            gross=gross,
            discounts=(),
            spent=(Spent("cashback", spent, "discount", (spent,), (spent,), tuple(draws)),) if spent else (),
            due=paid,
            vat=(VatLine(250_000, paid - vat, vat),),
            earned=(Earned("cashback", "tier:basic:cashback", title, earned, (earned,), day, _later(day)),)
            if earned
            else (),
            qualifying=paid if account else 0,
            used=("tier:basic:cashback",) if earned else (),
            why=(Why("tote", False, Message("{missing} more", missing=Amount(240, "EUR"))),),
        )
        sale = Sale(
            id=sale_id,
            register=self.register,
            number=books.next_receipt(self.register),
            at=self.now,
            recorded_at=self.now,
            day=day,
            operator="anna",
            revision=1,
            currency="EUR",
            account=account,
            card="*********0018" if account else None,
            kind="named" if account else None,
            tier=TierState("basic", "Basic", "VIP", 200_000) if account else None,
            tier_after=TierState("basic", "Basic") if account else None,
            quote=quote,
            settlement=Settlement((Tender("cash", paid),), paid, 0, 0),
        )
        books.add_sale(sale, "2900000000018" if account else None, "Ana K." if account else None, "a" * 64)
        lot = f"{sale_id}/1"
        postings = [
            Posting("till:cash", "EUR", paid),
            Posting("sales", "EUR", -(paid - vat)),
            Posting("vat", "EUR", -vat),
            *(Posting("purse:cashback", "EUR", draw.amount, account, draw.lot) for draw in draws),
            *([Posting("redeemed", "EUR", -spent)] if spent else []),
        ]
        filled = []
        if earned:
            postings += [
                Posting("cost:cashback", "EUR", earned, offer="tier:basic:cashback"),
                Posting("purse:cashback", "EUR", -earned, account, lot, "tier:basic:cashback"),
            ]
            filled = [Lot(lot, "cashback", earned, earned, day, _later(day), self.now, sale_id, "tier:basic:cashback")]
        books.post(self.register, self.entry("sale", sale_id, account, postings), filled)
        books.add_uses(sale_id, account, day, uses_of(quote, rules()))
        if account:
            books.visited(account, day)
            self.stand(books, account)
        self.sold[sale_id] = sale
        return sale

    def sell(self, account: str | None = None, gross: int = 10_000, draws: Sequence[Draw] = ()) -> Sale:
        """One sale in a transaction of its own."""
        with self.store.write() as books:
            books.lock(self.register, *([account] if account else []))
            return self.sale(books, account, gross, draws)

    def refund(self, sale: Sale, excused: tuple[Draw, ...] = ()) -> Refund:
        """All of a sale comes back; its lot gives up what it still holds, the rest is owed; what it spent is restored."""
        refund_id = self.id()
        with self.store.write() as books:
            books.lock(self.register, *([sale.account] if sale.account else []))
            line = sale.quote.lines[0]
            postings = [
                Posting("till:cash", "EUR", -line.paid),
                Posting("sales", "EUR", line.paid - line.vat),
                Posting("vat", "EUR", line.vat),
            ]
            for earned in sale.quote.earned:
                lot = books.lots([f"{sale.id}/1"])[f"{sale.id}/1"]
                owed = earned.amount - lot.remaining - sum(draw.amount for draw in excused)
                if lot.remaining:
                    postings.append(Posting("purse:cashback", "EUR", lot.remaining, sale.account, lot.id))
                if owed:
                    postings.append(Posting("owed:cashback", "EUR", owed, sale.account))
                if lot.remaining + owed:
                    postings.append(Posting("cost:cashback", "EUR", -(lot.remaining + owed)))
            filled = []
            for spent in sale.quote.spent:
                for n, draw in enumerate(spent.draws, 1):
                    lot = books.lots([draw.lot])[draw.lot]
                    child = f"{refund_id}/{n}"
                    filled.append(
                        replace(lot, id=child, amount=draw.amount, parent=lot.id, filled_at=self.now, expired=0)
                    )
                    postings.append(Posting("purse:cashback", "EUR", -draw.amount, sale.account, child))
                postings.append(Posting("redeemed", "EUR", spent.amount))
            refund = Refund(
                id=refund_id,
                register=self.register,
                number=books.next_receipt(self.register),
                sale=sale.id,
                sale_receipt=sale.receipt_number,
                at=self.now,
                recorded_at=self.now,
                day=self.now.date(),
                operator="anna",
                revision=1,
                currency="EUR",
                account=sale.account,
                card=sale.card,
                lines=(RefundLine(1, 1_000_000, line.paid, line.vat, 0, line.earning if sale.account else 0),),
                money_back=(Tender("cash", line.paid),),
                rounding=0,
                restored=(),
                taken_back=(),
                owed=(),
                withheld=0,
                forgiven=(),
                vat=(),
                tier_after=None,
                excused=excused,
                unused=sale.quote.used,
            )
            books.add_refund(refund, "b" * 64)
            books.post(self.register, self.entry("refund", refund_id, sale.account, postings, sale.id), filled)
            books.add_uses(refund_id, sale.account, sale.day, given_back(sale.quote, rules(), refund.unused))
            self.stand(books, sale.account)
        return refund

    def expire(self, account: str) -> int:
        """Take what is past its last day; how much."""
        with self.store.write() as books:
            books.lock(self.register, account)
            past = books.lots_past(account, self.now.date())
            if not past:
                return 0
            postings = [Posting("purse:cashback", "EUR", lot.remaining, account, lot.id) for lot in past]
            total = sum(lot.remaining for lot in past)
            postings.append(Posting("breakage", "EUR", -total))
            books.post(self.register, self.entry("expiry", self.id(), account, postings))
        return total

    def entry(
        self,
        kind: EntryKind,
        entry_id: str,
        holder: str | None,
        postings: Sequence[Posting],
        corrects: str | None = None,
    ) -> Entry:
        """An entry of now by anna."""
        return Entry(entry_id, kind, self.now, self.now, self.now.date(), "anna", holder, tuple(postings), corrects)

    def stand(self, books: Books, account: str | None) -> None:
        """Store the tier after the holder's last sale."""
        tiers = rules().tiers
        assert tiers is not None
        if account is not None:
            ladders = [(date(2025, 10, 18), tiers)]
            sold = [replace(spend, begun=1) for _, spend in books.spends_by_revision(account)]
            books.set_standing(account, replay(sold, ladders, NOON.date()))


def rules() -> Programme:
    """The programme that the shop sells under."""
    programme = read(RULES).programme
    assert programme is not None
    return programme


def _later(day: date) -> date:
    return day.replace(year=day.year + 1)


@pytest.fixture
def shop(store: Store) -> Shop:
    """An open shop on a fresh store, on both databases."""
    made = Shop(store)
    made.open()
    return made


@pytest.fixture
def sqlite_shop(sqlite_store: Store) -> Shop:
    """An open shop on a fresh SQLite file."""
    made = Shop(sqlite_store)
    made.open()
    return made
