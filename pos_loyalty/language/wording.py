"""Sentences out of a gettext catalogue, filled in; a slip in a translation costs its reader the translation, never the till.

A translation is looked at once, when its sentence is first said: where its placeholders differ from those of the English, the
English is said instead. The catalogues hold no such translation, which a test proves; a shop may still put in its own.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

_FORMATTER = Formatter()


class Wording:
    """The sentences of one language; None speaks English as written."""

    def __init__(self, translations: gettext.NullTranslations | None = None) -> None:
        self._translations = translations or gettext.NullTranslations()
        self._templates: dict[str, str] = {}

    def template(self, english: str) -> str:
        """The translation of a template if it can be filled with the same values, else the English."""
        known = self._templates.get(english)
        if known is None:
            known = self._translations.gettext(english) if english else english
            if known is not english and placeholders(known) != placeholders(english):
                known = english
            self._templates[english] = known
        return known

    def plural_template(self, one: str, many: str, n: int) -> str:
        """The form for a number; a form may leave out {n} and nothing else."""
        translated = self._translations.ngettext(one, many, n)
        if translated not in (one, many) and not (translated and plural_fits(translated, many)):
            return one if n == 1 else many
        return translated


def placeholders(template: str) -> frozenset[str] | None:
    """The names that a template in `str.format` syntax has filled in; None if it is no such template."""
    try:
        return frozenset(field for _, field, _, _ in _FORMATTER.parse(template) if field is not None)
    except ValueError:
        return None


def plural_fits(form: str, many: str) -> bool:
    """Whether a translated plural form says what the English does; "one day" need not show the number."""
    found, wanted = placeholders(form), placeholders(many)
    return found is not None and wanted is not None and found | {"n"} == wanted | {"n"} and found <= wanted


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its values put in; a template that cannot be filled stands as it is, so that it is seen and told."""
    try:
        return template.format_map(values)
    except (KeyError, IndexError, ValueError, AttributeError):
        return template


@lru_cache(maxsize=16)
def wording_of(code: str) -> Wording:
    """The sentences of a language by its code; English where there is no catalogue."""
    if code == "en":
        return Wording()
    from importlib.resources import files  # noqa: PLC0415 - 25 ms that a start in English does not pay

    compiled = files("pos_loyalty").joinpath("locale", code, "LC_MESSAGES", "pos_loyalty.mo")
    if not compiled.is_file():
        return Wording()
    with compiled.open("rb") as file:
        return Wording(gettext.GNUTranslations(file))
