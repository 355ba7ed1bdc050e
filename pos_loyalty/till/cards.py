"""Cards handed out and shown: what a card says of its holder on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_loyalty.domain.card import LIFE, CardKind, CardStatus, fault_of, masked, nth_ean13
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


def issue(register: Register, number: str | None = None, count: int = 1, kind: CardKind = "named") -> tuple[str, ...]:
    """Make cards, each the key to a new account: the given number, or the next free ones of the EAN-13 range.

    Refused with card-invalid, card-check-digit, card-taken, or amount-invalid for a count outside 1 to 100,000.
    """
    if not 1 <= count <= MAX_ISSUED:
        raise Refused("amount-invalid", Message(N_("From 1 to {limit} cards can be issued at once."), limit=MAX_ISSUED))
    if number is not None and count != 1:
        raise Refused("amount-invalid", Message(N_("One number is one card: leave the number out to issue several.")))
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        numbers = (number,) if number is not None else next_numbers(books, register, count)
        for new in numbers:
            add(books, register, new, kind, now)
    return tuple(numbers)


def add(
    books: Books, register: Register, number: str, kind: CardKind, now: datetime, joined: date | None = None
) -> Card:
    """A new card with a new account, within a transaction. Refused with card-invalid, card-check-digit or card-taken."""
    check_number(number)
    if books.card(number) is not None:
        raise Refused(
            "card-taken", Message(N_("Card {card} is in use already: take another one."), card=masked(number))
        )
    account = register.new_id()
    books.add_account(account, joined or now.date())
    card = Card(number=number, account=account, kind=kind, status="active", replaced_by=None, issued_at=now)
    books.add_card(card)
    return card


def check_number(number: str) -> None:
    """Refuse what cannot be a card number: card-invalid for its shape, card-check-digit for a wrong EAN-13."""
    fault = fault_of(number)
    if fault == "shape":
        raise Refused(
            "card-invalid",
            Message(
                N_("A card number is 4 to 32 digits, capital letters or hyphens; {number} is not."), number=number[:40]
            ),
        )
    if fault == "check-digit":
        raise Refused(
            "card-check-digit",
            Message(N_("Card {card} has a wrong check digit: scan it again, or type it anew."), card=masked(number)),
        )


def next_numbers(books: Books, register: Register, count: int) -> tuple[str, ...]:
    """The next free numbers of the EAN-13 range, within a transaction. Refused with card-invalid where it is used up."""
    prefix = register.cards.ean13_prefix
    highest = books.highest_card(prefix, 13)
    first = int(highest[len(prefix) : 12]) + 1 if highest else 1
    try:
        return tuple(nth_ean13(prefix, first + n) for n in range(count))
    except ValueError:
        raise Refused(
            "card-invalid",
            Message(N_("The card numbers that begin with {prefix} are used up: set another prefix."), prefix=prefix),
        ) from None


def next_number(register: Register) -> str:
    """The next free number of the EAN-13 range, for a card that is about to be handed out."""
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
            check_number(number)
        raise Refused("card-unknown", Message(N_("Card {card} is not known here."), card=masked(number)))
    return card
