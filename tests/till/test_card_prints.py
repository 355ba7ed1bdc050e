"""Which cards are printed and what stands on them, and orders of cards that go out once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import ANA, BORIS, Shop
from sqlalchemy import text

from pos_loyalty.domain.card import CardRange, CardRanges
from pos_loyalty.domain.message import Refused
from pos_loyalty.language import Language
from pos_loyalty.receipt.card_face import COLOURS, PrintedCard
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import card_life, cards
from pos_loyalty.till.card_prints import issued_from, order_cards, printed_cards
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.programmes import current

KA = CardRange("KA", "luhn", 6)


def refusal(action: Callable[[], object]) -> str:
    """The code that an action is refused with."""
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.code


def test_a_holders_card_has_their_name_and_the_tier_that_they_hold_today(shop: Shop) -> None:
    """The colour is the tier's place on the ladder, or the shop's own; a blank card and a bearer's have neither name nor tier."""
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    cards.issue(shop.register, BORIS, kind="bearer")
    programme = current(shop.register).programme
    ladder = programme.tiers.ladder
    (before,) = printed_cards(shop.register, [ANA])
    assert before == PrintedCard(ANA, programme.name, COLOURS[0], ladder[0].name, "Ana Kovač")
    shop.sell(1_000_000, ANA)
    shop.clock.forward(days=1)
    named, bearer = printed_cards(shop.register, [ANA, BORIS], colours={ladder[-1].id: "#123456"})
    assert named == PrintedCard(ANA, programme.name, "#123456", ladder[-1].name, "Ana Kovač")
    assert bearer == PrintedCard(BORIS, programme.name)
    assert printed_cards(shop.register, [ANA], blank=True) == (PrintedCard(ANA, programme.name),)
    (designed,) = printed_cards(shop.register, [BORIS], tier=ladder[1].id)
    assert designed == PrintedCard(BORIS, programme.name, COLOURS[1], ladder[1].name)


def test_a_card_that_opens_nothing_is_not_printed(shop: Shop) -> None:
    """Unknown, mistyped, blocked and replaced cards are refused by name, and so is a tier that there is not."""
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    enrol(shop.register, Enrolment("Boris", BORIS))
    assert refusal(lambda: printed_cards(shop.register, [ANA], tier="platinum")) == "tier-unknown"
    card_life.block(shop.register, ANA)
    new = card_life.replace(shop.register, BORIS).number
    for number, code in (
        (ANA, "card-blocked"),
        (BORIS, "card-replaced"),
        ("2900000009998", "card-unknown"),
        ("2900000000019", "card-check-digit"),
    ):
        assert refusal(lambda number=number: printed_cards(shop.register, [new, number])) == code, number


def test_cards_that_follow_one_another_are_found(shop: Shop) -> None:
    """From a card on, in order, without those that open nothing; a card that there is not begins nothing."""
    numbers = cards.issue(shop.register, count=6)
    card_life.block(shop.register, numbers[2])
    assert issued_from(shop.register, numbers[1], 3) == (numbers[1], numbers[3])
    assert issued_from(shop.register, numbers[4], 100) == numbers[4:]
    assert refusal(lambda: issued_from(shop.register, "2900000009998", 1)) == "card-unknown"
    assert refusal(lambda: issued_from(shop.register, numbers[0], 0)) == "amount-invalid"


def test_an_order_goes_out_once(shop: Shop) -> None:
    """The same name again, days later and from a register with other ranges, is the same numbers, and nothing is issued for it."""
    order, new = order_cards(shop.register, "autumn-2026", 5, "anna")
    assert new
    assert [cards.show(shop.register, number).kind for number in order.numbers] == ["bearer"] * 5
    shop.clock.now += timedelta(days=3)
    other = dataclasses.replace(shop.register, cards=CardRanges((KA,)))
    again, new = order_cards(other, "autumn-2026", 5, "boris")
    assert not new
    assert (again, again.numbers) == (order, order.numbers)
    after = cards.issue(shop.register)
    assert shop.register.cards.first.place(after[0]) == shop.register.cards.first.place(order.numbers[-1]) + 1


def test_an_order_of_other_cards_is_not_that_order(shop: Shop) -> None:
    """Another count or range under a name that is taken is refused, with what that order was; so is a name that cannot be one."""
    order_cards(shop.register, "one", 5)
    assert refusal(lambda: order_cards(shop.register, "one", 6)) == "order-known"
    assert refusal(lambda: order_cards(shop.register, "one", 5, range_=KA)) == "order-known"
    assert refusal(lambda: order_cards(shop.register, "one/two", 5)) == "order-invalid"
    assert refusal(lambda: order_cards(shop.register, "two", 0)) == "amount-invalid"
    assert refusal(lambda: order_cards(shop.register, "two", 100_001)) == "amount-invalid"
    assert (
        refusal(lambda: order_cards(shop.register, "two", 99_999 + 1, range_=CardRange("K", "damm", 4))) == "card-range"
    )
    order, new = order_cards(shop.register, "two", 1)
    assert new
    assert order.count == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from([None, KA])), max_size=8))
def test_no_number_goes_out_in_two_orders(shop: Shop, asked: list[tuple[str, int, CardRange | None]]) -> None:
    """Whatever is ordered, issued in between and ordered again: every order's numbers are its own, and stay what they were."""
    sent: dict[str, tuple[str, ...]] = {}
    issued: list[str] = []
    for name, count, range_ in asked:
        try:
            order, new = order_cards(shop.register, name, count, range_=range_)
        except Refused as refused:
            if refused.code != "order-known":
                raise
            continue
        if not new and name not in sent:  # of an example before this one: the store is the same
            sent[name] = order.numbers
        assert sent.setdefault(name, order.numbers) == order.numbers
        issued += cards.issue(shop.register)
    out = [number for numbers in sent.values() for number in numbers] + issued
    assert len(set(out)) == len(out)


def test_an_order_of_cards_that_are_not_there_is_found(shop: Shop) -> None:
    """A whole store verifies with its orders counted; a card that somebody takes away past the program is missed."""
    cards.issue(shop.register, number="290-----00018")
    order_cards(shop.register, "a", 5, range_=KA)
    order, _ = order_cards(shop.register, "b", 3)
    whole = verify_store(shop.store)
    assert (whole.checked["card orders"], whole.faults) == (2, ())
    with shop.store.write() as books:
        books.run(text("DELETE FROM cards WHERE number = :number"), number=order.numbers[-1])
    (fault,) = [fault for fault in verify_store(shop.store).faults if fault.place == "card order b"]
    assert Language("en").say(fault.what) == "It is of 3 cards, and 2 are there."
