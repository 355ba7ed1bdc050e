"""Who sent a friend is thanked with the friend's sale, and what they were given follows the friend's goods back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from bills import DAY, at, eur, goods, refund_of, sale_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.bookkeeping import (
    expiry_postings,
    lots_filled,
    lots_for_referrer,
    refund_postings,
    sale_postings,
    settle_from_lots,
    units_of,
)
from pos_loyalty.domain.clawback import Terms
from pos_loyalty.domain.ledger import Draw, Entry, Holding, Lot
from pos_loyalty.domain.member import Account, Member
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.reversal import Referrer, Reversal, reverse, wanted_back
from pos_loyalty.domain.sale import Quote, Refund, Sale

OFFER = """
[programme]
name = "Shop"
currency = "EUR"
time_zone = "UTC"

[[exclude]]
departments = ["deposits"]

[purse.cashback]
unit = "money"

[purse.points]
unit = "points"
worth = "0.01"
expires = "12 months"

[[offer]]
id = "friend"
title = "Welcome"
for = { referred = true }
needs = { spend = "20.00" }
give = { earn = { cashback = "5.00" }, referrer = { points = 50 } }
"""


def rules(more: str = "", text: str = OFFER) -> Programme:
    programme = read(text + more).programme
    assert programme is not None, read(text + more).problems
    return programme


def boris(referred_by: str | None = "ana") -> Account:
    return Account("boris", "2900000000025", "named", None, member=Member("boris", "Boris", referred_by=referred_by))


def priced(lines: Any, programme: Programme, known: Known | None = None, **more: Any) -> Quote:
    return quote(tuple(lines), programme, DAY, boris(**more), known=known or Known())


def given_to(found: Quote) -> list[tuple[str, str, int, tuple[int, ...]]]:
    return [(one.account, one.earned.purse, one.earned.amount, one.earned.lines) for one in found.referrer]


# ---- what is given ----


def test_both_are_given_what_the_offer_says() -> None:
    """The friend 5.00, who sent them 50 points: 30.00 and 10.00 paid carry three parts and one of each."""
    found = priced([goods("30.00"), goods("10.00")], rules())
    assert [(one.purse, one.amount, one.lines) for one in found.earned] == [("cashback", 500, (375, 125))]
    assert given_to(found) == [("ana", "points", 50, (38, 12))]
    (thanks,) = found.referrer
    assert (thanks.earned.offer, thanks.earned.expires) == ("friend", date(2027, 11, 22))
    assert found.used == ("friend",)


def test_nothing_below_what_it_needs_or_where_nobody_sent_them() -> None:
    """19.99 is a cent short; and who was sent by nobody thanks nobody."""
    assert given_to(priced([goods("19.99")], rules())) == []
    assert given_to(priced([goods("50.00")], rules(), referred_by=None)) == []


@pytest.mark.parametrize(("friends", "points"), [(0, [50]), (9, [50]), (10, []), (11, [])])
def test_past_so_many_friends_the_friend_still_earns(friends: int, points: list[int]) -> None:
    """The eleventh friend of `each_referrer = 10` has their 5.00, and who sent them nothing more."""
    programme = rules("limit = { each_referrer = 10 }\n")
    found = priced([goods("50.00")], programme, Known(friends={"friend": friends}))
    assert [one.amount for one in found.earned] == [500]
    assert [amount for _, _, amount, _ in given_to(found)] == points


def test_a_budget_counts_both() -> None:
    """5.00 and 50 points of 0.01 are 5.50: of the last 2.75 each gets half."""
    programme = rules('limit = { budget = "100.00" }\n')
    found = priced([goods("50.00")], programme, Known(given={"friend": eur("97.25")}))
    assert [one.amount for one in found.earned] == [250]
    assert [amount for _, _, amount, _ in given_to(found)] == [25]


ONLY = OFFER.replace('earn = { cashback = "5.00" }, ', "")


def test_an_offer_can_be_for_the_referrer_alone() -> None:
    """Then it applies while there is somebody to thank, and says so where it was enough."""
    found = priced([goods("50.00")], rules(text=ONLY))
    assert (found.earned, given_to(found)) == ((), [("ana", "points", 50, (50,))])
    found = priced([goods("50.00")], rules("limit = { each_referrer = 1 }\n", ONLY), Known(friends={"friend": 1}))
    assert (given_to(found), found.used) == ([], ())
    assert "friends" in str(found.why[0].reason)


def test_a_control_group_gives_nobody_anything() -> None:
    """Who is held out earns nothing, and thanks nobody."""
    found = priced([goods("50.00")], rules('control_group = "100%"\n'))
    assert (found.earned, found.referrer, found.held_out) == ((), (), ("friend",))


# ---- the books, and returns ----


@dataclass
class Thanked:
    """The referrer's points as the postings say, and what a return does to them."""

    programme: Programme
    lines: Any
    owed: int = 0
    others: list[Lot] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    filled: dict[str, Lot] = field(default_factory=dict)
    excused: dict[str, int] = field(default_factory=dict)
    refunds: list[Refund] = field(default_factory=list)
    owed_before: int = 0

    def __post_init__(self) -> None:
        self.owed_before = self.owed
        self.sale: Sale = replace(sale_of(priced(self.lines, self.programme), self.programme), account="boris")
        own, thanks = lots_filled(self.sale), lots_for_referrer(self.sale)
        self.filled = {lot.id: lot for lot in (*own, *thanks, *self.others)}
        settled = settle_from_lots(thanks, {"points": self.owed}, DAY)
        self.post("sale", sale_postings(self.sale, units_of([self.programme]), (), settled))

    def post(self, kind: Any, postings: Any) -> None:
        moment = at(DAY, len(self.entries))
        self.entries.append(Entry(f"e{len(self.entries)}", kind, moment, moment, DAY, "x", "boris", postings))

    def lots(self, holder: str) -> dict[str, Lot]:
        held = {lot.id: lot.amount if lot in self.others else 0 for lot in self.filled.values()}
        lost = {lot_id: -amount for lot_id, amount in self.excused.items()}
        whose = {lot.id: "ana" for lot in self.others}
        for entry in self.entries:
            for posting in entry.postings:
                if posting.lot is not None:
                    held[posting.lot] -= posting.amount
                    whose[posting.lot] = posting.holder or ""
                    if entry.kind == "expiry":
                        lost[posting.lot] = lost.get(posting.lot, 0) + posting.amount
        return {
            lot_id: replace(lot, remaining=held[lot_id], expired=lost.get(lot_id, 0))
            for lot_id, lot in self.filled.items()
            if whose.get(lot_id) == holder
        }

    def debt(self, holder: str, purse: str) -> int:
        posted = [posting for entry in self.entries for posting in entry.postings]
        owed = sum(one.amount for one in posted if one.holder == holder and one.account == f"owed:{purse}")
        return owed + (self.owed_before if holder == "ana" and purse == "points" else 0)

    def take(self, lot: str, amount: int, kind: Any = "sale") -> None:
        """The referrer spends from a lot, or loses it to its last day."""
        posted = expiry_postings(units_of([self.programme]), "ana", {"points": [Draw(lot, amount)]})
        self.post(kind, posted)

    def holdings(self, holder: str) -> dict[str, Holding]:
        lots = self.lots(holder).values()
        return {
            purse.id: Holding(
                purse.id,
                tuple(lot for lot in lots if lot.purse == purse.id and lot.remaining),
                self.debt(holder, purse.id),
            )
            for purse in self.programme.purses
        }

    def refund(self, asked: Any = None, when_spent: Any = "owe") -> Reversal:
        back = reverse(
            self.sale,
            self.refunds,
            wanted_back(self.sale, self.refunds, asked),
            Terms(self.programme, when_spent),
            DAY,
            at(DAY, len(self.entries)),
            f"refund-{len(self.refunds)}",
            self.holdings("boris"),
            self.lots("boris"),
            Referrer("ana", self.holdings("ana"), self.lots("ana")),
        )
        purse_of = {lot.id: lot.purse for lot in self.filled.values()}
        self.post("refund", refund_postings(self.sale, back, purse_of, units_of([self.programme])))
        assert back.referrer is not None
        for draw in back.referrer.excused:
            self.excused[draw.lot] = self.excused.get(draw.lot, 0) + draw.amount
        self.refunds.append(refund_of(self.sale, back))
        return back


THANKS = "sale/2"
"""The referrer's lot: after the friend's own."""


def test_the_referrer_s_lot_is_in_the_books() -> None:
    """50 points are issued to Ana by Boris' sale, in a lot numbered on from his."""
    done = Thanked(rules(), [goods("30.00")])
    assert {lot.id: (lot.purse, lot.remaining) for lot in done.lots("ana").values()} == {THANKS: ("points", 50)}
    assert done.lots("boris")["sale/1"].remaining == 500


def test_the_referrer_s_debt_is_made_good_at_once() -> None:
    """Ana owes 20 points: of the 50, 30 are left to her, and she owes nothing."""
    done = Thanked(rules(), [goods("30.00")], owed=20)
    assert done.lots("ana")[THANKS].remaining == 30
    assert done.debt("ana", "points") == 0


def test_a_return_takes_the_points_with_the_lines() -> None:
    """One of four shirts takes 13 of the 50 (12.5, half up), another 12; the rest the rest."""
    done = Thanked(rules(), [goods("10.00", "4")])
    taken = []
    for _ in range(2):
        back = done.refund([(1, MILLION)]).referrer
        assert back is not None
        taken.append(sum(share.amount for share in back.taken_back))
    assert taken == [13, 12]
    done.refund()
    assert done.lots("ana")[THANKS].remaining == 0


@pytest.mark.parametrize("when_spent", ["owe", "withhold", "forgive"])
def test_what_the_referrer_spent_is_owed_whatever_the_terms(when_spent: str) -> None:
    """Ana spent 30 of the 50: the goods come back, 20 are taken and 30 are owed, and Boris' money is not kept for it."""
    done = Thanked(rules(), [goods("30.00")])
    done.take(THANKS, 30)
    back = done.refund(when_spent=when_spent)
    assert back.referrer is not None
    assert sum(share.amount for share in back.referrer.taken_back) == 20
    assert [(owed.purse, owed.amount) for owed in back.referrer.owed] == [("points", 30)]
    assert (back.withheld, back.owed, back.forgiven) == (0, (), ())
    assert done.debt("ana", "points") == 30


def test_what_expired_is_not_asked_for() -> None:
    """Ana lost 30 of the 50 to their last day: 20 are taken, and nothing is owed."""
    done = Thanked(rules(), [goods("30.00")])
    done.take(THANKS, 30, "expiry")
    back = done.refund().referrer
    assert back is not None
    assert (sum(share.amount for share in back.taken_back), back.owed) == (20, ())
    assert back.excused == (Draw(THANKS, 30),)


def test_owing_takes_from_what_else_the_purse_holds() -> None:
    """Ana spent all 50, and has 40 of another day: those are taken at once, and 10 are owed."""
    other = Lot("other", "points", 40, 40, DAY, None, at(DAY))
    done = Thanked(rules(), [goods("30.00")], others=[other])
    done.take(THANKS, 50)
    back = done.refund().referrer
    assert back is not None
    assert back.taken_draws == (Draw("other", 40),)
    assert [owed.amount for owed in back.owed] == [10]


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(500, 9_999)), min_size=1, max_size=4),
    st.integers(0, 50),
    st.integers(0, 50),
    st.data(),
)
@settings(max_examples=120, deadline=None)
def test_piece_by_piece_is_all_at_once(lines: list[tuple[int, int]], spent: int, lost: int, data: Any) -> None:
    """However the goods come back, and whatever was spent or lost before: the same points are taken and owed, to the last one."""
    basket = [goods(f"{price // 100 + 20}.{price % 100:02d}", str(quantity)) for quantity, price in lines]

    def start() -> Thanked:
        done = Thanked(rules(), basket)
        if spent:
            done.take(THANKS, spent)
        if min(lost, 50 - spent):
            done.take(THANKS, min(lost, 50 - spent), "expiry")
        return done

    whole, pieces = start(), start()
    whole.refund()
    items = [n for n, (quantity, _) in enumerate(lines, 1) for _ in range(quantity)]
    for number in data.draw(st.permutations(items)):
        pieces.refund([(number, MILLION)])
    for done in (whole, pieces):
        assert done.lots("ana")[THANKS].remaining == 0
        assert done.debt("ana", "points") == spent
        assert sum(done.excused.values()) == min(lost, 50 - spent)
        assert done.lots("boris")["sale/1"].remaining == 0
