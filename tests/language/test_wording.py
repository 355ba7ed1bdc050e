"""A slip in a translation costs its reader the translation, never the till."""

from __future__ import annotations

import gettext
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from pos_loyalty.language import Language, Wording


def wording(code: str, translations: dict[str | tuple[str, str], str | tuple[str, ...]]) -> Wording:
    catalog = Catalog(locale=code)
    for english, translated in translations.items():
        catalog.add(english, translated)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Wording(gettext.GNUTranslations(compiled))


def test_a_translation_is_said() -> None:
    """The English template is the key, the values are put into the translation, in its own order."""
    language = Language("pl", wording=wording("pl", {"{a} before {b}": "{b} po {a}"}))
    assert language.text("{a} before {b}", a="x", b="y") == "y po x"


@pytest.mark.parametrize(
    "broken", ["{amuont} zwrotu", "zwrot", "{amount} {amount!x", "{} zwrotu", "{amount", "{amount}} {x"]
)
def test_a_broken_translation_gives_way_to_the_english(broken: str) -> None:
    """A placeholder that is missing, misspelt or malformed must not stop a sale, nor hide a figure."""
    language = Language("pl", wording=wording("pl", {"{amount} back": broken}))
    assert language.text("{amount} back", amount="5") == "5 back"


def test_an_english_template_that_lacks_a_value_is_shown_as_it_is() -> None:
    """A slip in the program itself is seen on the screen, and the till goes on."""
    assert Language().text("{amount} back") == "{amount} back"
    assert Language().text("{amount} back", other="x") == "{amount} back"


def test_each_number_takes_the_plural_form_of_its_language() -> None:
    """Russian has three forms, Arabic six; English two."""
    russian = wording("ru", {("{n} coffee", "{n} coffees"): ("{n} кофейный", "{n} кофейных", "{n} кофейных…")})
    language = Language("ru", wording=russian)
    assert [language.plural("{n} coffee", "{n} coffees", n) for n in (1, 2, 5, 21, 1000)] == [
        "1 кофейный",
        "2 кофейных",
        "5 кофейных…",
        "21 кофейный",
        "1\N{NO-BREAK SPACE}000 кофейных…",
    ]
    assert [Language().plural("one day", "{n} days", n) for n in (1, 2)] == ["one day", "2 days"]


def test_a_plural_form_may_leave_out_the_number_alone() -> None:
    """Arabic says "two days" in a word; a form that lost another placeholder gives way to the English."""
    forms = ("لا أيام {for_}", "يوم {for_}", "يومان {for_}", "{n} أيام {for_}", "{n} يوما", "{n} يوم")
    language = Language("ar", wording=wording("ar", {("a day {for_}", "{n} days {for_}"): forms}))
    said = [language.plural("a day {for_}", "{n} days {for_}", n, for_="x") for n in (2, 3, 100, 11)]
    assert said == ["يومان x", "3 أيام x", "100 days x", "11 days x"]
