"""Promise: what a keyboard-wedge scanner typed under another keyboard layout becomes what it meant.

Such a scanner presses the keys of an American keyboard. Under another layout these are other characters:
`]C0` comes as `ъС0` under a Russian one. Digits mostly survive; letters and punctuation do not.

Where a read begins with an AIM identifier, that tells the layout: only one makes it of these characters. Where
it does not (a bare `Д05724`), nothing can tell a Russian layout from a Bulgarian one: then the layout is named
in the settings, and every read is put back.

The tables are XKB's (xkeyboard-config: ru(winkeys), bg(bds), bg(phonetic), ara(basic), pl(qwertz), ba), which
are Windows's in all that scanners type. Polish for programmers is American as far as scanners go.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_AMERICAN: Final = "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?"
"""The keys of the upper row to the lower one, plain and then with Shift."""

_KEYS: Final[Mapping[str, str]] = {
    "ru": 'ё1234567890-=йцукенгшщзхъфывапролджэ\\ячсмитьбю.Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭ/ЯЧСМИТЬБЮ,',
    "bg": '(1234567890-.,уеишщксдзц;ьяаожгтнвмч„юйъэфхпрлб)!?+"%=:/–№$€ыУЕИШЩКСДЗЦ§ѝЯАОЖГТНВМЧ“ЮЙЪЭФХПРЛБ',
    "bg-phonetic": "ч1234567890-=явертъуиопшщасдфгхйкл;'юзьцжбнм,./Ч!@№$%€§*()–+ЯВЕРТЪУИОПШЩАСДФГХЙКЛ:\"ЮЗѝЦЖБНМ„“?",
    "ar": "ذ1234567890-=ضصثقفغعهخحجدشسيبلاتنمكط\\ئءؤرﻻىةوزظ"
    "\u0651!@#$%^&*)(_+\u064e\u064b\u064f\u064cﻹإ`÷×؛<>\u0650\u064d][ﻷأـ،/:\"…~\u0652}{ﻵآ',.؟",
    "pl": "˙1234567890+'qwertzuiopżśasdfghjklłąóyxcvbnm,.-˛!\"#$%&/()=?*QWERTZUIOPńćASDFGHJKLŁęźYXCVBNM;:_",
    "bs": "¸1234567890'+qwertzuiopšđasdfghjklčćžyxcvbnm,.-¨!\"#$%&/()=?*QWERTZUIOPŠĐASDFGHJKLČĆŽYXCVBNM;:_",
}

_OTHER_FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "bg-phonetic": {"Ь": "X", "Ѝ": "X"},
    "bg": {"Ѝ": "A", "Ы": "Q"},
    "ar": {"لأ": "G", "لإ": "T", "لآ": "B"},  # one key under Linux, two characters under Windows
}

LAYOUTS: Final = tuple(_KEYS)
"""The layouts that can be named: ru, bg (the standard BDS), bg-phonetic, ar, pl (214, not programmers'), bs."""


def _tables() -> Mapping[str, Mapping[str, str]]:
    tables = {
        name: dict(zip(typed, _AMERICAN, strict=True)) | dict(_OTHER_FORMS.get(name, {}))
        for name, typed in _KEYS.items()
    }
    return MappingProxyType(tables)


_TABLES: Final = _tables()


def put_back(text: str, layout: str) -> str:
    """What was meant by a text that was typed under this layout. KeyError for a layout that is not known."""
    table = _TABLES[layout]
    for typed, meant in _OTHER_FORMS.get(layout, {}).items():
        if len(typed) > 1:
            text = text.replace(typed, meant)
    return "".join(table.get(character, character) for character in text)


def layout_of(text: str) -> str | None:
    """The layout under which the beginning of this text is an AIM identifier; None where it is none, or one
    as it stands."""
    if len(text) < 4 or text[0] in "]0123456789":
        return None
    for name, table in _TABLES.items():
        letter = table.get(text[1], "")
        if table.get(text[0]) == "]" and letter.isalpha() and text[2].isalnum() and _is_foreign(text[:2]):
            return name
    return None


def _is_foreign(text: str) -> bool:
    return any(ord(character) > 0x7F for character in text)
