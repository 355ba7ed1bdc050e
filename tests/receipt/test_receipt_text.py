"""What a receipt says, and that it fits its paper."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pos_loyalty.domain.money import Currency
from pos_loyalty.language import LANGUAGES, Language
from pos_loyalty.receipt import (
    Barcode,
    Receipt,
    Shop,
    Table,
    Text,
    as_text,
    refund_receipt,
    sale_receipt,
)

GOLDEN = Path(__file__).parent / "golden"
EUR = Currency.of("EUR")


def compare(name: str, text: str) -> None:
    """Hold a receipt against its file; WRITE_GOLDEN=1 writes the files instead, to be read before they are committed."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_receipt_of_a_jacket_says_what_the_card_earned(jacket, columns: int) -> None:
    """The example of the house: 5000.00 with a card that earns 5 % earns 250.00, and the receipt says from when to when."""
    receipt = sale_receipt(jacket.sale, jacket.holder, jacket.shop, Language("en", EUR), local=jacket.local)
    text = as_text(receipt, columns)
    assert "+250.00" in text
    compare(f"jacket-{columns}", text)


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_receipt_of_a_full_bill_says_everything(full, columns: int) -> None:
    """Weights, a discount by hand, a tier's, a purse, rounding, two tenders, change, two rates of VAT, a warning."""
    receipt = sale_receipt(full.sale, full.holder, full.shop, Language("en", EUR), local=full.local)
    compare(f"full-{columns}", as_text(receipt, columns))


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_receipt_of_a_return_says_where_everything_went(full, columns: int) -> None:
    """Money by tender, what was kept and rounded, and what became of each purse; here it is a reprint."""
    receipt = refund_receipt(
        full.refund, full.sale, full.holder, full.shop, Language("en", EUR), copy=True, local=full.local
    )
    compare(f"return-{columns}", as_text(receipt, columns))


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_receipt_speaks_the_language_that_it_is_asked_for(full, code: str) -> None:
    """The same bill on the narrowest paper; amounts and dates in the forms of the language, its words where it has them."""
    receipt = sale_receipt(full.sale, full.holder, full.shop, Language(code, EUR), local=full.local)
    text = as_text(receipt, 32)
    assert max(map(cell_len, text.splitlines())) <= 32
    assert Language(code, EUR).amount(full.sale.quote.due) in text


def test_a_purse_that_counts_as_a_tender_pays_and_does_not_lower_the_price(full) -> None:
    """The price stands above what the purse paid, and what is still due below it."""
    spent = replace(full.sale.quote.spent[0], counts_as="tender")
    sale = replace(full.sale, quote=replace(full.sale.quote, spent=(spent,)))
    lines = as_text(sale_receipt(sale, full.holder, full.shop, Language("en", EUR), local=full.local)).splitlines()
    figures = [" ".join(line.split()) for line in lines]
    price = figures.index("Price 81.81")
    assert figures[price + 1 : price + 3] == ["Paid from Cashback -15.00", "TOTAL EUR 66.81"]


def test_the_paper_shows_no_whole_name_card_or_certificate(full) -> None:
    """A receipt is left lying about: the holder's short name, and the last four characters of the numbers."""
    sale = replace(full.sale, card="2900000000018")
    text = as_text(sale_receipt(sale, "Ana Kovač", full.shop, Language("en", EUR), local=full.local))
    assert "Ana K." in text
    assert not any(secret in text for secret in ("Kovač", "2900000000018", "GC-7788"))


def test_a_sale_without_a_card_has_no_word_of_loyalty(jacket) -> None:
    """No card, no holder, no tier, no purse."""
    quote = replace(jacket.sale.quote, earned=())
    sale = replace(
        jacket.sale, account=None, card=None, kind=None, tier=None, tier_after=None, balances=(), quote=quote
    )
    text = as_text(sale_receipt(sale, None, jacket.shop, Language("en", EUR), local=jacket.local))
    assert not any(word in text for word in ("Card", "Tier", "Cashback", "Holder"))


def test_a_copy_is_marked_at_its_top_and_is_otherwise_the_same(jacket) -> None:
    """A reprint differs from the first print in the mark alone."""
    first, copy = (
        sale_receipt(jacket.sale, jacket.holder, jacket.shop, Language("en", EUR), copy=copy, local=jacket.local)
        for copy in (False, True)
    )
    assert copy.rows[1:] == first.rows
    mark = copy.rows[0]
    assert isinstance(mark, Text)
    assert (mark.left, mark.emphasis, mark.large) == ("COPY", True, True)


def test_an_old_sale_is_told_in_its_own_currency(jacket) -> None:
    """A reprint after the shop changed its currency still has the sale's decimals and code."""
    sale = replace(jacket.sale, currency="KWD")
    text = as_text(sale_receipt(sale, None, jacket.shop, Language("en", EUR), local=jacket.local))
    assert "TOTAL KWD                          500.000" in text.splitlines()


def test_the_time_on_paper_is_the_shops(jacket) -> None:
    """The sale was at 09:15 UTC; the shop's clock in Sofia showed 11:15."""
    text = as_text(sale_receipt(jacket.sale, None, jacket.shop, Language("en", EUR), local=jacket.local))
    assert "22 Nov 2026 11:15" in text


def test_a_number_that_code_128_cannot_hold_is_printed_as_text(jacket) -> None:
    """A register may be called касса; the cashier of the return types the number."""
    sale = replace(jacket.sale, register="касса")
    receipt = sale_receipt(sale, None, Shop("Shop"), Language("en", EUR), local=jacket.local)
    assert not any(isinstance(row, Barcode) for row in receipt.rows)
    assert as_text(receipt).splitlines()[-1].strip() == "касса-000042"


WORDS = st.text(
    st.one_of(
        st.sampled_from("ab Zč Ж щ ѝ é"),
        st.sampled_from("قميص أحمر لا ٠١"),
        st.sampled_from("漢字ｶﾅ한글 🧥👨\u200d👩\u200d👧❤\ufe0f"),
        st.sampled_from("\u0301\u064b\u200d\u200c\u00a0\u202f\u00ad\u200f"),
        st.characters(),
    ),
    max_size=120,
)
ROWS = st.one_of(
    st.builds(
        Text,
        WORDS,
        st.one_of(st.just(""), st.just("1 234,00"), st.just("-99,999,999,999.99"), WORDS),
        align=st.sampled_from(["start", "center"]),
        emphasis=st.booleans(),
        large=st.booleans(),
        indent=st.sampled_from([0, 2]),
    ),
    st.builds(lambda cells: Table(("Ставка НДС", "Без НДС", "НДС"), (tuple(cells),)), st.tuples(WORDS, WORDS, WORDS)),
)


@given(st.lists(ROWS, max_size=5), st.one_of(st.sampled_from([32, 42, 48]), st.integers(16, 80)), st.booleans())
def test_no_line_is_wider_than_its_paper(rows, columns: int, rtl: bool) -> None:
    """Whatever the script: Latin, Cyrillic, Arabic, CJK, emoji, combining marks, control codes."""
    for line in as_text(Receipt(tuple(rows), rtl), columns).split("\n"):
        assert cell_len(line) <= columns
        assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in line)


@given(WORDS, st.sampled_from([32, 42, 48]))
def test_an_amount_ends_at_the_edge_of_the_paper(name: str, columns: int) -> None:
    """Amounts stand under one another whatever the names beside them are like."""
    lines = as_text(Receipt((Text(name, "1,234.00"),)), columns).splitlines()
    assert lines[-1].endswith(" 1,234.00")
    assert cell_len(lines[-1]) == columns
    assert sum("1,234.00" in line for line in lines) == 1


@given(st.text(st.sampled_from("abcde fghij ЖЗ")), st.integers(16, 48))
def test_wrapping_loses_no_letter(name: str, columns: int) -> None:
    """What does not fit on a line stands on the next."""
    text = as_text(Receipt((Text(name, "5.00"),)), columns)
    assert "".join(text.split()) == "".join(name.split()) + "5.00"


def test_words_are_broken_only_where_one_is_longer_than_a_line() -> None:
    """A no-break space holds an amount together, and is a plain space on paper."""
    receipt = Receipt((Text("to spend 1\u00a0234,00 from now on, and Donaudampfschifffahrtsgesellschaft"),))
    assert as_text(receipt, 16).splitlines() == [
        "to spend",
        "1 234,00 from",
        "now on, and",
        "Donaudampfschiff",
        "fahrtsgesellscha",
        "ft",
    ]


def test_a_table_too_wide_for_its_paper_names_each_figure() -> None:
    """Large net amounts on narrow paper stand below one another instead of running together."""
    table = Table(("VAT rate", "Net", "VAT"), (("20%", "100,000,000,000.00", "20,000,000,000.00"),))
    assert as_text(Receipt((table,)), 32).splitlines() == [
        "VAT rate                     20%",
        "Net           100,000,000,000.00",
        "VAT            20,000,000,000.00",
    ]


def test_paper_narrower_than_any_is_refused() -> None:
    """Fewer than 16 columns hold no amount beside its words."""
    with pytest.raises(ValueError, match="16"):
        as_text(Receipt(()), 15)
