"""A backtest on what is done beside selling: records joined, purses adjusted, holders erased, shifts, operators and their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from figures import figures
from shops import ANA, BORIS, PROGRAMME, Clock, Shop
from sqlalchemy import text

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.sale import Tender
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.backtest import Backtest, Request, backtest
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.erasing import erase
from pos_loyalty.till.feedback import Said, give_feedback
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.joining import merge
from pos_loyalty.till.operators import add
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.shifts import close_shift, open_shift

CLARA = "2900000000032"
FRIENDS = (
    PROGRAMME
    + """
[[offer]]
id = "friend"
title = "Brought a friend"
for = { referred = true }
give = { earn = { cashback = "5.00" }, referrer = { cashback = "7.00" } }
limit = { each = 1 }

[[offer]]
id = "once"
title = "Once each"
limit = { each = 1 }
give = { discount = "1.00" }
"""
)
WATCHFUL = PROGRAMME + '\n[guard]\nbills_per_card_per_day = 1\nown_card = "refuse"\n'


@pytest.fixture(params=["sqlite_url", "emptied_postgres_url"])
def opened(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Shop]]:
    """A maker of a register with Ana, and Boris whom she sent, on both databases."""
    url: str = request.getfixturevalue(request.param)
    clock = Clock()
    store = open_store(url)
    register = Register("till-1", store, clock, lambda: uuid7(clock.now))

    def make(programme: str) -> Shop:
        activate(register, programme, None, "owner")
        enrol(register, Enrolment("Ana Kovač", card=ANA))
        enrol(register, Enrolment("Boris", card=BORIS, referred_by=ANA))
        return Shop(register, clock, store, url)

    yield make
    store.close()


def tried(shop: Shop, draft: str) -> Backtest:
    """The draft on all that was sold; the programme in force says what happened, and nothing is refused or short."""
    found = backtest(Request(shop.path, draft, shop.clock.now), lambda *_: None)
    assert replace(found.in_force, programme="") == replace(found.happened, programme="")
    refused = found.refused_in_force
    assert (refused.bills, refused.others, refused.short, refused.skipped) == ({}, {}, 0, 0)
    assert found.not_replayed == 0
    return found


def account(shop: Shop, card: str) -> str:
    """Whose a card is now."""
    with shop.store.read() as books:
        found = books.card(card)
    assert found is not None
    return found.account


def test_records_are_joined_when_they_were(opened: Callable[[str], Shop]) -> None:
    """Until then each had its own tier and its own once-each discount, and the friend's thanks went to who had sent them, which
    the joined record does not say any more. Afterwards they are one: at gold by 600.00 together, which a draft with 15 % for
    gold makes 10.00 cheaper on two bills of 100.00.
    """
    shop = opened(FRIENDS)
    shop.sell(32_000, BORIS)
    shop.sell(32_000, ANA)
    shop.clock.forward(days=20)
    merge(shop.register, account(shop, ANA), account(shop, BORIS), "owner")
    dues = [shop.sell(10_000, card).sale.quote.due for card in (BORIS, ANA)]
    assert dues == [9_000, 9_000]
    found = tried(shop, FRIENDS.replace('discount = "10%"', 'discount = "15%"'))
    assert (found.happened.uses["friend"], found.happened.uses["once"]) == (1, 2)
    assert found.happened.tiers == {"gold": 1}
    (winner,) = found.winners
    assert (winner.paid, winner.card) == (1_000, "*********0025")
    assert winner.held == -30  # 3 % of the 10.00 that they pay less


def test_a_holder_with_a_bill_refused_before_joining_is_left_out(opened: Callable[[str], Shop]) -> None:
    """Whose bill the draft refuses, by the name that both records have today, is left out as who they became, once."""
    shop = opened(PROGRAMME)
    enrol(shop.register, Enrolment("anna", card=CLARA))
    shop.sell(10_000, ANA)
    shop.clock.forward(days=1)
    merge(shop.register, account(shop, CLARA), account(shop, ANA), "owner")
    found = tried(shop, WATCHFUL)
    assert found.refused.bills == {"own-card": 1}
    assert (found.left_out, found.bands) == (1, {})


def test_what_was_given_and_taken_by_hand_comes_again(opened: Callable[[str], Shop]) -> None:
    """10.00 given for 5 days, 2.00 of it taken and 3.00 spent, 5.00 expired; 5.00 given by mistake, of which 4.00 were spent when
    it was undone: 1.00 came back with 0.05 earned meanwhile, the rest is owed and paid by what is earned later. The report of
    the flow says the same of each.
    """
    shop = opened(PROGRAMME)
    register, ana, boris = shop.register, account(shop, ANA), account(shop, BORIS)
    adjust(register, ana, "cashback", 1_000, "A long wait.", "owner", lasts=Duration(5, "day"))
    adjust(register, ana, "cashback", -200, "A mistake.", "owner")
    wrong = adjust(register, boris, "cashback", 500, "The wrong card.", "owner")
    shop.sell(1_000, BORIS, {"cashback": 400})
    undo(register, wrong.id, "The wrong card.", "owner")
    shop.sell(1_000, ANA, {"cashback": 300})
    shop.clock.forward(days=6)
    shop.sell(60_000, BORIS)
    shop.sell(1_000, ANA)
    found = tried(shop, PROGRAMME)
    assert found.draft == found.in_force
    (purse,) = found.happened.purses
    assert (purse.adjusted, purse.redeemed, purse.expired) == (1_000 - 200 + 500 - 105, 700, 500)
    flow = figures(shop.store, "flow", found.first, found.last)
    said = {name: now for (name, of, by), (now, _) in flow.items() if "cashback" in (of, by)}
    assert (said["issued"], said["adjusted"], said["redeemed"]) == (purse.issued, purse.adjusted, purse.redeemed)
    assert (said["expired"], said.get("taken_back", 0)) == (purse.expired, purse.taken_back)


def test_of_what_is_taken_by_hand_a_mean_draft_takes_what_is_there(opened: Callable[[str], Shop]) -> None:
    """9.50 earned and 9.00 taken; a draft that gives half of it has 4.75 to take, says that it was less, and nothing is left."""
    shop = opened(PROGRAMME)
    shop.sell(100_000, ANA)
    shop.clock.forward(days=20)
    taken = adjust(shop.register, account(shop, ANA), "cashback", -900, "A mistake.", "owner")
    shop.sell(100, None)
    found = tried(shop, PROGRAMME.replace('cashback = "1%"', 'cashback = "0.5%"'))
    assert (found.in_force.liability, found.draft.liability) == (50, 0)
    assert found.refused.short == 1
    undo(shop.register, taken.id, "It was none.", "owner")
    found = tried(shop, PROGRAMME.replace('cashback = "1%"', 'cashback = "0.5%"'))
    assert (found.in_force.liability, found.draft.liability) == (950, 475)


def test_a_draft_without_the_purse(opened: Callable[[str], Shop]) -> None:
    """What was given by hand to a purse that the draft has not is refused with its reason; what undoes it is left out with it."""
    shop = opened(PROGRAMME + '\n[purse.stamps]\nunit = "stamps"\n')
    given = adjust(shop.register, account(shop, ANA), "stamps", 3, "A long wait.", "owner")
    undo(shop.register, given.id, "The wrong card.", "owner")
    shop.sell(1_000, ANA)
    found = tried(shop, PROGRAMME)
    assert found.refused.others == {"purse-unknown": 1}
    assert (found.refused.skipped, found.left_out) == (1, 1)


def test_who_was_erased_has_nothing_from_then_on(opened: Callable[[str], Shop]) -> None:
    """What the purse held then is written off under the draft too, as much as that gave; so is what a return restores before
    the next erasing, and nobody is shown for it by a card that opens nothing.
    """
    shop = opened(PROGRAMME)
    sold = shop.sell(10_000, ANA)
    shop.sell(10_000, BORIS)
    shop.clock.forward(days=1)
    erase(shop.register, ANA, "owner")
    erase(shop.register, BORIS, "owner")
    shop.clock.forward(days=1)
    refund(shop.register, RefundOrder(sold.sale.id))
    found = tried(shop, PROGRAMME.replace('cashback = "1%"', 'cashback = "2%"'))
    purses = [side.purses[0] for side in (found.happened, found.in_force, found.draft)]
    assert [(purse.issued, purse.expired, purse.held) for purse in purses] == [
        (190, 190, 0),
        (190, 190, 0),
        (380, 380, 0),
    ]
    assert found.bands == {0: 2}


def test_empty_purses_that_a_draft_fills_are_written_off_too(opened: Callable[[str], Shop]) -> None:
    """Somebody was erased who had nothing, of which no entry tells: what a draft gave them is gone as well."""
    nothing = PROGRAMME.replace('cashback = "1%"', 'cashback = "0%"')
    shop = opened(nothing)
    shop.sell(10_000, ANA)
    shop.clock.forward(days=1)
    erase(shop.register, ANA, "owner")
    found = tried(shop, PROGRAMME)
    (purse,) = found.draft.purses
    assert (purse.issued, purse.expired, purse.held) == (95, 95, 0)


def test_no_right_guard_or_shift_stands_in_the_way(opened: Callable[[str], Shop]) -> None:
    """A register that wants a shift, a cashier who may nothing, a manager who allowed a discount and a third bill, one who bears
    the name of a holder, and a customer's word: all is sold again, and the answer is the same under rules that watch.
    """
    shop = opened(WATCHFUL)
    register = shop.register
    add(register, "Olga", "owner", "839214", "Olga")
    add(register, "anna", "cashier", "739218", "Olga")
    add(register, "Boris", "cashier", "639217", "Olga", card=ANA)
    wanting = replace(register, needs_shift=True)
    with pytest.raises(Refused, match="shift-missing"):
        sell(wanting, Bill(register.new_id(), (LineItem("Goods", 1_000),), None).order("anna"))
    open_shift(wanting, 10_000, "anna")
    by_hand = LineItem("Goods", 1_000, by_hand=ByHand(rate=MILLION // 10, allowed_by="Olga"))
    bill = sell(wanting, Bill(register.new_id(), (by_hand,), ANA).order("anna")).sale
    again = Bill(register.new_id(), (LineItem("Goods", 2_000),), ANA).order("anna")
    sell(wanting, replace(again, allowed_by="Olga", tenders=(Tender("card", 1_900),)))
    sell(wanting, Bill(register.new_id(), (LineItem("Goods", 3_000),), BORIS).order("Boris"))
    back = RefundOrder(bill.id, when_spent="forgive", operator="anna", allowed_by="Olga")
    refund(wanting, back)
    give_feedback(wanting, bill.id, Said(5, 9, "Lovely."), "anna")
    close_shift(wanting, 14_000, "anna")
    found = tried(shop, WATCHFUL)
    assert (found.draft, found.replayed, found.refused.bills) == (found.in_force, 3, {})
    with shop.store.read() as books:
        assert books.row(text("SELECT count(*) FROM operators")) == (3,)
