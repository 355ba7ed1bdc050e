"""Amounts, rates, quantities, dates and sentences as each language writes them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.message import Amount, Message, Rate
from pos_loyalty.domain.money import MAX_MINOR, Currency, plain
from pos_loyalty.language import LANGUAGES, Language, LanguageUnknown
from pos_loyalty.language.symbols import symbols_of

EUR = Currency.of("EUR")
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "5,000.00"),
        ("bg", f"5{NBSP}000,00"),
        ("ru", f"5{NBSP}000,00"),
        ("ar", "5,000.00"),
        ("pl", f"5{NBSP}000,00"),
        ("bs", "5.000,00"),
    ],
)
def test_an_amount_has_the_separators_of_its_language(code: str, written: str) -> None:
    """Five thousand euros in each language; Arabic has Latin digits and no marks of direction."""
    assert Language(code, EUR).amount(500_000) == written


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "-€12.50"),
        ("bg", f"-12,50{NBSP}€"),
        ("ru", f"-12,50{NBSP}€"),
        ("ar", f"-12.50{NBSP}€"),
        ("pl", f"-12,50{NBSP}€"),
        ("bs", f"-12,50{NBSP}€"),
    ],
)
def test_the_currencys_sign_stands_where_the_language_puts_it(code: str, written: str) -> None:
    """The sign is that of the programme's currency; a language has none of its own (Bulgaria left the lev in 2026)."""
    assert Language(code, EUR).amount(-1250, symbol=True) == written


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_marks_are_those_of_cldr(code: str) -> None:
    """Decimal point, grouping, signs and their places are what Babel has for Latin digits, less its marks of direction."""
    from babel.core import Locale

    def unmarked(text: str) -> str:
        return "".join(character for character in text if category(character) != "Cf")

    locale = Locale.parse(code)
    marks = {name: unmarked(mark) for name, mark in locale.number_symbols["latn"].items() if isinstance(mark, str)}
    percent, money = locale.percent_formats[None], locale.currency_formats["standard"]
    ours = symbols_of(code)
    assert (ours.decimal, ours.group) == (marks["decimal"], marks["group"])
    assert (ours.minus, ours.plus) == (marks["minusSign"], marks["plusSign"])
    assert ours.percent == tuple(
        unmarked(affix[0]).replace("%", marks["percentSign"]) for affix in (percent.prefix, percent.suffix)
    )
    assert ours.money == tuple(unmarked(affix[0]).replace("\xa4", "{}") for affix in (money.prefix, money.suffix))


def test_each_currency_has_its_own_decimals() -> None:
    """Yen have none, dinars of Kuwait three; a code in the place of a sign keeps its distance."""
    language = Language("en", EUR)
    assert language.amount(1234, "JPY") == "1,234"
    assert language.amount(1234, "KWD", symbol=True) == f"KWD{NBSP}1.234"
    assert Language("en", Currency.of("KWD")).amount(-5) == "-0.005"


def test_units_that_are_not_money_are_whole() -> None:
    """Points are counted, a purse of money is an amount of the programme's currency."""
    language = Language("en", EUR, purses={"coffee": "coffee", "cashback": "EUR"})
    assert language.units(1500, "coffee") == "1,500"
    assert language.units(1500, "cashback") == language.units(1500, "gone") == "15.00"
    assert language.signed_units(1500, "coffee") == "+1,500"
    assert (language.decimals("coffee"), language.decimals("cashback")) == (0, 2)
    assert language.amount(1500, "points", symbol=True) == f"1,500{NBSP}points"


def test_money_without_a_currency_is_a_fault_of_the_program() -> None:
    """The decimals of an amount are never guessed."""
    with pytest.raises(ValueError, match="without a currency"):
        Language("en").amount(1)


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(LANGUAGES), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_keeps_every_digit(minor: int, code: str, currency: str) -> None:
    """Take the separators away, and what is left is the amount in minor units."""
    written = Language(code, Currency.of(currency)).amount(minor)
    digits = "".join(c for c in written if c.isdigit())
    assert int(digits) == abs(minor)
    assert written.startswith("-") == (minor < 0)
    assert len(digits) == len(plain(abs(minor), Currency.of(currency).digits).replace(".", ""))


def test_a_signed_amount_says_which_way_it_goes() -> None:
    """Earned is +, spent is -, nothing is neither."""
    language = Language("en", EUR)
    assert [language.signed(n) for n in (4750, -25000, 0)] == ["+47.50", "-250.00", "0.00"]


@pytest.mark.parametrize(
    ("code", "rate", "quantity"),
    [
        ("en", "7.5%", "1,234.5"),
        ("bg", "7,5%", f"1{NBSP}234,5"),
        ("ru", f"7,5{NBSP}%", f"1{NBSP}234,5"),
        ("ar", "7.5%", "1,234.5"),
        ("pl", "7,5%", f"1{NBSP}234,5"),
        ("bs", "7,5%", "1.234,5"),
    ],
)
def test_rates_and_quantities_have_no_trailing_zeros(code: str, rate: str, quantity: str) -> None:
    """75,000 millionths and 1,234.5 pieces, as each language writes them."""
    language = Language(code)
    assert language.rate(75_000) == rate
    assert language.quantity(1_234_500_000) == quantity
    assert language.rate(-200_000).startswith("-20")
    assert language.quantity(0) == "0"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "2 Dec 2026"),
        ("bg", "02.12.2026"),
        ("ru", "02.12.2026"),
        ("ar", "02/12/2026"),
        ("pl", "02.12.2026"),
        ("bs", "02.12.2026."),
    ],
)
def test_a_date_cannot_be_read_the_other_way_round(code: str, written: str) -> None:
    """English names the month, since its readers are in countries of both orders; elsewhere the day comes first."""
    language = Language(code)
    assert language.day(date(2026, 12, 2)) == written
    assert language.moment(datetime(2026, 12, 2, 9, 5, tzinfo=UTC)) == f"{written} 09:05"


def test_a_message_is_filled_with_values_in_the_readers_forms() -> None:
    """Amounts, rates, dates, numbers and messages inside a message are written by the language, not by who raised it."""
    message = Message(
        "{a} {r} {d} {n} {m}",
        a=Amount(123456, "EUR"),
        r=Rate(50_000),
        d=date(2026, 12, 2),
        n=1234,
        m=Message("{x}!", x=Amount(5, "points")),
    )
    assert Language("bs", EUR).say(message) == "1.234,56 5% 02.12.2026. 1.234 5!"


def test_what_people_are_called_is_never_taken_for_a_template() -> None:
    """A name with braces comes out as it is."""
    assert Language().text("For {name}.", name="{0} {}") == "For {0} {}."


def test_a_language_that_is_not_spoken_is_named() -> None:
    """The error can be said in a language that is."""
    with pytest.raises(LanguageUnknown) as caught:
        Language("de")
    assert Language().say(caught.value.message) == ('There is no language "de"; choose one of en, bg, ru, ar, pl, bs.')


def test_arabic_alone_is_written_from_right_to_left() -> None:
    """Screens and receipts ask the language which way it goes."""
    assert [code for code in LANGUAGES if Language(code).rtl] == ["ar"]


def test_no_language_writes_marks_of_direction() -> None:
    """Neither a terminal's cells nor a printer's code pages know them."""
    for code in LANGUAGES:
        language = Language(code, EUR)
        written = [language.amount(-123456, symbol=True), language.rate(-75_000), language.signed(5)]
        assert not set("".join(written)) & set("\u200e\u200f\u061c\u2066\u2067\u2068\u2069")


def test_importing_the_room_loads_neither_babel_nor_pillow() -> None:
    """A start pays for them when the first figure or picture is made, not before the first frame."""
    program = (
        "import sys, pos_loyalty.language, pos_loyalty.receipt;"
        "print(sorted({'babel', 'PIL', 'barcode', 'bidi', 'arabic_reshaper'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
