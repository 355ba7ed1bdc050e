"""Bills, programmes and a holder's whole history, kept as a small ledger: what the tests of the domain are written in.

`Ledger` does with the domain's functions what a till does with them in one transaction each, and keeps nothing but lots (as they
were filled) and entries. What a lot still holds, what is owed and what has expired are read off the postings alone, so that every
figure that the domain answers with can be held against them.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.bookkeeping import (
    expiry_postings,
    lots_filled,
    refund_postings,
    sale_postings,
    settle_from_lots,
    settled_sums,
    units_of,
)
from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.clawback import Terms
from pos_loyalty.domain.coupons import Coupon
from pos_loyalty.domain.expiry import lapsed
from pos_loyalty.domain.ledger import Draw, Entry, EntryKind, Holding, Lot, Posting
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.money import MILLION, Currency, parse_decimal, parse_rate
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Audience, EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import (
    Exclude,
    Programme,
    Purse,
    Returns,
    Spend,
    Tier,
    Tiers,
)
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.reversal import Reversal, reverse, wanted_back
from pos_loyalty.domain.sale import Quote, Refund, Sale, Tender
from pos_loyalty.domain.settlement import settle
from pos_loyalty.domain.tier import Standing

DAY = date(2026, 11, 22)
CERTIFICATES = ("G1", "G2")
"""The numbers of the gift certificates that random bills are paid with; what is on them is nobody's affair there."""
EXCLUDED = (Exclude(departments=frozenset({"tobacco", "deposits"})),)


def eur(text: str) -> int:
    """ "12.50" in cents."""
    return parse_decimal(text, 2)


def pct(text: str) -> int:
    """ "7.5" (per cent) in millionths."""
    return parse_rate(f"{text}%")


def days(n: int) -> Duration:
    return Duration(n, "day")


def months(n: int) -> Duration:
    return Duration(n, "month")


def at(day: date, minute: int = 0) -> datetime:
    """A moment of a business day; each minute after the one before."""
    return datetime.combine(day, time(8), UTC) + timedelta(minutes=minute)


def goods(price: str, quantity: str = "1", *, vat: str = "20", by_hand: str | None = None, **more: Any) -> LineItem:
    """A line item. `by_hand` is a rate ("10%") or an amount ("2.00")."""
    hand = None
    if by_hand is not None:
        hand = ByHand(rate=parse_rate(by_hand)) if by_hand.endswith("%") else ByHand(amount=eur(by_hand))
    named: dict[str, Any] = {"name": "Goods", "department": "clothes"} | more
    return LineItem(unit_price=eur(price), quantity=parse_decimal(quantity, 6), vat=pct(vat), by_hand=hand, **named)


CASHBACK = Purse("cashback", hold=days(14), expires=months(12))
AT_ONCE = Purse("cashback", expires=days(365))
"""Cashback that can be spent on the day that it was earned."""


def programme(
    discount: str = "0",
    cashback: str = "0",
    *,
    purses: tuple[Purse, ...] = (CASHBACK,),
    maximum: str = "100",
    cash_rounding: int = 1,
    ladder: Sequence[Tier] | None = None,
    extra: tuple[Offer, ...] = (),
    **returns: Any,
) -> Programme:
    """A programme; without a `ladder` of one tier that has this discount and cashback."""
    steps = tuple(ladder or (Tier("basic", "Basic", 0, pct(discount), pct(cashback)),))
    offers: list[Offer] = []
    for tier in steps:
        who = Audience(tiers=frozenset({tier.id}))
        if tier.discount:
            off = PercentOff(tier.discount)
            offers.append(Offer(f"tier:{tier.id}:discount", tier.name, off, who, group="card", tier=tier.id))
        if tier.cashback:
            earn = EarnRate("cashback", tier.cashback)
            offers.append(Offer(f"tier:{tier.id}:cashback", tier.name, earn, who, tier=tier.id))
    return Programme(
        name="Corner Shop Club",
        currency=Currency.of("EUR"),
        time_zone="Europe/Sofia",
        maximum_discount=pct(maximum),
        cash_rounding=cash_rounding,
        exclude=EXCLUDED,
        purses=purses,
        tiers=Tiers(steps),
        offers=(*offers, *extra),
        returns=Returns(**returns),
    )


def lot(
    purse: str = "cashback",
    amount: str = "10.00",
    *,
    available: date = date(2026, 1, 1),
    expires: date | None = None,
    **more: Any,
) -> Lot:
    """A lot that is still full."""
    units = eur(amount)
    named: dict[str, Any] = {"id": f"{purse}-{amount}-{expires}", "filled_at": at(available)} | more
    return Lot(purse=purse, amount=units, remaining=units, available=available, expires=expires, **named)


def holder(*lots: Lot, tier: str = "basic", kind: CardKind = "named", owed: Mapping[str, int] | None = None) -> Account:
    """A holder with these lots."""
    purses = {each.purse for each in lots} | set(owed or {})
    holdings = {
        purse: Holding(purse, tuple(each for each in lots if each.purse == purse), (owed or {}).get(purse, 0))
        for purse in purses
    }
    return Account("ana", "2900000000018", kind, Standing(tier, date(2026, 1, 1), None), holdings)


def sale_of(
    priced: Quote,
    rules: Programme,
    *,
    day: date = DAY,
    sale_id: str = "sale",
    account: str | None = "ana",
    tenders: Sequence[Tender] | None = None,
    minute: int = 0,
) -> Sale:
    """A quote that was paid."""
    return Sale(
        id=sale_id,
        register="till-1",
        number=1,
        at=at(day, minute),
        recorded_at=at(day, minute),
        day=day,
        operator="boris",
        revision=1,
        currency=rules.currency.code,
        account=account,
        card=None,
        kind="named" if account else None,
        tier=None,
        tier_after=None,
        quote=priced,
        settlement=settle(priced.due, tenders, rules.cash_rounding, rules.currency.code),
    )


def refund_of(sale: Sale, back: Reversal, *, day: date = DAY, refund_id: str = "refund", minute: int = 0) -> Refund:
    """A return that was closed."""
    return Refund(
        id=refund_id,
        register=sale.register,
        number=2,
        sale=sale.id,
        sale_receipt=sale.receipt_number,
        at=at(day, minute),
        recorded_at=at(day, minute),
        day=day,
        operator="boris",
        revision=sale.revision,
        currency=sale.currency,
        account=sale.account,
        card=sale.card,
        lines=back.lines,
        money_back=back.money_back,
        rounding=back.rounding,
        restored=back.restored,
        taken_back=back.taken_back,
        owed=back.owed,
        withheld=back.withheld,
        forgiven=back.forgiven,
        vat=back.vat,
        tier_after=None,
        excused=back.excused,
        settled=back.settled,
        asked_back=back.asked_back,
        coupons_back=back.coupons_back,
    )


@dataclass
class Ledger:
    """One holder's history: every entry, every lot as it was filled, and the bills."""

    rules: Programme
    entries: list[Entry] = field(default_factory=list)
    filled: dict[str, Lot] = field(default_factory=dict)
    excused: dict[str, int] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    refunds: dict[str, list[Refund]] = field(default_factory=dict)
    withheld: int = 0

    def units(self) -> dict[str, str]:
        return units_of([self.rules])

    # ---- what the postings say ----

    def total(self, account: str) -> int:
        """The sum of the postings on an account, or on all whose name begins so where it ends in a colon."""
        return sum(
            posting.amount
            for entry in self.entries
            for posting in entry.postings
            if posting.account == account or (account.endswith(":") and posting.account.startswith(account))
        )

    def lots(self) -> dict[str, Lot]:
        """Every lot with what its postings say that it holds and has lost by expiring."""
        held = dict.fromkeys(self.filled, 0)
        expired = {lot_id: -units for lot_id, units in self.excused.items()}
        for entry in self.entries:
            for posting in entry.postings:
                if posting.lot is not None:
                    held[posting.lot] -= posting.amount
                    if entry.kind == "expiry":
                        expired[posting.lot] = expired.get(posting.lot, 0) + posting.amount
        return {
            lot_id: replace(each, remaining=held[lot_id], expired=expired.get(lot_id, 0))
            for lot_id, each in self.filled.items()
        }

    def holdings(self) -> dict[str, Holding]:
        lots = self.lots().values()
        return {
            purse.id: Holding(
                purse.id,
                tuple(each for each in lots if each.purse == purse.id and each.remaining),
                self.total(f"owed:{purse.id}"),
            )
            for purse in self.rules.purses
        }

    def account(self) -> Account:
        return Account("ana", "2900000000018", "named", Standing("basic", date(2026, 1, 1), None), self.holdings())

    def coupons(self) -> dict[str, Coupon]:
        """Every coupon as the bills say that it stands."""
        given_back = {
            number for refunds in self.refunds.values() for refund in refunds for number in refund.coupons_back
        }
        void = {one.coupon for refunds in self.refunds.values() for refund in refunds for one in refund.asked_back}
        used = {one.number: sale.day for sale in self.sales.values() for one in sale.quote.coupons_used}
        return {
            one.number: Coupon(
                one.number,
                "ana",
                one.coupon,
                one.offer,
                one.valid,
                None if one.number in given_back else used.get(one.number),
                one.number in void,
            )
            for sale in self.sales.values()
            for one in sale.quote.coupons
            if one.number is not None
        }

    # ---- what happens ----

    def post(
        self, kind: EntryKind, day: date, postings: Sequence[Posting], filled: Sequence[Lot] = (), entry_id: str = ""
    ) -> None:
        """Post an entry; like every other it balances, or it could not be made."""
        number = len(self.entries)
        moment = at(day, number)
        entry_id = entry_id or f"{kind}-{number}"
        self.filled |= {each.id: each for each in filled}
        self.entries.append(Entry(entry_id, kind, moment, moment, day, "boris", "ana", tuple(postings)))

    def give(self, each: Lot) -> None:
        """Fill a lot out of nothing, as an adjustment."""
        purse, units = each.purse, each.amount
        postings = (
            Posting(f"purse:{purse}", self.units()[purse], -units, "ana", each.id),
            Posting(f"issued:{purse}", self.units()[purse], units, "ana"),
        )
        self.post("adjustment", each.available, postings, [each])

    def expire(self, day: date) -> dict[str, tuple[Draw, ...]]:
        """Take off what has lapsed by that day."""
        gone = {purse: lapsed(holding, day) for purse, holding in self.holdings().items()}
        postings = expiry_postings(self.units(), "ana", gone)
        if postings:
            self.post("expiry", day, postings)
        return gone

    def sell(
        self,
        day: date,
        lines: Sequence[LineItem],
        asks: Mapping[str, Ask] | None = None,
        tenders: Sequence[Tender] | None = None,
        **more: Any,
    ) -> Sale:
        """Close a bill; nothing is posted where it is refused. Its coupons are numbered C1, C2, ..."""
        priced = quote(tuple(lines), self.rules, day, self.account(), asks, **more)
        count = sum(len(sale.quote.coupons) for sale in self.sales.values())
        numbered = (replace(one, number=f"C{n}") for n, one in enumerate(priced.coupons, count + 1))
        priced = replace(priced, coupons=tuple(numbered))
        sale_id = f"sale-{len(self.sales) + 1}"
        sale = sale_of(priced, self.rules, day=day, sale_id=sale_id, tenders=tenders, minute=len(self.entries) + 1)
        self.expire(day)
        before = self.holdings()
        filled = lots_filled(sale)
        settled = settle_from_lots(filled, {purse: held.owed for purse, held in before.items()}, day)
        sale = replace(sale, settled=settled_sums(settled))
        self.post("sale", day, sale_postings(sale, self.units(), settled), filled, sale_id)
        self.sales[sale_id] = sale
        self.refunds[sale_id] = []
        after = self.holdings()
        for purse, held in before.items():
            drawn = [draw for spent in priced.spent if spent.purse == purse for draw in spent.draws]
            good = [draw for of, draw in settled if of == purse]
            said = held.after((*drawn, *good), [f for f in filled if f.purse == purse], -sum(d.amount for d in good))
            assert standing_of(said) == standing_of(after[purse])
        return sale

    def reckon(
        self,
        sale: Sale,
        day: date,
        asked: Sequence[tuple[int, int]] | None,
        refund_id: str,
        when_spent: Any = None,
        kept: Collection[str] = (),
    ) -> Reversal:
        """What a return would come to, with what has lapsed already taken off."""
        before = self.refunds[sale.id]
        terms = Terms(self.rules, when_spent or self.rules.returns.when_spent, frozenset(kept), self.coupons())
        return reverse(
            sale,
            before,
            wanted_back(sale, before, asked),
            terms,
            day,
            at(day, len(self.entries)),
            refund_id,
            self.holdings(),
            self.lots(),
        )

    def refund(
        self,
        sale: Sale,
        day: date,
        asked: Sequence[tuple[int, int]] | None = None,
        when_spent: Any = None,
        kept: Collection[str] = (),
    ) -> Refund:
        """Take goods back (line number, millionths); all that is left where nothing is asked. Gifts of `kept` do not come back."""
        self.expire(day)
        refund_id = f"refund-{len(self.entries)}"
        back = self.reckon(sale, day, asked, refund_id, when_spent, kept)
        purse_of = {each.id: each.purse for each in (*self.filled.values(), *back.filled)}
        self.post("refund", day, refund_postings(sale, back, purse_of, self.units()), back.filled, refund_id)
        for draw in back.excused:
            self.excused[draw.lot] = self.excused.get(draw.lot, 0) + draw.amount
        refund = refund_of(sale, back, day=day, refund_id=refund_id)
        self.refunds[sale.id].append(refund)
        self.withheld += back.withheld - sum(one.withheld for one in back.asked_back)
        after = self.holdings()
        for purse, said in back.holdings.items():
            assert standing_of(said) == standing_of(after[purse])
        return refund

    def fork(self) -> Ledger:
        """The same history, to go on differently."""
        return Ledger(
            self.rules,
            list(self.entries),
            dict(self.filled),
            dict(self.excused),
            dict(self.sales),
            copy.copy({sale: list(refunds) for sale, refunds in self.refunds.items()}),
            self.withheld,
        )

    # ---- what always holds ----

    def check(self, day: date) -> None:
        """The laws: no lot below zero, who owes has nothing, all that moved is in the books, and nothing came of nothing."""
        for each in self.lots().values():
            assert 0 <= each.remaining <= each.amount
            assert each.expired >= 0
            assert each.remaining + each.expired <= each.amount
        for purse, held in self.holdings().items():
            assert held.available(day) >= 0
            assert held.owed >= 0
            assert held.owed == 0 or all(each.is_over(day) for each in held.lots), "who owes has nothing left"
            spent = self._as_tender(purse)
            in_purse = sum(each.remaining for each in held.lots)
            accounts = (f"issued:{purse}", f"redeemed:{purse}", f"breakage:{purse}", f"owed:{purse}")
            kept = self.withheld if purse == "cashback" else self._withheld_of(purse)
            assert in_purse == sum(map(self.total, accounts)) - spent + kept
        for kind in ("card", "other", "cash"):
            assert self.total(f"tender:{kind}") == self._moved(kind)
        assert self.total("tender:certificate") == 0, "a certificate is no money taken: that was when it was sold"
        for number in CERTIFICATES:
            assert self.total(f"certificate:{number}") == self._moved("certificate", number)
        assert self.total("rounding") == sum(
            [refund.rounding for refunds in self.refunds.values() for refund in refunds]
            + [-sale.settlement.rounding for sale in self.sales.values()]
        )

    def _withheld_of(self, _purse: str) -> int:
        return 0  # only `cashback` earns in these histories

    def _as_tender(self, purse: str) -> int:
        paid = [
            spent.amount
            for sale in self.sales.values()
            for spent in sale.quote.spent
            if spent.purse == purse and spent.counts_as == "tender"
        ]
        as_tender = any(p.id == purse and p.spend.counts_as == "tender" for p in self.rules.purses)
        given_back = [
            share.amount
            for refunds in self.refunds.values()
            for refund in refunds
            for share in refund.restored
            if share.purse == purse and share.offer is None and as_tender
        ]
        return sum(paid) - sum(given_back)

    def _moved(self, kind: str, number: str | None = None) -> int:
        """The money that went through a tender."""
        through = (kind, number)
        given = (t for sale in self.sales.values() for t in sale.settlement.tenders)
        change = sum(sale.settlement.change for sale in self.sales.values()) if kind == "cash" else 0
        back = (t for refunds in self.refunds.values() for refund in refunds for t in refund.money_back)
        taken = sum(t.amount for t in given if (t.kind, t.number) == through)
        return taken - change - sum(t.amount for t in back if (t.kind, t.number) == through)


def standing_of(holding: Holding) -> tuple[dict[str, int], int]:
    """What each lot holds, and what is owed: all that matters of a purse."""
    return {each.id: each.remaining for each in holding.lots if each.remaining}, holding.owed


# ---- chance ------------------------------------------------------------------------------------------------------------


def random_line(rng: random.Random) -> LineItem:
    """A line as a scanner would bring it: pieces, kilograms, free goods, tobacco, deposits taken and given back."""
    department = rng.choices(("clothes", "food", "tobacco", "deposits"), (6, 6, 1, 1))[0]
    price = rng.choice((0, 1, 2, 3, 7, 99, 199, rng.randrange(1, 2_000), rng.randrange(1, 100_000)))
    excluded = department in {"tobacco", "deposits"}
    if department == "deposits" and rng.random() < 0.6:
        price = -min(price, 300)
    quantity = rng.choice((1, 1, 1, 2, 3, 7)) * MILLION
    if rng.random() < 0.2:
        quantity = rng.randrange(1, 3_000) * 1_000
    by_hand = None
    if not excluded and rng.random() < 0.2:
        by_hand = ByHand(rate=rng.randrange(0, 101) * 10_000)
    return LineItem(
        name="Goods",
        unit_price=price,
        quantity=quantity,
        department=department,
        unit="pc" if quantity % MILLION == 0 else "kg",
        vat=rng.choice((0, 50_000, 90_000, 200_000, 230_000)),
        by_hand=by_hand,
    )


def random_lines(rng: random.Random, most: int = 6) -> tuple[LineItem, ...]:
    return tuple(random_line(rng) for _ in range(rng.randrange(1, most + 1)))


def random_programme(rng: random.Random, **returns: Any) -> Programme:
    """Rules of one tier, with two purses that may pay as discount or as tender."""

    def purse(purse_id: str) -> Purse:
        return Purse(
            purse_id,
            hold=days(rng.choice((0, 0, 0, 1, 14))),
            expires=rng.choice((None, None, "end of year", days(rng.randrange(0, 60)), months(rng.randrange(1, 14)))),
            spend=Spend(
                minimum=rng.choice((0, 0, 0, 100)),
                up_to=rng.choice((MILLION, MILLION, MILLION, 333_333)),
                counts_as=rng.choice(("discount", "tender")),
            ),
        )

    named: dict[str, Any] = {
        "when_spent": rng.choice(("owe", "withhold", "forgive")),
        "restored_for": days(rng.choice((0, 30, 400))),
    } | returns
    return programme(
        discount=str(rng.choice((0, 5, 10, 20, 33))),
        cashback=str(rng.choice((1, 7, 33, 100))),
        purses=(purse("cashback"), purse("bonus")),
        maximum=str(rng.choice((100, 50, 10, 0))),
        cash_rounding=rng.choice((1, 5, 10)),
        **named,
    )


def random_tenders(rng: random.Random, due: int) -> tuple[Tender, ...] | None:
    """Some of it by certificate, card and otherwise, the rest in cash; or all in cash without a word."""
    if due <= 0 or rng.random() < 0.3:
        return None
    tenders: list[Tender] = []
    left = due
    for kind, number in (("other", None), ("card", None), *(("certificate", each) for each in (*CERTIFICATES, "G1"))):
        if left > 0 and rng.random() < 0.5:
            part = rng.randrange(1, left + 1)
            tenders.append(Tender(kind, part, number))
            left -= part
    if left:
        tenders.append(Tender("cash", left + rng.choice((10, 100, 5_000))))
    return tuple(tenders)
