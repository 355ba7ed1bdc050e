"""How near an offer is: what alone is missing, in money, pieces or units; and never a step that would bring nothing."""

from __future__ import annotations

import pytest
from bills import DAY, at, goods, holder
from written import rules

from pos_loyalty.domain.ledger import Lot
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.sale import Quote, Why

TEN = 'give = { discount = "10%" }'
SOAP = 'on = { skus = ["SOAP"] }'


def looked(offer: str, *lines: tuple[str, str], points: int = 0) -> Why:
    """The reason of the one offer `it` on a bill of such prices and SKUs, for a holder of so many points."""
    lots = [Lot("lot", "points", points, points, DAY, None, at(DAY))] if points else []
    priced: Quote = quote(
        tuple(goods(price, sku=sku) for price, sku in lines), rules({"it": offer}), DAY, holder(*lots)
    )
    return next(why for why in priced.why if why.offer == "it")


@pytest.mark.parametrize(
    ("offer", "lines", "short"),
    [
        (f'needs = {{ spend = "60.00" }}\n{TEN}', [("57.60", "TEA")], (240, "money")),
        (f"needs = {{ items = 3 }}\n{TEN}", [("1.00", "TEA")], (2, "items")),
        ('give = { earn = { points = 1 }, every = "100.00" }', [("80.00", "TEA")], (2000, "money")),
        (f"{SOAP}\ngive = {{ free = 1, of = 3 }}", [("2.00", "SOAP")], (2, "items")),
        (f'{SOAP}\ngive = {{ price = "5.00", of = 2 }}', [("3.00", "SOAP")], (1, "items")),
    ],
)
def test_what_alone_is_missing_is_a_figure(offer: str, lines: list[tuple[str, str]], short: tuple[int, str]) -> None:
    """Minor units still to be bought, or pieces still to be taken; with them the offer gives something."""
    why = looked(offer, *lines)
    assert (why.applied, (why.short, why.short_of)) == (False, short)
    missing = [("24.00", "TEA")] if short[1] == "money" else [lines[0]] * short[0]
    assert looked(offer, *lines, *missing).applied


@pytest.mark.parametrize(
    ("offer", "lines"),
    [
        (f'needs = {{ spend = "60.00", items = 3 }}\n{TEN}', [("1.00", "TEA")]),
        (f'for = {{ first_visit = true, cards = "bearer" }}\nneeds = {{ spend = "60.00" }}\n{TEN}', [("57.60", "TEA")]),
        (f'needs = {{ spend = "60.00" }}\n{TEN}\ncontrol_group = "100%"', [("57.60", "TEA")]),
        (f'needs = {{ spend = "60.00" }}\n{TEN}\nwhen = {{ until = 2020-01-01 }}', [("57.60", "TEA")]),
        (f'{SOAP}\ngive = {{ price = "5.00", of = 2 }}', [("2.00", "SOAP")]),
        (f"{SOAP}\ngive = {{ free = 1, of = 3 }}", [("2.00", "TEA")]),
        (f"needs = {{ coupon = true }}\n{TEN}", [("2.00", "TEA")]),
    ],
)
def test_a_step_that_would_bring_nothing_is_no_figure(offer: str, lines: list[tuple[str, str]]) -> None:
    """Two things missing, not for this holder, in its control group, over, dearer than the goods, not begun, without its coupon."""
    why = looked(offer, *lines)
    assert (why.applied, why.short, why.short_of) == (False, 0, None)


def test_who_is_in_the_control_group_is_told_so_and_not_what_to_buy() -> None:
    """2.40 more would bring them nothing."""
    why = looked(f'needs = {{ spend = "60.00" }}\n{TEN}\ncontrol_group = "100%"', ("57.60", "TEA"))
    assert why.reason.template.startswith("Held back from this holder")


def test_a_reward_lacks_units_of_its_purse() -> None:
    """152 of 200 points: 48; where the bill lacks something too, neither alone would do."""
    reward = 'costs = { points = 200 }\ngive = { gift = "MUG" }'
    why = looked(reward, ("5.00", "TEA"), points=152)
    assert (why.applied, why.short, why.short_of) == (False, 48, "units")
    both = looked(f'needs = {{ spend = "60.00" }}\n{reward}', ("5.00", "TEA"), points=152)
    assert (both.short, both.short_of) == (0, None)
    only_spend = looked(f'needs = {{ spend = "60.00" }}\n{reward}', ("5.00", "TEA"), points=200)
    assert (only_spend.short, only_spend.short_of) == (5500, "money")
