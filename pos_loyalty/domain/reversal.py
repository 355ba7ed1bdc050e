"""A return, telescoping: every figure that the sale fixed on a line goes back in proportion, and nothing is reckoned anew.

Piece by piece comes to the cent to the same as all at once, because each figure goes back as figure x returned / sold, half up,
less what went back before. (Under `withhold` alone what is kept from the money may differ, since it is never more than the money
of its own return.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from pos_loyalty.domain.asked_back import Rest, ask_back, usable_again
from pos_loyalty.domain.clawback import Purses, Terms
from pos_loyalty.domain.ledger import Draw, Holding, Lot
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Millionths, Minor, part_of, plain_millionths, rounded_to
from pos_loyalty.domain.sale import (
    TENDER_KINDS,
    AskedBack,
    Line,
    Owed,
    PurseShare,
    Refund,
    RefundLine,
    Sale,
    Tender,
    TenderKind,
    VatLine,
)


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who had sent the holder, as they stand: as the holder's own, `holdings` without what has lapsed, `lots` all of the sale."""

    account: str
    holdings: Mapping[str, Holding]
    lots: Mapping[str, Lot]


@dataclass(frozen=True, slots=True)
class FromReferrer:
    """What a return takes from who had sent the holder: it follows the lines, and what they no longer have is owed."""

    account: str
    taken_back: tuple[PurseShare, ...]
    taken_draws: tuple[Draw, ...]
    excused: tuple[Draw, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """What comes back of a sale, and where it goes.

    `holdings` are the purses afterwards. `drawn` were taken from lots (below zero: given back), `filled` are new lots for what is
    given back with a longer life; `excused` is what lots had lost by expiring. `withheld_of` and `tendered` are minor units by
    purse: money kept for what it had earned, and what it had paid as a tender.
    """

    lines: tuple[RefundLine, ...]
    money_back: tuple[Tender, ...]
    rounding: Minor
    vat: tuple[VatLine, ...]
    restored: tuple[PurseShare, ...]
    restored_draws: tuple[Draw, ...]
    filled: tuple[Lot, ...]
    taken_back: tuple[PurseShare, ...]
    taken_draws: tuple[Draw, ...]
    excused: tuple[Draw, ...]
    settled: tuple[Owed, ...]
    settled_draws: tuple[Draw, ...]
    owed: tuple[Owed, ...]
    withheld: Minor
    withheld_of: tuple[Owed, ...]
    tendered: tuple[Owed, ...]
    forgiven: tuple[Owed, ...]
    qualifying: Minor
    holdings: dict[str, Holding]
    asked_back: tuple[AskedBack, ...] = ()
    coupons_back: tuple[str, ...] = ()
    referrer: FromReferrer | None = None


def left_to_return(sale: Sale, before: Sequence[Refund]) -> list[Millionths]:
    """How much of each line has not come back yet, in millionths of its unit."""
    left = [line.item.quantity for line in sale.quote.lines]
    for refund in before:
        for line in refund.lines:
            left[line.line - 1] -= line.quantity
    return left


def wanted_back(
    sale: Sale, before: Sequence[Refund], asked: Sequence[tuple[int, Millionths]] | None
) -> dict[int, Millionths]:
    """Which lines (numbered from 1) come back, and how much: what was asked, or all that is left where nothing was.

    Refused with line-invalid, saying what is left, where a quantity was not sold or has already come back.
    """
    left = left_to_return(sale, before)
    if asked is None:
        wanted = {number: rest for number, rest in enumerate(left, 1) if rest > 0}
        if not wanted:
            raise Refused("line-invalid", Message(N_("All of this bill has already come back.")))
        return wanted
    wanted = {}
    for number, quantity in asked:
        if not 1 <= number <= len(left):
            raise Refused(
                "line-invalid",
                Message(N_("The bill has no line {number}: it has {count}."), number=number, count=len(left)),
            )
        if number in wanted:
            raise Refused("line-invalid", Message(N_("Line {number} is named twice in one return."), number=number))
        if not 0 < quantity <= left[number - 1]:
            raise Refused(
                "line-invalid",
                Message(
                    N_("Line {number}: {left} is left to come back, not {asked}."),
                    number=number,
                    left=plain_millionths(left[number - 1]),
                    asked=plain_millionths(quantity),
                ),
            )
        if quantity != left[number - 1] and sale.quote.lines[number - 1].item.certificate:
            raise Refused(
                "line-invalid", Message(N_("Line {number}: a gift certificate comes back whole."), number=number)
            )
        wanted[number] = quantity
    if not wanted:
        raise Refused("line-invalid", Message(N_("Nothing was named that comes back.")))
    return wanted


@dataclass(slots=True)
class _Back:
    """How much of each line came back before this return and comes back with it; figures telescope over the two."""

    sold: list[Millionths]
    before: list[Millionths]
    now: list[Millionths]

    def figure(self, figures: Sequence[Minor]) -> list[Minor]:
        return [
            part_of(figure, before + now, sold, part_of(figure, before, sold, 0)) if now else 0
            for figure, sold, before, now in zip(figures, self.sold, self.before, self.now, strict=True)
        ]

    def rest(self, lines: Sequence[Line]) -> list[Rest]:
        """What is left of each line once this return is made."""
        left = [line.gross - line.discount for line in lines]
        gone = (a + b for a, b in zip(self.figure_before(left), self.figure(left), strict=True))
        kept = (sold - before - now for sold, before, now in zip(self.sold, self.before, self.now, strict=True))
        return [
            Rest(line, quantity, spend - back)
            for line, quantity, spend, back in zip(lines, kept, left, gone, strict=True)
        ]

    def figure_before(self, figures: Sequence[Minor]) -> list[Minor]:
        return [part_of(f, before, sold, 0) for f, sold, before in zip(figures, self.sold, self.before, strict=True)]


def reverse(
    sale: Sale,
    before: Sequence[Refund],
    wanted: Mapping[int, Millionths],
    terms: Terms,
    day: date,
    at: datetime,
    refund_id: str,
    holdings: Mapping[str, Holding],
    lots: Mapping[str, Lot],
    referrer: Referrer | None = None,
) -> Reversal:
    """Reckon a return of `wanted` (line number -> quantity).

    `holdings` are the holder's purses with their lapsed lots already taken off; `lots` are all lots that the sale filled or drew
    on, with the lots that were given back from those, empty ones too. `referrer` is who had been given something for sending
    the holder, if anybody was. Refused with offer-invalid (see `ask_back`).
    """
    quote = sale.quote
    left = left_to_return(sale, before)
    sold = [line.item.quantity for line in quote.lines]
    back = _Back(
        sold,
        [quantity - rest for quantity, rest in zip(sold, left, strict=True)],
        [wanted.get(number, 0) for number in range(1, len(sold) + 1)],
    )
    paid = back.figure([line.paid for line in quote.lines])
    vat = back.figure([line.vat for line in quote.lines])
    # By purse, as each is given back to its lots: two halves of a cent round up twice, their sum once.
    tendered = [0] * len(sold)
    tendered_of: list[Owed] = []
    for spent in quote.spent:
        if spent.counts_as == "tender":
            parts = back.figure(spent.lines)
            tendered = [a + b for a, b in zip(tendered, parts, strict=True)]
            tendered_of.append(Owed(spent.purse, sum(parts)))
    earning = back.figure([line.earning for line in quote.lines])
    work = Purses(terms, dict(holdings), dict(lots), refund_id, day, at)

    rest = back.rest(quote.lines)
    money = sum(amount for amount in paid if amount > 0)
    asked = ask_back(sale, before, rest, terms, money)
    money -= asked.withheld
    for spent in quote.spent:
        undone = asked.undone.get(spent.offer) if spent.offer is not None else None
        if undone is None:
            work.restore(spent, sum(back.figure_before(spent.units)), sum(back.figure(spent.units)))
        else:  # a gift or coupon lies on no line: what it cost returns with it
            each = spent.amount // undone.whole
            work.restore(spent, each * undone.before, each * undone.now)
    work.settle()
    for index, earned in enumerate(quote.earned):
        units = sum(back.figure(earned.lines))
        money -= work.take(earned, f"{sale.id}/{index + 1}", units, max(money, 0))

    paid_before = back.figure_before([line.paid for line in quote.lines])
    withheld = asked.withheld + work.withheld
    money_back, rounding = _money_back(sale, before, paid_before, paid, withheld, terms.programme.cash_rounding)
    return Reversal(
        lines=tuple(
            RefundLine(number, wanted[number], paid[i], vat[i], tendered[i], earning[i])
            for i, number in enumerate(range(1, len(sold) + 1))
            if number in wanted
        ),
        money_back=money_back,
        rounding=rounding,
        vat=_vat_back(sale, wanted, paid, tendered, vat),
        restored=_summed(work.restored),
        restored_draws=tuple(work.restored_draws),
        filled=tuple(work.filled),
        taken_back=_summed(work.taken),
        taken_draws=tuple(work.taken_draws),
        excused=tuple(work.excused),
        settled=_owed(work.settled),
        settled_draws=tuple(work.settled_draws),
        owed=_owed(work.owed),
        withheld=withheld,
        withheld_of=_owed(work.withheld_of),
        tendered=_owed(tendered_of),
        forgiven=_owed(work.forgiven),
        qualifying=sum(earning) if sale.account else 0,
        holdings=work.holdings,
        asked_back=tuple(asked.back),
        coupons_back=usable_again(sale, rest, terms, day),
        referrer=None
        if referrer is None
        else _from_referrer(
            sale,
            back,
            _of_referrer(sale, referrer, work),
            referrer.account,
        ),
    )


def _of_referrer(sale: Sale, referrer: Referrer, work: Purses) -> Purses:
    """The purses of who had sent the holder: where their records were joined since, the holder's own, as they are by now."""
    terms = replace(work.terms, when_spent="owe")
    if referrer.account != sale.account:
        return Purses(terms, dict(referrer.holdings), dict(referrer.lots), work.refund_id, work.day, work.at)
    work.lots.update({lot_id: lot for lot_id, lot in referrer.lots.items() if lot_id not in work.lots})
    return Purses(terms, work.holdings, work.lots, work.refund_id, work.day, work.at)


def _from_referrer(sale: Sale, back: _Back, work: Purses, account: str) -> FromReferrer:
    for index, one in enumerate(sale.quote.referrer, len(sale.quote.earned) + 1):
        if one.account == account:
            work.take(one.earned, f"{sale.id}/{index}", sum(back.figure(one.earned.lines)), 0)
    return FromReferrer(account, _summed(work.taken), tuple(work.taken_draws), tuple(work.excused), _owed(work.owed))


_Source: TypeAlias = tuple[TenderKind, str | None]
"""Where money came from: a kind of tender, and which certificate."""


def _money_back(
    sale: Sale,
    before: Sequence[Refund],
    paid_before: Sequence[Minor],
    paid: Sequence[Minor],
    withheld: Minor,
    cash_rounding: Minor,
) -> tuple[tuple[Tender, ...], Minor]:
    """Money to the tenders, in order, each until it has its own back, anything over in cash; cash rounded in sum over the returns.

    Several certificates have theirs back in the order in which they were given. Deposits given back (lines below zero) are paid in
    cash.
    """
    cash: _Source = ("cash", None)
    own: dict[_Source, Minor] = {}
    for kind in TENDER_KINDS:
        for tender in sale.settlement.tenders:
            if tender.kind == kind != "cash":
                own[kind, tender.number] = own.get((kind, tender.number), 0) + tender.amount

    def shared(amounts: Sequence[Minor], kept: Minor) -> dict[_Source, Minor]:
        money = sum(amount for amount in amounts if amount > 0) - kept
        deposits = sum(amount for amount in amounts if amount < 0)
        parts: dict[_Source, Minor] = {}
        for one, given in own.items():
            parts[one] = min(money, given)
            money -= parts[one]
        return parts | {cash: money + deposits}

    kept_before = sum(refund.withheld for refund in before)
    then = shared(paid_before, kept_before)
    now = shared([a + b for a, b in zip(paid_before, paid, strict=True)], kept_before + withheld)
    exact = now[cash] - then[cash]
    in_cash = rounded_to(now[cash], cash_rounding) - rounded_to(then[cash], cash_rounding)
    back: dict[_Source, Minor] = {one: now[one] - then[one] for one in own} | {cash: in_cash}
    money_back = tuple(Tender(kind, amount, number) for (kind, number), amount in back.items() if amount)
    return money_back, in_cash - exact


def _vat_back(
    sale: Sale,
    wanted: Mapping[int, Millionths],
    paid: Sequence[Minor],
    tendered: Sequence[Minor],
    vat: Sequence[Minor],
) -> tuple[VatLine, ...]:
    rates = sorted({sale.quote.lines[number - 1].item.vat for number in wanted})
    stated = []
    for rate in rates:
        indices = [number - 1 for number in wanted if sale.quote.lines[number - 1].item.vat == rate]
        part = sum(vat[i] for i in indices)
        stated.append(VatLine(rate, sum(paid[i] + tendered[i] for i in indices) - part, part))
    return tuple(stated)


def _summed(shares: Sequence[PurseShare]) -> tuple[PurseShare, ...]:
    sums: dict[tuple[str, str | None], Minor] = {}
    for share in shares:
        sums[share.purse, share.offer] = sums.get((share.purse, share.offer), 0) + share.amount
    return tuple(PurseShare(purse, offer, amount) for (purse, offer), amount in sums.items() if amount)


def _owed(parts: Sequence[Owed]) -> tuple[Owed, ...]:
    sums: dict[str, Minor] = {}
    for part in parts:
        sums[part.purse] = sums.get(part.purse, 0) + part.amount
    return tuple(Owed(purse, amount) for purse, amount in sums.items() if amount)
