"""What pricing costs: processor time of a quote, under the example programme and under ever more lines and offers.

Nothing is stored or read: this is the domain alone, between a scanned item and its painted line. Times are of one process's
processor, the least of many rounds, so that a busy machine does not show.

    .venv/bin/python tests/benchmarks/pricing.py
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.ledger import Holding, Lot
from pos_loyalty.domain.member import Account, Member
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.offers import AmountOff, Goods, Limit, Needs, Offer, PercentOff, SetOff
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.tier import Standing

DAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "docs" / "programme-example.toml"
DEPARTMENTS = 20


def main() -> None:
    gc.disable()
    programme = read(EXAMPLE.read_text(encoding="utf-8")).programme
    if programme is None:
        raise SystemExit(f"{EXAMPLE} cannot be read")
    print(f"example programme, {len(programme.offers)} offers, 3 lines: {cost(programme, 3):8.3f} ms")
    many = with_offers(programme, 200)
    print(f"{len(many.offers)} offers, 30 lines:                 {cost(many, 30):8.3f} ms")
    print("\nlines x offers: ms (microseconds a line and offer)")
    for offers in (25, 50, 100, 200, 400):
        bigger = with_offers(programme, offers)
        row = []
        for lines in (5, 10, 30, 100, 300):
            spent = cost(bigger, lines)
            row.append(f"{lines:4} lines {spent:8.2f} ({spent * 1e3 / lines / offers:5.2f})")
        print(f"{offers:4} offers  " + "  ".join(row), flush=True)


def cost(programme: Programme, lines: int) -> float:
    """Milliseconds of processor time for one quote: the least of some rounds."""
    bill, account = basket(lines), holder(programme)
    price = measured(lambda: quote(bill, programme, DAY, account))
    return price * 1e3


def measured(action: Callable[[], object]) -> float:
    begun = time.process_time()
    action()
    times = max(1, min(200, int(0.02 / max(time.process_time() - begun, 1e-5))))
    best = float("inf")
    for _ in range(9):
        begun = time.process_time()
        for _ in range(times):
            action()
        best = min(best, (time.process_time() - begun) / times)
    return best


def basket(lines: int) -> tuple[LineItem, ...]:
    """Goods of all departments, some weighed, some several times."""
    return tuple(
        LineItem(
            name=f"Goods {n}",
            unit_price=199 + 137 * n % 5_000,
            quantity=1_234_000 if n % 5 == 4 else 1_000_000 * (1 + n % 3),
            sku=f"SKU-{n % 40}",
            department="coffee" if n % 7 == 0 else f"department {n % DEPARTMENTS}",
            unit="kg" if n % 5 == 4 else "pc",
            vat=200_000 if n % 2 else 90_000,
        )
        for n in range(lines)
    )


def holder(programme: Programme) -> Account:
    """A named holder of the first tier with something in every purse."""
    lots = {
        purse.id: Holding(
            purse.id,
            tuple(
                Lot(
                    f"{purse.id}-{n}",
                    purse.id,
                    500,
                    500,
                    date(2026, 1, 1),
                    date(2027, 1, 1 + n),
                    datetime(2026, 1, 1, tzinfo=UTC),
                )
                for n in range(5)
            ),
        )
        for purse in programme.purses
    }
    first = programme.tiers.ladder[0].id if programme.tiers else None
    standing = Standing(first, date(2026, 1, 1), None) if first else None
    return Account(
        "019b0000-0000-7000-8000-000000000001",
        "2900000000018",
        "named",
        standing,
        lots,
        Member("019b0000-0000-7000-8000-000000000001", "Ana Kovač", birthday=date(1990, 11, 24)),
        date(2025, 1, 1),
        date(2026, 11, 1),
        12,
    )


def with_offers(programme: Programme, count: int) -> Programme:
    """The programme with offers of several kinds added until it has so many."""
    offers = list(programme.offers)
    for n in range(count - len(offers)):
        goods = Goods(departments=frozenset({f"department {n % DEPARTMENTS}"})) if n % 3 else None
        common = {"goods": goods, "needs": Needs(spend=500 * (n % 4)), "group": f"group {n % 10}" if n % 2 else None}
        match n % 4:
            case 0:
                offer = Offer(f"many-{n}", f"Offer {n}", PercentOff(10_000 * (1 + n % 9)), **common)
            case 1:
                offer = Offer(f"many-{n}", f"Offer {n}", AmountOff(25 + n), **common)
            case 2:
                offer = Offer(f"many-{n}", f"Offer {n}", SetOff(of=3, free=1), **{**common, "goods": goods or Goods()})
            case _:
                offer = Offer(f"many-{n}", f"Offer {n}", PercentOff(50_000, items=2), limit=Limit(a_bill=2), **common)
        offers.append(offer)
    return replace(programme, offers=tuple(offers))


if __name__ == "__main__":
    main()
