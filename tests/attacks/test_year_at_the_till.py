"""A year at the till: seeded shops on real stores, with crashes, full disks and bad clocks, held against a second witness.

A seed that fails says how to see it again. `SEED=7 DAYS=400 VISITS=20 pytest tests/attacks/test_year_at_the_till.py -k seed` runs
that one here; `pytest -m soak` runs SEEDS (default 12) shops for DAYS (default 730) from SEED on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from agreement import Differs
from simulator import simulate

from pos_loyalty.domain import discounts, pricing
from pos_loyalty.domain.clawback import Purses
from pos_loyalty.domain.ledger import Lot
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.till import checkout, standing

OWN = os.environ.get("SEED")
# The leap day and the hour that is left out; the hour that comes twice and the end of a year.
YEARS = [(1, datetime(2028, 2, 10, tzinfo=UTC), 60), (2, datetime(2026, 10, 15, tzinfo=UTC), 85)]
# A return that makes good an older debt is too rare for two short shops; the long runs see some hundred of them.
HAPPENED = (
    "bearer cards registered",
    "bills suspended",
    "cards replaced",
    "clock jumps",
    "crashes",
    "full disks",
    "refusals",
    "requests repeated",
    "returns excused",
    "returns forgiven",
    "returns owed",
    "returns restored",
    "returns withheld",
    "revisions",
    "sales settling a debt",
    "sales spending",
    "scanner unplugged",
)


@pytest.mark.skipif(OWN is not None, reason="SEED names another one")
def test_two_shops_keep_the_laws_of_money_every_day() -> None:
    """Over winter and over spring every bill, purse and tier is what the witness says, whatever happens; and all of it happened."""
    runs = [simulate(seed, days, begins, visits=16) for seed, begins, days in YEARS]
    for run in runs:
        print(run)
    assert {what for what in HAPPENED if not sum(run.did[what] for run in runs)} == set()
    assert sum(run.did["sales"] for run in runs) > 1_000


@pytest.mark.skipif(OWN is None, reason="SEED=7 runs one seed of your own")
def test_a_seed_of_your_own() -> None:
    """The seed that SEED names, for DAYS with VISITS a day: what a failure prints is done again."""
    print(simulate(int(OWN or 1), int(os.environ.get("DAYS", "365")), None, int(os.environ.get("VISITS", "14"))))


@pytest.mark.soak
@pytest.mark.parametrize("n", range(int(os.environ.get("SEEDS", "12"))))
def test_years_of_many_shops(n: int) -> None:
    """Shop after shop, years each."""
    print(simulate(int(OWN or 1_000) + n, int(os.environ.get("DAYS", "730"))))


def test_the_same_seed_is_the_same_shop_to_the_last_hash() -> None:
    """A seed decides everything that is stored, so a failure can be seen again."""
    first, again = simulate(3, 8), simulate(3, 8)
    assert first.heads == again.heads != simulate(4, 8).heads
    assert first.did == again.did


def half_even(numerator: int, denominator: int) -> int:
    return round(numerator / denominator)


def takes_nothing_back(*_: object) -> int:
    return 0


def is_over_a_day_early(lot: Lot, day: Any) -> bool:
    return lot.expires is not None and lot.expires <= day


def is_owed_for_ever(*_: object) -> list[object]:
    return []


def forgets_what_it_did(*_: object) -> None:
    return None


def keeps_a_tier_for_ever(standing_: object, *_: object) -> object:
    return standing_


def never_looks_back(*_: object) -> bool:
    return True


def follows_the_clock_of_greenwich(_: Programme, at: datetime) -> datetime:
    return at.astimezone(UTC)


_write = Store.write


@contextmanager
def says_done_though_the_disk_is_full(store: Store) -> Iterator[Books]:
    try:
        with _write(store) as books:
            yield books
    except Refused as refused:
        if refused.code != "store-full":
            raise


WRONG: list[tuple[object, str, Callable[..., Any]]] = [
    (pricing, "half_up", half_even),
    (discounts, "half_up", half_even),
    (Purses, "take", takes_nothing_back),
    (Lot, "is_over", is_over_a_day_early),
    (checkout, "settle_from_lots", is_owed_for_ever),
    (Books, "action", forgets_what_it_did),
    (standing, "advance_through", keeps_a_tier_for_ever),
    (standing, "_comes_last", never_looks_back),
    (Programme, "local", follows_the_clock_of_greenwich),
    (Store, "write", says_done_though_the_disk_is_full),
]


def four_shops() -> None:
    for seed in (8, 5, 6, 7):
        simulate(seed, 45)


@pytest.mark.parametrize(("place", "name", "wrong"), WRONG, ids=lambda value: getattr(value, "__name__", None))
def test_a_till_that_is_wrong_is_caught(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, wrong: Callable[..., Any]
) -> None:
    """The control: each of these tills differs from the witness within four shops' weeks, and the failure says how to see it."""
    monkeypatch.setattr(place, name, wrong)
    with pytest.raises(Differs, match=r"(?s)step \d+:.*The last steps:.*Again: SEED=\d DAYS=45") as caught:
        four_shops()
    print(str(caught.value).partition("\n")[0])
