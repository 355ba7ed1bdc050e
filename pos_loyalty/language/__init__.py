"""One reader's language: every sentence, amount, rate and date that a person reads is written here, and nowhere else."""

from pos_loyalty.language.language import Language
from pos_loyalty.language.reading import Unreadable, parse_amount, parse_quantity
from pos_loyalty.language.symbols import LANGUAGES, LanguageUnknown
from pos_loyalty.language.wording import Wording

__all__ = [
    "LANGUAGES",
    "Language",
    "LanguageUnknown",
    "Unreadable",
    "Wording",
    "parse_amount",
    "parse_quantity",
]
