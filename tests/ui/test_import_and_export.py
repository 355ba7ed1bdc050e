"""Holders taken in and everything handed out from the office: typed, checked, taken in, written, and broken off."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from shops import ANA
from tills import Till, enter_room

from pos_loyalty.till import cards
from pos_loyalty.ui.screens import transfer as screen
from pos_loyalty.ui.screens.transfer import TransferScreen
from pos_loyalty.ui.widgets.rows import Page

NEW = "2900000000070"
FILE = f"name;card;cashback\nŽaneta;{NEW};12,50\nBo;{ANA};\nCy;;1.250\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good row, one with a card in use, and one with an amount that could be read in two ways."""
    path = tmp_path / "holders.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def page(till: Till) -> list[str]:
    """All that the page says, with single spaces."""
    return [" ".join(f"{row.left} {row.right}".split()) for row in till.app.screen.query_one("#page", Page).rows]


def at_rest(till: Till) -> bool:
    """Whether no work goes on."""
    now = till.app.screen
    return isinstance(now, TransferScreen) and now._asked_to_stop is None


async def test_holders_are_checked_and_then_taken_in(till: Till, file: Path) -> None:
    """Enter lists every bad row and stores nothing; F5 stores the good ones and puts the others beside the file."""
    await enter_room(till, "Import and export")
    till.see("Import and export", "Holders from", "Everything to", "every bad row", "F5", "Esc")
    await till.press("f5")
    assert "check it with Enter first" in till.bar
    await till.type(str(file))
    await till.until(lambda: at_rest(till))
    assert "Nothing is stored yet: F5 takes the good rows in." in till.bar
    said = page(till)
    assert "Rows: 3; bad: 2; there already: 0." in said
    assert "Would be taken in: 1 holders with 1 cards. Nothing is stored." in said
    assert [row.split(":")[0] for row in said if row.startswith("Line")] == ["Line 3", "Line 4"]
    assert all(len(line) <= 80 for line in till.lines)
    with pytest.raises(Exception, match="not known"):
        cards.show(till.desk.register, NEW)
    await till.press("f5")
    await till.until(lambda: at_rest(till))
    assert "The holders are taken in." in till.bar
    assert any(row.startswith("cashback: ") and "12.50" in row for row in page(till))
    assert cards.show(till.desk.register, NEW).purses["cashback"].balance.available == 1250
    rest = file.with_name("holders.csv.bad.csv").read_text(encoding="utf-8")
    assert rest.splitlines() == [line for n, line in enumerate(FILE.splitlines()) if n != 1]
    await till.press("f5")
    assert "check it with Enter first" in till.bar
    await till.press("escape", "escape")
    assert till.screen == "SaleScreen"


async def test_everything_is_written(till: Till, tmp_path: Path) -> None:
    """The second line names where to; what each file has is listed. A second time it is refused in one sentence."""
    await enter_room(till, "Import and export")
    await till.press("tab")
    await till.type(str(tmp_path / "all.zip"))
    await till.until(lambda: at_rest(till))
    assert "rows are written to" in till.bar
    assert "holders.csv 3" in page(till)
    assert (tmp_path / "all.zip").stat().st_size > 1000
    await till.press("enter")
    await till.until(lambda: at_rest(till))
    assert "choose another name" in till.bar


@pytest.mark.parametrize(("typed", "said"), [("", "Type the name"), ("/nowhere/x.csv", "(No such file or directory)")])
async def test_a_file_that_cannot_be_read(till: Till, typed: str, said: str) -> None:
    """Why, in one sentence."""
    await enter_room(till, "Import and export")
    await till.type(typed)
    await till.until(lambda: at_rest(till))
    assert said in till.bar


async def test_esc_breaks_an_export_off(till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is left, and the screen stays to try again."""
    begun, go_on = threading.Event(), threading.Event()
    honest = screen.export_everything

    def slowly(register: Any, target: Path, operator: str, told: Any, allowed_by: str | None) -> Any:
        def waits(stage: str, done: int, total: int) -> None:
            begun.set()
            go_on.wait(10)
            told(stage, done, total)

        return honest(register, target, operator, waits, allowed_by)

    monkeypatch.setattr(screen, "export_everything", slowly)
    await enter_room(till, "Import and export")
    await till.press("tab")
    await till.type(str(tmp_path / "out"))
    await till.until(begun.is_set)
    await till.press("escape")
    go_on.set()
    await till.until(lambda: at_rest(till))
    assert "Broken off" in till.bar
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(("out", ".out"))]
    assert till.screen == "TransferScreen"
