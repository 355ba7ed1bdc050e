"""The owner's figures on the screen, key by key: the list, a period by its number, a figure over months, and what is saved."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from guests import make_guest
from shops import ANA
from tills import Till, enter_room, running

from pos_loyalty.reports import apart, named
from pos_loyalty.reports.frame import Cell, Period
from pos_loyalty.storage.engine import open_store
from pos_loyalty.ui import figuring
from pos_loyalty.ui.screens.figures import SHOWN, ReportScreen

Rows = list[tuple[Cell, ...]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are reckoned in the thread that asks for them, which saves a second a question; one test lets them run apart."""

    def reckon(url: str, name: str, period: Period, *_: Any, **__: Any) -> Rows:
        with closing(open_store(url)) as store, store.read() as books:
            return list(named(name).rows(books, period))

    monkeypatch.setattr(figuring, "run_apart", reckon)


@pytest.fixture
async def till(shop_url: str, in_a_thread: None) -> AsyncIterator[Till]:
    """A terminal of 80 x 24 a month after Ana bought twice."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        yield running_till


async def reckoned(till: Till) -> None:
    """Wait until what was asked for is on the screen."""
    await till.until(lambda: not getattr(till.app.screen, "reckoning", False))


async def look_at(till: Till, report: str, *keys: str) -> None:
    """Open a report from the office, and press keys there."""
    await enter_room(till, "Figures")
    await till.press(str(SHOWN.index(report) + 1))
    await reckoned(till)
    for key in keys:
        await till.press(key)
        await reckoned(till)


async def test_the_list_names_every_report(till: Till) -> None:
    """The office opens the list; each report stands there with its figures, and Esc goes back step by step."""
    await enter_room(till, "Figures")
    assert till.screen == "FiguresScreen"
    for name in SHOWN:
        till.see(till.app.screen.text(named(name).title)[:30])
    await till.press("escape")
    assert till.screen == "OfficeScreen"


async def test_a_report_as_it_stands_at_eighty_columns(till: Till) -> None:
    """Periods by number, dates of both, each figure with bar, now, before and change, and the chosen one explained below."""
    await look_at(till, "flow", "6")
    await till.type("1.1.2026")
    await till.type("31.1.2026")
    await reckoned(till)
    assert [line.rstrip() for line in till.lines[1:8]] == [
        " 1 this month   2 last month   3 30 days   4 quarter   5 year  [6 own dates]",
        " 1 Jan 2026 to 31 Jan 2026, before: 1 Dec 2025 to 31 Dec 2025",
        "  █ as before  ▓ more  ░ less                               now  before  change",
        "▸ Issued",
        "  Cashback  █████████████████████████████████████████████  1.20       –",
        "  Luck      █████████████████████████████████████████████     2       –",
        "  Points    █████████████████████████████████████████████   120       –",
    ]
    till.see("Issued: what holders earned", "from: postings of issued: debits", "F5  Save as CSV", "Esc  Back")


async def test_the_arrow_keys_explain_each_figure(till: Till) -> None:
    """Down chooses the next figure and says what it is; the last one is reached, and up comes back to the first."""
    await look_at(till, "visits", "2")
    till.see("▸ Visits", "Visits: bills closed")
    seen = []
    for _ in range(12):
        await till.press("down")
        seen.append(till.app.screen.chosen.figure.name)
    assert list(dict.fromkeys(seen))[-1] == "lifetime_value"
    till.see("Lifetime value so far: what a holder")
    for _ in range(12):
        await till.press("up")
    till.see("▸ Visits")


async def test_periods_are_chosen_by_number(till: Till) -> None:
    """Each number is a period until today, 4 February 2026, or the whole month before; beside it the one before."""
    await look_at(till, "visits")
    await till.press("down")
    for key, first, last in (
        ("1", date(2026, 2, 1), date(2026, 2, 4)),
        ("2", date(2026, 1, 1), date(2026, 1, 31)),
        ("3", date(2026, 1, 6), date(2026, 2, 4)),
        ("4", date(2026, 1, 1), date(2026, 2, 4)),
        ("5", date(2026, 1, 1), date(2026, 2, 4)),
    ):
        await till.press(key)
        await reckoned(till)
        assert till.app.screen.period == Period(first, last)
        assert till.app.screen.charts.cursor == 1
        till.see(f"[{key} ")


async def test_own_dates_are_typed_and_refused_backwards(till: Till) -> None:
    """From and until are asked for; an end before the beginning is refused with what to do, and Esc keeps the old period."""
    await look_at(till, "visits", "6")
    await till.type("10.1.2026")
    till.see("From 10 Jan 2026 until which day, included?")
    await till.type("9.1.2026")
    assert till.bar == "✖ That is before the first day: name a later one."
    till.app.screen.query_one("#entry").value = ""
    await till.type("31.12.9999")
    assert till.bar == "✖ There is no period of that length before it to compare with."
    await till.press("escape")
    assert till.app.screen.period == Period(date(2026, 1, 6), date(2026, 2, 4))


async def test_enter_shows_one_figure_over_months(till: Till) -> None:
    """The chosen figure's parts with their numbers, and below them a line over thirteen months for each."""
    await look_at(till, "visits", "2", "enter")
    assert till.screen == "FigureScreen"
    till.see("with a card")
    await till.press("down")
    till.see("with a card, month by month", "█", "01")
    await till.press("escape")
    assert till.screen == "ReportScreen"


async def test_all_definitions_are_on_one_page(till: Till) -> None:
    """F7 lists every figure with its sentence and source, and each stage with what it means."""
    await look_at(till, "holders", "f7")
    assert till.screen == "DefinitionsScreen"
    page = [row.left for row in till.app.screen.query_one("#page").rows]
    for figure in named("holders").figures:
        assert figure.title in page
        assert figure.meaning in page
    assert "prospects: have a card and never bought" in page


async def test_a_report_is_saved_as_csv_and_as_picture(till: Till, home: Path) -> None:
    """F5 and F6 suggest a name in the user's own folder; Enter writes it, and the bar says where it is."""
    await look_at(till, "visits", "2", "f5")
    await till.press("enter")
    await till.until(lambda: till.screen == "ReportScreen")
    file = home / "visits-2026-01-01-2026-01-31.csv"
    assert file.read_text(encoding="utf-8").startswith("figure,of,by,unit,now,before\nvisits,with,,,2,")
    assert till.bar.startswith("✓ The report is written to")
    await till.press("f6", "enter")
    await till.until(lambda: till.screen == "ReportScreen")
    assert file.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


async def test_a_file_is_replaced_only_when_asked_twice(till: Till, home: Path) -> None:
    """The name is taken already: said, and only a second Enter on the same name replaces it; another name is written at once."""
    file = home / "visits-2026-01-01-2026-01-31.csv"
    file.write_bytes(b"mine")
    await look_at(till, "visits", "2", "f5", "enter")
    assert till.screen == "SaveDialog"
    till.see(f"{file.name} is there already", "replaces it, or type another name.")
    assert file.read_bytes() == b"mine"
    await till.press("enter")
    await till.until(lambda: till.screen == "ReportScreen")
    assert file.read_bytes().startswith(b"figure,")


async def test_a_folder_that_is_not_there_is_one_sentence(till: Till, home: Path) -> None:
    """A name in no folder is refused in the dialog, which stays, so that it can be mended."""
    await look_at(till, "visits", "f5")
    till.app.screen.query_one("#entry").value = "no/such/file"
    await till.press("enter")
    await till.until(lambda: bool(till.bar))
    assert till.screen == "SaveDialog"
    assert till.bar.startswith("✖ There is no such folder: name one that is there.")
    assert not list(home.iterdir())


async def test_esc_ends_what_takes_long(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is reckoned the seconds are shown and the keys work; Esc ends it and says so, and a second one goes back."""
    ended = threading.Event()

    def slow(url: str, name: str, period: Period, *_: Any, stop: threading.Event, **__: Any) -> Rows:
        stop.wait(10)
        ended.set()
        raise apart.CalledOff

    monkeypatch.setattr(figuring, "run_apart", slow)
    await enter_room(till, "Figures")
    await till.press("1")
    till.see("Reckoning, 0 s; Esc ends it")
    await till.press("f5")
    assert till.bar == "· There is nothing to save yet: wait until it is reckoned."
    await till.press("escape")
    assert till.bar == "· Broken off. Esc once more goes back."
    assert ended.wait(10)
    assert till.screen == "ReportScreen"
    till.see_not("Reckoning", "▸")
    await till.press("f6")
    assert till.bar == "· There is nothing to save yet: wait until it is reckoned."
    await till.press("escape")
    assert till.screen == "FiguresScreen"


async def test_a_report_runs_in_a_process_of_its_own(shop_url: str) -> None:
    """Nothing is replaced: the answer of the other process is on the screen."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as till:
        await enter_room(till, "Figures")
        await till.press(str(SHOWN.index("visits") + 1))
        screen = till.app.screen
        assert isinstance(screen, ReportScreen)
        await till.until(lambda: screen.rows is not None)
        till.see("with a card", "without a card")


async def test_a_scan_leaves_the_figures_for_the_bill(till: Till) -> None:
    """A card at the counter is served whatever the owner reads: all of the office goes away."""
    await look_at(till, "visits")
    await till.scan(ANA)
    await till.until(lambda: till.screen == "SaleScreen")
    till.see("Ana Kovač")


async def test_a_plain_table_is_shown_too(till: Till) -> None:
    """A report without figures says what its columns mean, and that there is nothing to report."""
    await look_at(till, "settlement")
    till.see("Owes", "Is owed", "There is nothing to report for that time.", "To pay: the first less the second")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("report", SHOWN)
async def test_every_report_fits_the_screen(
    shop_url: str, in_a_thread: None, size: tuple[int, int], report: str
) -> None:
    """No line is wider than the terminal, the keys are at the bottom and the explanation is above them."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock, size=size) as till:
        till.app.push_screen(ReportScreen(report))
        await till.settle()
        await reckoned(till)
        assert len(till.lines) == size[1]
        till.see("[3 30 days]", "Esc  Back", "Save as CSV")
        if till.app.screen.page.blocks:
            till.see("▸ ", "from: ")


async def test_read_from_the_right_the_page_is_mirrored(shop_url: str, in_a_thread: None) -> None:
    """In Arabic the mark of the chosen figure is at the right end, and numbers stand left of their bars."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock, language="ar") as till:
        till.app.push_screen(ReportScreen("flow"))
        await till.settle()
        await till.press("5")
        await reckoned(till)
        assert any(line.rstrip().endswith("◂") for line in till.lines)
        line = next(line for line in till.lines if "Points" in line)
        assert line.index("120") < line.index("█") < line.index("Points")
