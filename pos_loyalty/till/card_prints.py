"""Which cards are printed and what stands on them; and orders of cards, whose numbers go to who makes them once and for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from pos_loyalty.domain.card import CardRange
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.rules import Programme, Tier
from pos_loyalty.domain.tier import held
from pos_loyalty.receipt.card_face import COLOURS, PrintedCard
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.card_order_rows import CardOrder
from pos_loyalty.storage.records import Card
from pos_loyalty.till.audit import note
from pos_loyalty.till.cards import MAX_ISSUED, add, known, next_numbers
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import card_that_opens, open_account

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)


def printed_cards(
    register: Register,
    numbers: Iterable[str],
    *,
    blank: bool = False,
    tier: str | None = None,
    colours: Mapping[str, str] | None = None,
) -> tuple[PrintedCard, ...]:
    """What stands on these cards: the tier and name of their holders, or with `blank`, and on cards of nobody's, that `tier` alone.

    `colours` are the shop's own, by tiers' ids. Refused with card-unknown, -check-digit, -blocked or -replaced for a card that
    opens nothing, and with tier-unknown.
    """
    now = register.clock()
    with register.store.read() as books:
        rules = in_force(books, now)
        programme = rules.programme
        chosen = None if tier is None else _tier(programme, tier)
        day = programme.business_day(now)
        cards = []
        for number in numbers:
            card = card_that_opens(books, number, register.cards)
            shown, holder = chosen, None
            if not blank and (member := books.member(card.account)) is not None:
                holder = member.name
                shown = chosen or _held(books, card, rules, day)
            cards.append(_face(card.number, programme, shown, holder, colours or {}))
    return tuple(cards)


def _held(books: Books, card: Card, rules: InForce, day: date) -> Tier | None:
    account = open_account(books, card, rules, day).account
    if rules.programme.tiers is None or account.standing is None:
        return None
    return held(account.standing, rules.programme.tiers, account.kind)


def _face(
    number: str, programme: Programme, tier: Tier | None, holder: str | None, colours: Mapping[str, str]
) -> PrintedCard:
    if tier is None or programme.tiers is None:
        return PrintedCard(number, programme.name, holder=holder)
    step = programme.tiers.ladder.index(tier)
    colour = colours.get(tier.id) or COLOURS[step % len(COLOURS)]
    return PrintedCard(number, programme.name, colour, tier.name, holder)


def _tier(programme: Programme, tier_id: str) -> Tier:
    ladder = programme.tiers.ladder if programme.tiers is not None else ()
    for tier in ladder:
        if tier.id == tier_id:
            return tier
    raise Refused(
        "tier-unknown",
        Message(
            N_("The programme has no tier {tier}; it has: {tiers}."),
            tier=tier_id[:40],
            tiers=", ".join(tier.id for tier in ladder) or "-",
        ),
    )


def issued_from(register: Register, first: str, count: int) -> tuple[str, ...]:
    """The numbers of at most `count` cards that open their accounts, `first` and those after it that are as long.

    Refused with card-unknown or card-check-digit where there is no such card, or amount-invalid.
    """
    _check_count(count)
    with register.store.read() as books:
        known(books, first)
        return tuple(card.number for card in books.cards_from(first, count) if card.status == "active")


def order_cards(
    register: Register,
    name: str,
    count: int,
    operator: str = "",
    *,
    range_: CardRange | None = None,
    allowed_by: str | None = None,
) -> tuple[CardOrder, bool]:
    """Issue so many bearer cards to be made elsewhere, once: the same name again is the same order, and no number goes out twice.

    The answer is the order, and whether it is new. Refused with order-invalid for a name that cannot be one, order-known where it
    is that of other cards, amount-invalid, or card-range.
    """
    _check_count(count)
    if not _NAME.fullmatch(name):
        raise Refused(
            "order-invalid",
            Message(
                N_("{name} cannot be the name of an order: take up to 40 letters, digits, dots and hyphens."),
                name=name[:40],
            ),
        )
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        books.lock_numbers()
        there = books.card_order(name)
        if there is not None:
            if there.count != count or (range_ is not None and range_.prefix != there.of.prefix):
                raise Refused(
                    "order-known",
                    Message(
                        N_("The order {name} is of {count} cards from {first} on: take another name for other cards."),
                        name=name,
                        count=there.count,
                        first=there.first,
                    ),
                )
            return there, False
        chosen = range_ or register.cards.first
        numbers = next_numbers(books, register, count, chosen)
        for number in numbers:
            add(books, register, number, "bearer", now)
        order = CardOrder(name, now, register.name, operator, chosen, numbers[0], count)
        books.add_card_order(order)
        note(books, register, operator, "card-order", subject=name, allowed_by=allowed_by, cards=str(count))
        return order, True


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_ISSUED:
        raise Refused(
            "amount-invalid", Message(N_("From 1 to {limit} cards can be printed at once."), limit=MAX_ISSUED)
        )
