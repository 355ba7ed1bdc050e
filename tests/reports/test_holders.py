"""Who the holders are: tiers as of a day, stages, habits and RFM segments, reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest
from figures import figures, only
from shops import ANA, BORIS, PROGRAMME, Shop

from pos_loyalty.reports.habits import state
from pos_loyalty.reports.rfm import SEGMENTS, scores, segment
from pos_loyalty.till import cards
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund


def test_stages_and_who_still_comes(corner: Shop) -> None:
    """Ana comes on 5, 15 and 25 January (gaps of 10, her own 10), Boris on the 5th, the 15th and 14 February (10 and 30: his 30),
    Vera once, on 5 January, Zoe never. The shop's gap is 10: the middle ones of 10, 10, 10, 30.

    On 14 February Ana has been away 20 days: active (twice 10) and a client; Boris is a buyer, his gap is longer than the shop's.
    Vera has been away 40 days, four times the shop's 10: leaving. A day later Ana is leaving and a buyer, and Vera is lost.
    """
    vera, _zoe = cards.issue(corner.register, count=2)
    for number in (ANA, BORIS, vera):
        corner.sell(1_000, number)
    corner.clock.forward(days=10)
    corner.sell(1_000, ANA)
    corner.sell(1_000, BORIS)
    corner.sell(1_000, BORIS)  # the same day is one visit
    corner.clock.forward(days=10)
    corner.sell(1_000, ANA)
    corner.clock.forward(days=20)
    corner.sell(1_000, BORIS)
    found = figures(corner.store, "holders", date(2026, 2, 14), date(2026, 2, 14))
    assert found["holders", "", ""] == (4, 4)
    assert found["new", "", ""] == (0, 0)
    assert found["usual_gap", "", ""][0] == 10
    assert only(found, "stage") == {
        ("prospect", ""): 1,
        ("visitor", ""): 1,
        ("buyer", ""): 1,
        ("client", ""): 1,
        ("supporter", ""): 0,
    }
    assert only(found, "state") == {("active", ""): 2, ("leaving", ""): 1, ("lost", ""): 0}
    assert only(found, "segment") == {("", ""): "can't tell yet"}
    later = figures(corner.store, "holders", date(2026, 2, 15), date(2026, 2, 15))
    assert only(later, "state") == {("active", ""): 1, ("leaving", ""): 1, ("lost", ""): 1}
    assert later["state", "active", ""] == (1, 2)
    assert later["stage", "client", ""] == (0, 1)
    january = figures(corner.store, "holders", date(2026, 1, 1), date(2026, 1, 31))
    assert january["new", "", ""] == (4, 0)


def test_who_sent_a_friend_is_a_supporter(corner: Shop) -> None:
    """Ana bought and sent Boris: she is a supporter once he has bought, on the 6th, and not before."""
    enrol(corner.register, Enrolment(name="Ana", card=ANA))
    enrol(corner.register, Enrolment(name="Boris", card=BORIS, referred_by=ANA))
    corner.sell(1_000, ANA)
    corner.clock.forward(days=1)
    corner.sell(1_000, BORIS)
    found = figures(corner.store, "holders", date(2026, 1, 6), date(2026, 1, 6))
    assert found["stage", "supporter", ""] == (1, 0)
    assert found["stage", "visitor", ""] == (1, 1)
    assert found["stage", "prospect", ""] == (0, 1)


def test_tiers_are_those_of_the_day(corner: Shop) -> None:
    """Ana reaches gold on 5 January by 950.00; Boris by a late card on the 7th, until the goods come back on the 9th. A year after
    it was reached gold steps down, whether or not anybody came: its last day is 5 January 2027.
    """
    activate(corner.register, PROGRAMME + '\n[guard]\nlate_card = "10 minutes"\n', None, "owner")
    corner.clock.forward(minutes=1)
    corner.sell(100_000, ANA)
    corner.clock.forward(days=2)
    sold = corner.sell(100_000)
    add_card(corner.register, LateOrder(sold.sale.id, BORIS, "anna"))
    seventh = figures(corner.store, "holders", date(2026, 1, 7), date(2026, 1, 7))
    assert seventh["tier", "gold", ""] == (2, 1)
    assert seventh["tier", "basic", ""] == (None, 1)
    corner.clock.forward(days=2)
    refund(corner.register, RefundOrder(sold.sale.id))
    ninth = figures(corner.store, "holders", date(2026, 1, 9), date(2026, 1, 9))
    assert only(ninth, "tier") == {("gold", ""): 1, ("basic", ""): 1}
    year_later = figures(corner.store, "holders", date(2027, 1, 6), date(2027, 1, 6))
    assert year_later["tier", "gold", ""] == (None, 1)
    assert year_later["tier", "basic", ""] == (2, 1)


def test_segments_by_fifths(corner: Shop) -> None:
    """Five holders, first seen on 1 to 5 visits, the last each a day later: their scores are 1 to 5 in all three, so one each is
    hibernating (1 1 and 2 2), needs attention (3 3), is loyal (4 4) and a champion (5 5), who is a supporter.
    """
    numbers = [ANA, BORIS, *cards.issue(corner.register, count=3)]
    for day in range(5):
        for number in numbers[day:]:
            corner.sell(1_000, number)
        corner.clock.forward(days=1)
    found = figures(corner.store, "holders", date(2026, 1, 9), date(2026, 1, 9))
    people = {name: count for (name, _), count in only(found, "segment").items() if count}
    assert people == {"hibernating": 2, "attention": 1, "loyal": 1, "champions": 1}
    spends = {name: amount for (name, _), amount in only(found, "segment_spend").items() if amount}
    assert spends == {"hibernating": 950 * 3, "attention": 950 * 3, "loyal": 950 * 4, "champions": 950 * 5}
    assert found["stage", "supporter", ""][0] == 1


def test_equal_values_have_equal_scores() -> None:
    """A fifth by rank: 1 + 5 x those below / all, and whoever has the same as another has the same score."""
    assert scores([10, 20, 30, 40, 50]) == [1, 2, 3, 4, 5]
    assert scores([7, 7, 7, 7]) == [1, 1, 1, 1]
    assert scores([5, 1, 1, 1, 1, 1, 1, 1, 1, 9]) == [5, 1, 1, 1, 1, 1, 1, 1, 1, 5]
    every = {segment(r, f) for r in range(1, 6) for f in range(1, 6)}
    assert every == {group.name for group in SEGMENTS}


@pytest.mark.parametrize(
    ("away", "usual", "said"),
    [
        (20, 10, "active"),
        (21, 10, "leaving"),
        (40, 10, "leaving"),
        (41, 10, "lost"),
        (14, 1, "active"),
        (15, 1, "leaving"),
    ],
)
def test_nobody_is_missed_within_a_week_of_habit(away: int, usual: int, said: str) -> None:
    """Active up to twice the usual gap, leaving up to four times, then lost; a gap below a week counts as a week."""
    assert state(away, usual) == said
    assert state(away, None) == "unknown"
