"""The life of a card at the till, and of its holder."""

from __future__ import annotations

from datetime import date

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.till import card_life, cards
from pos_loyalty.till.holders import Enrolment, enrol, find, show


def test_replacing_moves_nothing_but_the_number(shop: Shop) -> None:
    """A replaced card's holder keeps account, purses and tier under the new number; the old one opens it no longer."""
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    shop.sell(60_000, ANA)
    old = cards.show(shop.register, ANA)
    card_life.replace(shop.register, ANA, new_number=BORIS)
    new = cards.show(shop.register, BORIS)
    assert (new.account, new.purses, new.member) == (old.account, old.purses, old.member)
    assert new.tier == old.tier
    with pytest.raises(Refused) as refused:
        shop.sell(100, ANA)
    assert refused.value.code == "card-replaced"


def test_cards_are_issued_with_free_numbers_and_right_check_digits(shop: Shop) -> None:
    """Numbers follow on from the highest in use, and each is a valid EAN-13."""
    cards.issue(shop.register, ANA)
    assert cards.issue(shop.register, count=2) == ("2900000000025", "2900000000032")


@pytest.mark.parametrize(
    ("number", "code"), [("2900000000019", "card-check-digit"), ("AB", "card-invalid"), (ANA, "card-taken")]
)
def test_number_that_no_card_can_have_is_refused(shop: Shop, number: str, code: str) -> None:
    """A wrong check digit, a wrong shape and a number in use are each refused by name."""
    cards.issue(shop.register, ANA)
    with pytest.raises(Refused) as refused:
        cards.issue(shop.register, number)
    assert refused.value.code == code


def test_state_that_does_not_follow_is_refused(shop: Shop) -> None:
    """A replaced card can't be unblocked, and an active one isn't either."""
    cards.issue(shop.register, ANA)
    with pytest.raises(Refused) as refused:
        card_life.unblock(shop.register, ANA)
    assert refused.value.code == "card-state"
    card_life.block(shop.register, ANA)
    assert card_life.unblock(shop.register, ANA).status == "active"


def test_card_issued_blank_gets_its_holder_later(shop: Shop) -> None:
    """What a blank card earned is its holder's once they are enrolled; a second holder is refused."""
    cards.issue(shop.register, ANA, kind="bearer")
    shop.sell(100_000, ANA)
    enrol(shop.register, Enrolment("Ana Kovač", ANA, phone="+359 88 123 4567", birthday=date(1990, 2, 28)))
    card = cards.show(shop.register, ANA)
    assert (card.kind, card.purses["cashback"].balance.pending) == ("named", 950)
    with pytest.raises(Refused) as refused:
        enrol(shop.register, Enrolment("Boris", ANA))
    assert refused.value.code == "card-taken"


@pytest.mark.parametrize("text", ["kov", "KOVAC", "ana", "234567", ANA])
def test_holder_who_forgot_the_card_is_found(shop: Shop, text: str) -> None:
    """A holder is found by any word of the name without its accents, by the end of the phone, and by the card."""
    enrol(shop.register, Enrolment("Ana Kovač", ANA, phone="+359881234567"))
    enrol(shop.register, Enrolment("Борис Ёлкин", BORIS))
    assert [found.name for found in find(shop.register, text)] == ["Ana Kovač"]


@pytest.mark.parametrize(
    "wish",
    [
        Enrolment(" "),
        Enrolment("A\x07"),
        Enrolment("Ana", phone="12"),
        Enrolment("Ana", email="x"),
        Enrolment("Ana", birthday=date(2030, 1, 1)),
    ],
)
def test_impossible_holder_is_refused_whole(shop: Shop, wish: Enrolment) -> None:
    """A holder with no name, an impossible phone, e-mail or birthday is refused, and nothing of them is stored."""
    with pytest.raises(Refused) as refused:
        enrol(shop.register, wish)
    assert refused.value.code == "member-invalid"
    assert find(shop.register, "a") == ()


def test_holder_is_shown_by_card_and_by_account(shop: Shop) -> None:
    """A holder's record is found by any card or by the account."""
    holder = enrol(shop.register, Enrolment("Ana Kovač", ANA))
    assert show(shop.register, ANA)[0] == show(shop.register, holder.member.account)[0] == holder
