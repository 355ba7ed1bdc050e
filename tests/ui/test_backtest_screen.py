"""A draft tried from the office: typed, checked, replayed behind a bar, read, saved, and broken off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from shops import ANA, PROGRAMME
from tills import Till

from pos_loyalty.till.backtest import here
from pos_loyalty.ui.screens import backtest as screen
from pos_loyalty.ui.widgets.rows import Page

GENEROUS = PROGRAMME.replace('discount = "5%"', 'discount = "10%"').replace('cashback = "1%"', 'cashback = "2%"')


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A draft with twice the discount and the cashback."""
    file = tmp_path / "draft.toml"
    file.write_text(GENEROUS, encoding="utf-8")
    return file


@pytest.fixture
async def sold(till: Till, monkeypatch: pytest.MonkeyPatch) -> Till:
    """A terminal at which Ana bought for 100.00; replays run in its own process, whose twins are tested with the replay itself."""
    monkeypatch.setattr(screen, "apart", here)
    await till.scan(ANA)
    await till.type("100.00")
    await till.press("enter", "f12", "f12")
    await till.next_customer()
    return till


async def open_screen(till: Till) -> None:
    """The office, and in it the draft's screen."""
    await till.press("ctrl+o")
    place = next(n for n, line in enumerate(rows_of_office(till), 1) if "Try a draft programme" in line)
    await till.press(str(place))
    assert till.screen == "BacktestScreen"


def rows_of_office(till: Till) -> list[str]:
    """What the office offers."""
    return [" ".join(row) for row in till.app.screen.table.rows]  # type: ignore[attr-defined]


def page(till: Till) -> list[str]:
    """All that the page says, with single spaces."""
    return [" ".join(f"{row.left} {row.right}".split()) for row in till.app.screen.query_one("#page", Page).rows]


async def test_a_draft_from_file_to_figures(sold: Till, draft: Path) -> None:
    """The figures beside one another on 80 x 24, holders masked until their names are asked for, and saved beside the draft."""
    await open_screen(sold)
    sold.see("Draft", "In force from", "Until", "in a store that is thrown")
    await sold.type(str(draft))
    await sold.until(lambda: sold.screen == "BacktestResultScreen")
    said = page(sold)
    assert "From 5 Jan 2026 until 5 Jan 2026; sales replayed: 1." in said
    assert "Altogether As it happened In force Draft" in said
    assert "Turnover after discounts 95.00 95.00 90.00" in said
    assert "Owed to holders at the end 0.95 0.95 1.80" in said
    assert "Who gains most Altogether Paid less Holds more Gifts" in said
    assert "*********0018 +5.85 +5.00 +0.85 0.00" in said
    assert any("whether people would have bought more" in row for row in said)
    sold.see("Turnover after discounts", "Esc", "F4")
    assert all(len(line) <= 80 for line in sold.lines)
    await sold.press("f5")
    assert "Ana Kovač +5.85 +5.00 +0.85 0.00" in page(sold)
    await sold.press("f4")
    assert "The figures are written to" in sold.bar
    assert "liability,,0.95,0.95,1.80" in (draft.parent / "draft-backtest.csv").read_text(encoding="utf-8").splitlines()
    await sold.press("escape")
    assert sold.screen == "BacktestScreen"
    await sold.press("escape", "escape")
    assert sold.screen == "SaleScreen"


async def test_a_broken_draft_is_said_in_the_words_of_the_check(sold: Till, draft: Path) -> None:
    """Line, field and what to do; nothing is replayed, and the file can be mended and tried again."""
    draft.write_text(GENEROUS.replace('"10%"', '"lots"'), encoding="utf-8")
    await open_screen(sold)
    await sold.type(str(draft))
    assert sold.screen == "BacktestScreen"
    assert "The draft cannot be used until its errors are mended." in sold.bar
    assert any("error" in row and "lots" in row for row in page(sold))
    draft.write_text(GENEROUS, encoding="utf-8")
    await sold.press("enter")
    await sold.until(lambda: sold.screen == "BacktestResultScreen")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the name of the draft's file."),
        ("/nowhere/draft.toml", "/nowhere/draft.toml cannot be read (No such file or directory)."),
    ],
)
async def test_a_file_that_cannot_be_read(sold: Till, typed: str, said: str) -> None:
    """Why, in one sentence."""
    await open_screen(sold)
    await sold.type(typed)
    assert said in sold.bar


async def test_a_period_that_cannot_be(sold: Till, draft: Path) -> None:
    """A text that is no date, an end before the beginning, and a time in which nothing was sold are refused where they stand."""
    await open_screen(sold)
    await sold.type(str(draft), end="tab")
    await sold.type("soon")
    assert '"soon" is no date' in sold.bar
    await sold.press(*["backspace"] * 4)
    await sold.type("1.2.2026", end="tab")
    await sold.type("31.1.2026")
    assert "The period ends before it begins" in sold.bar


async def test_esc_breaks_off(sold: Till, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it runs a bar shows how far it is and a scan does not leave it; Esc ends it, says so, and a second Esc goes back."""

    def slow(request: object, told: Callable[[str, int, int], None], hands: object) -> None:
        done = 0
        while True:
            told("draft", done % 50, 100)
            done += 1

    monkeypatch.setattr(screen, "backtest", slow)
    await open_screen(sold)
    await sold.type(str(draft))
    await sold.until(lambda: any("░" in row for row in page(sold)))
    sold.see("Replaying the sales")
    await sold.scan(ANA)
    assert sold.screen == "BacktestScreen"
    await sold.press("escape")
    await sold.until(lambda: "Broken off" in sold.bar)
    assert sold.screen == "BacktestScreen"
    await sold.press("escape")
    assert sold.screen == "OfficeScreen"


async def test_the_result_as_it_is_painted(sold: Till, draft: Path) -> None:
    """The first lines at 80 x 24, as a person sees them: three columns that stand under their heads."""
    await open_screen(sold)
    await sold.type(str(draft))
    await sold.until(lambda: sold.screen == "BacktestResultScreen")
    assert [line.rstrip() for line in sold.lines[:12]] == RESULT.strip("\n").splitlines()


RESULT = """
 What the draft would have come to                                till-1 · anna
  From 5 Jan 2026 until 5 Jan 2026; sales replayed: 1.

  Altogether                   As it happened      In force         Draft
  Bills                                     1             1             1
  Turnover after discounts              95.00         95.00         90.00
  Cost of the programme                  5.95          5.95         11.80
  Cost, of turnover                   6.2632%       6.2632%      13.1111%
  Owed to holders at the end             0.95          0.95          1.80
  Gifts given, at their price            0.00          0.00          0.00
  Coupons given                             0             0             0
  Coupons used                              0             0             0
"""
