"""Paying a bill: cash rounded to what coins can pay, change from cash alone, and refusals that say what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.message import Amount, Refused
from pos_loyalty.domain.money import MAX_MINOR, rounded_to
from pos_loyalty.domain.sale import Settlement, Tender, TenderKind
from pos_loyalty.domain.settlement import settle


def paid(due: int, *tenders: tuple[TenderKind, int], step: int = 1) -> Settlement:
    return settle(due, [Tender(kind, amount) for kind, amount in tenders], step, "EUR")


def test_without_a_word_it_is_exactly_what_is_due_in_cash() -> None:
    """12.34 in cash, and in steps of 0.05 it is 12.35."""
    assert settle(1234, None, 1, "EUR") == Settlement((Tender("cash", 1234),), 1234, 0, 0)
    assert settle(1234, None, 5, "EUR") == Settlement((Tender("cash", 1235),), 1235, 1, 0)


@pytest.mark.parametrize(("due", "rounding"), [(100, 0), (101, -1), (102, -2), (103, 2), (104, 1), (105, 0)])
def test_cash_is_rounded_to_five_cents(due: int, rounding: int) -> None:
    """`rounding` is what it adds to what is due; the change is counted from the rounded amount."""
    settlement = paid(due, ("cash", 200), step=5)
    assert (settlement.rounding, settlement.change, settlement.paid) == (rounding, 200 - due - rounding, 200)


def test_two_cents_of_cash_round_to_nothing() -> None:
    """Nothing is handed over, and the shop loses two cents."""
    assert settle(2, None, 5, "EUR") == Settlement((), 0, -2, 0)
    assert settle(2, [], 5, "EUR") == Settlement((), 0, -2, 0)


def test_a_card_pays_to_the_cent() -> None:
    """Nothing that a card pays is rounded."""
    assert paid(1234, ("card", 1234), step=5) == Settlement((Tender("card", 1234),), 1234, 0, 0)


def test_what_the_card_leaves_is_rounded_in_cash() -> None:
    """10.00 by card leave 2.34, which is 2.35 in coins; out of 5.00 come 2.65."""
    settlement = paid(1234, ("card", 1000), ("cash", 500), step=5)
    assert (settlement.rounding, settlement.change) == (1, 265)


def test_several_tenders_pay_together() -> None:
    """Certificate, card, other and two lots of cash; the order in which they were given does not matter."""
    tenders: list[tuple[TenderKind, int]] = [
        ("cash", 100),
        ("certificate", 300),
        ("other", 200),
        ("card", 350),
        ("cash", 100),
    ]
    assert paid(1000, *tenders).change == 50
    assert paid(1000, *reversed(tenders)).change == 50


def test_what_is_missing_is_said() -> None:
    """10.00 due, 4.00 by card and 5.00 in cash: 1.00 is missing."""
    with pytest.raises(Refused) as refused:
        paid(1000, ("card", 400), ("cash", 500))
    assert refused.value.code == "tender-short"
    assert refused.value.message.values == {
        "missing": Amount(100, "EUR"),
        "paid": Amount(900, "EUR"),
        "due": Amount(1000, "EUR"),
    }


@pytest.mark.parametrize("tenders", [[("card", 999)], [], [("cash", 994)]])
def test_too_little_is_refused(tenders: list[tuple[TenderKind, int]]) -> None:
    """By card a cent is missing (a card is not rounded), or nothing was given, or not even the rounded cash."""
    with pytest.raises(Refused) as refused:
        paid(1000, *tenders, step=10)
    assert refused.value.code == "tender-short"


@pytest.mark.parametrize("kind", ["card", "certificate", "other"])
def test_only_cash_gives_change(kind: TenderKind) -> None:
    """A cent too much by anything else is refused, with or without cash beside it."""
    with pytest.raises(Refused, match="only cash gives change"):
        paid(1000, (kind, 1001))
    with pytest.raises(Refused, match="only cash gives change"):
        paid(1000, ("cash", 100), (kind, 1001))


@pytest.mark.parametrize("amount", [0, -1, MAX_MINOR + 1])
def test_what_nobody_pays_is_refused(amount: int) -> None:
    """Nothing, less than nothing, and more than a bill can hold."""
    with pytest.raises(Refused) as refused:
        paid(1000, ("cash", amount))
    assert refused.value.code == "amount-invalid"


def test_the_least_and_the_most_that_anybody_pays() -> None:
    """A cent, and the largest amount that a bill can hold."""
    assert paid(1, ("cash", 1)).change == 0
    assert paid(1, ("cash", MAX_MINOR)).change == MAX_MINOR - 1


def test_a_bill_of_nothing_needs_no_tender() -> None:
    """All was paid from a purse; cash that is handed over all the same is change."""
    assert settle(0, None, 5, "EUR") == Settlement((), 0, 0, 0)
    assert settle(0, [], 5, "EUR") == Settlement((), 0, 0, 0)
    assert paid(0, ("cash", 500)).change == 500


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**4), st.sampled_from((1, 5, 10, 50, 100)))
def test_what_was_given_is_what_was_due_rounded_and_the_change(due: int, by_card: int, more: int, step: int) -> None:
    """given = due + rounding + change, and the rounding is at most half a step."""
    by_card = min(by_card, due)
    cash = rounded_to(due - by_card, step) + more
    tenders = [Tender("card", by_card)] * bool(by_card) + [Tender("cash", cash)] * bool(cash)
    if by_card and not cash and due > by_card:
        return  # rounded to nothing beside a card: refused, see above
    settlement = settle(due, tenders, step, "EUR")
    assert settlement.paid == sum(tender.amount for tender in tenders) == due + settlement.rounding + settlement.change
    assert abs(settlement.rounding) * 2 <= step
    assert settlement.change == more
