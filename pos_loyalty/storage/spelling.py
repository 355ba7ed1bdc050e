"""The same name as another alphabet writes it: "Ivan" finds Иван and the other way round, and "AHA" typed in Latin finds АНА.

Folding keeps alphabets apart, since letters that sound as one are not one. So the search asks once more, in the other alphabet:
letter by letter after the Bulgarian law on transliteration (2009), with what Russian, Macedonian and Serbian have beside it, and
by the shapes of capital letters, which keyboards and old lists mix. What is stored stays what was written.
"""

from __future__ import annotations

_LATIN_OF = {
    "а": "a",
    "б": "b",
    "в": "v",
    "г": "g",
    "д": "d",
    "е": "e",
    "ж": "zh",
    "з": "z",
    "и": "i",
    "й": "y",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "h",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ъ": "a",
    "ь": "y",
    "ю": "yu",
    "я": "ya",
    "ы": "y",
    "э": "e",
    "і": "i",
    "ї": "yi",
    "є": "ye",
    "ґ": "g",
    "ў": "u",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ћ": "c",
    "ђ": "d",
    "џ": "dz",
    "ѓ": "gj",
    "ќ": "kj",
    "ѕ": "dz",
}
# The longest first: "sht" is one letter before "sh" is.
_CYRILLIC_OF = {
    "sht": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "ch": "ч",
    "sh": "ш",
    "yu": "ю",
    "ya": "я",
    "iu": "ю",
    "ia": "ия",
    **{latin: letter for letter, latin in reversed(_LATIN_OF.items()) if len(latin) == 1},
    "c": "ц",
    "d": "д",
    "j": "й",
    "q": "к",
    "w": "в",
    "x": "кс",
}
_SHAPES = dict(zip("abcehkmoptxyi", "авсенкмортхуі", strict=True))
_AS_CYRILLIC = str.maketrans(_SHAPES)
_AS_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _SHAPES.items()})
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_CYRILLIC = frozenset(_LATIN_OF)


def settled(word: str) -> str:
    """A folded word in one alphabet, where shapes of another had slipped into it ("Aнна" with a Latin A); else as it is."""
    letters = {letter for letter in word if letter.isalpha()}
    if letters & _LATIN and letters & _CYRILLIC:
        if letters <= _SHAPES.keys() | _CYRILLIC:
            return word.translate(_AS_CYRILLIC)
        if letters <= _LATIN | set(_SHAPES.values()):
            return word.translate(_AS_LATIN)
    return word


def spellings(folded: str) -> tuple[str, ...]:
    """A folded text as it was typed, then as other alphabets would write it: one to three texts, none of them twice."""
    letters = {letter for letter in folded if letter.isalpha()}
    found = [folded]
    if letters and letters <= _LATIN | _CYRILLIC:
        if letters <= _SHAPES.keys() | _CYRILLIC:
            found.append(folded.translate(_AS_CYRILLIC))
        if letters <= _LATIN | set(_SHAPES.values()):
            found.append(folded.translate(_AS_LATIN))
        if letters <= _LATIN:
            found.append(_cyrillic(folded))
        elif letters <= _CYRILLIC:
            found.append("".join([_LATIN_OF.get(letter, letter) for letter in folded]))
    return tuple(dict.fromkeys(found))


def _cyrillic(folded: str) -> str:
    letters: list[str] = []
    at = 0
    while at < len(folded):
        for length in (3, 2, 1):
            part = folded[at : at + length]
            if len(part) == length and (part in _CYRILLIC_OF or length == 1):
                letters.append(_CYRILLIC_OF.get(part, part))
                at += length
                break
    return "".join(letters)
