"""Cards blocked, replaced, brought back and added: nothing moves but the number, and who did it is on record."""

from __future__ import annotations

import json

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import card_life, cards
from pos_loyalty.till.holders import Change, Enrolment, edit, enrol, find

FAMILY = "2900000000032"


def test_a_replacement_can_be_undone(shop: Shop) -> None:
    """The old number opens the account again with all that is in it, and the new one is the replaced one."""
    cards.issue(shop.register, ANA)
    shop.sell(60_000, ANA)
    before = cards.show(shop.register, ANA)
    new = card_life.replace(shop.register, ANA, "boss", allowed_by="owner").number
    card_life.bring_back(shop.register, ANA, "boss")
    assert cards.show(shop.register, ANA) == before
    with pytest.raises(Refused) as refused:
        shop.sell(100, new)
    assert refused.value.code == "card-replaced"
    assert verify_store(shop.store).faults == ()


def test_a_card_whose_successor_was_replaced_too_does_not_come_back(shop: Shop) -> None:
    """Only the last replacement is undone; so is none that never was."""
    cards.issue(shop.register, ANA)
    with pytest.raises(Refused) as refused:
        card_life.bring_back(shop.register, ANA, "boss")
    assert refused.value.code == "card-state"
    new = card_life.replace(shop.register, ANA, "boss").number
    card_life.replace(shop.register, new, "boss")
    with pytest.raises(Refused) as refused:
        card_life.bring_back(shop.register, ANA, "boss")
    assert refused.value.code == "card-state"


def test_a_family_card_is_one_more_key(shop: Shop) -> None:
    """Both cards open one account; the new one is of its holder's kind, and a number in use is refused."""
    account = enrol(shop.register, Enrolment("Ana Kovač", ANA)).member.account
    card = card_life.add_card(shop.register, account, "anna", number=FAMILY)
    assert (card.account, card.kind) == (account, "named")
    shop.sell(60_000, FAMILY)
    assert cards.show(shop.register, ANA).visits == 1
    for number in (ANA, FAMILY):
        with pytest.raises(Refused) as refused:
            card_life.add_card(shop.register, account, "anna", number=number)
        assert refused.value.code == "card-taken"
    with pytest.raises(Refused) as refused:
        card_life.add_card(shop.register, "nobody", "anna")
    assert refused.value.code == "member-unknown"


def test_each_change_is_noted_with_who_did_it_and_never_with_a_card(shop: Shop) -> None:
    """The audit list has every change in order, who allowed it, and cards only masked."""
    account = enrol(shop.register, Enrolment("Ana Kovač", ANA)).member.account
    card_life.block(shop.register, ANA, "anna", allowed_by="boss")
    card_life.unblock(shop.register, ANA, "anna")
    card_life.replace(shop.register, ANA, "anna", new_number=BORIS)
    card_life.add_card(shop.register, account, "anna", number=FAMILY)
    assert shop.store_values("SELECT action FROM audit ORDER BY id") == [
        "card-block",
        "card-unblock",
        "card-replace",
        "card-add",
    ]
    assert shop.store_values("SELECT allowed_by FROM audit ORDER BY id") == ["boss", None, None, None]
    said = " ".join(map(str, shop.store_values("SELECT subject || coalesce(detail, '') FROM audit ORDER BY id")))
    assert "*********0018" in said
    assert not any(number in said for number in (ANA, BORIS, FAMILY))


def test_who_a_holder_is_can_be_changed(shop: Shop) -> None:
    """They are found by the new words and no longer by the old; the audit list says which fields, never what they hold."""
    account = enrol(shop.register, Enrolment("Ana Kovač", ANA, phone="+359881234567")).member.account
    member = edit(shop.register, account, Change(name="Ana Horvat", phone=None, language="bg"), "anna").member
    assert (member.name, member.phone, member.language) == ("Ana Horvat", None, "bg")
    assert [found.name for found in find(shop.register, "horv")] == ["Ana Horvat"]
    assert find(shop.register, "kov") == find(shop.register, "234567") == ()
    (detail,) = shop.store_values("SELECT detail FROM audit")
    assert json.loads(str(detail)) == {"fields": "name, phone, language"}
    edit(shop.register, account, Change(name="Ana Horvat"), "anna")
    assert shop.store_value("SELECT count(*) FROM audit") == 1
    assert verify_store(shop.store).faults == ()


@pytest.mark.parametrize("change", [Change(name=" "), Change(phone="1"), Change(email="x"), Change(language="English")])
def test_a_change_that_no_enrolment_would_take_is_refused(shop: Shop, change: Change) -> None:
    """What cannot be enrolled cannot be changed to either, and nothing is stored."""
    holder = enrol(shop.register, Enrolment("Ana Kovač", ANA))
    with pytest.raises(Refused) as refused:
        edit(shop.register, holder.member.account, change, "anna")
    assert refused.value.code == "member-invalid"
    assert [found.name for found in find(shop.register, "ana")] == ["Ana Kovač"]
