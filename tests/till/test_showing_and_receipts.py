"""A card shown at the counter, and receipts looked at again."""

from __future__ import annotations

import pytest
from shops import ANA, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.till.card_life import block
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.receipts import issued, latest
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.showing import opened


def test_a_card_that_opens_says_all_of_its_holder(shop: Shop) -> None:
    """A card that was handed out shows its holder, tier and purses."""
    enrol(shop.register, Enrolment("Ana Kovač", card=ANA))
    view = opened(shop.register, ANA)
    assert view.member is not None
    assert (view.member.name, view.tier.name if view.tier else "", list(view.purses)) == (
        "Ana Kovač",
        "Basic",
        ["cashback"],
    )


@pytest.mark.parametrize("fault", ["card-blocked", "card-unknown", "card-check-digit"])
def test_a_card_that_opens_nothing_is_refused_as_a_sale_would_be(shop: Shop, fault: str) -> None:
    """The counter refuses a card with the code and sentence that a sale with it is refused with."""
    number = ANA
    if fault == "card-blocked":
        enrol(shop.register, Enrolment("Ana Kovač", card=ANA))
        block(shop.register, ANA)
    elif fault == "card-check-digit":
        number = "2900000000019"
    with pytest.raises(Refused) as shown:
        opened(shop.register, number)
    with pytest.raises(Refused) as sold:
        shop.sell(1_000, number)
    assert shown.value.code == sold.value.code == fault
    assert shown.value.message == sold.value.message


@pytest.mark.parametrize("bills", [0, 1, 2, 3, 7, 8, 21])
def test_the_latest_receipts_are_found_by_halving(shop: Shop, bills: int) -> None:
    """However many were issued, the last five come, the newest first."""
    numbers = [shop.sell(1_000).sale.receipt_number for _ in range(bills)]
    assert [one.number for one in latest(shop.register, 5)] == numbers[::-1][:5]


def test_a_return_is_among_the_receipts(shop: Shop) -> None:
    """A return has a number of the same sequence, and is found by it with the sale that it is of."""
    sale = shop.sell(1_000).sale
    back = refund(shop.register, RefundOrder(sale.id)).refund
    found = latest(shop.register)
    assert [one.number for one in found] == ["till-1-000002", "till-1-000001"]
    assert (found[0].refund, found[0].sale.id, found[0].id) == (back, sale.id, back.id)
    assert issued(shop.register, "till-1-000002").refund == back


def test_no_such_receipt_says_what_to_do(shop: Shop) -> None:
    """A number that was never issued is refused."""
    with pytest.raises(Refused) as refused:
        issued(shop.register, "till-1-000009")
    assert refused.value.code == "sale-unknown"
