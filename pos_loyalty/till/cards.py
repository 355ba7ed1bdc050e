"""Cards handed out and shown: what a card says of its holder on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_loyalty.domain.card import LIFE, CardKind, CardRange, CardStatus, fault_of, look_of, masked
from pos_loyalty.domain.club import Clubs
from pos_loyalty.domain.coupons import Coupon
from pos_loyalty.domain.ledger import Balance, Lot, balance
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.tier import Next, held, next_up, window_spend
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Card, Prize
from pos_loyalty.till.draws import prizes_of
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.recognition import NOTHING_SAID, Recognition, recognition_of
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import open_account

MAX_ISSUED = 100_000
"""Cards issued at once: more than a print run of any shop, and few enough for one transaction."""
_LOOKED_AT = 100
"""Codes of goods in a range's part of the alphabet that are looked at: most such parts have none."""


@dataclass(frozen=True, slots=True)
class TierView:
    """The tier that a card gives today: since and until when it is kept, what the window holds, and what is missing to the next."""

    id: str
    name: str
    since: date
    kept_until: date | None
    spend: Minor
    next: Next | None


@dataclass(frozen=True, slots=True)
class PurseView:
    """A purse on a day, and the lots that hold something."""

    balance: Balance
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """All that a card says of its holder on a day: also the clubs that they are in with the last day of each (None: for good), the
    coupons that they can use, the prizes that wait for them, and what is known of them in words.
    """

    number: str
    account: str
    status: CardStatus
    kind: CardKind
    member: Member | None
    tier: TierView | None
    purses: dict[str, PurseView]
    joined: date | None
    last_visit: date | None
    visits: int
    currency: str
    clubs: Clubs
    coupons: tuple[Coupon, ...] = ()
    prizes: tuple[Prize, ...] = ()
    known: Recognition = NOTHING_SAID


def show(register: Register, number: str, at: datetime | None = None) -> CardView:
    """What a card says at a moment (None: now), blocked and replaced ones too. Refused with card-unknown."""
    moment = at or register.clock()
    with register.store.read() as books:
        return view(books, known(books, number), in_force(books, moment).programme, moment)


def view(books: Books, card: Card, programme: Programme, at: datetime) -> CardView:
    """What a card says at a moment under a programme."""
    day = programme.business_day(at)
    opened = open_account(books, card, in_force(books, at), day)
    account, tier = opened.account, None
    if programme.tiers is not None and account.standing is not None:
        shown = held(account.standing, programme.tiers, account.kind)
        tier = TierView(
            id=shown.id,
            name=shown.name,
            since=account.standing.since,
            kept_until=account.standing.kept_until if shown.id == account.standing.tier else None,
            spend=window_spend(opened.spends, programme.tiers, day),
            next=next_up(shown, opened.spends, programme.tiers, account.kind, day),
        )
    purses = {
        purse: PurseView(balance(account.holding(purse), day), tuple(_living(account.holding(purse).lots, day)))
        for purse in [*(p.id for p in programme.purses), *account.holdings]
    }
    return CardView(
        number=card.number,
        account=account.id,
        status=card.status,
        kind=card.kind,
        member=account.member,
        tier=tier,
        purses=purses,
        joined=account.joined,
        last_visit=account.last_visit,
        visits=account.visits,
        currency=programme.currency.code,
        clubs=account.clubs,
        coupons=books.open_coupons(account.id, day),
        prizes=prizes_of(books, account.id),
        known=recognition_of(books, account, programme, day),
    )


def _living(lots: tuple[Lot, ...], day: date) -> list[Lot]:
    return sorted(
        (lot for lot in lots if lot.remaining > 0 and not lot.is_over(day)),
        key=lambda lot: (lot.expires or date.max, lot.available, lot.filled_at, lot.id),
    )


def issue(
    register: Register,
    number: str | None = None,
    count: int = 1,
    kind: CardKind = "named",
    range_: CardRange | None = None,
) -> tuple[str, ...]:
    """Make cards, each the key to a new account: the given number, or the next free ones of a range (None: the first one).

    Refused with card-invalid, card-check-digit, card-taken, card-range, or amount-invalid for a count outside 1 to 100,000.
    """
    if not 1 <= count <= MAX_ISSUED:
        raise Refused("amount-invalid", Message(N_("From 1 to {limit} cards can be issued at once."), limit=MAX_ISSUED))
    if number is not None and count != 1:
        raise Refused("amount-invalid", Message(N_("One number is one card: leave the number out to issue several.")))
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        books.lock_numbers()
        numbers = (number,) if number is not None else next_numbers(books, register, count, range_)
        for new in numbers:
            add(books, register, new, kind, now)
    return tuple(numbers)


def add(
    books: Books, register: Register, number: str, kind: CardKind, now: datetime, joined: date | None = None
) -> Card:
    """A new card with a new account, within a transaction. Refused with card-invalid, card-check-digit or card-taken."""
    books.lock_numbers()
    check_number(number, register)
    if books.card(number) is not None:
        raise Refused(
            "card-taken", Message(N_("Card {card} is in use already: take another one."), card=masked(number))
        )
    account = register.new_id()
    books.add_account(account, joined or now.date())
    card = Card(number=number, account=account, kind=kind, status="active", replaced_by=None, issued_at=now)
    books.add_card(card)
    return card


def check_number(number: str, register: Register) -> None:
    """Refuse what cannot be a card number: card-invalid for its shape, card-check-digit for an EAN-13 or a number of the register's
    ranges that is mistyped.
    """
    fault = fault_of(number)
    if fault == "shape":
        raise Refused(
            "card-invalid",
            Message(
                N_("A card number is 4 to 32 digits, capital letters or hyphens; {number} is not."), number=number[:40]
            ),
        )
    if fault == "check-digit" or look_of(number, register.cards) == "wrong-check-digit":
        raise Refused(
            "card-check-digit",
            Message(N_("Card {card} has a wrong check digit: scan it again, or type it anew."), card=masked(number)),
        )


def next_numbers(books: Books, register: Register, count: int, range_: CardRange | None = None) -> tuple[str, ...]:
    """The next free numbers of a range (None: the first one), within a transaction: past the highest that was ever issued, so that
    none comes back. Refused with card-range where it is used up, or goods have such codes.
    """
    chosen = range_ or register.cards.first
    taken = _goods_in(books, chosen)
    if taken is not None:
        raise Refused("card-range", taken)
    first = _next_place(books, chosen)
    if first + count > chosen.room:
        raise Refused(
            "card-range",
            Message(
                N_("The card numbers that begin with {prefix} are used up: set another range."), prefix=chosen.prefix
            ),
        )
    return tuple(chosen.number(first + n) for n in range(count))


def _next_place(books: Books, range_: CardRange) -> int:
    """The place behind the highest number of a range; a text in between that only begins like one is passed over."""
    highest = books.highest_card(range_.prefix, range_.length)
    while highest is not None:
        place = range_.place(highest)
        if place is not None:
            return place + 1
        highest = books.highest_card(range_.prefix, range_.length, below=highest)
    return 1


def goods_in_ranges(register: Register) -> Message | None:
    """Goods that a scan would take for a card, in a sentence that says what to do; None where there are none."""
    with register.store.read() as books:
        found = (_goods_in(books, range_) for range_ in register.cards.ranges)
        return next((message for message in found if message is not None), None)


def _goods_in(books: Books, range_: CardRange) -> Message | None:
    codes = books.codes_between(range_.prefix + "0", range_.prefix + ":", _LOOKED_AT)
    code = next((code for code in codes if range_.holds(code)), None)
    if code is None:
        return None
    return Message(
        N_(
            "Goods of the catalogue have the code {code}, which is of the card numbers that begin with {prefix}: set "
            "another range of cards."
        ),
        code=code,
        prefix=range_.prefix,
    )


def range_of(register: Register, prefix: str | None) -> CardRange:
    """The register's range of that prefix (None: its first one). Refused with card-range where it has none."""
    if prefix is None:
        return register.cards.first
    for range_ in register.cards.ranges:
        if range_.prefix == prefix:
            return range_
    raise Refused(
        "card-range",
        Message(
            N_("No card numbers begin with {prefix} here; these do: {prefixes}."),
            prefix=prefix[:40],
            prefixes=", ".join(one.prefix for one in register.cards.ranges),
        ),
    )


def next_number(register: Register) -> str:
    """The next free number of the first range, for a card that is about to be handed out."""
    with register.store.read() as books:
        return next_numbers(books, register, 1)[0]


def next_state(card: Card, event: str) -> CardStatus:
    """The state of a card once that happened to it. Refused with card-state where it can not happen to it now."""
    status = LIFE.get((card.status, event))
    if status is None:
        raise Refused(
            "card-state",
            Message(
                N_("Card {card} is {status}: it can't be changed so."),
                card=masked(card.number),
                status=Message(STATUS_NAMES[card.status]),
            ),
        )
    return status


STATUS_NAMES: dict[CardStatus, str] = {"active": N_("active"), "blocked": N_("blocked"), "replaced": N_("replaced")}


def known(books: Books, number: str) -> Card:
    """The card of that number, in whatever state. Refused with card-unknown or card-check-digit."""
    card = books.card(number)
    if card is None:
        fault = fault_of(number)
        if fault == "check-digit":
            raise Refused(
                "card-check-digit",
                Message(
                    N_("Card {card} has a wrong check digit: scan it again, or type it anew."), card=masked(number)
                ),
            )
        raise Refused("card-unknown", Message(N_("Card {card} is not known here."), card=masked(number)))
    return card
