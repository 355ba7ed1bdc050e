"""Taking goods back on a real store: where the money, the purses and the tier go."""

from __future__ import annotations

import pytest
from shops import ANA, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.sale import Tender
from pos_loyalty.till import card_life, cards, holders
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import show
from pos_loyalty.till.checkout import Closed, sell
from pos_loyalty.till.returns import RefundOrder, preview, refund, returnable


def _three_coats(shop: Shop) -> Closed:
    coat = LineItem("Coat", 3_333, quantity=3_000_000, sku="COAT", vat=200_000)
    bill = Bill(shop.register.new_id(), (coat,), ANA)
    return sell(shop.register, bill.order("anna", (Tender("card", 5_000), Tender("cash", 5_000))))


def test_unspent_sale_returned_whole_leaves_nothing(shop: Shop) -> None:
    """A sale that comes back whole takes back what it earned and the tier that it reached, and gives all money back."""
    holders.enrol(shop.register, holders.Enrolment("Ana Kovač", ANA))
    closed = shop.sell(500_000, ANA)
    back = refund(shop.register, RefundOrder(closed.sale.receipt_number)).refund
    assert [(t.kind, t.amount) for t in back.money_back] == [("cash", 475_000)]
    assert [share.amount for share in back.taken_back] == [4_750]
    assert back.owed == ()
    assert back.tier_after is not None
    assert back.tier_after.id == "basic"
    card = show(shop.register, ANA)
    assert card.purses["cashback"].lots == ()


def test_piece_by_piece_is_all_at_once(shop: Shop) -> None:
    """Three pieces taken back one by one give the same money by tender as all three together, money by card first."""
    cards.issue(shop.register, ANA)
    whole, pieces = _three_coats(shop), _three_coats(shop)
    at_once = refund(shop.register, RefundOrder(whole.sale.id)).refund
    money: dict[str, int] = {}
    for _ in range(3):
        part = refund(shop.register, RefundOrder(pieces.sale.id, lines=((1, 1_000_000),))).refund
        for tender in part.money_back:
            money[tender.kind] = money.get(tender.kind, 0) + tender.amount
    assert money == {tender.kind: tender.amount for tender in at_once.money_back} == {"card": 5_000, "cash": 4_499}


def test_what_was_spent_goes_back_to_its_lot(shop: Shop) -> None:
    """What a purse paid comes back to the very lot that it came from."""
    cards.issue(shop.register, ANA)
    shop.sell(100_000, ANA)
    shop.clock.forward(days=20)
    lot = show(shop.register, ANA).purses["cashback"].lots[0]
    closed = shop.sell(10_000, ANA, {"cashback": 500})
    refund(shop.register, RefundOrder(closed.sale.id))
    lots = show(shop.register, ANA).purses["cashback"].lots
    assert [(held.id, held.remaining) for held in lots] == [(lot.id, lot.remaining)]


def test_what_runs_out_sooner_is_given_back_with_a_longer_life(shop: Shop) -> None:
    """A part given back lives thirty days from the return; the rest of its lot still ends when it did."""
    cards.issue(shop.register, ANA)
    shop.sell(100_000, ANA)
    shop.clock.forward(days=370)
    closed = shop.sell(10_000, ANA, {"cashback": 500})
    refund(shop.register, RefundOrder(closed.sale.id))
    lots = show(shop.register, ANA).purses["cashback"].lots
    today = closed.sale.day
    assert [(lot.remaining, (lot.expires - today).days) for lot in lots if lot.expires] == [(450, 9), (500, 30)]


def test_owed_is_made_good_by_what_comes_in_next(shop: Shop) -> None:
    """What was earned, spent and then returned is owed, and the next earning makes it good before it can be spent."""
    cards.issue(shop.register, ANA)
    first = shop.sell(100_000, ANA)
    shop.clock.forward(days=14)
    shop.sell(1_900, ANA, {"cashback": 850})
    back = refund(shop.register, RefundOrder(first.sale.id)).refund
    assert [owed.amount for owed in back.owed] == [825]
    closed = shop.sell(100_000, ANA)
    (balance,) = closed.sale.balances
    earned = sum(part.amount for part in closed.sale.quote.earned)
    assert (balance.owed, balance.pending) == (0, earned - 825)
    assert [part.amount for part in closed.sale.settled] == [825]


def test_preview_stores_nothing_and_is_what_refund_does(shop: Shop) -> None:
    """What the cashier is shown before confirming is what then happens."""
    cards.issue(shop.register, ANA)
    closed = shop.sell(10_000, ANA)
    shown = preview(shop.register, RefundOrder(closed.sale.id)).refund
    done = refund(shop.register, RefundOrder(closed.sale.id)).refund
    assert (shown.money_back, shown.taken_back, shown.balances) == (done.money_back, done.taken_back, done.balances)
    assert done.number == 2


def test_more_than_was_sold_is_refused_with_what_is_left(shop: Shop) -> None:
    """A quantity that was not sold, or has already come back, is refused and says what is left."""
    cards.issue(shop.register, ANA)
    closed = _three_coats(shop)
    refund(shop.register, RefundOrder(closed.sale.id, lines=((1, 2_000_000),)))
    with pytest.raises(Refused) as refused:
        refund(shop.register, RefundOrder(closed.sale.id, lines=((1, 2_000_000),)))
    assert refused.value.message.values["left"] == "1"
    assert returnable(shop.register, closed.sale.receipt_number).left == (1_000_000,)


def test_same_return_twice_is_once(shop: Shop) -> None:
    """The same return sent again answers with the first result; under another order its id is refused."""
    closed = shop.sell(10_000)
    order = RefundOrder(closed.sale.id, id=shop.register.new_id())
    first = refund(shop.register, order)
    again = refund(shop.register, order)
    assert again.refund == first.refund
    assert again.repeated
    with pytest.raises(Refused) as refused:
        refund(shop.register, RefundOrder(closed.sale.id, id=closed.sale.id))
    assert refused.value.code == "id-conflict"


def test_goods_of_a_blocked_card_come_back(shop: Shop) -> None:
    """A return needs no card: goods of a holder whose card is blocked are taken back like any other."""
    cards.issue(shop.register, ANA)
    closed = shop.sell(10_000, ANA)
    card_life.block(shop.register, ANA)
    assert refund(shop.register, RefundOrder(closed.sale.id)).refund.taken_back[0].amount == 95
