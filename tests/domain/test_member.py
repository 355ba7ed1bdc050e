"""Who a holder is, as paper and prices need it."""

from __future__ import annotations

import pytest
from bills import holder, lot

from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.member import short_name
from pos_loyalty.domain.message import N_, Amount, Message, Refused


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Kovač", "Ana K."),
        ("Ana", "Ana"),
        ("  Ana  Maria   Kovač ", "Ana K."),
        ("Анна Петрова", "Анна П."),
        ("", ""),
        ("محمد علي", "محمد ع."),
    ],
)
def test_paper_shows_the_first_word_and_an_initial(name: str, shown: str) -> None:
    """A name of one word as it is."""
    assert short_name(name) == shown


def test_a_purse_in_which_nothing_ever_was_is_empty() -> None:
    """Asking for it needs no care."""
    account = holder(lot(amount="1.00"))
    assert account.holding("bonus") == Holding("bonus")
    assert account.holding("cashback").lots[0].amount == 100


def test_a_message_is_its_template_and_values() -> None:
    """Two that say the same are the same; a refusal has a stable code beside it."""
    one = Message(N_("{amount} off"), amount=Amount(5, "EUR"))
    assert one == Message("{amount} off", amount=Amount(5, "EUR"))
    assert hash(one) == hash(Message("{amount} off", amount=Amount(5, "EUR")))
    assert one != Message("{amount} off", amount=Amount(6, "EUR"))
    assert one != "{amount} off"
    assert "Amount" in repr(one)
    refused = Refused("line-invalid", one)
    assert (refused.code, refused.message) == ("line-invalid", one)
