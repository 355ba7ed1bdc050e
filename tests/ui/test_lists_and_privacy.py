"""Lists to act on, what a holder agrees to, and erasing one, key by key on a terminal of 80 x 24."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from guests import make_guest
from shops import ANA, BORIS
from tills import Till, enter_room, running

from pos_loyalty.receipt import Receipt, as_text
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.consents import consents_of
from pos_loyalty.till.erasing import account_of
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.ui.screens import lists
from pos_loyalty.ui.screens.lists import ListsScreen


class Paper:
    """A printer that keeps what it is given."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool, title: str = "") -> None:
        assert not open_drawer
        self.receipts.append(receipt)

    def retry(self, job: str) -> None:
        raise AssertionError(job)

    def drop(self, job: str) -> None:
        raise AssertionError(job)


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal at which Ana has a complaint, a prize and points; nobody agreed to anything yet."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        yield running_till


async def shown(till: Till) -> None:
    """Wait for the page that is being read."""

    def there() -> bool:
        screen = till.app.screen
        return isinstance(screen, ListsScreen) and not screen.reading

    await till.until(there)


async def open_lists(till: Till) -> None:
    """From the sale through the office's menu."""
    await enter_room(till, "Lists to act on")
    await shown(till)


async def choose(till: Till, number: int) -> None:
    await till.press(str(number))
    await shown(till)


def audited(till: Till) -> list[str]:
    path = till.desk.register.store.where
    with closing(sqlite3.connect(path)) as db:
        return [
            f"{action} {subject or ''} {detail or ''}".strip()
            for action, subject, detail in db.execute(
                "SELECT action, subject, detail FROM audit WHERE action LIKE 'list-%' OR action LIKE 'consent-%' ORDER BY id"
            )
        ]


async def test_each_list_is_a_number_away(till: Till) -> None:
    """1 to 6 and the arrow keys: each says what it is, what it was asked for, and who is on it."""
    await open_lists(till)
    till.see("Birthdays: whose birthday is in the coming days", "1 of 6", "Nobody is on this list.")
    await choose(till, 5)
    till.see("Open complaints", "as of 4 Feb 2026", "Ana K.", "12 Feb 2026", "The mug leaks")
    await till.press("right")
    await shown(till)
    till.see("Winners: whose prize waits for them", "6 of 6", "Gift basket", "Winter draw")
    await till.press("right")
    await shown(till)
    till.see("Birthdays", "1 of 6")
    await till.press("left", "left", "left", "left")
    await shown(till)
    till.see("Close to a tier", "Ana Kovač", "Basic", "Gold", "380.00")
    await choose(till, 2)
    till.see("Not seen", "Nobody is on this list.")


async def test_the_screen_is_so_at_80_by_24(till: Till) -> None:
    """What is painted: the list, what it was asked for, its rows, and the keys."""
    await open_lists(till)
    await choose(till, 4)
    painted = [line.rstrip() for line in till.lines if line.strip()]
    assert painted[0].split()[:4] == ["Lists", "to", "act", "on"]
    assert painted[1].split()[:2] == ["Running", "out:"]
    assert painted[1].endswith("4 of 6")
    assert painted[2].split() == ["4", "Feb", "2026", "to", "5", "Mar", "2026", "0", "rows"]
    assert painted[3].split() == ["Holder", "Purse", "Units", "Last", "day", "Mail"]
    assert {"F5", "F8", "F9", "Esc"} <= set("  ".join(painted[-3:]).split())


async def test_other_days_are_typed(till: Till) -> None:
    """F5 asks for the days: 20 days ago Ana was there before; what is no number is refused, and complaints take none."""
    await open_lists(till)
    await choose(till, 2)
    await till.press("f5")
    till.see("Not seen for how many days?")
    await till.type("soon")
    assert "from 1 to" in till.bar
    await till.press(*["backspace"] * 4)
    await till.type("20")
    await shown(till)
    till.see("last seen on 15 Jan 2026 or before", "Ana Kovač", "5 Jan 2026", "30")
    await choose(till, 5)
    await till.press("f5")
    assert "no days to choose" in till.bar


async def test_pages_follow_one_another(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the last line of a page comes the next one, and before its first the one before; nobody is left out or twice."""
    monkeypatch.setattr(lists, "SIZE", 2)
    register = till.desk.register
    for n in range(5):
        enrol(register, Enrolment(f"Guest {n}", card=None, birthday=register.clock().date().replace(year=1980)))
    await open_lists(till)
    seen = []
    for _ in range(3):
        screen = till.app.screen
        assert isinstance(screen, ListsScreen)
        seen += [row[0] for row in screen.table.rows]
        till.see("page" if len(seen) < 6 else "Guest")
        await till.press("down", "down")
        await shown(till)
    assert sorted(seen) == [f"Guest {n}" for n in range(5)]
    till.see("page 3")
    await till.press("up", "up")
    await shown(till)
    till.see("page 2")


async def test_only_who_agreed_is_exported(till: Till, tmp_path: Path) -> None:
    """First nobody, then Ana once she agreed on her own page; the file is hers alone, not written over, and noted each time."""
    await open_lists(till)
    await choose(till, 6)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"

    async def export(file: Path) -> None:
        await till.press("f9", *["backspace"] * 60)
        await till.type(str(file))

    await export(first)
    assert "0 rows are written" in till.bar
    assert "1 holders have not agreed" in till.bar
    await till.press("enter")
    till.see("Card holder", "Ana Kovač")
    await till.press("f11")
    till.see("What they agree to", "Offers by e-mail", "never asked", "I agree that the shop sends me offers")
    await till.press("enter")
    till.see("☑ agreed", "4 Feb 2026")
    assert "wording and day are kept" in till.bar
    await till.press("escape", "escape")
    await choose(till, 6)
    till.see("✓")
    await export(first)
    assert "already: choose another name" in till.bar
    await export(second)
    rows = list(csv.reader(second.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["name", "email", "phone", "language", "prize", "draw", "ticket", "drawn"]
    assert [row[:5] for row in rows[1:]] == [["Ana Kovač", "", "+359888123456", "", "Gift basket"]]
    assert len(list(csv.reader(first.read_text(encoding="utf-8-sig").splitlines()))) == 1
    assert second.stat().st_mode & 0o777 == 0o600
    assert audited(till) == [
        'list-export winners {"left_out": "1", "written": "0"}',
        "consent-given mailing",
        'list-export winners {"left_out": "0", "written": "1"}',
    ]


async def test_a_list_is_printed_for_the_staff(till: Till) -> None:
    """Who, how to reach them, and what for, on the receipt printer; without one it is refused."""
    await open_lists(till)
    await choose(till, 5)
    await till.press("f8")
    assert "No printer is set up" in till.bar
    paper = Paper()
    till.app.devices.printer = paper
    await till.press("f8")
    assert "for the staff only" in till.bar
    text = as_text(paper.receipts[0], 42)
    for words in ("Open complaints", "Ana Kovač", "+359888123456", "The mug leaks", "For the staff only"):
        assert words in text
    assert audited(till) == ['list-print complaints {"rows": "1"}']
    await choose(till, 1)
    await till.press("f8")
    assert "nobody on this list to print" in till.bar


async def test_a_new_holder_agrees_or_does_not(till: Till) -> None:
    """Not agreed stands there first; F6 agrees, F7 twice does not; what was said is stored with the holder."""
    await till.press("f9")
    till.see("☐ F6 Offers by e-mail", "not agreed")
    await till.press("f6")
    till.see("☑ F6 Offers by e-mail", "I agree that the shop sends me offers", "☐ F7 Looking at what they buy")
    await till.press("f7", "f7")
    till.see("☑ F6 Offers by e-mail", "I agree that the shop looks at what I buy", "☐ F7 Looking at what they buy")
    await till.type("Eva Nova", end="")
    await till.press("f4", "f12")
    register = till.desk.register
    card = till.app.screen.counter.bill.card  # type: ignore[attr-defined]
    with register.store.read() as books:
        account = account_of(books, card)
    mailing, profile = consents_of(register, account)
    assert (mailing.given, mailing.last and mailing.last.operator, profile.last) == (True, till.desk.operator, None)


async def test_erasing_takes_a_typed_yes(till: Till) -> None:
    """Ctrl+E says what goes and stays; a wrong answer and Esc change nothing, the right one erases for good."""
    await till.scan(ANA)
    await till.press("f2", "ctrl+e")
    till.see("Erase for good", "Ana Kovač", "points: 120 will be written off", "Prizes that are not handed out: 1")
    till.see("Backups that were made before", "To erase them, type 0018")
    await till.type("yes")
    assert "Nothing is erased" in till.bar
    await till.press("escape")
    till.see("Card holder", "Ana Kovač")
    await till.press("ctrl+e")
    await till.type("0018")
    assert till.screen == "SaleScreen"
    assert "The holder is erased" in till.bar
    till.see_not("Ana")
    await till.scan(ANA)
    assert "blocked" in till.bar
    await till.scan(BORIS)
    assert verify_store(till.desk.register.store).faults == ()
    await open_lists(till)
    await choose(till, 5)
    till.see("Nobody is on this list.")
