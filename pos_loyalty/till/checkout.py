"""Ringing up a sale: price a bill, or close it, in one transaction that is durable before the cashier sees that it is done.

`price` stores nothing. `sell` is idempotent by the bill's id: the same id with the same content answers with the first result,
with other content it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

import msgspec

from pos_loyalty.domain.audience import Known, Scene
from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.bookkeeping import (
    expiry_postings,
    lots_for_referrer,
    lots_of,
    sale_postings,
    settle_from_lots,
    settled_sums,
)
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.certificate import certificate_line, numbers_of, pay
from pos_loyalty.domain.club import sold_for_a_fee
from pos_loyalty.domain.coupons import by_offer
from pos_loyalty.domain.deed import Adjustment, Merge
from pos_loyalty.domain.expiry import lapsed
from pos_loyalty.domain.ledger import Balance, Draw, Entry, EntryKind, Holding, Lot, Posting
from pos_loyalty.domain.member import Account, short_name
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Millionths, Minor
from pos_loyalty.domain.pricing import quote, quote_and_offer, spendable, tier_of
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.redemption import Allowance, Ask
from pos_loyalty.domain.rewards import Offered
from pos_loyalty.domain.sale import Quote, Refund, Sale, Tender, TierState
from pos_loyalty.domain.settlement import settle
from pos_loyalty.domain.tier import Spend, Standing
from pos_loyalty.domain.usage import uses_of
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Prize
from pos_loyalty.till import coupons
from pos_loyalty.till.certificates import named, with_numbers
from pos_loyalty.till.draws import prizes_of
from pos_loyalty.till.gifts import with_gifts
from pos_loyalty.till.goods import goods_line
from pos_loyalty.till.guard import watch
from pos_loyalty.till.history import known_of
from pos_loyalty.till.partners import check_spending, member_of, with_issuers, with_partners
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import (
    Opened,
    balances,
    card_that_opens,
    locked_card,
    open_account,
    standing_after,
    tier_state,
)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Goods asked for: with a price they are taken as they are, with only a SKU the rest comes from the catalogue. `certificate`
    asks for a gift certificate of that amount instead, `club` for a membership at its fee.
    """

    sku: str = ""
    name: str | None = None
    department: str | None = None
    unit_price: Minor | None = None
    quantity: Millionths = MILLION
    unit: str | None = None
    vat: Millionths | None = None
    reduced: bool | None = None
    by_hand: ByHand | None = None
    certificate: Minor | None = None
    club: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A bill to be priced or closed. `tenders` None is exactly what is due, in cash; `spend` asks for units by purse, `coupons` are
    the numbers that are shown, and `take` names the rewards that are wanted, one again for each time. `allowed_by` is who let a
    card have more bills a day than the programme does.
    """

    lines: tuple[OrderLine, ...]
    id: str | None = None
    at: datetime | None = None
    card: str | None = None
    spend: Mapping[str, Ask] = field(default_factory=dict)
    tenders: tuple[Tender, ...] | None = None
    operator: str = ""
    coupons: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    allowed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What a bill comes to now. `sale` is as it would be closed (its number is 0), `spendable` what each purse could pay,
    `offered` the rewards that the holder could take as well, `prizes` what the holder has won and was not given yet.
    """

    sale: Sale
    programme: Programme
    account: Account | None
    holder: str | None
    spendable: dict[str, Allowance]
    offered: tuple[Offered, ...] = ()
    prizes: tuple[Prize, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """A bill that is closed and durable; `repeated` where it already was, and this is the first answer again."""

    sale: Sale
    holder: str | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Reckoned:
    sale: Sale
    rules: InForce
    clock: time
    known: Known
    offered: tuple[Offered, ...]
    opened: Opened | None
    loyalty: _Loyalty
    referrer: _ToReferrer | None


@dataclass(frozen=True, slots=True)
class _Loyalty:
    """What a bill does for its holder: the lots that it fills and what of them makes good a debt, the standing to be stored (None:
    it changes none), and what its receipt states. Nothing without a card.
    """

    filled: tuple[Lot, ...] = ()
    settled: Sequence[tuple[str, Draw]] = ()
    standing: Standing | None = None
    tier: TierState | None = None
    tier_after: TierState | None = None
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class _ToReferrer:
    """What a bill gives to who had sent its holder: the lots, and what of them makes good a debt of theirs at once."""

    filled: tuple[Lot, ...]
    settled: list[tuple[str, Draw]]


def price(register: Register, order: Order) -> Priced:
    """Price a bill and store nothing. Refused as `sell` is, but for tenders that are short where none were named."""
    now = register.clock()
    with register.store.read() as books:
        reckoned = _reckon(books, register, order, order.id or "", order.at or now, now)
        free = reckoned.sale.quote
        opened, programme = reckoned.opened, reckoned.rules.programme
        allowed: dict[str, Allowance] = {}
        if opened is not None:
            if order.spend:
                items = tuple(line.item for line in free.lines)
                free = quote(
                    items,
                    programme,
                    reckoned.sale.day,
                    opened.account,
                    clock=reckoned.clock,
                    known=reckoned.known,
                    take=order.take,
                )
            allowed = spendable(free, programme, reckoned.sale.day, opened.account)
        prizes = prizes_of(books, opened.account.id) if opened is not None else ()
    account = opened.account if opened else None
    return Priced(reckoned.sale, programme, account, shown_name(account), allowed, reckoned.offered, prizes)


def sell(register: Register, order: Order) -> Closed:
    """Close a bill: one transaction, durable when this returns.

    Refused with a stable code and nothing stored; see `pos-loyalty sell --help` for the codes.
    """
    with selling(register, order) as closed:
        pass
    return closed


@contextmanager
def selling(register: Register, order: Order) -> Iterator[Closed]:
    """As `sell`, around what needs the bill before it is durable, which it is when the block ends; nobody may be told earlier.

    What is only begun in the block, in another thread, is done while the disk syncs.
    """
    action_id = checked_id(order.id) if order.id else register.new_id()
    request = digest_of(order)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        done = books.action(action_id) if order.id else None
        if done is not None:
            if done.sale is None or done.request != request:
                raise id_conflict(action_id)
            yield Closed(done.sale, done.holder, repeated=True)
            return
        reckoned = _reckon(books, register, order, action_id, order.at or now, now, locked=True)
        sale, opened, loyalty = reckoned.sale, reckoned.opened, reckoned.loyalty
        if opened is not None:
            expire_lapsed(books, register, opened.account.id, opened.account.holdings, sale, reckoned.rules)
        holder = shown_name(opened.account if opened else None)
        books.add_sale(sale, order.card, holder, request)
        thanks = reckoned.referrer or _ToReferrer((), [])
        plain = sale_postings(sale, reckoned.rules.units, loyalty.settled, thanks.settled)
        filled = (*loyalty.filled, *thanks.filled)
        postings = with_partners(books, reckoned.rules.programme, sale.shop, plain, filled)
        books.post(register.name, entry_of(sale, "sale", sale.id, postings), filled)
        books.add_certificates(sale.id, sale.quote.certificates)
        books.add_uses(sale.id, sale.account, sale.day, uses_of(sale.quote, reckoned.rules.programme))
        coupons.keep_sold(books, sale)
        if opened is not None:
            # What does not count, or was sold before the first ladder, changes none; most sales leave it as it was.
            if loyalty.standing is not None and loyalty.standing != opened.stored:
                books.set_standing(opened.account.id, loyalty.standing)
            books.visited(opened.account.id, sale.day)
        yield Closed(sale, holder)


def _reckon(
    books: Books, register: Register, order: Order, action_id: str, at: datetime, now: datetime, locked: bool = False
) -> _Reckoned:
    """All that a bill comes to, as it would be closed; `locked` holds the account, the certificates that pay, and the limits that
    all holders share, for this transaction.
    """
    rules = in_force(books, at)
    programme = rules.programme
    shop = member_of(register, programme)
    day = programme.business_day(at)
    opened: Opened | None = None
    if order.card is not None:
        card = (
            locked_card(books, order.card, register.cards, programme)
            if locked
            else card_that_opens(books, order.card, register.cards)
        )
        opened = open_account(books, card, rules, day)
    account = opened.account if opened else None
    warnings = watch(books, order.card, order.operator, order.allowed_by, account, programme, day, closing=locked)
    tenders = named(order.tenders)
    certificates = books.certificates(numbers_of(tenders or ()), locked=locked)
    items = tuple(resolved(books, line, number, programme) for number, line in enumerate(order.lines, 1))
    clock = programme.local(at).time()
    shown = coupons.presented(books, order.coupons, account, programme, day)
    scene = Scene(programme, day, clock, account, tier_of(account, programme), Known(coupons=by_offer(shown)))
    known = with_gifts(books, known_of(books, scene, locked=locked), scene)
    priced, offered = quote_and_offer(
        items, programme, day, account, order.spend, clock=clock, known=known, take=order.take
    )
    check_spending(books, programme, shop, priced.spent)
    certificates_left = pay(priced, tenders or (), certificates, day, programme.currency.code)
    settlement = settle(priced.due, tenders, programme.cash_rounding, programme.currency.code)
    warnings = (*warnings, *coupons.idle_warnings(priced, shown))
    if locked:
        priced = with_numbers(books, register, coupons.numbered(books, register, priced))
    loyalty = _loyalty(books, opened, rules, priced, action_id, at, day) if opened is not None else _Loyalty()
    sale = Sale(
        id=action_id,
        register=register.name,
        number=books.next_receipt(register.name) if locked else 0,
        at=at,
        recorded_at=now,
        day=day,
        operator=order.operator,
        revision=rules.number,
        currency=programme.currency.code,
        account=account.id if account else None,
        card=masked(order.card) if order.card else None,
        kind=account.kind if account else None,
        tier=loyalty.tier,
        tier_after=loyalty.tier_after,
        quote=priced,
        settlement=settlement,
        settled=settled_sums(loyalty.settled),
        balances=loyalty.balances,
        shop=shop,
        warnings=warnings,
        certificates_left=certificates_left,
    )
    return _Reckoned(sale, rules, clock, known, offered, opened, loyalty, _to_referrer(books, sale) if locked else None)


def _loyalty(
    books: Books, opened: Opened, rules: InForce, priced: Quote, action_id: str, at: datetime, day: date
) -> _Loyalty:
    account, programme = opened.account, rules.programme
    filled = lots_of(action_id, at, priced)
    settled = settle_from_lots(filled, {purse: held.owed for purse, held in account.holdings.items()}, day)
    holdings = dict(account.holdings)
    for purse in {lot.purse for lot in filled} | {spent.purse for spent in priced.spent}:
        drawn = [draw for spent in priced.spent if spent.purse == purse for draw in spent.draws]
        made_good = [draw for of, draw in settled if of == purse]
        holdings[purse] = account.holding(purse).after(
            (*drawn, *made_good),
            [lot for lot in filled if lot.purse == purse],
            -sum(draw.amount for draw in made_good),
        )
    bought = Spend(day, priced.qualifying)
    counts = bought.amount > 0
    standing = standing_after(books, opened, rules, bought) if counts else None
    tier_now = standing if counts else account.standing
    return _Loyalty(
        filled,
        settled,
        standing,
        tier_state(account, account.standing, opened.spends, programme.tiers, day),
        tier_state(account, tier_now, (*opened.spends, bought), programme.tiers, day),
        balances(programme, holdings, day),
    )


def _to_referrer(books: Books, sale: Sale) -> _ToReferrer | None:
    if not sale.quote.referrer:
        return None
    filled = lots_for_referrer(sale)
    holdings = books.holdings(sale.quote.referrer[0].account)
    owed = {purse: holding.owed for purse, holding in holdings.items()}
    return _ToReferrer(filled, settle_from_lots(filled, owed, sale.day))


def expire_lapsed(
    books: Books,
    register: Register,
    holder: str,
    holdings: Mapping[str, Holding],
    cause: Sale | Refund | Merge | Adjustment,
    rules: InForce,
) -> None:
    """Post what a holder's lots lost by expiring, as an entry of its own before the one that touches them."""
    gone = {purse: lapsed(holding, cause.day) for purse, holding in holdings.items()}
    postings = expiry_postings(rules.units, holder, gone)
    if postings:
        expiry = entry_of(cause, "expiry", register.new_id(), with_issuers(books, postings))
        books.post(register.name, replace(expiry, holder=holder))


def entry_of(
    cause: Sale | Refund | Merge | Adjustment,
    kind: EntryKind,
    entry_id: str,
    postings: Sequence[Posting],
    corrects: str | None = None,
) -> Entry:
    """The journal's entry of a bill or deed, or of what its coming caused."""
    return Entry(
        id=entry_id,
        kind=kind,
        at=cause.at,
        recorded_at=cause.recorded_at,
        day=cause.day,
        operator=cause.operator,
        holder=cause.account,
        postings=tuple(postings),
        corrects=corrects,
    )


def resolved(books: Books, line: OrderLine, number: int, programme: Programme) -> LineItem:
    """A line item from what was asked for: a line that has only a SKU takes the rest from the catalogue."""
    if line.certificate is not None:
        return certificate_line(line.certificate)
    if line.club is not None:
        club = sold_for_a_fee(line.club, programme.clubs)
        fee = line.unit_price if line.unit_price is not None else club.fee or 0
        return LineItem(club.title, fee, line.quantity, by_hand=line.by_hand, club=club.id)
    if line.unit_price is not None:
        return LineItem(
            name=line.name or line.sku,
            unit_price=line.unit_price,
            quantity=line.quantity,
            sku=line.sku,
            department=line.department or "",
            unit=line.unit or "pc",
            vat=line.vat or 0,
            reduced=bool(line.reduced),
            by_hand=line.by_hand,
        )
    item = books.item(line.sku) if line.sku else None
    if item is None:
        raise Refused(
            "line-invalid",
            Message(
                N_("Line {number}: the catalogue has no {sku}; give a name and a price, or import it first."),
                number=number,
                sku=line.sku or "SKU",
            ),
        )
    goods = goods_line(item, programme.currency, number)
    return LineItem(
        name=goods.name if line.name is None else line.name,
        unit_price=goods.unit_price,
        quantity=line.quantity,
        sku=goods.sku,
        department=goods.department if line.department is None else line.department,
        unit=goods.unit if line.unit is None else line.unit,
        vat=goods.vat if line.vat is None else line.vat,
        reduced=goods.reduced if line.reduced is None else line.reduced,
        by_hand=line.by_hand,
    )


def shown_name(account: Account | None) -> str | None:
    """The holder's name as paper shows it; None for a bearer card."""
    return short_name(account.member.name) if account and account.member else None


def checked_id(text: str) -> str:
    """A caller's id in its canonical form; refused with id-invalid where it is no UUID."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Refused("id-invalid", Message(N_("The id must be a UUID, such as one that this till makes."))) from None


def id_conflict(action_id: str) -> Refused:
    """What the same id with other content is refused with."""
    return Refused(
        "id-conflict",
        Message(N_("The id {id} was already used for something else: use a new one."), id=action_id),
    )


def digest_of(request: object) -> str:
    """What tells a repeated request from another one under the same id."""
    return hashlib.sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()
