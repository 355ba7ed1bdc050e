"""Which accounts of the books each event touches: the one place that says so.

| account           | what a debit (+) and a credit (-) mean                                             |
|-------------------|------------------------------------------------------------------------------------|
| tender:<kind>     | + money taken, - money given back                                                  |
| sales             | - revenue without VAT, + revenue given back                                        |
| vat:<rate>        | - VAT owed to the state                                                            |
| rounding          | - gained by rounding cash, + lost                                                  |
| purse:<id>        | - owed to the holder (names the lot), + spent, expired or taken back               |
| issued:<id>       | + what earning cost, - what was taken back                                         |
| redeemed:<id>     | what a purse paid as a discount: it lowered the price, so no revenue stands for it |
| breakage:<id>     | - what expired unspent                                                             |
| owed:<id>         | + what the holder owes to the purse, - made good                                   |

A money purse's unit is the currency; any other purse is its own unit, so each entry balances in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pos_loyalty.domain.ledger import Draw, Lot, Posting
from pos_loyalty.domain.money import Minor, plain_rate
from pos_loyalty.domain.reversal import Reversal
from pos_loyalty.domain.sale import Owed, Sale, VatLine


def lots_filled(sale: Sale) -> tuple[Lot, ...]:
    """The lots that a sale fills: one for each offer that earned, numbered in their order."""
    return tuple(
        Lot(
            id=f"{sale.id}/{n}",
            purse=earned.purse,
            amount=earned.amount,
            remaining=earned.amount,
            available=earned.available,
            expires=earned.expires,
            filled_at=sale.at,
            sale=sale.id,
            offer=earned.offer,
        )
        for n, earned in enumerate(sale.quote.earned, 1)
    )


def sale_postings(sale: Sale, settled: Sequence[tuple[str, Draw]] = ()) -> tuple[Posting, ...]:
    """A sale: the money, what purses paid, what was earned, and `settled` (purse, draw): what of it made good a debt at once."""
    unit, holder, quote = sale.currency, sale.account, sale.quote
    change = sale.settlement.change
    postings: list[Posting] = []
    for tender in sale.settlement.tenders:
        kept = tender.amount
        if tender.kind == "cash":
            kept, change = kept - min(kept, change), change - min(kept, change)
        postings.append(Posting(f"tender:{tender.kind}", unit, kept))
    postings.append(Posting("rounding", unit, -sale.settlement.rounding))
    as_tender = sum(line.spent_as_tender for line in quote.lines)
    postings.extend(_revenue(unit, -1, quote.due + as_tender, quote.vat))
    for spent in quote.spent:
        postings.extend(
            Posting(f"purse:{spent.purse}", unit, draw.amount, holder, draw.lot, spent.offer) for draw in spent.draws
        )
        if spent.counts_as == "discount":
            postings.append(Posting(f"redeemed:{spent.purse}", unit, -spent.amount, holder, offer=spent.offer))
    for lot in lots_filled(sale):
        postings.append(Posting(f"purse:{lot.purse}", unit, -lot.amount, holder, lot.id, lot.offer))
        postings.append(Posting(f"issued:{lot.purse}", unit, lot.amount, holder, offer=lot.offer))
    postings.extend(_settled(unit, holder, settled))
    return _without_nothing(postings)


def refund_postings(sale: Sale, back: Reversal, purse_of: Mapping[str, str]) -> tuple[Posting, ...]:
    """A return of a sale; `purse_of` names the purse of each lot that it draws on."""
    unit, holder = sale.currency, sale.account
    postings = [Posting(f"tender:{tender.kind}", unit, -tender.amount) for tender in back.money_back]
    postings.append(Posting("rounding", unit, back.rounding))
    taxed = sum(line.paid + line.spent_as_tender for line in back.lines)
    postings.extend(_revenue(unit, 1, taxed, back.vat))
    offers = {f"{sale.id}/{n}": earned.offer for n, earned in enumerate(sale.quote.earned, 1)}

    for draw in back.restored_draws:
        postings.append(Posting(f"purse:{purse_of[draw.lot]}", unit, draw.amount, holder, draw.lot))
    for lot in back.filled:
        postings.append(Posting(f"purse:{lot.purse}", unit, -lot.amount, holder, lot.id, lot.offer))
    as_discount = {spent.purse for spent in sale.quote.spent if spent.counts_as == "discount"}
    for share in back.restored:
        if share.purse in as_discount:
            postings.append(Posting(f"redeemed:{share.purse}", unit, share.amount, holder, offer=share.offer))
    for draw in back.taken_draws:
        postings.append(
            Posting(f"purse:{purse_of[draw.lot]}", unit, draw.amount, holder, draw.lot, offers.get(draw.lot))
        )
    for share in back.taken_back:
        postings.append(Posting(f"issued:{share.purse}", unit, -share.amount, holder, offer=share.offer))
    for owed in back.owed:
        postings.append(Posting(f"owed:{owed.purse}", unit, owed.amount, holder))
        postings.append(Posting(f"issued:{owed.purse}", unit, -owed.amount, holder))
    for kept in back.withheld_of:
        postings.append(Posting(f"issued:{kept.purse}", unit, -kept.amount, holder))
    postings.extend(_settled(unit, holder, [(purse_of[draw.lot], draw) for draw in back.settled_draws]))
    return _without_nothing(postings)


def expiry_postings(currency: str, holder: str, lapsed: Mapping[str, Iterable[Draw]]) -> tuple[Posting, ...]:
    """What the lots of each purse lost because their last day has passed."""
    postings: list[Posting] = []
    for purse, draws in lapsed.items():
        for draw in draws:
            postings.append(Posting(f"purse:{purse}", currency, draw.amount, holder, draw.lot))
            postings.append(Posting(f"breakage:{purse}", currency, -draw.amount, holder))
    return _without_nothing(postings)


def settle_from_lots(lots: Iterable[Lot], owed: Mapping[str, Minor], day: date) -> list[tuple[str, Draw]]:
    """What of newly filled lots makes good at once what the holder owes to their purses, as (purse, draw)."""
    due = dict(owed)
    settled: list[tuple[str, Draw]] = []
    for lot in lots:
        part = 0 if lot.is_over(day) else min(due.get(lot.purse, 0), lot.remaining)
        if part:
            settled.append((lot.purse, Draw(lot.id, part)))
            due[lot.purse] -= part
    return settled


def settled_sums(settled: Iterable[tuple[str, Draw]]) -> tuple[Owed, ...]:
    """What was made good, summed by purse."""
    sums: dict[str, Minor] = {}
    for purse, draw in settled:
        sums[purse] = sums.get(purse, 0) + draw.amount
    return tuple(Owed(purse, amount) for purse, amount in sums.items())


def _revenue(unit: str, sign: int, taxed: Minor, vat: Sequence[VatLine]) -> list[Posting]:
    postings = [Posting(f"vat:{plain_rate(line.rate)}", unit, sign * line.vat) for line in vat]
    postings.append(Posting("sales", unit, sign * (taxed - sum(line.vat for line in vat))))
    return postings


def _settled(unit: str, holder: str | None, settled: Iterable[tuple[str, Draw]]) -> list[Posting]:
    postings: list[Posting] = []
    for purse, draw in settled:
        postings.append(Posting(f"purse:{purse}", unit, draw.amount, holder, draw.lot))
        postings.append(Posting(f"owed:{purse}", unit, -draw.amount, holder))
    return postings


def _without_nothing(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount)
