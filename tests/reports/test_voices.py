"""What holders say: scores with their bounds, and complaints with the time that they took, reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest
from figures import figures, only
from shops import Shop
from sqlalchemy import insert

from pos_loyalty.reports.scores import net_promoters, share
from pos_loyalty.storage.tables import accounts, complaints, feedback

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
HOLDER = "0190a000-0000-7000-8000-000000000000"


def answered(corner: Shop, day: str, answers: list[tuple[int | None, int | None]]) -> None:
    """Put answers into the store."""
    with corner.store.write() as books:
        for n, (satisfaction, recommendation) in enumerate(answers):
            books.run(
                insert(feedback),
                id=f"{day}-{n}",
                account_id=None,
                sale_id=None,
                at=f"{day}T10:00:00.000Z",
                day=day,
                operator="anna",
                satisfaction=satisfaction,
                recommendation=recommendation,
                text=None,
            )


def complained(corner: Shop, rows: list[tuple[str, str | None, str | None]]) -> None:
    """Put complaints into the store: when each was made, until when an answer was promised, when it was closed."""
    with corner.store.write() as books:
        books.run(insert(accounts).values(id=HOLDER, joined="2026-01-01"))
        for n, (opened, promised, closed) in enumerate(rows):
            books.run(
                insert(complaints),
                id=f"complaint-{n}",
                account_id=HOLDER,
                opened_at=f"{opened}:00.000Z",
                opened_by="anna",
                text="It was sour.",
                wish=None,
                promised=promised,
                closed_at=closed and f"{closed}:00.000Z",
                closed_by=closed and "anna",
                solution=closed and "Another one.",
            )


def test_promoters_less_detractors(corner: Shop) -> None:
    """Of 40 answers 20 are 9 or 10, 12 are 7 or 8, 8 are 0 to 6: (20 - 8) / 40 = 30 %. With 3 added (20.75 - 8.75) / 43 is
    27.907 %, the variance (29.5 / 43 - 0.27907²) / 43 = 0.014143, so 27.907 ± 1.96 * 11.892 %: 4.598 % to 51.216 %. The month
    before has 29 answers: can't tell.
    """
    scores = [9, 10] * 10 + [7, 8] * 6 + [0, 6] * 4
    answered(corner, "2026-03-31", [(None, score) for score in scores])
    answered(corner, "2026-02-28", [(None, 10)] * 29)
    answered(corner, "2026-04-01", [(None, 0)] * 5)
    found = figures(corner.store, "voices", FIRST, LAST)
    assert only(found, "recommend") == {("promoters", ""): 20, ("passives", ""): 12, ("detractors", ""): 8}
    assert found["nps", "", ""] == (300_000, "can't tell yet")
    assert found["nps_low", "", ""] == (pytest.approx(45_980, abs=30), None)
    assert found["nps_high", "", ""] == (pytest.approx(512_160, abs=30), None)
    assert found["csat", "", ""] == ("can't tell yet", "can't tell yet")


def test_who_is_content(corner: Shop) -> None:
    """24 of 30 gave 4 or 5: 80 %, by Wilson's interval between 62.69 % and 90.50 %; what nobody answered is not counted."""
    answered(corner, "2026-03-02", [(4, None), (5, 3)] * 12 + [(1, None), (3, None)] * 3 + [(None, 9)])
    found = figures(corner.store, "voices", FIRST, LAST)
    assert found["rated", "", ""] == (30, 0)
    assert found["csat", "", ""][0] == 800_000
    assert found["csat_low", "", ""][0] == pytest.approx(626_900, abs=60)
    assert found["csat_high", "", ""][0] == pytest.approx(904_960, abs=60)


def test_bounds_do_not_shrink_to_nothing() -> None:
    """30 promoters of 30 are 100 %, and still not certain; bounds stay within what can be."""
    found = net_promoters(30, 0, 30)
    assert found is not None
    assert (found.value, found.high) == (1_000_000, 1_000_000)
    assert found.low < 950_000
    worst = net_promoters(0, 30, 30)
    assert worst is not None
    assert (worst.value, worst.low) == (-1_000_000, -1_000_000)
    nobody = share(0, 30)
    assert nobody is not None
    assert (nobody.value, nobody.low) == (0, 0)
    assert nobody.high > 100_000
    assert net_promoters(29, 0, 29) is None
    assert share(29, 29) is None


def test_complaints_and_the_time_to_solve_them(corner: Shop) -> None:
    """In March three were made and three closed: after 28 days (promised for 5 March, kept, though made in February), 2 days
    (promised for that day, kept) and 10 days (promised for the 12th, broken). Two wait, of which one was promised for the 30th.
    Due were the promises of the 5th, 12th, 22nd and 30th: two of four were kept. What was closed in February is not March's.
    """
    complained(
        corner,
        [
            ("2026-02-05T10:00", "2026-03-05", "2026-03-05T10:00"),
            ("2026-03-20T10:00", "2026-03-22", "2026-03-22T10:30"),
            ("2026-03-10T10:00", "2026-03-12", "2026-03-20T10:00"),
            ("2026-03-25T10:00", "2026-03-30", None),
            ("2026-02-01T10:00", None, None),
            ("2026-02-02T10:00", "2026-02-03", "2026-02-04T10:00"),
        ],
    )
    found = figures(corner.store, "voices", FIRST, LAST)
    assert found["opened", "", ""] == (3, 3)
    assert found["closed", "", ""] == (3, 1)
    assert found["waiting", "", ""] == (2, 2)
    assert found["overdue", "", ""] == (1, 0)
    assert found["solved_in", "", ""] == (10, 2)
    assert found["promised", "", ""] == (4, 1)
    assert found["kept", "", ""] == (500_000, 0)
