"""Numbers handed out: from which range, never twice, never those of goods; and scanned, they are the same card again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import ANA, Shop

from pos_loyalty.domain.card import CardRange, CardRanges
from pos_loyalty.domain.message import Refused
from pos_loyalty.till import card_life, cards, goods
from pos_loyalty.till.register import Register
from pos_loyalty.till.scanning import CardScanned, GoodsScanned, recognise

KA = CardRange("KA", "luhn", 6)
RANGES = CardRanges((CardRange("04"), KA, CardRange("L", "damm")))
HEAD = "sku,barcode,name,price"


@pytest.fixture
def register(shop: Shop) -> Register:
    """A register with three ranges of cards."""
    return replace(shop.register, cards=RANGES)


def refusal(action: Callable[[], object]) -> str:
    """The code that an action is refused with."""
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.code


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([None, "04", "KA", "L"]), st.integers(1, 5)), max_size=6))
def test_issued_numbers_are_new_valid_and_scan_back(register: Register, asked: list[tuple[str | None, int]]) -> None:
    """However cards are issued, no number comes twice, each is the range's own, and its scan is that card and nothing else."""
    issued: list[str] = []
    with register.store.read() as books:
        before = {card.number for card in books.cards_from("0" * 13, 10_000)}
    for prefix, count in asked:
        range_ = cards.range_of(register, prefix)
        numbers = cards.issue(register, count=count, range_=range_)
        assert all(range_.look(number) == "card" for number in numbers)
        issued += numbers
    assert len(set(issued)) == len(issued)
    assert not before & set(issued)
    for number in issued:
        assert recognise(register, number) == CardScanned(number, known=True)
        if number.startswith("0"):
            assert recognise(register, number[1:]) == CardScanned(number, known=True)


def test_a_number_is_not_handed_out_again(register: Register) -> None:
    """Blocked and replaced cards keep theirs, also where they were the highest."""
    (first,) = cards.issue(register)
    second = card_life.replace(register, first).number
    card_life.block(register, second)
    (third,) = cards.issue(register)
    assert [RANGES.first.place(number) for number in (first, second, third)] == [1, 2, 3]


def test_a_text_between_the_numbers_is_passed_over(register: Register) -> None:
    """A card of another maker that begins like the range and is as long does not end it."""
    cards.issue(register, number="KA9-AAAA3")
    cards.issue(register, number="KA99999A3")
    assert cards.issue(register, range_=KA) == (KA.number(1),)


def test_a_used_up_range_says_so(register: Register) -> None:
    """Its last number is issued; the next one is refused, and none of several where not all fit."""
    cards.issue(register, number=KA.number(KA.room - 3))
    assert refusal(lambda: cards.issue(register, count=3, range_=KA)) == "card-range"
    assert cards.issue(register, count=2, range_=KA) == (KA.number(KA.room - 2), KA.number(KA.room - 1))
    assert refusal(lambda: cards.issue(register, range_=KA)) == "card-range"
    assert refusal(lambda: cards.range_of(register, "28")) == "card-range"


def test_a_mistyped_number_of_a_range_is_no_card_of_another_maker(register: Register) -> None:
    """Issued, enrolled or taken as a replacement: a wrong check digit is told in every range."""
    wrong = KA.number(5)[:-1] + str((int(KA.number(5)[-1]) + 1) % 10)
    assert refusal(lambda: cards.issue(register, number=wrong)) == "card-check-digit"
    (first,) = cards.issue(register)
    assert refusal(lambda: card_life.replace(register, first, new_number=wrong)) == "card-check-digit"


@pytest.mark.parametrize("column", ["sku", "barcode"])
def test_goods_may_not_have_the_numbers_of_cards(register: Register, column: str) -> None:
    """A row whose code a scan takes for a card is refused, by range or because a card has it; nothing is taken in."""
    cards.issue(register, number=ANA)
    for code in (KA.number(77), RANGES.first.number(1), ANA, KA.number(1)[:-1] + "9"):
        row = f"{code},,Ham,1.00" if column == "sku" else f"HAM,{code},Ham,1.00"
        _, problems = goods.import_csv(register, f"{HEAD}\n{row}\n")
        assert [one.row for one in problems] == [2], code
    assert goods.listed(register, limit=10) == ()


def test_a_range_that_goods_have_is_not_issued_from(shop: Shop, register: Register) -> None:
    """Weighed goods that were there before the range was set: issuing is refused and names one, and another range goes on."""
    ham = CardRange("22").number(12345)
    _, problems = goods.import_csv(shop.register, f"{HEAD}\nHAM,{ham},Ham,1.00\n")
    assert problems == ()
    weighed = replace(register, cards=CardRanges((CardRange("22"), KA)))
    assert refusal(lambda: cards.issue(weighed)) == "card-range"
    assert refusal(lambda: cards.next_number(weighed)) == "card-range"
    assert cards.issue(weighed, range_=KA) == (KA.number(1),)
    assert isinstance(recognise(register, ham), GoodsScanned)
