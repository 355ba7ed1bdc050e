"""Returns of rewards, gifts and coupons: what they cost returns; what they gave is asked back once the rest carries it no more."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bills import AT_ONCE, DAY, Ledger, at, days, eur, goods, lot, pct, programme
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.ledger import Lot
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    CouponGiven,
    EarnUnits,
    Gift,
    Goods,
    Limit,
    Needs,
    Offer,
    PercentOff,
)
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.reversal import left_to_return
from pos_loyalty.domain.sale import AskedBack, CouponUsed, Owed, PurseShare, Refund, Sale

COFFEE = Goods(departments=frozenset({"coffee"}))
TENTH = Offer("tenth", "Tenth", PercentOff(MILLION, 1), goods=COFFEE, costs={"coffee": 9}, automatic=True)
FIVE_OFF = Offer("five-off", "5.00 off", AmountOff(500), costs={"points": 500})
SWAP = Offer("swap", "Cashback for points", EarnUnits({"cashback": 300}), costs={"points": 200})
MUG = Offer("mug", "A mug", Gift("MUG"), costs={"points": 200})
BUY = Offer("buy", "A coupon for 2 stamps", CouponGiven("ten-off"), costs={"coffee": 2})
TOTE = Offer("tote", "A tote bag", Gift("TOTE"), needs=Needs(spend=eur("60.00")))
NEXT = Offer("next", "A coupon", CouponGiven("ten-off", Duration(30, "day")), needs=Needs(spend=eur("40.00")))
TEN = Offer("ten-off", "Your coupon", PercentOff(pct("10")), needs=Needs(coupon=True))
PURSES = (AT_ONCE, Purse("points", unit="points"), Purse("coffee", unit="stamps"))
KNOWN = Known(goods={"MUG": ("Mug", 800), "TOTE": ("Tote bag", 490)})


def units(purse: str, amount: int, **more: Any) -> Lot:
    named: dict[str, Any] = {"id": f"{purse}-{amount}", "available": DAY, "expires": None} | more
    return Lot(purse=purse, amount=amount, remaining=amount, filled_at=at(DAY), **named)


def shop(*offers: Offer, **more: Any) -> Ledger:
    """A shop whose holder has 1000 points and 20 stamps."""
    ledger = Ledger(programme(purses=PURSES, extra=offers, **({"restored_for": days(30)} | more)))
    ledger.give(units("points", 1_000))
    ledger.give(units("coffee", 20))
    return ledger


def piece(line: int, count: int = 1) -> list[tuple[int, int]]:
    return [(line, count * MILLION)]


def cash(refund: Refund) -> int:
    return sum(tender.amount for tender in refund.money_back)


# ---- what rewards cost ----


def test_stamps_come_back_with_the_coffee_that_they_paid_for() -> None:
    """Of two coffees the dearer was free for nine stamps: they return with it, and not with the other."""
    ledger = shop(replace(TENTH, limit=Limit(a_bill=1)))
    sale = ledger.sell(DAY, [goods("3.00", department="coffee"), goods("3.50", department="coffee")], known=KNOWN)
    paid = ledger.refund(sale, DAY, piece(1))
    assert (cash(paid), paid.restored) == (300, ())
    free = ledger.refund(sale, DAY, piece(2))
    assert (cash(free), free.restored) == (0, (PurseShare("coffee", "tenth", 9),))
    assert ledger.lots()["coffee-20"].remaining == 20


def test_points_lie_on_the_lines_and_go_back_piece_by_piece() -> None:
    """5.00 off three pieces of 5.00 for 500 points: 167, 166, 167 points as each comes back."""
    ledger = shop(FIVE_OFF)
    sale = ledger.sell(DAY, [goods("5.00", "3")], take=["five-off"])
    back = [ledger.refund(sale, DAY, piece(1)).restored for _ in range(3)]
    assert [shares[0].amount for shares in back] == [167, 166, 167]
    ledger.check(DAY)


def test_only_the_part_given_back_lives_longer() -> None:
    """A lot that ends in five days: 250 points of it return in a lot of 30 days, the rest of it ends as before."""
    ledger = Ledger(programme(purses=PURSES, extra=(FIVE_OFF,), restored_for=days(30)))
    ledger.give(units("points", 600, id="p", expires=DAY + timedelta(days=5)))
    sale = ledger.sell(DAY, [goods("5.00", "2")], take=["five-off"])
    ledger.refund(sale, DAY, piece(1))
    lots = ledger.holdings()["points"].lots
    assert [(each.remaining, each.expires) for each in lots] == [
        (100, DAY + timedelta(days=5)),
        (250, DAY + timedelta(days=30)),
    ]


def test_a_reward_that_earned_is_undone_on_both_sides() -> None:
    """200 points for 3.00 on two lines of 2:1: with the first 133 points return and 2.00 are taken back."""
    ledger = shop(SWAP)
    sale = ledger.sell(DAY, [goods("20.00"), goods("10.00")], take=["swap"])
    refund = ledger.refund(sale, DAY, piece(1))
    assert refund.restored == (PurseShare("points", "swap", 133),)
    assert refund.taken_back == (PurseShare("cashback", "swap", 200),)


def test_a_purse_that_counts_as_tender_pays_a_reward_as_a_discount() -> None:
    """A mug for 5.00 of such a purse, and 2.00 more of it as money: both return whole, and the books balance."""
    purse = replace(AT_ONCE, spend=replace(AT_ONCE.spend, counts_as="tender"))
    ledger = Ledger(programme(purses=(purse,), extra=(replace(MUG, costs={"cashback": 500}),), restored_for=days(30)))
    ledger.give(lot(amount="9.00"))
    sale = ledger.sell(DAY, [goods("10.00")], {"cashback": 200}, take=["mug"], known=KNOWN)
    refund = ledger.refund(sale, DAY)
    assert refund.restored == (PurseShare("cashback", "mug", 500), PurseShare("cashback", None, 200))
    assert (cash(refund), ledger.total("redeemed:cashback"), ledger.total("sales")) == (800, 0, 0)
    ledger.check(DAY)


# ---- gifts ----


def test_a_gift_is_asked_back_once_the_rest_no_longer_carries_it() -> None:
    """70.00 in seven pieces: after one there are 60.00 left; with the second the bag is asked back, and never again."""
    ledger = shop(TOTE)
    sale = ledger.sell(DAY, [goods("10.00", "7")], known=KNOWN)
    back = [ledger.refund(sale, DAY, piece(1)) for _ in range(7)]
    asked = [refund.asked_back for refund in back]
    assert asked == [(), (AskedBack("tote", gift="TOTE"),), (), (), (), (), ()]
    assert sum(map(cash, back)) == eur("70.00")


def test_a_gift_that_is_kept_is_paid_for() -> None:
    """Two of seven pieces: 20.00 less the bag's 4.90, which the books have as gifts."""
    ledger = shop(TOTE)
    sale = ledger.sell(DAY, [goods("10.00", "7")], known=KNOWN)
    refund = ledger.refund(sale, DAY, piece(1, 2), kept=["tote"])
    assert refund.asked_back == (AskedBack("tote", gift="TOTE", withheld=490, kept=True),)
    assert (cash(refund), refund.withheld, ledger.total("gifts")) == (1_510, 490, -490)
    last = ledger.refund(sale, DAY, kept=["tote"])
    assert (cash(last), last.asked_back) == (5_000, ())


def test_what_a_return_cannot_pay_of_a_kept_gift_the_next_one_does() -> None:
    """The piece that tips it is worth 1.00: 1.00 of the bag's 4.90 is kept from it, and 3.90 from the next."""
    ledger = shop(TOTE)
    sale = ledger.sell(DAY, [goods("1.00"), goods("59.50")], known=KNOWN)
    first = ledger.refund(sale, DAY, piece(1), kept=["tote"])
    second = ledger.refund(sale, DAY, piece(2), kept=["tote"])
    assert [(cash(r), r.asked_back[0].withheld) for r in (first, second)] == [(0, 100), (5_560, 390)]
    brought = shop(TOTE)
    sale = brought.sell(DAY, [goods("1.00"), goods("59.50")], known=KNOWN)
    brought.refund(sale, DAY, piece(1), kept=["tote"])
    assert cash(brought.refund(sale, DAY, piece(2))) == 5_950


def test_the_rest_is_measured_after_discounts() -> None:
    """10 % off 70.00 leave 63.00; one piece of ten leaves 56.70 of the bill: asked back."""
    ledger = Ledger(programme("10", purses=PURSES, extra=(TOTE,)))
    sale = ledger.sell(DAY, [goods("7.00", "10")], known=KNOWN)
    assert ledger.refund(sale, DAY, piece(1)).asked_back == (AskedBack("tote", gift="TOTE"),)


def test_only_the_offers_own_goods_carry_its_gift() -> None:
    """Two coffees carry it; other goods that come back change nothing, and tobacco carries nothing."""
    offer = replace(TOTE, goods=COFFEE, needs=Needs(items=2))
    ledger = shop(offer)
    lines = [goods("3.00", "3", department="coffee"), goods("9.00"), goods("9.00", department="tobacco")]
    sale = ledger.sell(DAY, lines, known=KNOWN)
    assert ledger.refund(sale, DAY, [*piece(2), *piece(1)]).asked_back == ()
    assert ledger.refund(sale, DAY, piece(1)).asked_back == (AskedBack("tote", gift="TOTE"),)


def test_a_gift_without_needs_is_asked_back_with_the_last_of_its_goods() -> None:
    """A bag with any coffee: with one of two pieces it stays."""
    ledger = shop(replace(TOTE, goods=COFFEE, needs=Needs()))
    sale = ledger.sell(DAY, [goods("3.00", "2", department="coffee"), goods("9.00")], known=KNOWN)
    assert [len(ledger.refund(sale, DAY, piece(1)).asked_back) for _ in range(2)] == [0, 1]


def test_points_of_a_mug_come_back_with_the_mug() -> None:
    """A reward without needs is asked back when the bill is returned whole; half of it gives back no points."""
    ledger = shop(MUG)
    sale = ledger.sell(DAY, [goods("5.00", "2")], take=["mug", "mug"], known=KNOWN)
    half = ledger.refund(sale, DAY, piece(1))
    assert (half.restored, half.asked_back) == ((), ())
    whole = ledger.refund(sale, DAY)
    assert whole.restored == (PurseShare("points", "mug", 400),)
    assert whole.asked_back == (AskedBack("mug", gift="MUG"),)
    assert ledger.lots()["points-1000"].remaining == 1_000


@pytest.mark.parametrize(("price", "withheld", "restored"), [("8.00", 800, 200), ("7.99", 0, 0)])
def test_a_mug_that_is_kept_is_paid_for_with_money_or_stays_paid_for_with_points(
    price: str, withheld: int, restored: int
) -> None:
    """Its whole 8.00 is kept from the money and its points return; or else neither."""
    ledger = shop(MUG)
    sale = ledger.sell(DAY, [goods(price)], take=["mug"], known=KNOWN)
    refund = ledger.refund(sale, DAY, kept=["mug"])
    assert refund.asked_back == (AskedBack("mug", gift="MUG", withheld=withheld, kept=True),)
    assert sum(share.amount for share in refund.restored) == restored
    assert cash(refund) == eur(price) - withheld


def test_gifts_are_paid_for_before_what_was_earned_is_withheld() -> None:
    """Of 10.00 the bag takes 4.90; of the 8.00 of spent cashback 5.10 are withheld and the rest is owed."""
    tote = replace(TOTE, needs=Needs())
    earn = Offer("earn", "Earn", EarnUnits({"cashback": 800}))
    ledger = shop(tote, earn, when_spent="withhold")
    sale = ledger.sell(DAY, [goods("10.00")], known=KNOWN)
    ledger.sell(DAY, [goods("8.00")], {"cashback": 800}, known=KNOWN)
    refund = ledger.refund(sale, DAY, kept=["tote"])
    assert (cash(refund), refund.withheld, refund.owed) == (0, 1_000, (Owed("cashback", 290),))
    assert [one.withheld for one in refund.asked_back] == [490]


def test_a_gift_that_was_not_given_cannot_be_kept() -> None:
    """The offer is named, so that the slip is found."""
    ledger = shop(TOTE)
    sale = ledger.sell(DAY, [goods("10.00")], known=KNOWN)
    with pytest.raises(Refused, match="offer-invalid"):
        ledger.refund(sale, DAY, kept=["tote"])


# ---- coupons ----


def test_a_coupon_that_the_rest_does_not_carry_is_void() -> None:
    """Given with 40.00; with 30.00 left it is void, once."""
    ledger = shop(NEXT, TEN)
    sale = ledger.sell(DAY, [goods("10.00", "4")], known=KNOWN)
    first, last = ledger.refund(sale, DAY, piece(1)), ledger.refund(sale, DAY)
    assert (first.asked_back, last.asked_back) == ((AskedBack("next", coupon="C1"),), ())


def test_a_coupon_that_was_used_is_left() -> None:
    """It opened an offer on another bill, which stays; but it was for goods that are back, so it cannot be used again."""
    ledger = shop(NEXT, TEN)
    sale = ledger.sell(DAY, [goods("40.00")], known=KNOWN)
    used = ledger.sell(DAY, [goods("10.00")], known=Known(coupons={"ten-off": "C1"}))
    assert used.quote.coupons_used == (CouponUsed("ten-off", "C1"),)
    assert ledger.refund(sale, DAY).asked_back == (AskedBack("next", coupon="C1", kept=True),)
    assert ledger.refund(used, DAY).coupons_back == ()


def test_a_bill_returned_whole_gives_back_the_coupon_that_it_used() -> None:
    """With the last of its pieces, not before; and not past the coupon's last day."""
    for day, back in ((DAY + timedelta(days=30), ("C1",)), (DAY + timedelta(days=31), ())):
        ledger = shop(NEXT, TEN)
        ledger.sell(DAY, [goods("40.00")], known=KNOWN)
        used = ledger.sell(DAY, [goods("10.00", "2")], known=Known(coupons={"ten-off": "C1"}))
        assert ledger.refund(used, DAY, piece(1)).coupons_back == ()
        assert ledger.refund(used, day).coupons_back == back


def test_stamps_return_for_each_coupon_that_they_bought_and_that_is_void() -> None:
    """Two coupons for four stamps, one of them used: two stamps return with the bill, and the other two stay paid for it."""
    ledger = shop(BUY, TEN)
    sale = ledger.sell(DAY, [goods("5.00")], take=["buy", "buy"], known=KNOWN)
    used = ledger.sell(DAY, [goods("10.00")], known=Known(coupons={"ten-off": "C2"}))
    refund = ledger.refund(sale, DAY)
    assert refund.asked_back == (AskedBack("buy", coupon="C1"),)
    assert refund.restored == (PurseShare("coffee", "buy", 2),)
    assert ledger.refund(used, DAY).coupons_back == ("C2",)


# ---- what always holds ----


def _end(ledger: Ledger, refunds: list[Refund]) -> tuple[Any, ...]:
    """All that a history of returns came to."""
    restored: dict[tuple[str, str | None], int] = {}
    for refund in refunds:
        for share in refund.restored:
            key = share.purse, share.offer
            restored[key] = restored.get(key, 0) + share.amount
    asked = sorted(
        (one.offer, one.gift, one.coupon) for refund in refunds for one in refund.asked_back if not one.withheld
    )
    kept = sorted({one.offer for refund in refunds for one in refund.asked_back if one.withheld})
    held = {purse: sum(each.remaining for each in one.lots) for purse, one in ledger.holdings().items()}
    return sum(map(cash, refunds)), sum(refund.withheld for refund in refunds), restored, asked, kept, held


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_piece_by_piece_comes_to_the_same_as_all_at_once(seed: int, keeps: bool) -> None:
    """Whatever was taken and given, in whatever pieces it comes back: the same money, units, gifts and coupons, to the cent."""
    rng = random.Random(seed)
    ledger = shop(TENTH, FIVE_OFF, SWAP, MUG, BUY, TOTE, NEXT, TEN)
    lines = [
        goods(str(rng.randrange(1, 40)), str(rng.randrange(1, 5)), department=rng.choice(("coffee", "clothes")))
        for _ in range(rng.randrange(1, 4))
    ]
    take = [offer for offer in ("five-off", "swap", "mug", "buy") if rng.random() < 0.5]
    try:
        sale: Sale = ledger.sell(DAY, lines, take=take, known=KNOWN)
    except Refused:  # more than the bill can bear
        sale = ledger.sell(DAY, lines, known=KNOWN)
    # A reward's gift is kept at its whole price or not at all, by the money of one return: the tote alone is tried.
    kept = ["tote"] if keeps and any(gift.offer == "tote" for gift in sale.quote.gifts) else []
    at_once = ledger.fork()
    once = [at_once.refund(sale, DAY, kept=kept)]
    pieces: list[Refund] = []
    while any(left := left_to_return(sale, ledger.refunds[sale.id])):
        line = rng.choice([i for i, quantity in enumerate(left) if quantity])
        some = rng.randrange(1, left[line] // MILLION + 1) * MILLION
        pieces.append(ledger.refund(sale, DAY, [(line + 1, some)], kept=kept))
        ledger.check(DAY)
    at_once.check(DAY)
    assert _end(ledger, pieces) == _end(at_once, once)
    for purse, units_ in (("points", 1_000), ("coffee", 20)):
        assert sum(each.remaining for each in ledger.holdings()[purse].lots) == units_
