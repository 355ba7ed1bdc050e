"""What the till says of a holder before the first item: greeting, prize, complaint, purses, coupons, and what is nearly theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from guests import make_guest
from shops import ANA, BORIS
from tills import TEA, Till, running

from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.showing import opened
from pos_loyalty.ui.widgets.rows import Rows

NEXT = "2900000000049"


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal of 80 x 24 at which Ana is about to come back."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        yield running_till


@pytest.fixture
async def wide(shop_url: str) -> AsyncIterator[Till]:
    """The same on a screen that has room for all of it."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock, size=(120, 50)) as running_till:
        yield running_till


def panel(till: Till) -> list[str]:
    """What the panel has to say, whether there is room for it or not."""
    rows = till.app.screen.query_one("#holder", Rows).rows
    return [f"{row.left} {row.right}".strip() for row in rows]


async def test_the_most_important_fits_a_small_screen(till: Till) -> None:
    """80 x 24: who it is, the prize, the complaint and the purses are there; what has no room is behind F2."""
    await till.scan(ANA)
    till.see("Ana Kovač", "Basic", "card *0018", "To reach Gold", "★ Won: Gift basket", "! Complaint: The mug leaks")
    till.see("Back after 30 days", "Points", "120 points", "… F2 shows all")


async def test_the_panel_says_it_in_this_order(wide: Till) -> None:
    """Prize, complaint, welcome back; purses in their own units, none that is empty; club, coupons, favourites, note."""
    await wide.scan(ANA)
    wanted = [
        "Ana Kovač",
        "Basic card *0018",
        "To reach Gold 380.00",
        "★ Won: Gift basket",
        "! Complaint: The mug leaks",
        "Back after 30 days",
        "Cashback 1.20",
        "Points 120 points",
        "Friends of the shop until 5 Jan 2027",
        "Your 10 % coupon until 4 Feb 2026",
        "Your 10 % coupon until 4 Feb 2026",
        "♥ Likes Green tea 20 bags",
        "✎ takes her tea without sugar",
    ]
    rows = panel(wide)
    assert [row for row in rows if row in wanted] == wanted
    assert not any(row.startswith(("Coffee", "Luck")) for row in rows)


async def test_the_bill_says_what_it_gives_and_what_is_nearest(wide: Till) -> None:
    """Gift along, coupon to come, what each purse earns; of what is missing the nearest, never what is not for this holder."""
    await wide.scan(ANA)
    await wide.type("57.60")
    await wide.press("enter")
    rows = panel(wide)
    assert [row for row in rows if row.startswith("○")] == ["○ 2.40 more for a tote bag", "○ 80 points more for a mug"]
    await wide.type("2.40")
    await wide.press("enter")
    rows = panel(wide)
    assert "+ along: Tote bag" in rows
    assert "+ coupon: Your 10 % coupon" in rows
    assert "earns +0.60, +60 points, +1 ticket" in rows
    await wide.scan(TEA)
    assert [row for row in panel(wide) if row.startswith("○")] == [
        "○ 2 more of its goods for three for two",
        "○ 80 points more for a mug",
    ]


async def test_a_first_visit_says_who_sent_them(till: Till) -> None:
    """A new holder is greeted as new, with the short name of who sent them."""
    enrol(till.desk.register, Enrolment("Zed Žižka", card=NEXT, referred_by=ANA))
    await till.scan(NEXT)
    till.see("First visit", "sent by Ana K.")
    await till.scan(BORIS)
    till.see_not("sent by")


async def test_the_holder_page_has_all_of_it(till: Till) -> None:
    """F2: clubs, coupons with their numbers, prizes, complaint with wish and promised day, note, favourites, lots, reasons."""
    await till.scan(ANA, TEA)
    numbers = [coupon.number for coupon in opened(till.desk.register, ANA).coupons]
    assert len(numbers) == 2
    await till.press("f2")
    seen = ""
    for _ in range(8):
        seen += till.text
        await till.press("pagedown")
    for words in (
        "Friends of the shop",
        *numbers,
        "Gift basket · Winter draw",
        "The mug leaks",
        "wishes: another mug",
        "promised by 12 Feb 2026",
        "4 Feb 2026, boris",
        "takes her tea without sugar",
        "Green tea 20 bags",
        "bought 2 times",
        "from 5 Jan 2026",
        "Offers on this bill",
        "80 points more for a mug",
    ):
        assert words in seen, words


async def test_a_prize_is_handed_out_on_the_holder_page(till: Till) -> None:
    """F6 lists the prizes that wait, Enter says that one is in the winner's hands; the panel does not tell of it any more."""
    await till.scan(ANA)
    await till.press("f2", "f6")
    till.see("Hand out a prize", "Gift basket", "Winter draw")
    await till.press("enter")
    assert till.bar.endswith("The prize is handed out.")
    assert opened(till.desk.register, ANA).prizes == ()
    await till.press("f6")
    assert till.bar.endswith("No prize waits for this holder.")
    await till.press("escape")
    till.see_not("Gift basket")


async def test_a_note_is_edited_on_the_holder_page(till: Till) -> None:
    """F3 shows the note to be changed; an empty one takes it away, and Escape leaves it."""
    await till.scan(ANA)
    await till.press("f2", "f3")
    till.see("takes her tea without sugar")
    await till.type(", with milk")
    note = opened(till.desk.register, ANA).known.note
    assert note is not None
    assert (note.text, note.operator) == ("takes her tea without sugar, with milk", "anna")
    await till.press("f3", "escape")
    await till.press("f3", *["backspace"] * 40)
    await till.press("enter")
    assert opened(till.desk.register, ANA).known.note is None


async def test_a_complaint_is_taken_and_closed_on_the_holder_page(till: Till) -> None:
    """F4 takes one down with wish and day; F5 closes the chosen one with how it was settled, and nothing without words."""
    await till.scan(ANA)
    await till.press("f2", "f4", "f12")
    assert till.bar.startswith("✖ Say in a few words what the complaint is about.")
    await till.type("Waited too long")
    await till.type("an apology")
    await till.type("31.2.2026")
    assert till.bar.startswith('✖ "31.2.2026" is no date')
    await till.press(*["backspace"] * 9)
    await till.type("10.2.2026")
    assert till.screen == "HolderScreen"
    first, second = opened(till.desk.register, ANA).known.complaints
    assert (second.text, second.wish, str(second.promised)) == ("Waited too long", "an apology", "2026-02-10")
    await till.press("f5")
    till.see("The mug leaks", "Waited too long", "10 Feb 2026")
    await till.press("down", "enter", "enter")
    assert till.bar.startswith("✖ Say in a few words how the complaint was settled.")
    await till.press("f5")
    await till.press("down", "enter")
    await till.type("said sorry")
    assert opened(till.desk.register, ANA).known.complaints == (first,)
    await till.press("f5")
    await till.type("gave another mug")
    assert opened(till.desk.register, ANA).known.complaints == ()
    await till.press("f5")
    assert till.bar.startswith("✖ There is no open complaint")
    await till.press("escape")
    till.see_not("Complaint:")


async def test_a_scan_on_the_holder_page_still_counts(till: Till) -> None:
    """Goods scanned while the page, or a question on it, is open land on the bill; what was typed is not stored."""
    await till.scan(ANA)
    await till.press("f2", "f3")
    await till.scan(TEA)
    assert till.screen == "SaleScreen"
    assert till.due == "3.50"
    note = opened(till.desk.register, ANA).known.note
    assert note is not None
    assert note.text == "takes her tea without sugar"


async def test_the_holder_is_thanked_after_the_purchase(till: Till) -> None:
    """One line above the paper: the first name, and what was earned in each purse; without a card none."""
    await till.scan(ANA)
    await till.type("60.00")
    await till.press("enter")
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    till.see("Thank you, Ana! Earned: 0.60, 60 points, 1 ticket.")
    await till.scan(TEA)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    till.see_not("Thank you, ")


async def test_an_old_receipt_thanks_nobody(till: Till) -> None:
    """Looked at again, a receipt is paper."""
    await till.scan("till-1-000001")
    await till.press("escape", "f8", "enter")
    assert till.screen == "ReceiptScreen"
    till.see_not("Thank you, Ana")
