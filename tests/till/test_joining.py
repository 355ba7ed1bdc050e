"""Two records joined into one on a real store, of both kinds: what they had and were, and what comes back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop
from sqlalchemy import text

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.figure_visits import days_of_holders
from pos_loyalty.storage.tables import consents, feedback
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.adjusting import adjust
from pos_loyalty.till.checkout import Order, OrderLine, sell
from pos_loyalty.till.holders import Enrolment, enrol, find
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.joining import merge
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.recognition import take_complaint, write_note
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

CLARA = "2900000000032"
RICH = (
    PROGRAMME
    + """
[guard]
late_card = "20 minutes"

[[offer]]
id = "friend"
title = "Brought a friend"
for = { referred = true }
needs = { spend = "10.00" }
give = { earn = { cashback = "5.00" }, referrer = { cashback = "7.00" } }

[[offer]]
id = "once"
title = "Once each"
limit = { each = 1 }
give = { discount = "3%" }
"""
)


@pytest.fixture
def both(store_url: str) -> Iterator[Shop]:
    """A shop with the rich programme, on each kind of database."""
    clock = Clock(datetime(2026, 1, 5, 10, 0, tzinfo=UTC))
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    yield Shop(register, clock, store, "")
    store.close()


def account_of(shop: Shop, card: str) -> str:
    return cards.show(shop.register, card).account


def whole(shop: Shop) -> None:
    assert [fault.place for fault in verify_store(shop.store).faults] == []


def test_one_holder_of_two_cards_has_what_both_had(both: Shop) -> None:
    """Both cards open the kept record: purses, visits and the tier that both histories carry; both stay alive."""
    enrol(both.register, Enrolment("Ana Kovač", ANA, phone="+359881234567"))
    enrol(both.register, Enrolment("Ана Ковач", BORIS, email="ana@example.com", birthday=date(1990, 2, 28)))
    both.sell(150_000, ANA)
    both.clock.forward(days=1)
    both.sell(100_000, BORIS)
    one, other = cards.show(both.register, ANA), cards.show(both.register, BORIS)
    assert one.tier is not None
    assert one.tier.id == "gold"
    merge(both.register, one.account, other.account, "boss", allowed_by="owner")
    joined, by_other = cards.show(both.register, ANA), cards.show(both.register, BORIS)
    assert joined.account == by_other.account == one.account
    assert joined.visits == 2
    assert joined.last_visit == other.last_visit
    pending = [view.purses["cashback"].balance.pending for view in (one, other, joined)]
    assert pending[2] == pending[0] + pending[1] > 0
    assert joined.tier is not None
    assert (joined.tier.id, joined.tier.spend) == ("vip", 142_500 + 95_000)
    member = joined.member
    assert member is not None
    assert (member.name, member.phone, member.email, member.birthday) == (
        "Ana Kovač",
        "+359881234567",
        "ana@example.com",
        date(1990, 2, 28),
    )
    assert [found.account for found in find(both.register, "ков")] == []
    assert both.sell(100, BORIS).sale.account == one.account
    whole(both)


def test_goods_of_the_other_come_back_to_the_one(both: Shop) -> None:
    """A return of the other's sale takes back what it had earned, and gives back what it had spent, to the very days."""
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    earning = both.sell(100_000, BORIS).sale
    both.clock.forward(days=20)
    spending = both.sell(10_000, BORIS, {"cashback": 500}).sale
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    (lot,) = (lot for lot in cards.show(both.register, BORIS).purses["cashback"].lots if lot.sale == earning.id)
    merge(both.register, keep, other, "boss")
    refund(both.register, RefundOrder(spending.id))
    lots = cards.show(both.register, ANA).purses["cashback"].lots
    assert sum(held.remaining for held in lots) == lot.amount
    assert {(held.available, held.expires, held.sale) for held in lots} == {(lot.available, lot.expires, earning.id)}
    back = refund(both.register, RefundOrder(earning.id)).refund
    assert back.account == keep
    assert [share.amount for share in back.taken_back] == [lot.amount]
    assert back.owed == ()
    shown = cards.show(both.register, ANA)
    assert shown.purses["cashback"].lots == ()
    assert shown.tier is not None
    assert (shown.tier.id, shown.tier.spend) == ("basic", 0)
    whole(both)


def test_a_debt_is_made_good_by_what_the_other_has(both: Shop) -> None:
    """What one owes is paid by the other's lots, whichever of the two is kept."""
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    sold = both.sell(100_000, BORIS).sale
    both.clock.forward(days=20)
    both.sell(5_000, BORIS, {"cashback": 900})
    refund(both.register, RefundOrder(sold.id, when_spent="owe"))
    owed = cards.show(both.register, BORIS).purses["cashback"].balance.owed
    assert owed > 0
    both.sell(200_000, ANA)
    had = cards.show(both.register, ANA).purses["cashback"].balance.pending
    done = merge(both.register, account_of(both, BORIS), account_of(both, ANA), "boss")
    assert [part.amount for part in done.settled] == [owed]
    balance = cards.show(both.register, ANA).purses["cashback"].balance
    assert (balance.pending, balance.owed) == (had - owed, 0)
    whole(both)


def test_a_third_record_takes_both_with_it(both: Shop) -> None:
    """What was joined is joined on: a sale of the first comes back to the last, and its cards open that one."""
    for card in (ANA, BORIS, CLARA):
        cards.issue(both.register, card)
    sold = both.sell(100_000, ANA).sale
    first, second, third = (account_of(both, card) for card in (ANA, BORIS, CLARA))
    merge(both.register, second, first, "boss")
    merge(both.register, third, second, "boss")
    assert {account_of(both, card) for card in (ANA, BORIS, CLARA)} == {third}
    back = refund(both.register, RefundOrder(sold.id)).refund
    assert (back.account, [share.amount for share in back.taken_back]) == (third, [950])
    assert cards.show(both.register, CLARA).purses["cashback"].lots == ()
    whole(both)


def test_what_is_one_already_is_not_joined(both: Shop) -> None:
    """A record with itself, one that is part of another, and one that is not there are refused; the same id again does nothing."""
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    id_ = both.register.new_id()
    done = merge(both.register, keep, other, "boss", id=id_)
    assert merge(both.register, keep, other, "boss", id=id_) == done
    for one, two, code in (
        (keep, keep, "merge-invalid"),
        (keep, other, "merge-invalid"),
        (other, keep, "merge-invalid"),
        (keep, "nobody", "member-unknown"),
    ):
        with pytest.raises(Refused) as refused:
            merge(both.register, one, two, "boss")
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        merge(both.register, other, keep, "boss", id=id_)
    assert refused.value.code == "id-conflict"
    whole(both)


def test_words_and_consents_follow_their_holder(both: Shop) -> None:
    """Both notes are one, complaints, feedback and consents are the kept record's; a bearer's record takes the other's name."""
    cards.issue(both.register, ANA, kind="bearer")
    enrol(both.register, Enrolment("Boris", BORIS))
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    write_note(both.register, keep, "Likes tea.", "anna")
    write_note(both.register, other, "Left-handed.", "anna")
    complaint = take_complaint(both.register, other, "The coat tore.", "anna")
    at = "2026-01-05T10:00:00.000Z"
    with both.store.write() as books:
        books.run(
            consents.insert(),
            id="c1",
            account_id=other,
            purpose="mail",
            given=1,
            at=at,
            operator="a",
            wording="May we?",
        )
        books.run(
            feedback.insert(), id="f1", account_id=other, sale_id=None, at=at, day=at[:10], operator="a",
            satisfaction=5, recommendation=None, text=None,
        )  # fmt: skip
    merge(both.register, keep, other, "boss")
    view = cards.show(both.register, ANA)
    assert (view.kind, view.member and view.member.name) == ("named", "Boris")
    assert view.known.note is not None
    assert view.known.note.text == "Likes tea. / Left-handed."
    assert [one.id for one in view.known.complaints] == [complaint.id]
    with both.store.read() as books:
        for table in ("consents", "feedback"):
            assert books.rows(text(f"SELECT account_id FROM {table}")) == [(keep,)]  # noqa: S608 - one of two words
    whole(both)


def test_a_limit_per_holder_counts_both(both: Shop) -> None:
    """An offer that the other had is used up for the one; who had sent the other is nobody's own friend."""
    activate(both.register, RICH, None, "owner")
    enrol(both.register, Enrolment("Ana", ANA))
    enrol(both.register, Enrolment("Boris", BORIS, referred_by=ANA))
    sold = both.sell(10_000, BORIS).sale
    assert {"once", "friend"} <= set(sold.quote.used)
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    merge(both.register, keep, other, "boss")
    later = both.sell(10_000, ANA).sale
    assert "once" not in later.quote.used
    assert later.quote.referrer == ()
    refund(both.register, RefundOrder(sold.id))
    refund(both.register, RefundOrder(later.id))
    view = cards.show(both.register, ANA)
    assert (view.purses["cashback"].lots, view.purses["cashback"].balance.owed) == ((), 0)
    whole(both)


def test_a_late_card_of_the_other_comes_back_to_the_one(both: Shop) -> None:
    """A card that was added late, then joined: its return finds what it earned, and its limits are given back."""
    activate(both.register, RICH, None, "owner")
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    sold = sell(both.register, Order((OrderLine("TEA", "Tea", "food", 10_000),), operator="anna")).sale
    add_card(both.register, LateOrder(sold.id, BORIS, "anna"))
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    merge(both.register, keep, other, "boss")
    back = refund(both.register, RefundOrder(sold.id)).refund
    assert (back.account, [share.amount for share in back.taken_back]) == (keep, [100])
    whole(both)


def test_a_given_lot_that_moved_still_runs_out_on_its_day(both: Shop) -> None:
    """What was given by hand keeps its last day on the way, and is lost after it."""
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    given = adjust(both.register, account_of(both, BORIS), "cashback", 500, "Sorry.", "boss")
    merge(both.register, account_of(both, ANA), account_of(both, BORIS), "boss")
    assert given.expires is not None
    (lot,) = cards.show(both.register, ANA).purses["cashback"].lots
    assert (lot.remaining, lot.expires) == (500, given.expires)
    both.clock.now += timedelta(days=400)
    both.sell(1_000, ANA)
    assert cards.show(both.register, ANA).purses["cashback"].balance.available == 0
    whole(both)


def test_figures_count_a_joined_holder_once(both: Shop) -> None:
    """The report of holders has one holder of both histories, with the days of both."""
    for card in (ANA, BORIS):
        cards.issue(both.register, card)
    both.sell(10_000, ANA)
    both.clock.forward(days=1)
    both.sell(10_000, BORIS)
    keep, other = account_of(both, ANA), account_of(both, BORIS)
    merge(both.register, keep, other, "boss")
    with both.store.read() as books:
        found = [(account, list(days)) for account, days in days_of_holders(books, both.clock.now.date())]
    assert found == [(keep, ["2026-01-05", "2026-01-06"])]
