"""A card or coupon that is shown at the counter: what it says of its holder, or why it opens nothing and what to do then."""

from __future__ import annotations

from datetime import datetime

from pos_loyalty.domain.message import Message
from pos_loyalty.till.cards import CardView, view
from pos_loyalty.till.coupons import presented
from pos_loyalty.till.guard import watch
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import card_that_opens, open_account


def opened(register: Register, number: str, at: datetime | None = None) -> CardView:
    """What a card says of its holder at a moment (None: now), if it opens an account.

    Refused with card-unknown, card-check-digit, card-blocked or card-replaced, as a sale with it would be.
    """
    moment = at or register.clock()
    with register.store.read() as books:
        card = card_that_opens(books, number, register.cards)
        return view(books, card, in_force(books, moment).programme, moment)


def can_be_shown(register: Register, coupon: str, card: str) -> None:
    """Refuse (coupon-invalid, saying why) a coupon that the holder of this card cannot use now, before there are goods to price."""
    now = register.clock()
    with register.store.read() as books:
        rules = in_force(books, now)
        day = rules.programme.business_day(now)
        account = open_account(books, card_that_opens(books, card, register.cards), rules, day).account
        presented(books, [coupon], account, rules.programme, day)


def may_ring_up(register: Register, card: str, operator: str) -> tuple[Message, ...]:
    """What to warn of when this operator rings up this card now, before there are goods to price. Refused with own-card."""
    now = register.clock()
    with register.store.read() as books:
        rules = in_force(books, now)
        programme = rules.programme
        day = programme.business_day(now)
        account = open_account(books, card_that_opens(books, card, register.cards), rules, day).account
        return watch(books, card, operator, None, account, programme, day, closing=False)
