"""Taking goods back: by line and quantity, under the sale's own revision, in one durable transaction.

`preview` reckons a return and stores nothing, so the cashier sees what the holder gets before confirming; `refund` is idempotent by
its id as a sale is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from pos_loyalty.domain import certificate
from pos_loyalty.domain.bookkeeping import refund_postings
from pos_loyalty.domain.certificate import concerned, void_by
from pos_loyalty.domain.clawback import Terms
from pos_loyalty.domain.club import check_back
from pos_loyalty.domain.ledger import Holding, Lot
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme.rules import WhenSpent
from pos_loyalty.domain.reversal import FromReferrer, Referrer, Reversal, left_to_return, reverse, wanted_back
from pos_loyalty.domain.sale import Quote, ReferrerBack, Refund, Sale
from pos_loyalty.domain.tier import Spend
from pos_loyalty.domain.usage import given_back
from pos_loyalty.storage.books import Books
from pos_loyalty.till import coupons
from pos_loyalty.till.certificates import expire_touched
from pos_loyalty.till.checkout import checked_id, digest_of, entry_of, expire_lapsed, id_conflict
from pos_loyalty.till.partners import check_seller, with_partners
from pos_loyalty.till.programmes import InForce, in_force, of_revision
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import balances, standing_on, tier_state, worked_out_anew


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Goods to be taken back. `sale` is its id or receipt number; `lines` (number, quantity) None is all that is left;
    `when_spent` None is the programme's word; `gifts_kept` are the offers whose gifts do not come back.
    """

    sale: str
    id: str | None = None
    at: datetime | None = None
    lines: tuple[tuple[int, Millionths], ...] | None = None
    when_spent: WhenSpent | None = None
    operator: str = ""
    gifts_kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedRefund:
    """A return that is closed and durable (or, from `preview`, as it would be), with the sale that it is of."""

    refund: Refund
    sale: Sale
    holder: str | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Returnable:
    """A closed bill and how much of each line has not come back yet, in millionths of its unit."""

    sale: Sale
    holder: str | None
    left: tuple[Millionths, ...]


@dataclass(frozen=True, slots=True)
class _Reckoned:
    refund: Refund
    sale: Sale
    holder: str | None
    back: Reversal
    terms: Terms
    rules: InForce
    account: Account | None


def returnable(register: Register, number: str) -> Returnable:
    """A bill by its id or receipt number. Refused with sale-unknown."""
    with register.store.read() as books:
        sale, holder = _sale(books, number)
        return Returnable(sale, holder, tuple(left_to_return(sale, books.refunds_of(sale.id))))


def preview(register: Register, order: RefundOrder) -> ClosedRefund:
    """What a return would come to; nothing is stored."""
    now = register.clock()
    with register.store.read() as books:
        reckoned = _reckon(books, register, order, order.id or "", order.at or now, now)
    return ClosedRefund(reckoned.refund, reckoned.sale, reckoned.holder)


def refund(register: Register, order: RefundOrder) -> ClosedRefund:
    """Take goods back. Refused with sale-unknown, line-invalid, id-conflict, …, and nothing stored."""
    action_id = checked_id(order.id) if order.id else register.new_id()
    request = digest_of(order)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        done = books.action(action_id) if order.id else None
        if done is not None:
            if done.refund is None or done.request != request:
                raise id_conflict(action_id)
            sale, holder = _sale(books, done.refund.sale)
            return ClosedRefund(done.refund, sale, holder, repeated=True)
        sale, _ = _sale(books, order.sale)
        books.lock_sale(sale.id)
        sale = _locked(books, books.corrected(sale))
        sent_by = _referrer_of(sale)
        touched = books.certificates(concerned(sale), locked=True)
        reckoned = _reckon(books, register, order, action_id, order.at or now, now)
        back = reckoned.back
        closed = replace(reckoned.refund, number=books.next_receipt(register.name))
        if reckoned.account is not None:
            expire_lapsed(books, register, reckoned.account.id, reckoned.account.holdings, closed, reckoned.rules)
        if sent_by is not None:
            expire_lapsed(books, register, sent_by, books.holdings(sent_by), closed, reckoned.rules)
        expire_touched(books, register, [touched[left.number] for left in closed.certificates_left], closed)
        books.add_refund(closed, request)
        purse_of = {lot.id: lot.purse for lot in _lots(books, sale, reckoned.account).values()}
        purse_of |= {lot.id: lot.purse for lot in _referrer_lots(books, sale).values()}
        purse_of |= {lot.id: lot.purse for lot in back.filled}
        postings = with_partners(
            books,
            reckoned.terms.programme,
            sale.shop,
            refund_postings(sale, back, purse_of, reckoned.rules.units),
            back.filled,
        )
        books.post(register.name, entry_of(closed, "refund", closed.id, postings, corrects=sale.id), back.filled)
        books.keep_certificates(closed.certificates_left)
        books.void_certificates(closed.id, closed.certificates_void)
        coupons.keep_returned(books, closed)
        for account, quote in _bills_of(books, sale):
            unused = given_back(quote, reckoned.terms.programme, closed.unused)
            books.add_uses(closed.id, account, sale.day, unused)
        if reckoned.account is not None:
            books.set_standing(reckoned.account.id, reckoned.account.standing)
    return ClosedRefund(closed, sale, reckoned.holder)


def _locked(books: Books, sale: Sale) -> Sale:
    """A sale with the accounts locked that it is of: read again, since records may have been joined while this till waited."""
    while True:
        named = (sale.account, _referrer_of(sale))
        books.lock(None, *(account for account in named if account is not None))
        now = sale if sale.account is None else books.sale_now(sale)
        if now == sale:
            return sale
        sale = now


def _reckon(
    books: Books, register: Register, order: RefundOrder, action_id: str, at: datetime, now: datetime
) -> _Reckoned:
    sale, holder = _sale(books, order.sale)
    programme = of_revision(books, sale.revision)
    day = programme.business_day(at)
    before = books.refunds_of(sale.id)
    wanted = wanted_back(sale, before, order.lines)
    check_back(sale, wanted)
    terms = Terms(
        programme,
        order.when_spent or programme.returns.when_spent,
        frozenset(order.gifts_kept),
        coupons.of_sale(books, sale),
        books.moved_lots(draw.lot for spent in sale.quote.spent for draw in spent.draws),
    )
    account = _account(books, sale)
    holdings = _living(account.holdings, day) if account else {}
    lots = _lapsed(_lots(books, sale, account), day)
    back = reverse(sale, before, wanted, terms, day, at, action_id, holdings, lots, _referrer(books, sale, day))
    certificates = books.certificates(concerned(sale))
    rules = in_force(books, at)
    now_in_force = rules.programme
    check_seller(register, now_in_force, sale)
    tier_after = None
    if account is not None:
        spends = _without(books.spends(account.id), sale.day, back.qualifying)
        back_again = (sale.revision, Spend(sale.day, -back.qualifying))
        account = replace(account, standing=worked_out_anew(books, account, back_again))
        tier_after = tier_state(account, standing_on(account, spends, rules, day), spends, now_in_force.tiers, day)
    closed = Refund(
        id=action_id,
        register=register.name,
        number=0,
        sale=sale.id,
        sale_receipt=sale.receipt_number,
        at=at,
        recorded_at=now,
        day=day,
        operator=order.operator,
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
        tier_after=tier_after,
        balances=balances(now_in_force, back.holdings, day) if account else (),
        excused=(*back.excused, *(back.referrer.excused if back.referrer else ())),
        settled=back.settled,
        shop=sale.shop,
        referrer=_taken_from(back.referrer),
        asked_back=back.asked_back,
        coupons_back=back.coupons_back,
        certificates_void=void_by(sale, wanted, certificates, day, sale.currency),
        certificates_left=certificate.given_back(
            back.money_back, certificates, day, programme.returns.restored_for.after(day)
        ),
        unused=sale.quote.used if sum(wanted.values()) == sum(left_to_return(sale, before)) else (),
    )
    return _Reckoned(closed, sale, holder, back, terms, rules, account)


def _without(spends: Iterable[Spend], day: date, amount: Minor) -> tuple[Spend, ...]:
    """The spends by day less what was bought on that day and came back; a day of which all came back was none."""
    net = (replace(spend, amount=spend.amount - amount) if spend.day == day else spend for spend in spends)
    return tuple(spend for spend in net if spend.amount)


def _sale(books: Books, number: str) -> tuple[Sale, str | None]:
    found = books.sale(number)
    if found is None:
        raise Refused(
            "sale-unknown",
            Message(
                N_("There is no sale {number} here: scan the receipt's barcode, or look at its number."),
                number=number,
            ),
        )
    sale, holder = found
    return books.corrected(sale), holder


def _bills_of(books: Books, sale: Sale) -> list[tuple[str | None, Quote]]:
    """What a sale counted for its offers, and for whom: one bill, or what it was without the card and what the card added late."""
    late = books.late_card_of(sale.id)
    sold = books.sale(sale.id) if late is not None else None
    if late is None or sold is None:
        return [(sale.account, sale.quote)]
    return [(None, sold[0].quote), (sale.account, late.earnings(sale))]


def _account(books: Books, sale: Sale) -> Account | None:
    """The holder of a sale as they stand now, by the card that opens the account, or would if it were not blocked."""
    if sale.account is None:
        return None
    by_status = {card.status: card for card in books.cards_of(sale.account)}
    opens = by_status.get("active") or by_status.get("blocked") or by_status["replaced"]
    return books.account(sale.account, opens)


def _lots(books: Books, sale: Sale, account: Account | None) -> dict[str, Lot]:
    """All lots that the sale filled or drew on, and those given back from them."""
    if account is None:
        return {}
    lots = {lot.id: lot for lot in books.lots_of_sale(account.id, sale.id)}
    lots |= books.lots(draw.lot for spent in sale.quote.spent for draw in spent.draws)
    return lots | {lot.id: lot for holding in account.holdings.values() for lot in holding.lots}


def _referrer_of(sale: Sale) -> str | None:
    return sale.quote.referrer[0].account if sale.quote.referrer else None


def _referrer(books: Books, sale: Sale, day: date) -> Referrer | None:
    """Who was given something for sending the holder, as they stand now."""
    account = _referrer_of(sale)
    if account is None:
        return None
    return Referrer(account, _living(books.holdings(account), day), _lapsed(_referrer_lots(books, sale), day))


def _referrer_lots(books: Books, sale: Sale) -> dict[str, Lot]:
    account = _referrer_of(sale)
    if account is None:
        return {}
    lots = {lot.id: lot for lot in books.lots_of_sale(account, sale.id)}
    return lots | {lot.id: lot for holding in books.holdings(account).values() for lot in holding.lots}


def _taken_from(back: FromReferrer | None) -> ReferrerBack | None:
    return None if back is None else ReferrerBack(back.account, back.taken_back, back.owed)


def _lapsed(lots: Mapping[str, Lot], day: date) -> dict[str, Lot]:
    """The lots as they are once those whose last day has passed are posted as expired."""
    return {
        lot_id: replace(lot, remaining=0, expired=lot.expired + lot.remaining) if lot.is_over(day) else lot
        for lot_id, lot in lots.items()
    }


def _living(holdings: Mapping[str, Holding], day: date) -> dict[str, Holding]:
    """The purses without the lots whose last day has passed: those are posted as expired first."""
    return {
        purse: replace(holding, lots=tuple(lot for lot in holding.lots if not lot.is_over(day)))
        for purse, holding in holdings.items()
    }
