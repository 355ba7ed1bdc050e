"""Ringing up a sale: price a bill, or close it, in one transaction that is durable before the cashier sees that it is done.

`price` stores nothing. `sell` is idempotent by the bill's id: the same id with the same content answers with the first result,
with other content it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

import msgspec

from pos_loyalty.domain.audience import Known, Scene
from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.bookkeeping import expiry_postings, lots_filled, sale_postings, settle_from_lots, settled_sums
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.expiry import lapsed
from pos_loyalty.domain.ledger import Draw, Entry, EntryKind, Lot, Posting
from pos_loyalty.domain.member import Account, short_name
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Millionths, Minor
from pos_loyalty.domain.pricing import quote, spendable, tier_of
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.redemption import Allowance, Ask
from pos_loyalty.domain.sale import Refund, Sale, Tender
from pos_loyalty.domain.settlement import settle
from pos_loyalty.domain.tier import Spend, Standing, after_sale, replay
from pos_loyalty.domain.usage import uses_of
from pos_loyalty.storage.books import Books
from pos_loyalty.till.goods import goods_line
from pos_loyalty.till.history import known_of
from pos_loyalty.till.partners import member_of, with_issuers, with_partners
from pos_loyalty.till.programmes import InForce, in_force, ladders
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import Opened, balances, card_that_opens, open_account, tier_state


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Goods asked for: with a price they are taken as they are, with only a SKU the rest comes from the catalogue."""

    sku: str = ""
    name: str | None = None
    department: str | None = None
    unit_price: Minor | None = None
    quantity: Millionths = MILLION
    unit: str | None = None
    vat: Millionths | None = None
    reduced: bool | None = None
    by_hand: ByHand | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A bill to be priced or closed. `tenders` None is exactly what is due, in cash; `spend` asks for units by purse."""

    lines: tuple[OrderLine, ...]
    id: str | None = None
    at: datetime | None = None
    card: str | None = None
    spend: Mapping[str, Ask] = field(default_factory=dict)
    tenders: tuple[Tender, ...] | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Priced:
    """What a bill comes to now. `sale` is as it would be closed (its number is 0), `spendable` what each purse could pay."""

    sale: Sale
    programme: Programme
    account: Account | None
    holder: str | None
    spendable: dict[str, Allowance]


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
    opened: Opened | None
    filled: tuple[Lot, ...]
    settled: list[tuple[str, Draw]]
    standing: Standing | None


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
                    items, programme, reckoned.sale.day, opened.account, clock=reckoned.clock, known=reckoned.known
                )
            allowed = spendable(free, programme, reckoned.sale.day, opened.account)
    account = opened.account if opened else None
    return Priced(reckoned.sale, programme, account, shown_name(account), allowed)


def sell(register: Register, order: Order) -> Closed:
    """Close a bill: one transaction, durable when this returns.

    Refused with a stable code and nothing stored; see `pos-loyalty sell --help` for the codes.
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
            return Closed(done.sale, done.holder, repeated=True)
        reckoned = _reckon(books, register, order, action_id, order.at or now, now, locked=True)
        sale = replace(reckoned.sale, number=books.next_receipt(register.name))
        opened = reckoned.opened
        if opened is not None:
            expire_lapsed(books, register, opened.account, sale, reckoned.rules)
        holder = shown_name(opened.account if opened else None)
        books.add_sale(sale, order.card, holder, request)
        postings = with_partners(
            books,
            reckoned.rules.programme,
            sale.shop,
            sale_postings(sale, reckoned.rules.units, reckoned.settled),
            reckoned.filled,
        )
        books.post(register.name, entry_of(sale, "sale", sale.id, postings), reckoned.filled)
        books.add_uses(sale.id, sale.account, sale.day, uses_of(sale.quote, reckoned.rules.programme))
        if opened is not None:
            if reckoned.standing is not None:  # a programme without tiers leaves the tier of before for the next one
                books.set_standing(opened.account.id, reckoned.standing)
            books.visited(opened.account.id, sale.day)
    return Closed(sale, holder)


def _reckon(
    books: Books, register: Register, order: Order, action_id: str, at: datetime, now: datetime, locked: bool = False
) -> _Reckoned:
    """All that a bill comes to, as it would be closed; `locked` holds the account, and the limits that all holders share, for this
    transaction.
    """
    rules = in_force(books, at)
    programme = rules.programme
    shop = member_of(register, programme)
    day = programme.business_day(at)
    opened: Opened | None = None
    if order.card is not None:
        card = card_that_opens(books, order.card, register.cards)
        if locked:
            books.lock_account(card.account)
        opened = open_account(books, card, rules, day)
    account = opened.account if opened else None
    items = tuple(resolved(books, line, number, programme) for number, line in enumerate(order.lines, 1))
    clock = programme.local(at).time()
    known = known_of(books, Scene(programme, day, clock, account, tier_of(account, programme)), locked=locked)
    priced = quote(items, programme, day, account, order.spend, clock=clock, known=known)
    settlement = settle(priced.due, order.tenders, programme.cash_rounding, programme.currency.code)
    sale = Sale(
        id=action_id,
        register=register.name,
        number=0,
        at=at,
        recorded_at=now,
        day=day,
        operator=order.operator,
        revision=rules.number,
        currency=programme.currency.code,
        account=account.id if account else None,
        card=masked(order.card) if order.card else None,
        kind=account.kind if account else None,
        tier=None,
        tier_after=None,
        quote=priced,
        settlement=settlement,
        shop=shop,
    )
    if opened is None or account is None:
        return _Reckoned(sale, rules, clock, known, None, (), [], None)
    filled = lots_filled(sale)
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
    spends = (*opened.spends, Spend(day, priced.qualifying))
    standing = standing_after(books, account, rules, spends, day)
    sale = replace(
        sale,
        tier=tier_state(account, account.standing, opened.spends, programme.tiers, day),
        tier_after=tier_state(account, standing, spends, programme.tiers, day),
        settled=settled_sums(settled),
        balances=balances(programme, holdings, day),
    )
    return _Reckoned(sale, rules, clock, known, opened, filled, settled, standing)


def standing_after(
    books: Books, account: Account, rules: InForce, spends: tuple[Spend, ...], day: date
) -> Standing | None:
    """The tier once the last of `spends` counts: one step on from the standing, or worked out anew for a bill of an earlier day."""
    newest = max(spend.day for spend in spends)
    if newest == day and account.standing is not None and account.standing.since <= day:
        return after_sale(account.standing, spends, ladders(rules.begun)[-1][1], day)
    known = rules.begun if newest == day else books.revisions()
    return replay(spends, ladders(known, newest), account.joined or day, newest)


def expire_lapsed(books: Books, register: Register, account: Account, cause: Sale | Refund, rules: InForce) -> None:
    """Post what the holder's lots lost by expiring, as an entry of its own before the one that touched the card."""
    gone = {purse: lapsed(holding, cause.day) for purse, holding in account.holdings.items()}
    postings = expiry_postings(rules.units, account.id, gone)
    if postings:
        books.post(register.name, entry_of(cause, "expiry", register.new_id(), with_issuers(books, postings)))


def entry_of(
    cause: Sale | Refund, kind: EntryKind, entry_id: str, postings: Sequence[Posting], corrects: str | None = None
) -> Entry:
    """The journal's entry of a bill, or of what its coming caused."""
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
    return replace(
        goods_line(item, programme.currency, number),
        quantity=line.quantity,
        by_hand=line.by_hand,
        **{
            name: value
            for name in ("name", "department", "unit", "vat", "reduced")
            if (value := getattr(line, name)) is not None
        },
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
