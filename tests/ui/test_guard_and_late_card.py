"""What is watched at the till, and who may allow it; and a forgotten card, added to a bill that is closed already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock
from tills import TEA, Till, open_desk, running

from pos_loyalty.terminal.devices import Demo, RegisterDevices
from pos_loyalty.till.cards import show
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.receipts import latest

GUARD = """
[guard]
bills_per_card_per_day = 1
own_card = "warn"
late_card = "10 minutes"
"""
OWN = "2900000000049"


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal where a card may have one bill a day; the cashier has a card too."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, PROGRAMME + GUARD, None, "owner")
    enrol(desk.register, Enrolment("Anna", card=OWN))
    desk.register.store.close()
    async with running(shop_url) as running_till:
        yield running_till


async def closed(till: Till, *codes: str) -> None:
    """A bill of these, closed in cash, and its receipt read."""
    await till.scan(*codes)
    await till.press("f12", "f12")
    await till.next_customer()


# ---- the guard ----


async def test_one_bill_more_is_allowed_by_a_manager(till: Till) -> None:
    """The warning stands before the money is taken; closing asks for a name that is not the cashier's, and it is on the bill."""
    await closed(till, TEA, ANA)
    await till.scan(TEA, ANA)
    assert till.bar.startswith("! Card *********0018 has had as many bills today as it may (1): ask a manager.")
    await till.press("f12")
    till.see("! Card *********0018 has had")
    await till.press("f12")
    till.see("Ask a manager", "Who allows it?")
    await till.press("enter")
    assert till.bar == "✖ Type the name of the manager who allows it."
    await till.type("ANNA")
    assert till.bar == "✖ Somebody else must allow it: type the manager's name."
    await till.press(*["backspace"] * 4)
    await till.type("Mira")
    await till.until(lambda: till.screen == "ReceiptScreen")
    sale = latest(till.desk.register)[0].sale
    assert sale.receipt_number == "till-1-000002"
    assert [warning.values["name"] for warning in sale.warnings] == ["Mira"]


async def test_without_a_manager_the_bill_stays_open(till: Till) -> None:
    """Escape closes nothing; what was given stays noted, and without the card the bill is closed as it is."""
    await closed(till, TEA, ANA)
    await till.scan(TEA, ANA)
    await till.press("f12")
    await till.type("5")
    till.see("Ask a manager")
    await till.press("escape")
    assert till.bar.startswith("✖ Card *********0018 has had as many bills today")
    assert len(latest(till.desk.register)) == 1
    await till.press("escape", "slash", "f12", "enter")
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert latest(till.desk.register)[0].sale.settlement.change == 150


async def test_a_name_holds_for_its_own_card_alone(till: Till) -> None:
    """Another card on the same bill is asked about anew."""
    await closed(till, TEA, ANA)
    await closed(till, TEA, BORIS)
    await till.scan(TEA, "JACKET", ANA)
    await till.press("f12")
    await till.type("1", end="f2")
    await till.press("f12")
    await till.type("Mira", end="escape")
    await till.press("escape")
    await till.scan(BORIS)
    await till.press("f12", "f12")
    till.see("Ask a manager")


async def test_the_cashiers_own_card_is_warned_of(till: Till) -> None:
    """With goods or before them, and again where the money is taken; the bill says so afterwards."""
    await till.scan(OWN)
    assert till.bar == "! anna rings up their own card."
    await till.press("slash")
    await till.scan(TEA, OWN)
    assert till.bar == "! anna rings up their own card."
    await till.press("f12")
    till.see("! anna rings up their own card.")
    await till.press("f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert len(latest(till.desk.register)[0].sale.warnings) == 1


async def test_the_cashiers_own_card_is_refused(till: Till) -> None:
    """Before the goods and after them: the bill stays without it, and goes on."""
    activate(till.desk.register, PROGRAMME + GUARD.replace("warn", "refuse"), None, "owner")
    await till.scan(OWN)
    assert till.bar == "✖ anna cannot ring up their own card: let somebody else do it."
    await till.scan(TEA, OWN)
    assert till.bar == "✖ anna cannot ring up their own card: let somebody else do it."
    assert till.due == "3.50"
    till.see("No card")


# ---- a forgotten card ----


def balance(till: Till, card: str) -> int:
    """What a card's cashback holds, pending too."""
    held = show(till.desk.register, card).purses["cashback"].balance
    return held.available + held.pending


async def paid(till: Till, *codes: str) -> None:
    """A bill of these, closed in cash; its receipt is up."""
    await till.scan(*codes)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")


async def test_a_forgotten_card_is_added_to_the_bill_just_closed(till: Till) -> None:
    """Scanned at its receipt it is asked about; Enter adds it, and says what its holder earned on what was paid."""
    await paid(till, "JACKET")
    await till.scan(ANA)
    till.see("A forgotten card?", "Ana Kovač", "till-1-000001", "5,000.00")
    await till.press("enter")
    await till.until(lambda: till.bar.startswith("✓"))
    assert till.bar == "✓ Card *********0018 is added to till-1-000001. Cashback: +50.00."
    assert balance(till, ANA) == 5_000
    await till.scan(BORIS)
    await till.press("enter")
    await till.until(lambda: till.bar.startswith("✖"))
    assert till.bar == "✖ Receipt till-1-000001 has a card on it already."


async def test_it_may_be_the_next_customers(till: Till) -> None:
    """F12 puts it on the next bill; Escape leaves all as it is."""
    await paid(till, TEA)
    await till.scan(ANA)
    await till.press("escape")
    assert till.screen == "ReceiptScreen"
    await till.scan(ANA)
    await till.press("f12")
    await till.until(lambda: till.screen == "SaleScreen")
    till.see("Ana Kovač")
    assert balance(till, ANA) == 0


async def test_an_older_receipt_takes_it_too_but_not_for_ever(till: Till) -> None:
    """From the list within the programme's ten minutes; later it is refused with why."""
    await closed(till, "JACKET")
    await till.press("f8", "enter")
    await till.scan(ANA)
    await till.press("f12")
    await till.until(lambda: till.screen == "SaleScreen")
    till.see("Ana Kovač")
    await till.press("slash", "f8", "enter")
    till.clock.forward(minutes=11)
    await till.scan(ANA)
    await till.press("enter")
    await till.until(lambda: till.bar.startswith("✖"))
    assert till.bar == "✖ Receipt till-1-000001 was closed too long ago for a card."


async def test_a_bill_with_a_card_and_a_card_that_opens_nothing(till: Till) -> None:
    """After a bill that has its card, a card is the next customer's; a blocked one says why."""
    await paid(till, TEA, ANA)
    await till.scan(BORIS)
    assert till.screen == "SaleScreen"
    await till.press("slash")
    await paid(till, TEA)
    await till.scan("2900000000032")
    assert till.bar.startswith("✖ Card *********0032 is blocked")
    assert till.screen == "ReceiptScreen"


async def test_a_forgotten_card_past_its_bills_asks_a_manager(till: Till) -> None:
    """It would be one bill more of that card today: somebody's name is asked for, and then it is added."""
    await closed(till, TEA, ANA)
    await paid(till, "JACKET")
    await till.scan(ANA)
    await till.press("enter")
    await till.until(lambda: till.screen == "ManagerDialog")
    await till.press("escape")
    assert till.bar.startswith("✖ Card *********0018 has had")
    await till.scan(ANA)
    await till.press("enter")
    await till.until(lambda: till.screen == "ManagerDialog")
    await till.type("Mira")
    await till.until(lambda: till.bar.startswith("✓"))
    assert balance(till, ANA) == 5_003


async def test_goods_after_a_receipt_are_the_next_bills(till: Till) -> None:
    """Whatever is no card counts at the next bill, as ever."""
    await paid(till, TEA)
    await till.scan(TEA)
    assert till.screen == "SaleScreen"
    assert till.due == "3.50"


async def test_a_forgotten_cards_holder_is_found_by_name(till: Till) -> None:
    """F2 at the receipt finds them; a bill that has its card, and a programme that lets none be added, say so."""
    await paid(till, "JACKET")
    await till.press("f2")
    await till.type("ana")
    till.see("A forgotten card?", "Ana Kovač")
    await till.press("enter")
    await till.until(lambda: till.bar.startswith("✓"))
    assert balance(till, ANA) == 5_000
    await till.next_customer()
    await paid(till, TEA, BORIS)
    await till.press("f2")
    assert till.bar == "✖ Receipt till-1-000002 has a card on it already."


async def test_without_a_word_of_late_cards_every_card_is_the_next_customers(till: Till, shop_url: str) -> None:
    """Where the programme lets no card be added, a scan at a receipt is the next bill's, and F2 says why."""
    activate(till.desk.register, PROGRAMME, None, "owner")
    async with running(shop_url, name="till-2") as other:
        await paid(other, TEA)
        await other.press("f2")
        assert other.bar == "✖ The programme lets no card be added to a closed bill."
        await other.scan(ANA)
        assert other.screen == "SaleScreen"
        other.see("Ana Kovač")


async def test_who_forgot_the_card_gets_a_slip(shop_url: str, tmp_path: Path) -> None:
    """Where there is a printer, what the card earned on the closed bill is printed, with the receipt that it is added to."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, PROGRAMME + GUARD, None, "owner")
    desk.register.store.close()
    paper = tmp_path / "paper.txt"
    demo = Demo(lambda: ANA, lambda: TEA, None, paper)
    async with running(shop_url, devices=RegisterDevices([], None, demo)) as till:
        await paid(till, "JACKET")
        await till.scan(ANA)
        await till.press("enter")
        await till.until(lambda: till.bar.startswith("✓"))
        await till.until(lambda: "CARD ADDED" in paper.read_text(encoding="utf-8"))
        slip = paper.read_text(encoding="utf-8").partition("CARD ADDED")[2]
        assert "till-1-000001" in slip
        assert "50.00" in slip
