"""A report as pages to print: of one size, the same bytes each time, nothing past the margins, in both directions."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageOps
from shops import PROGRAMME

from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.language import Language
from pos_loyalty.reports.frame import CANNOT_TELL, COUNT, RATE, Cell, Figure, Period, Report
from pos_loyalty.reports.frame import report_of_figures as made
from pos_loyalty.reports.picture import HEIGHT, MARGIN, WIDTH, as_pages, as_png
from pos_loyalty.reports.shown import Names

RULES = read(PROGRAMME).programme
assert RULES is not None
LONG = "a definition of many words that says at length what is counted here and what is not, so that it takes lines"
FIGURES = (
    Figure("whole", "Everything", LONG, "rows"),
    Figure("tier", "By tier", LONG, "rows", "tier"),
    Figure("month", "By month", LONG, "rows", "month"),
    Figure("cohort", "Cohorts", LONG, "rows", "month", "months later"),
    Figure("lift", "Lift", LONG, "rows", "offer"),
    Figure("lift_low", "Lift, at least", LONG, "rows", "offer"),
    Figure("lift_high", "Lift, at most", LONG, "rows", "offer"),
)
REPORT: Report = made("all", "All drawings", FIGURES, lambda books, period: ())
PERIOD = Period(date(2026, 1, 1), date(2026, 1, 31))
ROWS: list[tuple[Cell, ...]] = [
    ("whole", "", "", "EUR", 99_999_999_999_999, -99_999_999_999_999),
    ("tier", "gold", "", COUNT, 5, 4),
    ("tier", "a tier with a name that is far too long for any column", "", COUNT, CANNOT_TELL, None),
    *(("month", f"2026-{n:02}", "", "EUR", n * 1_000_00 - 300_000, None) for n in range(1, 13)),
    *(
        ("cohort", f"2026-{n:02}", f"{later:02}", RATE, 1_000_000 // (later + 1), None)
        for n in range(1, 13)
        for later in range(13 - n)
    ),
    ("lift", "a", "", "EUR", 500, None),
    ("lift_low", "a", "", "EUR", -200, None),
    ("lift_high", "a", "", "EUR", 1_200, None),
]


def pages(language: str = "en", rows: list[tuple[Cell, ...]] = ROWS, *, raqm: bool = False) -> list[Image.Image]:
    """The report drawn."""
    names = Names(RULES, Language(language, Currency.of("EUR")))
    return as_pages(REPORT, rows, PERIOD, names, "Corner Shop", raqm=raqm)


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_nothing_stands_past_the_margins(language: str) -> None:
    """Every page is A4 at 150 dots an inch, and all ink keeps within its margins, whatever the numbers and names."""
    for page in pages(language):
        assert page.size == (WIDTH, HEIGHT)
        left, top, right, bottom = ImageOps.invert(page).getbbox() or (0, 0, 0, 0)
        assert left >= MARGIN - 2
        assert right <= WIDTH - MARGIN + 2
        assert top >= MARGIN
        assert bottom <= HEIGHT - MARGIN + 30


def test_the_same_report_has_the_same_bytes() -> None:
    """Drawn twice, byte by byte the same, and readable again with its size in dots an inch."""
    names = Names(RULES, Language("en", Currency.of("EUR")))
    first, second = (as_png(REPORT, ROWS, PERIOD, names, "Corner Shop", raqm=False) for _ in range(2))
    assert first == second
    with Image.open(BytesIO(first[0])) as again:
        assert again.size == (WIDTH, HEIGHT)
        assert round(again.info["dpi"][0]) == 150


def test_a_long_report_goes_on_on_the_next_page() -> None:
    """Two hundred bars take pages of their own, none of them empty, and every bar is drawn once."""
    rows: list[tuple[Cell, ...]] = [("tier", f"t{n}", "", COUNT, 100, 100) for n in range(200)]
    drawn = pages(rows=rows)
    assert len(drawn) > 2
    assert all(ImageOps.invert(page).crop((0, 0, WIDTH, HEIGHT - 2 * MARGIN)).getbbox() for page in drawn)


def test_a_longer_bar_is_more() -> None:
    """Of two bars the one of twice as much has twice the dark dots, whatever stands beside them."""
    rows: list[tuple[Cell, ...]] = [("tier", "a", "", COUNT, 100, None), ("tier", "b", "", COUNT, 50, None)]
    (page,) = pages(rows=rows)
    lengths = [run for y in range(HEIGHT) if (run := longest(page.crop((0, y, WIDTH, y + 1)).tobytes(), 60)) > 50]
    assert max(lengths) == 2 * min(lengths)


def longest(line: bytes, ink: int) -> int:
    """The longest run of dots of this ink."""
    return max((len(run) for run in line.split(bytes([255])) if run == bytes([ink]) * len(run)), default=0)


def test_nothing_to_report_is_said() -> None:
    """An empty report is a page that says so, not an empty page or a fault."""
    (page,) = pages(rows=[])
    assert ImageOps.invert(page).getbbox() is not None
