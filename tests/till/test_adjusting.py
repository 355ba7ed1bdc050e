"""Units given and taken by hand on a real store, of both kinds, and what undoing them comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import ANA, BORIS, PROGRAMME, Clock, Shop
from sqlalchemy import text

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.reports.flow import REPORT
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.figure_flow import flows
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.joining import merge
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.recognition import take_complaint
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

DAY = date(2026, 1, 5)


@pytest.fixture
def both(store_url: str) -> Iterator[Shop]:
    """A shop with the example programme and one bearer card, on each kind of database."""
    clock = Clock(datetime(2026, 1, 5, 10, 0, tzinfo=UTC))
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    cards.issue(register, ANA)
    yield Shop(register, clock, store, "")
    store.close()


def account_of(shop: Shop, card: str = ANA) -> str:
    return cards.show(shop.register, card).account


def held(shop: Shop, card: str = ANA) -> tuple[int, int]:
    """What can be spent, and what is owed."""
    balance = cards.show(shop.register, card).purses["cashback"].balance
    return balance.available, balance.owed


def whole(shop: Shop) -> None:
    assert [fault.place for fault in verify_store(shop.store).faults] == []


def test_what_is_given_can_be_spent_at_once_for_as_long_as_the_rule_says(both: Shop) -> None:
    """A gift does not wait as earnings do; it ends by the purse's rule, or after as long as was said. The reason is kept apart."""
    account = account_of(both)
    done = adjust(both.register, account, "cashback", 500, "  A long\nwait. ", "boss", allowed_by="owner")
    assert (done.available, done.expires) == (DAY, date(2027, 1, 5))
    short = adjust(both.register, account, "cashback", 100, "Tea was cold.", "boss", lasts=Duration(10, "day"))
    assert short.expires == date(2026, 1, 15)
    assert held(both) == (600, 0)
    with both.store.read() as books:
        assert books.reason(done.id) == "A long wait."
        assert [row[0] for row in books.rows(text("SELECT facts FROM deeds"))] != []
        assert not any("wait" in row[0] for row in books.rows(text("SELECT facts FROM deeds")))
    both.sell(10_000, ANA, {"cashback": 600})
    assert held(both) == (0, 0)
    whole(both)


def test_no_more_is_taken_than_there_is(both: Shop) -> None:
    """Lots are drawn in spending order, soonest ending first; more than can be spent is refused with what there is."""
    account = account_of(both)
    adjust(both.register, account, "cashback", 500, "Sorry.", "boss")
    adjust(both.register, account, "cashback", 300, "Sorry.", "boss", lasts=Duration(10, "day"))
    both.sell(100_000, ANA)  # what is pending is not there to be taken
    with pytest.raises(Refused) as refused:
        adjust(both.register, account, "cashback", -801, "Too much.", "boss")
    assert refused.value.code == "balance-too-low"
    assert refused.value.message.values["available"].minor == 800  # type: ignore[union-attr]
    adjust(both.register, account, "cashback", -400, "Too much.", "boss")
    lots = [lot for lot in cards.show(both.register, ANA).purses["cashback"].lots if lot.sale is None]
    assert [lot.remaining for lot in lots] == [400]
    whole(both)


def test_a_gift_first_makes_good_a_debt(both: Shop) -> None:
    """What is owed is paid out of the gift, as out of an earning."""
    sold = both.sell(100_000, ANA).sale
    both.clock.forward(days=20)
    both.sell(5_000, ANA, {"cashback": 900})
    refund(both.register, RefundOrder(sold.id))
    _, owed = held(both)
    assert owed > 0
    done = adjust(both.register, account_of(both), "cashback", owed + 50, "Sorry.", "boss")
    assert done.settled == owed
    assert held(both) == (50, 0)
    whole(both)


def test_the_same_id_again_does_nothing(both: Shop) -> None:
    """A repeated request answers with the first; another one under its id is refused, and so is undoing under it."""
    account, id_ = account_of(both), both.register.new_id()
    done = adjust(both.register, account, "cashback", 500, "Sorry.", "boss", id=id_)
    assert adjust(both.register, account, "cashback", 500, "Sorry.", "boss", id=id_) == done
    assert held(both) == (500, 0)
    for again in (
        lambda: adjust(both.register, account, "cashback", 501, "Sorry.", "boss", id=id_),
        lambda: undo(both.register, id_, "Sorry.", "boss", id=id_),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "id-conflict"


def test_a_gift_undone_takes_back_what_is_left_and_the_rest_is_owed(both: Shop) -> None:
    """Its own lot first, then others, then a debt; it corrects the first entry and is not done twice."""
    account = account_of(both)
    first = adjust(both.register, account, "cashback", 1_000, "Sorry.", "boss")
    earned = sum(one.amount for one in both.sell(10_000, ANA, {"cashback": 700}).sale.quote.earned)
    other = adjust(both.register, account, "cashback", 100, "Sorry.", "boss")
    back = undo(both.register, first.id, "The wrong card.", "boss")
    assert (back.amount, back.owed, back.undoes) == (-1_000, 600 - earned, first.id)
    assert held(both) == (0, 600 - earned)
    for wrong in (first.id, back.id):
        with pytest.raises(Refused) as refused:
            undo(both.register, wrong, "Again.", "boss")
        assert refused.value.code == "undo-invalid"
    undo(both.register, other.id, "That too.", "boss")
    assert held(both) == (0, 700 - earned)
    whole(both)


def test_what_expired_of_a_gift_is_not_asked_for(both: Shop) -> None:
    """A gift that ran out unspent is undone without a debt."""
    first = adjust(both.register, account_of(both), "cashback", 500, "Sorry.", "boss", lasts=Duration(5, "day"))
    both.clock.forward(days=30)
    back = undo(both.register, first.id, "The wrong card.", "boss")
    assert (back.amount, back.owed, sum(draw.amount for draw in back.excused)) == (0, 0, 500)
    assert held(both) == (0, 0)
    whole(both)


def test_a_taking_undone_gives_back_to_its_lots(both: Shop) -> None:
    """What was taken lies in the very lot again; where that ran out, it lives as long as what a return gives back."""
    account = account_of(both)
    given_ = adjust(both.register, account, "cashback", 500, "Sorry.", "boss", lasts=Duration(60, "day"))
    taken = adjust(both.register, account, "cashback", -200, "A mistake.", "boss")
    undo(both.register, taken.id, "No mistake.", "boss")
    (lot,) = cards.show(both.register, ANA).purses["cashback"].lots
    assert (lot.id, lot.remaining) == (f"{given_.id}/1", 500)
    taken = adjust(both.register, account, "cashback", -200, "A mistake.", "boss")
    both.clock.forward(days=90)
    undo(both.register, taken.id, "No mistake.", "boss")
    (lot,) = cards.show(both.register, ANA).purses["cashback"].lots
    assert (lot.remaining, lot.parent, lot.expires) == (200, f"{given_.id}/1", date(2026, 5, 5))
    whole(both)


def test_what_was_given_before_a_joining_is_undone_after_it(both: Shop) -> None:
    """The gift is found where it moved to, and the taking is given back there."""
    cards.issue(both.register, BORIS)
    other = account_of(both, BORIS)
    first = adjust(both.register, other, "cashback", 500, "Sorry.", "boss")
    taken = adjust(both.register, other, "cashback", -100, "A mistake.", "boss")
    merge(both.register, account_of(both), other, "boss")
    undo(both.register, taken.id, "No mistake.", "boss")
    assert held(both) == (500, 0)
    undo(both.register, first.id, "The wrong card.", "boss")
    assert held(both) == (0, 0)
    with pytest.raises(Refused) as refused:
        undo(both.register, first.id, "Again.", "boss")
    assert refused.value.code == "undo-invalid"
    whole(both)


def test_what_cannot_be_adjusted_or_undone_says_why(both: Shop) -> None:
    """Nothing, no reason, no such purse, holder, complaint or entry; a sale and a joining are not undone by hand."""
    account = account_of(both)
    cards.issue(both.register, BORIS)
    other = account_of(both, BORIS)
    complaint = take_complaint(both.register, other, "The coat tore.", "anna")
    cases = [
        (lambda: adjust(both.register, account, "cashback", 0, "Sorry.", "boss"), "amount-invalid"),
        (lambda: adjust(both.register, account, "cashback", 5, " ", "boss"), "words-invalid"),
        (lambda: adjust(both.register, account, "cashback", 5, "x" * 501, "boss"), "words-invalid"),
        (lambda: adjust(both.register, account, "gold", 5, "Sorry.", "boss"), "purse-unknown"),
        (lambda: adjust(both.register, "nobody", "cashback", 5, "Sorry.", "boss"), "member-unknown"),
        (
            lambda: adjust(both.register, account, "cashback", 5, "Sorry.", "boss", complaint=complaint.id),
            "complaint-unknown",
        ),
        (lambda: undo(both.register, both.register.new_id(), "Why.", "boss"), "entry-unknown"),
        (lambda: undo(both.register, both.sell(100).sale.id, "Why.", "boss"), "undo-invalid"),
        (lambda: undo(both.register, merge(both.register, account, other, "boss").id, "Why.", "boss"), "undo-invalid"),
        (lambda: adjust(both.register, other, "cashback", 5, "Sorry.", "boss"), "member-unknown"),
    ]
    for act, code in cases:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    done = adjust(both.register, account, "cashback", 5, "Sorry.", "boss", complaint=complaint.id)
    assert done.complaint == complaint.id
    whole(both)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("give", "take", "undo", "spend", "merge")), st.integers(1, 900)), max_size=9
    )
)
def test_flow_says_what_the_lots_hold_more(shop: Shop, steps: list[tuple[str, int]]) -> None:
    """In whatever order units are given, taken, undone, spent and joined, the figures of flow come to what all lots hold."""
    with shop.store.read() as books:
        taken_ = {str(row[0]) for row in books.rows(text("SELECT number FROM cards"))}
    one, other = cards.issue(shop.register, count=2)
    assert not {one, other} & taken_
    done: list[str] = []
    for what, amount in steps:
        account = account_of(shop, one if amount % 2 else other)
        try:
            if what in ("give", "take"):
                sign = 1 if what == "give" else -1
                done.append(adjust(shop.register, account, "cashback", sign * amount, "Why.", "boss").id)
            elif what == "undo" and done:
                undo(shop.register, done[amount % len(done)], "Why.", "boss")
            elif what == "spend":
                shop.sell(5_000, one if amount % 2 else other, {"cashback": amount})
            elif what == "merge":
                merge(shop.register, account_of(shop, one), account_of(shop, other), "boss")
        except Refused as refused:
            assert refused.code in {"balance-too-low", "undo-invalid", "merge-invalid", "limit-reached"}  # noqa: PT017
    with shop.store.read() as books:
        flow = flows(books, DAY, DAY).get("cashback")
        row = books.row(text("SELECT coalesce(sum(remaining), 0) FROM lots"))
    assert row is not None
    if flow is not None:
        gone = flow.redeemed + flow.expired + flow.taken_back + flow.made_good
        assert flow.issued + flow.adjusted + flow.restored - gone == int(row[0])
    assert [fault.place for fault in verify_store(shop.store).faults] == []


def test_the_report_of_flow_has_it(both: Shop) -> None:
    """`report flow` has a figure for what was given by hand."""
    assert "adjusted" in {figure.name for figure in REPORT.figures}
