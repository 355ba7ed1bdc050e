"""Counting money on the counter agrees with how a bill is settled, and round sums are offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.sale import Tender, TenderKind
from pos_loyalty.domain.settlement import settle
from pos_loyalty.till.tendering import count, likely_cash

kinds: st.SearchStrategy[TenderKind] = st.sampled_from(("cash", "card", "other"))
tenders = st.lists(st.builds(Tender, kinds, st.integers(1, 20_000)), max_size=4)


@given(st.integers(0, 20_000), tenders, st.sampled_from((1, 5, 10)))
def test_enough_is_what_settling_takes(due: int, given_: list[Tender], step: int) -> None:
    """What counts as enough is settled, with the change that was counted; what does not is refused as too little."""
    counted = count(due, given_, step)
    assert counted.given == sum(tender.amount for tender in given_)
    if sum(tender.amount for tender in given_ if tender.kind != "cash") > due:
        return  # only cash gives change: closing the bill says so
    if counted.enough:
        assert settle(due, given_, step, "EUR").change == counted.change
    else:
        with pytest.raises(Refused) as refused:
            settle(due, given_, step, "EUR")
        assert refused.value.code == "tender-short"


@given(st.integers(1, 20_000), tenders, st.sampled_from((1, 5, 10)))
def test_what_is_left_in_cash_closes_the_bill(due: int, given_: list[Tender], step: int) -> None:
    """Giving what is left in cash, where it is anything, is enough."""
    counted = count(due, given_, step)
    if counted.left_in_cash:
        assert count(due, [*given_, Tender("cash", counted.left_in_cash)], step).enough


@pytest.mark.parametrize(
    ("due", "sums"),
    [
        (4_730, (4_800, 5_000, 6_000, 10_000)),
        (475_000, (480_000, 500_000, 600_000, 1_000_000)),
        (350, (400, 500, 1_000, 2_000)),
        (5_000, (6_000, 10_000, 20_000, 50_000)),
        (0, ()),
    ],
)
def test_round_sums_above_what_is_due(due: int, sums: tuple[int, ...]) -> None:
    """The sums offered are round, rising and above what is due."""
    assert likely_cash(due, 2) == sums


@given(st.integers(1, 10**13), st.sampled_from((0, 2, 3)))
def test_offered_sums_rise(due: int, digits: int) -> None:
    """Whatever is due, at most four sums are offered, each above it and above the one before."""
    sums = likely_cash(due, digits)
    assert len(sums) <= 4
    assert list(sums) == sorted(set(sums))
    assert all(amount > due for amount in sums)
