"""Random histories of shops under random programmes: the laws of money hold after every step, whatever meets on a bill.

What is asked, and of whom, stands in `tests/support/histories.py`: what is split adds up, nothing is created or lost, a card that
comes late or after a wrong one changes nothing, what is only paid for changes nothing beside it, a return in pieces comes to the
cent to the same as at once, a bill sent again is the bill, and `store verify` derives the whole store anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from histories import Broken, History, run

from pos_loyalty.domain.sale import Quote


@pytest.mark.parametrize("first", range(1, 41, 10))
def test_the_laws_hold_in_random_histories(first: int, tmp_path: Path) -> None:
    """Ten shops of each seed on, with all that the programme's language has, keep every law."""
    for seed in range(first, first + 10):
        did = run(seed, tmp_path)
        assert did["sales"], f"seed {seed} sold nothing"


@pytest.mark.soak
def test_ten_thousand_histories(tmp_path: Path) -> None:
    """HISTORIES of them (10,000) from SEED (1) on."""
    first, count = int(os.environ.get("SEED", "1")), int(os.environ.get("HISTORIES", "10000"))
    for seed in range(first, first + count):
        run(seed, tmp_path)


def test_a_bill_that_does_not_add_up_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a till that loses one cent of one line is caught at its first bill."""
    honest = History.laws_of_a_bill

    def short(self: History, found: Quote) -> None:
        first, *rest = found.lines
        honest(self, replace(found, lines=(replace(first, paid=first.paid - 1), *rest)))

    monkeypatch.setattr(History, "laws_of_a_bill", short)
    with pytest.raises(Broken, match="what is left of a line"):
        run(1, tmp_path)
