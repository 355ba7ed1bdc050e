"""The sales and returns that the receipts of these tests are of; all reckoned by the domain itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.ledger import Balance, Holding, Lot
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import MILLION, Currency
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Audience, EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Programme, Purse, Spend, Tier, Tiers
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.sale import (
    Owed,
    PurseShare,
    Refund,
    RefundLine,
    Sale,
    Tender,
    TierState,
    VatLine,
)
from pos_loyalty.domain.settlement import settle
from pos_loyalty.domain.tier import Standing
from pos_loyalty.receipt import Shop

AT = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
DAY = date(2026, 11, 22)
SOFIA = ZoneInfo("Europe/Sofia")


@dataclass(frozen=True)
class World:
    """A sale, its return, and what a receipt of them is made with."""

    sale: Sale
    refund: Refund
    shop: Shop
    holder: str

    @staticmethod
    def local(at: datetime) -> datetime:
        return at.astimezone(SOFIA)


def programme(cashback: int, discount: int = 0, counts_as: str = "discount") -> Programme:
    gold = Audience(tiers=frozenset({"gold"}))
    off = Offer("tier:gold:discount", "Gold", PercentOff(discount), gold, group="card", tier="gold")
    earn = Offer("tier:gold:cashback", "Gold", EarnRate("cashback", cashback), gold, tier="gold")
    return Programme(
        name="Corner Shop Club",
        currency=Currency.of("EUR"),
        time_zone="Europe/Sofia",
        cash_rounding=5,
        purses=(Purse("cashback", Duration(14, "day"), Duration(12, "month"), Spend(counts_as=counts_as)),),
        tiers=Tiers((Tier("gold", "Gold", 0), Tier("vip", "VIP", 200000))),
        offers=(off, earn) if discount else (earn,),
    )


def account(available: int) -> Account:
    lot = Lot("l1", "cashback", available, available, DAY, date(2027, 1, 31), AT)
    holdings = {"cashback": Holding("cashback", (lot,))} if available else {}
    return Account("a1", "2900000000018", "named", Standing("gold", DAY, None), holdings)


def sold(
    lines: tuple[LineItem, ...],
    rules: Programme,
    holder: Account | None,
    asks: dict[str, Ask],
    tenders: tuple[Tender, ...],
) -> Sale:
    priced = quote(lines, rules, DAY, holder, asks)
    return Sale(
        id="0193f5c4-8a00-7000-8000-000000000001",
        register="till-1",
        number=42,
        at=AT,
        recorded_at=AT,
        day=DAY,
        operator="anna",
        revision=1,
        currency="EUR",
        account=holder.id if holder else None,
        card="*********0018" if holder else None,
        kind="named" if holder else None,
        tier=TierState("gold", "Gold", "VIP", 200000) if holder else None,
        tier_after=TierState("vip", "VIP") if priced.qualifying >= 200000 else TierState("gold", "Gold", "VIP", 123450),
        quote=priced,
        settlement=settle(priced.due, tenders, rules.cash_rounding, "EUR"),
        balances=(Balance("cashback", 0, sum(e.amount for e in priced.earned), 0, date(2027, 12, 6), 25000),)
        if holder
        else (),
    )


@pytest.fixture
def jacket() -> World:
    """The seed example: a jacket of 5000.00 with a card that earns 5 %."""
    sale = sold(
        (LineItem("Winter jacket", 500000, sku="JACKET", vat=200_000),),
        programme(50_000),
        account(0),
        {},
        (Tender("cash", 500000),),
    )
    return World(sale, _refund(sale), Shop("Corner Shop", ("1 Main Street", "Sofia"), ("Thank you!",)), "Ana Kovač")


@pytest.fixture
def full() -> World:
    """A bill on which everything happens: weights, a discount by hand, a tier's discount, a purse, cash rounding and change."""
    lines = (
        LineItem("Apples", 320, 1_235_000, sku="APPLE", unit="kg", vat=90_000),
        LineItem("Soap", 199, 3 * MILLION, sku="SOAP", vat=200_000),
        LineItem(
            "A lamp with a name so long that no receipt paper of any width shows it on one line",
            8999,
            sku="LAMP",
            vat=200_000,
            by_hand=ByHand(rate=100_000),
        ),
    )
    sale = sold(
        lines,
        programme(30_000, 100_000),
        account(1500),
        {"cashback": 1500},
        (Tender("certificate", 1000, "GC-7788-1234"), Tender("cash", 10000)),
    )
    balances = (Balance("cashback", 250, 203, 40, date(2027, 1, 31), 250),)
    sale = replace(sale, balances=balances, warnings=(Message("The card's holder has a birthday today."),))
    return World(sale, _refund(sale), Shop("Corner Shop", ("1 Main Street",), ()), "Ana Kovač")


def _refund(sale: Sale) -> Refund:
    line = sale.quote.lines[0]
    return Refund(
        id="0193f5c4-8a00-7000-8000-000000000002",
        register="till-1",
        number=43,
        sale=sale.id,
        sale_receipt=sale.receipt_number,
        at=AT,
        recorded_at=AT,
        day=DAY,
        operator="boris",
        revision=1,
        currency="EUR",
        account=sale.account,
        card=sale.card,
        lines=(RefundLine(1, line.item.quantity, line.paid, line.vat, 0, line.earning),),
        money_back=(Tender("card", 100), Tender("cash", line.paid - 100 - 20 + 2)),
        rounding=2,
        restored=(PurseShare("cashback", None, 300),),
        taken_back=(PurseShare("cashback", "tier:gold:cashback", 100),),
        owed=(Owed("cashback", 700),),
        withheld=20,
        forgiven=(Owed("cashback", 5),),
        vat=(VatLine(line.item.vat, line.paid - line.vat, line.vat),),
        tier_after=TierState("gold", "Gold", "VIP", 200000),
        balances=(Balance("cashback", 0, 0, 700),),
    )
