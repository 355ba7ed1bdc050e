"""A tier over the changes of the rules and of the clock: every day counts under its own ladder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from shops import ANA, PROGRAMME, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund

HEAD, _, REST = PROGRAMME.partition("[tiers]")
WITHOUT_TIERS = f"{HEAD}[returns]{REST.partition('[returns]')[2]}"


@pytest.fixture
def programme() -> str:
    """The rules to begin with."""
    return PROGRAMME


@pytest.fixture
def shop(make_shop: Callable[..., Shop], programme: str) -> Shop:
    """A register, and a holder with a card."""
    made = make_shop(programme)
    enrol(made.register, Enrolment("Ana Kovač", ANA))
    return made


def tier_of(shop: Shop) -> str:
    tier = show(shop.register, ANA).tier
    assert tier is not None
    return tier.id


def test_a_tier_is_lowered_under_the_ladder_that_was_in_force_on_the_day(shop: Shop) -> None:
    """Under rules with a short window the holder went down; the generous rules that came later do not undo that."""
    strict = PROGRAMME.replace(
        'window = "12 months"\nkept_for = "12 months"', 'window = "30 days"\nkept_for = "30 days"'
    )
    activate(shop.register, strict, None, "owner")
    shop.sell(60_000, ANA)
    assert tier_of(shop) == "gold"
    begins = shop.clock.now + timedelta(days=60)
    activate(shop.register, PROGRAMME.replace('"12 months"\nkept', '"lifetime"\nkept'), begins, "owner")
    shop.clock.forward(days=40)
    assert tier_of(shop) == "basic"
    shop.clock.forward(days=40)
    assert tier_of(shop) == "basic"


def test_a_return_does_not_look_at_rules_that_begin_later_on_the_same_day(shop: Shop) -> None:
    """In the morning a return leaves the tier alone that the rules of the afternoon would not have given."""
    shop.sell(60_000, ANA)
    tea = shop.sell(1_000, ANA)
    dear = PROGRAMME.replace('spend = "500.00"', 'spend = "900.00"')
    activate(shop.register, dear, shop.clock.now + timedelta(hours=5), "owner")
    refund(shop.register, RefundOrder(tea.sale.id))
    assert tier_of(shop) == "gold"


def test_goods_of_a_clock_that_ran_ahead_leave_nothing_behind_once_they_are_back(shop: Shop) -> None:
    """A sale dated years ahead and taken back was never made: the holder keeps the tier of today."""
    shop.sell(60_000, ANA)
    now = shop.clock.now
    shop.clock.forward(days=900)
    ahead = shop.sell(1_000, ANA)
    shop.clock.now = now + timedelta(days=1)
    refund(shop.register, RefundOrder(ahead.sale.id))
    assert tier_of(shop) == "gold"


def test_rules_without_tiers_in_between_take_no_tier_away(shop: Shop) -> None:
    """A holder who buys while the programme has no tiers stands where they stood once it has tiers again."""
    shop.sell(60_000, ANA)
    shop.clock.forward(days=1)
    activate(shop.register, WITHOUT_TIERS, None, "owner")
    assert shop.sell(1_000, ANA).sale.tier is None
    shop.clock.forward(days=1)
    activate(shop.register, PROGRAMME, None, "owner")
    assert tier_of(shop) == "gold"


@pytest.mark.parametrize("programme", [WITHOUT_TIERS], ids=["without-tiers"])
def test_tiers_that_are_planned_give_nothing_before_their_day(shop: Shop) -> None:
    """A return dated back, after a purchase of a later day, does not count under tiers that begin next month."""
    activate(shop.register, PROGRAMME, shop.clock.now + timedelta(days=30), "owner")
    coat = shop.sell(60_000, ANA)
    shop.clock.forward(days=2)
    shop.sell(60_000, ANA)
    refund(shop.register, RefundOrder(coat.sale.id, at=shop.clock.now - timedelta(days=1)))
    assert shop.store_values("SELECT tier FROM accounts WHERE tier IS NOT NULL") == []


def test_a_return_leaves_the_morning_to_the_rules_of_the_morning(shop: Shop) -> None:
    """Gold by a sale of the morning stays when something else comes back under the dearer rules of the afternoon."""
    shop.sell(60_000, ANA)
    tea = shop.sell(1_000, ANA)
    activate(shop.register, PROGRAMME.replace('spend = "500.00"', 'spend = "900.00"'), None, "owner")
    shop.clock.forward(minutes=60)
    shop.sell(1_000, ANA)
    refund(shop.register, RefundOrder(tea.sale.id))
    assert tier_of(shop) == "gold"


def test_a_bill_dated_back_over_a_change_of_the_rules_counts_in_its_place(shop: Shop) -> None:
    """Stored in the afternoon, dated in the morning: gold under the rules of the morning, as had it come in time."""
    morning = shop.clock.now
    shop.clock.forward(minutes=60)
    activate(shop.register, PROGRAMME.replace('spend = "500.00"', 'spend = "900.00"'), None, "owner")
    shop.clock.forward(minutes=60)
    shop.sell(30_000, ANA)
    bill = Bill(shop.register.new_id(), (LineItem(name="Coat", unit_price=60_000),), ANA)
    sell(shop.register, replace(bill.order("anna"), at=morning))
    assert tier_of(shop) == "gold"
    assert shop.store_values("SELECT tier FROM accounts") == ["gold"]
