"""Signing in, rights, and what was done: on a real store, by a clock that the test owns."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from shops import ANA, BORIS, PROGRAMME, Shop

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import operators
from pos_loyalty.till.audit import Wanted, page
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import Closed, Order, price, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.operators import Change, add, allow, change, may, needs_no_pin, permit, sign_in, those_with
from pos_loyalty.till.programmes import activate, current
from pos_loyalty.till.recognition import take_complaint, write_note
from pos_loyalty.till.returns import RefundOrder, refund

OLGA, MIRA, ANNA = "830517", "4719", "3906"


@pytest.fixture
def staffed(shop: Shop) -> Shop:
    """A shop with an owner, a manager and a cashier."""
    add(shop.register, "Olga", "owner", OLGA, "", first=True)
    add(shop.register, "Mira", "manager", MIRA, "Olga")
    add(shop.register, "Anna", "cashier", ANNA, "Olga")
    return shop


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def discounted(shop: Shop, operator: str, allowed_by: str | None = None) -> Closed:
    """A bill with a discount by hand."""
    item = LineItem("Coat", 10_000, by_hand=ByHand(amount=500, allowed_by=allowed_by))
    return sell(shop.register, Bill(shop.register.new_id(), (item,)).order(operator))


# ---- signing in ----


def test_the_right_pin_signs_in_and_a_wrong_one_does_not(staffed: Shop) -> None:
    """The name may be written in any case; a wrong PIN and a name that nobody has are answered alike."""
    assert sign_in(staffed.register, "ANNA", ANNA).name == "Anna"
    refusals = []
    for name, pin in (("Anna", "3907"), ("Anna", ""), ("Anna", "39a6"), ("Zed", ANNA), ("", ANNA), ("Anna", MIRA)):
        with pytest.raises(Refused) as refused:
            sign_in(staffed.register, name, pin)
        refusals.append((refused.value.code, refused.value.message))
    assert set(refusals) == {("pin-wrong", operators.WRONG)}
    sign_in(staffed.register, "Anna", ANNA)


def test_a_name_that_nobody_has_costs_the_same_work(staffed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash is checked whether the name is known or not, so that the time tells nothing."""
    checked: list[str] = []
    real = operators.is_pin
    monkeypatch.setattr(operators, "is_pin", lambda kept, pin: (checked.append(kept), real(kept, pin))[1])
    for name in ("Anna", "Zed"):
        with pytest.raises(Refused):
            sign_in(staffed.register, name, "3907")
    assert len(checked) == 2
    assert {kept.rsplit("$", 2)[0] for kept in checked} == {"$argon2id$v=19$m=19456,t=2,p=1"}


def test_wrong_pins_lock_for_a_time_that_grows_and_the_right_one_ends_it(staffed: Shop) -> None:
    """The fifth wrong PIN in a row locks for a minute, the sixth for two; meanwhile the right one is not taken either."""
    for wrong in ("pin-wrong", "pin-wrong", "pin-wrong", "pin-wrong", "pin-locked", "pin-locked"):
        with pytest.raises(Refused) as refused:
            sign_in(staffed.register, "Anna", "3907")
        assert code_of(refused) == wrong
    with pytest.raises(Refused) as refused:
        sign_in(staffed.register, "Anna", ANNA)
    assert code_of(refused) == "pin-locked"
    staffed.clock.forward(minutes=1)
    with pytest.raises(Refused) as refused:
        sign_in(staffed.register, "Anna", "3907")
    assert refused.value.message.values == {"minutes": 2}
    staffed.clock.forward(minutes=2)
    assert sign_in(staffed.register, "Anna", ANNA).failed == 0
    with pytest.raises(Refused) as refused:
        sign_in(staffed.register, "Anna", "3907")
    assert code_of(refused) == "pin-wrong"


def test_a_try_counts_before_its_pin_is_looked_at(staffed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulling the plug while a PIN is checked gives no try back."""

    def plug(kept: str, pin: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(operators, "is_pin", plug)
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            sign_in(staffed.register, "Anna", "3907")
    monkeypatch.undo()
    with pytest.raises(Refused) as refused:
        sign_in(staffed.register, "Anna", ANNA)
    assert code_of(refused) == "pin-locked"


def test_a_pin_stands_nowhere(staffed: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the store, as it is or as what was typed wrong, nor in a log, nor in a refusal."""
    caplog.set_level(logging.DEBUG)
    wrong = "73914862"
    for name in ("Anna", wrong):
        with pytest.raises(Refused) as refused:
            sign_in(staffed.register, name, wrong)
        assert wrong not in repr(refused.value.args)
    sign_in(staffed.register, "Olga", OLGA)
    with closing(sqlite3.connect(staffed.path)) as db:
        dump = "\n".join(db.iterdump())
    for pin in (OLGA, wrong):
        assert pin not in dump
        assert pin not in caplog.text


# ---- who works here ----


def test_the_first_operator_is_the_owner_and_only_the_first_start_needs_no_right(shop: Shop) -> None:
    """A shop cannot begin with a cashier, and a second first owner is refused."""
    with pytest.raises(Refused) as refused:
        add(shop.register, "Anna", "cashier", ANNA, "", first=True)
    assert code_of(refused) == "owner-needed"
    add(shop.register, "Olga", "owner", OLGA, "", first=True)
    with pytest.raises(Refused) as refused:
        add(shop.register, "Zed", "owner", "5083", "", first=True)
    assert code_of(refused) == "operators-exist"
    with pytest.raises(Refused) as refused:
        add(shop.register, "OLGA", "cashier", ANNA, "Olga")
    assert code_of(refused) == "operator-taken"
    for name in ("", "  ", "12", "x" * 101, "a\x00b"):
        with pytest.raises(Refused) as refused:
            add(shop.register, name, "cashier", ANNA, "Olga")
        assert code_of(refused) == "operator-invalid"


def test_the_last_active_owner_stays_one(staffed: Shop) -> None:
    """Neither demoted nor sent away, until there is another one."""
    register = staffed.register
    for wish in (Change(role="manager"), Change(active=False)):
        with pytest.raises(Refused) as refused:
            change(register, "Olga", wish, "Olga")
        assert code_of(refused) == "owner-needed"
    change(register, "Mira", Change(role="owner"), "Olga")
    change(register, "Olga", Change(active=False), "Mira")
    with pytest.raises(Refused) as refused:
        change(register, "Mira", Change(role="manager"), "Mira")
    assert code_of(refused) == "owner-needed"
    with pytest.raises(Refused) as refused:
        sign_in(register, "Olga", OLGA)
    assert code_of(refused) == "pin-wrong", "who left does not sign in"


def test_only_who_may_changes_who_works_here(staffed: Shop) -> None:
    """A manager may not, an owner may allow it, and the command line needs no right."""
    register = staffed.register
    with pytest.raises(Refused) as refused:
        change(register, "Anna", Change(role="manager"), "Mira")
    assert code_of(refused) == "right-missing"
    with pytest.raises(Refused) as refused:
        add(register, "Zed", "owner", "5083", "Anna", allowed_by="Mira")
    assert code_of(refused) == "right-missing"
    assert change(register, "Anna", Change(role="manager"), "Mira", allowed_by="Olga").role == "manager"
    change(register, "Anna", Change(role="cashier"), "Anna", by_right=False)
    with pytest.raises(Refused) as refused:
        change(register, "Zed", Change(role="cashier"), "Olga")
    assert code_of(refused) == "operator-unknown"


def test_a_new_pin_ends_a_lock(staffed: Shop) -> None:
    """Who forgot their PIN gets another one from an owner, and signs in at once."""
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in(staffed.register, "Anna", "3907")
    change(staffed.register, "Anna", Change(pin="5083"), "Olga")
    assert sign_in(staffed.register, "Anna", "5083").name == "Anna"
    with pytest.raises(Refused) as refused:
        change(staffed.register, "Anna", Change(pin="1234"), "Olga")
    assert code_of(refused) == "pin-weak"


# ---- rights ----


def test_what_is_permitted(staffed: Shop) -> None:
    """By role, or by somebody with the right; a name that is no operator's is not restricted."""
    with staffed.store.read() as books:
        permit(books, "discount", "Mira", None)
        permit(books, "discount", "anna", "Mira")
        permit(books, "discount", "nobody here", None)
        permit(books, "discount", "", None)
        for allowed_by in (None, "", "Anna", "nobody here"):
            with pytest.raises(Refused) as refused:
                permit(books, "discount", "Anna", allowed_by)
            assert code_of(refused) == "right-missing"
    assert [one.name for one in those_with(staffed.register, "erase")] == ["Olga"]
    assert may(staffed.register, "discount", "Mira")
    assert not may(staffed.register, "discount", "nobody here"), "on a screen somebody must be signed in"
    assert [needs_no_pin(staffed.register, name) for name in ("Anna", "Mira", "Zed", "")] == [True, False, False, False]


def test_where_nobody_is_known_everything_is_allowed(shop: Shop) -> None:
    """A shop without operators works as if there were no rights."""
    assert may(shop.register, "erase", "anybody")
    assert needs_no_pin(shop.register, "anybody")
    assert discounted(shop, "anybody").sale.settlement.paid == 9_500


def test_somebody_with_the_right_allows_it_once_by_their_pin(staffed: Shop) -> None:
    """A cashier's PIN allows nothing; a manager's does, and it is listed."""
    with pytest.raises(Refused) as refused:
        allow(staffed.register, "Anna", ANNA, "discount", "Anna")
    assert code_of(refused) == "right-missing"
    with pytest.raises(Refused) as refused:
        allow(staffed.register, "Mira", "4718", "discount", "Anna")
    assert code_of(refused) == "pin-wrong"
    assert allow(staffed.register, "Mira", MIRA, "discount", "Anna").name == "Mira"
    programme = current(staffed.register).programme
    done = page(staffed.register, Wanted(operator="mira"), programme).done
    assert [(one.action, one.operator, one.allowed_by, one.detail) for one in done] == [
        ("allow", "Anna", "Mira", {"right": "discount"}),
        ("sign-in-failed", "Mira", None, {"right": "discount"}),
    ]


def test_a_discount_by_hand_names_who_allowed_it_in_the_sale_itself(staffed: Shop) -> None:
    """A known cashier is refused without; with, the line of the sale and the list name both, and the chain is whole."""
    with pytest.raises(Refused) as refused:
        discounted(staffed, "Anna")
    assert code_of(refused) == "right-missing"
    item = LineItem("Coat", 10_000, by_hand=ByHand(amount=500))
    assert price(staffed.register, Bill("b", (item,)).order("Anna")).sale.quote.due == 9_500, "priced all the same"
    sale = discounted(staffed, "Anna", "Mira").sale
    (line,) = sale.quote.lines
    assert line.item.by_hand == ByHand(amount=500, allowed_by="Mira")
    discounted(staffed, "Mira")
    with staffed.store.read() as books:
        kept = books.sale(sale.id)
        assert kept is not None
        assert kept[0] == sale
    assert verify_store(staffed.store).faults == ()


def test_forgiving_against_the_programme_takes_a_right(staffed: Shop) -> None:
    """The programme lets what was spent be owed; a cashier forgives it only by somebody who may, and the list names both."""
    register = staffed.register
    enrol(register, Enrolment("Ana Kovač", card=ANA))
    sold = staffed.sell(10_000, ANA).sale
    order = RefundOrder(sold.id, operator="Anna", when_spent="forgive")
    with pytest.raises(Refused) as refused:
        refund(register, order)
    assert code_of(refused) == "right-missing"
    back = refund(register, replace(order, allowed_by="Mira")).refund
    (listed,) = page(register, Wanted(action="forgive"), current(register).programme).done
    assert (listed.operator, listed.allowed_by, listed.subject) == ("Anna", "Mira", back.receipt_number)


def test_a_cashiers_own_card_is_that_of_their_account(staffed: Shop) -> None:
    """Where an account is connected the name does not matter; where none is, it does."""
    register = staffed.register
    activate(register, PROGRAMME + '\n[guard]\nown_card = "refuse"\n', None, "owner")
    enrol(register, Enrolment("A. K. Petrova", card=ANA))
    enrol(register, Enrolment("Anna", card=BORIS))

    def rung_up(card: str) -> str:
        item = LineItem("Coat", 10_000)
        try:
            price(register, Bill("b", (item,), card).order("Anna"))
        except Refused as refused:
            return refused.code
        return "sold"

    assert (rung_up(ANA), rung_up(BORIS)) == ("sold", "own-card")
    change(register, "Anna", Change(card=ANA), "Olga")
    assert (rung_up(ANA), rung_up(BORIS)) == ("own-card", "sold")
    change(register, "Anna", Change(card=""), "Olga")
    assert (rung_up(ANA), rung_up(BORIS)) == ("sold", "own-card")
    with pytest.raises(Refused) as refused:
        change(register, "Anna", Change(card="2900000000094"), "Olga")
    assert code_of(refused) == "card-unknown"


# ---- what was done ----


def test_the_list_holds_journal_and_deeds_in_the_order_of_time(staffed: Shop) -> None:
    """Sales and returns with their numbers, words about a holder, and people; by pages without a gap or a repetition."""
    register, programme = staffed.register, current(staffed.register).programme
    account = enrol(register, Enrolment("Ana Kovač", card=ANA)).member.account
    for _ in range(3):
        staffed.clock.forward(minutes=1)
        sold = staffed.sell(1_000, ANA).sale
    staffed.clock.forward(minutes=1)
    write_note(register, account, "no bag", "Mira")
    staffed.clock.forward(days=1)
    take_complaint(register, account, "the handle came off", "Anna")
    refund(register, RefundOrder(sold.id, operator="Boris"))
    whole = page(register, Wanted(), programme, size=100)
    assert whole.then is None
    words = [(one.action, one.subject) for one in whole.done[:6]]
    assert set(words[:2]) == {("refund", "till-1-000004"), ("complaint", None)}
    assert words[2:] == [
        ("note", None),
        ("sale", "till-1-000003"),
        ("sale", "till-1-000002"),
        ("sale", "till-1-000001"),
    ]
    found, cursor = [], None
    while True:
        part = page(register, Wanted(), programme, cursor, size=2)
        found += part.done
        cursor = part.then
        if cursor is None:
            break
    assert tuple(found) == whole.done
    assert not any("Ana" in str(one) or ANA in str(one) for one in found)


def test_the_list_is_filtered(staffed: Shop) -> None:
    """By who, what, which account, and business days; a search that finds nothing says how far it came."""
    register, programme = staffed.register, current(staffed.register).programme
    account = enrol(register, Enrolment("Ana Kovač", card=ANA)).member.account
    staffed.sell(1_000)
    staffed.clock.forward(days=1)
    staffed.sell(1_000, ANA)

    def found(wanted: Wanted) -> list[str]:
        return [f"{one.action} {one.subject or ''}".strip() for one in page(register, wanted, programme).done]

    assert found(Wanted(action="sale")) == ["sale till-1-000002", "sale till-1-000001"]
    assert found(Wanted(action="sale", account=account)) == ["sale till-1-000002"]
    assert found(Wanted(action="sale", last=date(2026, 1, 5))) == ["sale till-1-000001"]
    assert found(Wanted(action="sale", first=date(2026, 1, 6))) == ["sale till-1-000002"]
    assert found(Wanted(first=date(2026, 1, 6), last=date(2026, 1, 6))) == ["sale till-1-000002"]
    assert found(Wanted(operator="OLG", action="operator-add")) == [
        "operator-add Anna",
        "operator-add Mira",
        "operator-add Olga",
    ]
    assert found(Wanted(operator="zed")) == []


def test_a_restart_forgets_no_try(staffed: Shop) -> None:
    """What was typed wrong stands in the store."""
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in(staffed.register, "Anna", "3907")
    store = open_store(staffed.path)
    with pytest.raises(Refused) as refused:
        sign_in(replace(staffed.register, store=store), "Anna", ANNA)
    store.close()
    assert code_of(refused) == "pin-locked"


def test_an_order_that_names_a_guard_must_name_somebody_who_may(staffed: Shop) -> None:
    """The second bill of a card in a day is not allowed by another cashier."""
    register = staffed.register
    activate(register, PROGRAMME + "\n[guard]\nbills_per_card_per_day = 1\n", None, "owner")
    enrol(register, Enrolment("Ana Kovač", card=ANA))
    order: Order = Bill(register.new_id(), (LineItem("Coat", 100),), ANA).order("Anna")
    sell(register, order)
    for allowed_by, code in ((None, "guard"), ("Anna", "right-missing"), ("Zed", "right-missing")):
        with pytest.raises(Refused) as refused:
            sell(register, replace(order, id=register.new_id(), allowed_by=allowed_by))
        assert code_of(refused) == code
    assert sell(register, replace(order, id=register.new_id(), allowed_by="Mira")).sale.warnings
