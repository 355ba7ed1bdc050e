"""`programme backtest`: what it prints for people and programs, and every way in which it does not come to that."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_loyalty.cli import backtest as verb
from pos_loyalty.till.backtest import here

Shop = Any
Jacket = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: that others of their own say the same is tested with the replay itself."""
    monkeypatch.setattr(verb, "apart", here)


@pytest.fixture
def draft(shop: Shop, tmp_path: Path) -> Path:
    """The programme in force, with twice its cashback."""
    file = tmp_path / "draft.toml"
    file.write_text(shop("programme", "show").out.replace('cashback = "5%"', 'cashback = "10%"'), encoding="utf-8")
    return file


def test_as_json(shop: Shop, jacket: Jacket, draft: Path) -> None:
    """A jacket of 5000.00 earns 250.00 then and 500.00 under the draft: the three sides, the winner masked, and what is assumed."""
    shop.sell(jacket(at="2026-01-05T10:00:00+01:00"))
    ran = shop("programme", "backtest", str(draft), "--json", "--until", "2026-01-31")
    assert ran.status == 0
    found = ran.json
    assert (found["from"], found["until"], found["replayed"]) == ("2026-01-05", "2026-01-31", 1)
    assert found["happened"] == found["in_force"]
    assert found["in_force"]["turnover"] == found["draft"]["turnover"] == "5000.00"
    assert (found["in_force"]["liability"], found["draft"]["liability"]) == ("250.00", "500.00")
    assert (found["in_force"]["cost_rate"], found["draft"]["cost_rate"]) == ("5%", "10%")
    assert found["draft"]["purses"]["cashback"]["issued"] == "500.00"
    assert found["draft"]["tiers"] == {"basic": 1}
    (winner,) = found["winners"]
    assert winner == {
        "card": "*********0018",
        "total": "250.00",
        "paid_less": "0.00",
        "holds_more": "250.00",
        "gifts": "0.00",
    }
    assert [one for one in found["holders"] if one["holders"]] == [
        {"band": 4, "meaning": "gain more than 100.00", "holders": 1}
    ]
    assert "whether people would have bought more" in found["assumed"][0]
    assert "Ana" not in ran.out
    assert shop("programme", "history", "--json").json[-1]["number"] == 1


def test_for_people(shop: Shop, jacket: Jacket, draft: Path, tmp_path: Path) -> None:
    """Figures beside one another, holders by what they gain, what nobody can know; and the same as CSV."""
    shop.sell(jacket(at="2026-01-05T10:00:00+01:00"))
    out = shop("programme", "backtest", str(draft), "--csv", str(tmp_path / "out.csv")).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Altogether As it happened In force Draft" in lines
    assert "Owed to holders at the end 250.00 250.00 500.00" in lines
    assert "gain more than 100.00 1" in lines
    assert "*********0018 +250.00 0.00 +250.00 0.00" in lines
    assert any(line.startswith("What it cannot know: ") for line in lines)
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "figure,of,happened,in_force,draft"
    assert "held,cashback,250.00,250.00,500.00" in rows
    assert shop("programme", "backtest", str(draft), "--csv", "-").out.splitlines() == rows


def test_a_broken_draft_is_said_by_line_and_field(shop: Shop, jacket: Jacket, draft: Path) -> None:
    """Every error in the words of `programme check`, and nothing is replayed."""
    shop.sell(jacket())
    draft.write_text(draft.read_text(encoding="utf-8").replace('"10%"', '"lots"'), encoding="utf-8")
    ran = shop("programme", "backtest", str(draft))
    checked = shop("programme", "check", str(draft)).out.splitlines()
    assert ran.status == 1
    assert ran.err.splitlines() == [
        *(line for line in checked if ": error: " in line),
        "Nothing was replayed: mend the file first.",
    ]
    assert ran.out == ""


def test_nothing_to_replay_and_wrong_calls(shop: Shop, draft: Path, tmp_path: Path) -> None:
    """A store without sales is refused; a period the wrong way round, a text that is no date, and a file that is not there are
    calls that cannot be made.
    """
    ran = shop("programme", "backtest", str(draft))
    assert (ran.status, ran.err) == (1, "pos-loyalty: Nothing was sold in that time: there is nothing to replay.\n")
    assert shop("programme", "backtest", str(draft), "--from", "2026-02-01", "--until", "2026-01-01").status == 2
    assert shop("programme", "backtest", str(draft), "--from", "soon").status == 2
    assert shop("programme", "backtest", str(tmp_path / "none.toml")).status == 2


def test_ctrl_c(shop: Shop, jacket: Jacket, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, exit status 1, and the shop as it was."""
    shop.sell(jacket())

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(verb._Progress, "told", pressed)
    ran = shop("programme", "backtest", str(draft), "--json")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "Broken off: nothing of it is kept, and the store is as it was.\n"
    assert shop("store", "verify").status == 0


def test_the_same_input_gives_the_same_output(shop: Shop, jacket: Jacket, draft: Path) -> None:
    """To the byte."""
    shop.sell(jacket())
    one, other = (shop("programme", "backtest", str(draft), "--json").out for _ in range(2))
    assert one == other
    assert json.loads(one)["replayed"] == 1
