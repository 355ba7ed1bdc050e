"""What X and Z reports say on paper, and that they fit it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.shift import NO_HEAD, Drawer, OfferSum, PurseSum, ShiftReport, TenderSum, VatSum
from pos_loyalty.language import LANGUAGES, Language
from pos_loyalty.receipt import PROFILES, Shop, as_escpos, as_picture, as_text, shift_slip

SHOP = Shop("Corner Shop", ("1 Main Street", "Sofia"), ("Thank you!",))
EUR = Currency.of("EUR")
HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
X = ShiftReport(
    register="till-1",
    number=17,
    currency="EUR",
    opened_at=datetime(2026, 11, 22, 6, 55, tzinfo=UTC),
    opened_by="anna",
    at=datetime(2026, 11, 22, 18, 5, tzinfo=UTC),
    operator="boris",
    first_entry=4_001,
    last_entry=4_120,
    head=HEAD,
    first_receipt=3_500,
    last_receipt=3_599,
    bills=98,
    returns=2,
    gross=1_234_567,
    discounts=23_456,
    by_offer=(
        OfferSum("by_hand", Message("Discount by hand"), 456),
        OfferSum("tier:gold:discount", Message("Gold discount on all that is not reduced already"), 23_000),
    ),
    spent=11_111,
    due=1_200_000,
    returned=4_750,
    net=994_000,
    vat=(VatSum(90_000, 10_000, 900), VatSum(200_000, 984_000, 196_800)),
    tenders=(TenderSum("card", 700_000, 0), TenderSum("cash", 497_500, 4_750), TenderSum("certificate", 2_500, 0)),
    rounding=-3,
    change=12_345,
    purses=(
        PurseSum("cashback", "EUR", 5_900, 11_111, 120, 50, 200),
        PurseSum("points", "points", 11_999, 400, 0, 0, 47),
    ),
    certificates_sold=2,
    certificates_sold_for=7_500,
    certificates_taken=1,
    certificates_taken_for=2_500,
    memberships=1,
    late_cards=3,
    drawer=Drawer(20_000, 497_500, 4_750, 5_000, 400_000, 2),
)
Z = replace(X, drawer=replace(X.drawer, counted=117_700), closed=True)


def compare(name: str, text: str) -> None:
    """Hold a report against its file; WRITE_GOLDEN=1 writes the files instead, to be read before they are committed."""
    path = Path(__file__).parent / "golden" / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("Europe/Sofia"))


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_z_report_says_everything(columns: int) -> None:
    """Turnover, VAT, tenders, purses, what was sold, the drawer with its variance, and the head of the chain."""
    text = as_text(shift_slip(Z, SHOP, Language("en", EUR), local=local), columns)
    assert max(map(cell_len, text.splitlines())) <= columns
    compare(f"z-report-{columns}", text)


def test_the_x_report_says_what_is_expected_and_no_head() -> None:
    """Nobody has counted yet, and the journal goes on."""
    compare("x-report-42", as_text(shift_slip(X, SHOP, Language("en", EUR), local=local), 42))


def test_a_reprint_is_marked_and_an_empty_shift_has_few_lines() -> None:
    """COPY stands before anything else; a register without an entry says so in the place of a hash."""
    nothing = replace(
        Z, head=NO_HEAD, first_receipt=None, last_receipt=None, by_offer=(), vat=(), tenders=(), purses=(), returns=0
    )
    lines = as_text(shift_slip(nothing, SHOP, Language("en", EUR), copy=True, local=local), 42).splitlines()
    assert lines[0].strip() == "COPY"
    assert "Nothing was paid." in lines
    assert "The journal has no entry yet." in lines


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_printer_and_language_takes_it(code: str) -> None:
    """Text, printer bytes and a picture are made of it in each language; the head is on each."""
    receipt = shift_slip(Z, SHOP, Language(code, EUR), local=local)
    assert "".join(line.strip() for line in as_text(receipt, 32).splitlines()[-4:]) == HEAD
    for profile in PROFILES.values():
        assert as_escpos(receipt, profile)
    assert as_picture(receipt).getextrema() == (0, 255)
