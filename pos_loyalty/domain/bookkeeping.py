"""Which accounts of the books each event touches: the one place that says so.

| account           | what a debit (+) and a credit (-) mean                                             |
|-------------------|------------------------------------------------------------------------------------|
| tender:<kind>     | + money taken, - money given back (a certificate is no money taken: see there)     |
| sales             | - revenue without VAT, + revenue given back                                        |
| vat:<rate>        | - VAT owed to the state                                                            |
| rounding          | - gained by rounding cash, + lost                                                  |
| purse:<id>        | - owed to the holder (names the lot), + spent, expired or taken back               |
| issued:<id>       | + what earning cost, - what was taken back                                         |
| redeemed:<id>     | what a purse paid as a discount: it lowered the price, so no revenue stands for it |
|                   | - tickets that took part in a draw                                                 |
| breakage:<id>     | - what expired unspent, + what of it took part in a draw that had closed before    |
| adjusted:<id>     | + what was given by hand, - what was taken by hand: of a partners' purse nobody's in particular |
| owed:<id>         | + what the holder owes to the purse, - made good                                   |
| certificate:<no.> | - owed to who holds it: sold or given back to, + paid with, expired or returned    |

Where partners honour one another's purse, `issued`, `breakage` and `owed` of that purse name behind it the partner whose cost,
gain or claim it is (issued:<id>:<shop>), and `partners` adds to each entry what it makes them owe one another:

| account                      | what a debit (+) and a credit (-) mean                                     |
|------------------------------|----------------------------------------------------------------------------|
| issuer:<issuer>:<acceptor>   | - what the issuer of lots owes where they were accepted, + no longer       |
| acceptor:<acceptor>:<issuer> | + the same as the acceptor has it to receive, - no longer                  |

Joining two records moves what one's lots hold to lots of the other (both on purse:<id>), and its debts likewise.

A money purse's unit is the currency; any other purse is its own unit, so each entry balances in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from pos_loyalty.domain.certificate import Certificate
from pos_loyalty.domain.deed import Adjustment
from pos_loyalty.domain.ledger import Draw, Lot, Posting
from pos_loyalty.domain.money import Minor, plain_rate
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.reversal import FromReferrer, Reversal
from pos_loyalty.domain.sale import Earned, Owed, Quote, Sale, Tender, VatLine

CERTIFICATE = "certificate:"
"""The accounts of the books that hold what is left on gift certificates."""


def lots_filled(sale: Sale) -> tuple[Lot, ...]:
    """The lots that a sale fills: one for each offer that earned, numbered in their order."""
    return lots_of(sale.id, sale.at, sale.quote)


def lots_of(sale_id: str, at: datetime, quote: Quote) -> tuple[Lot, ...]:
    """The lots that a bill will fill once it is closed as a sale of this id, at that moment."""
    return tuple(_lot(sale_id, at, n, earned) for n, earned in enumerate(quote.earned, 1))


def lots_for_referrer(sale: Sale) -> tuple[Lot, ...]:
    """The lots that a sale fills for who had sent its holder, numbered on from the holder's own."""
    first = len(sale.quote.earned) + 1
    return tuple(_lot(sale.id, sale.at, n, one.earned) for n, one in enumerate(sale.quote.referrer, first))


def _lot(sale_id: str, at: datetime, n: int, earned: Earned) -> Lot:
    return Lot(
        id=f"{sale_id}/{n}",
        purse=earned.purse,
        amount=earned.amount,
        remaining=earned.amount,
        available=earned.available,
        expires=earned.expires,
        filled_at=at,
        sale=sale_id,
        offer=earned.offer,
    )


def units_of(programmes: Iterable[Programme]) -> dict[str, str]:
    """The unit that each purse is kept in, over all revisions: the currency's code, or the purse's own id."""
    return {
        purse.id: programme.currency.code if purse.unit == "money" else purse.id
        for programme in programmes
        for purse in programme.purses
    }


def sale_postings(
    sale: Sale,
    units: Mapping[str, str],
    settled: Sequence[tuple[str, Draw]] = (),
    referrer_settled: Sequence[tuple[str, Draw]] = (),
) -> tuple[Posting, ...]:
    """A sale: the money, what purses paid, what was earned, and `settled` (purse, draw): what of it made good a debt at once.

    `referrer_settled` is the same for who had sent the holder; `units` is the unit of each purse.
    """
    currency, holder, quote = sale.currency, sale.account, sale.quote
    change = sale.settlement.change
    postings: list[Posting] = []
    for tender in sale.settlement.tenders:
        kept = tender.amount
        if tender.kind == "cash":
            kept, change = kept - min(kept, change), change - min(kept, change)
        postings.append(Posting(_money(tender), currency, kept))
    postings.append(Posting("rounding", currency, -sale.settlement.rounding))
    as_tender = sum(line.spent_as_tender for line in quote.lines)
    # What a certificate is sold for is no revenue until it pays for something.
    postings.extend(Posting(_certificate(sold.number), currency, -sold.amount) for sold in quote.certificates)
    certificates = sum(sold.amount for sold in quote.certificates)
    postings.extend(_revenue(currency, -1, quote.due + as_tender - certificates, quote.vat))
    for spent in quote.spent:
        unit = units[spent.purse]
        postings.extend(
            Posting(f"purse:{spent.purse}", unit, draw.amount, holder, draw.lot, spent.offer) for draw in spent.draws
        )
        if spent.counts_as == "discount" or unit != currency:
            postings.append(Posting(f"redeemed:{spent.purse}", unit, -spent.amount, holder, offer=spent.offer))
        if spent.counts_as == "tender" and unit != currency:
            postings.append(Posting(f"redeemed:{spent.purse}", currency, sum(spent.lines), holder, offer=spent.offer))
    postings.extend(earning_postings(sale, units, settled, referrer_settled))
    return _without_nothing(postings)


def earning_postings(
    sale: Sale,
    units: Mapping[str, str],
    settled: Sequence[tuple[str, Draw]],
    referrer_settled: Sequence[tuple[str, Draw]],
) -> tuple[Posting, ...]:
    """What a sale earned, for its holder and who had sent them: all there is to post of a card that was added late."""
    postings = _issued(units, sale.account, lots_filled(sale))
    postings.extend(_settled(units, sale.account, settled))
    for thanked, lot in zip(sale.quote.referrer, lots_for_referrer(sale), strict=True):
        postings.extend(_issued(units, thanked.account, [lot]))
    referrer = sale.quote.referrer[0].account if sale.quote.referrer else None
    postings.extend(_settled(units, referrer, referrer_settled))
    return _without_nothing(postings)


def refund_postings(
    sale: Sale, back: Reversal, purse_of: Mapping[str, str], units: Mapping[str, str]
) -> tuple[Posting, ...]:
    """A return of a sale; `purse_of` names the purse of each lot that it draws on, `units` the unit of each purse."""
    currency, holder = sale.currency, sale.account
    postings = [Posting(_money(tender), currency, -tender.amount) for tender in back.money_back]
    postings.append(Posting("rounding", currency, back.rounding))
    returned = {line.line for line in back.lines}
    void = [sold for sold in sale.quote.certificates if sold.line in returned]
    postings.extend(Posting(_certificate(sold.number), currency, sold.amount) for sold in void)
    taxed = sum(line.paid + line.spent_as_tender for line in back.lines) - sum(sold.amount for sold in void)
    postings.extend(_revenue(currency, 1, taxed, back.vat))
    offers = {f"{sale.id}/{n}": earned.offer for n, earned in enumerate(sale.quote.earned, 1)}

    def purse(draw: Draw, offer: str | None = None) -> Posting:
        name = purse_of[draw.lot]
        return Posting(f"purse:{name}", units[name], draw.amount, holder, draw.lot, offer)

    postings.extend(purse(draw) for draw in back.restored_draws)
    for lot in back.filled:
        postings.append(Posting(f"purse:{lot.purse}", units[lot.purse], -lot.amount, holder, lot.id, lot.offer))
    as_tender = {(spent.purse, spent.offer) for spent in sale.quote.spent if spent.counts_as == "tender"}
    for share in back.restored:
        if (share.purse, share.offer) not in as_tender or units[share.purse] != currency:
            postings.append(
                Posting(f"redeemed:{share.purse}", units[share.purse], share.amount, holder, offer=share.offer)
            )
    for paid in back.tendered:
        if units[paid.purse] != currency:
            postings.append(Posting(f"redeemed:{paid.purse}", currency, -paid.amount, holder))
    postings.extend(purse(draw, offers.get(draw.lot)) for draw in back.taken_draws)
    for share in back.taken_back:
        postings.append(Posting(f"issued:{share.purse}", units[share.purse], -share.amount, holder, offer=share.offer))
    for owed in back.owed:
        postings.append(Posting(f"owed:{owed.purse}", units[owed.purse], owed.amount, holder))
        postings.append(Posting(f"issued:{owed.purse}", units[owed.purse], -owed.amount, holder))
    for kept in back.withheld_of:
        # Money kept for units of any purse: what earning them cost comes back in money.
        postings.append(Posting(f"issued:{kept.purse}", currency, -kept.amount, holder))
    for asked in back.asked_back:
        # A gift that was kept is paid for with money of the return.
        postings.append(Posting("gifts", currency, -asked.withheld, holder, offer=asked.offer))
    postings.extend(_settled(units, holder, [(purse_of[draw.lot], draw) for draw in back.settled_draws]))
    postings.extend(_from_referrer(sale, back.referrer, purse_of, units))
    return _without_nothing(postings)


def _from_referrer(
    sale: Sale, back: FromReferrer | None, purse_of: Mapping[str, str], units: Mapping[str, str]
) -> list[Posting]:
    if back is None:
        return []
    holder = back.account
    offers = {lot.id: lot.offer for lot in lots_for_referrer(sale)}
    postings = []
    for draw in back.taken_draws:
        name = purse_of[draw.lot]
        postings.append(Posting(f"purse:{name}", units[name], draw.amount, holder, draw.lot, offers.get(draw.lot)))
    for share in back.taken_back:
        postings.append(Posting(f"issued:{share.purse}", units[share.purse], -share.amount, holder, offer=share.offer))
    for owed in back.owed:
        postings.append(Posting(f"owed:{owed.purse}", units[owed.purse], owed.amount, holder))
        postings.append(Posting(f"issued:{owed.purse}", units[owed.purse], -owed.amount, holder))
    return postings


def expiry_postings(units: Mapping[str, str], holder: str, lapsed: Mapping[str, Iterable[Draw]]) -> tuple[Posting, ...]:
    """What the lots of each purse lost because their last day has passed; `units` is the unit of each purse."""
    postings: list[Posting] = []
    for purse, draws in lapsed.items():
        for draw in draws:
            postings.append(Posting(f"purse:{purse}", units[purse], draw.amount, holder, draw.lot))
            postings.append(Posting(f"breakage:{purse}", units[purse], -draw.amount, holder))
    return _without_nothing(postings)


def certificate_expiry_postings(currency: str, lapsed: Iterable[Certificate]) -> tuple[Posting, ...]:
    """What gift certificates lost because their last day has passed, in their order."""
    postings: list[Posting] = []
    for certificate in lapsed:
        postings.append(Posting(_certificate(certificate.number), currency, certificate.remaining))
        postings.append(Posting("breakage:certificates", currency, -certificate.remaining))
    return _without_nothing(postings)


def draw_postings(purse: str, cause: str, taken: Iterable[tuple[str, str, int, int]]) -> tuple[Posting, ...]:
    """Tickets that are used up by a prize draw; `taken` is (holder, lot, what the lot holds, what it lost by expiring since the
    draw closed), in the order of the list, `cause` what names the draw.
    """
    postings: list[Posting] = []
    for holder, lot, held, lapsed_ in taken:
        postings.append(Posting(f"purse:{purse}", purse, held, holder, lot, cause))
        postings.append(Posting(f"breakage:{purse}", purse, lapsed_, holder, lot, cause))
        postings.append(Posting(f"redeemed:{purse}", purse, -held - lapsed_, holder, lot, cause))
    return _without_nothing(postings)


def adjustment_postings(
    units: Mapping[str, str],
    adjustment: Adjustment,
    filled: Sequence[Lot] = (),
    drawn: Sequence[Draw] = (),
) -> tuple[Posting, ...]:
    """Units given or taken by hand: the lots that are filled, what is drawn from lots (below zero: given back to them), and what is
    owed because it was spent. What then makes good a debt is posted beside it.
    """
    purse, holder = adjustment.purse, adjustment.account
    unit = units[purse]
    postings = [Posting(f"purse:{purse}", unit, -lot.amount, holder, lot.id, lot.offer) for lot in filled]
    postings += [Posting(f"purse:{purse}", unit, draw.amount, holder, draw.lot) for draw in drawn]
    postings.append(Posting(f"owed:{purse}", unit, adjustment.owed, holder))
    postings.append(Posting(f"adjusted:{purse}", unit, adjustment.amount, holder))
    return _without_nothing(postings)


def made_good(
    units: Mapping[str, str], holder: str, settled: Iterable[tuple[str, Draw]]
) -> list[tuple[Posting, Posting]]:
    """What lots pay of debts, each as a pair: what left the lot, and what is owed no longer."""
    return [
        (
            Posting(f"purse:{purse}", units[purse], draw.amount, holder, draw.lot),
            Posting(f"owed:{purse}", units[purse], -draw.amount, holder),
        )
        for purse, draw in settled
    ]


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


def _money(tender: Tender) -> str:
    """The account that a tender moves: money in the shop's hands, or what the shop owes on a certificate."""
    return _certificate(tender.number) if tender.kind == "certificate" else f"tender:{tender.kind}"


def _certificate(number: str | None) -> str:
    if number is None:
        raise ValueError("a certificate without its number")
    return f"{CERTIFICATE}{number}"


def _revenue(unit: str, sign: int, taxed: Minor, vat: Sequence[VatLine]) -> list[Posting]:
    postings = [Posting(f"vat:{plain_rate(line.rate)}", unit, sign * line.vat) for line in vat]
    postings.append(Posting("sales", unit, sign * (taxed - sum(line.vat for line in vat))))
    return postings


def _issued(units: Mapping[str, str], holder: str | None, lots: Iterable[Lot]) -> list[Posting]:
    postings: list[Posting] = []
    for lot in lots:
        unit = units[lot.purse]
        postings.append(Posting(f"purse:{lot.purse}", unit, -lot.amount, holder, lot.id, lot.offer))
        postings.append(Posting(f"issued:{lot.purse}", unit, lot.amount, holder, offer=lot.offer))
    return postings


def _settled(units: Mapping[str, str], holder: str | None, settled: Iterable[tuple[str, Draw]]) -> list[Posting]:
    postings: list[Posting] = []
    for purse, draw in settled:
        postings.append(Posting(f"purse:{purse}", units[purse], draw.amount, holder, draw.lot))
        postings.append(Posting(f"owed:{purse}", units[purse], -draw.amount, holder))
    return postings


def _without_nothing(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount)
