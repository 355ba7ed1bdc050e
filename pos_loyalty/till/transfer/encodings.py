"""In which encoding a file of text is: UTF-8 by its bytes, a Windows code page by its words, and no guess where neither is plain.

UTF-8 is sure: other texts are hardly ever valid in it. Code pages are told apart by which of them makes words of the non-ASCII
bytes: letters of one script, with capitals where words have them. What is not plain is refused, and has to be said.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import BinaryIO

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.problems import shown

UTF8 = "utf-8"
CODE_PAGES = ("cp1251", "cp1250", "cp1256")
"""Those that are recognized: Cyrillic, Central European, Arabic."""
SAMPLE = 200_000
"""Bytes of lines that are no UTF-8 and are looked at: thousands of names."""
PLAIN = 90
"""Per cent of the letters that must make words."""
_WORD = re.compile(r"[^\W\d_]+")
_BYTES = bytes(range(9, 11)) + bytes(range(32, 127))


def named(name: str) -> str:
    """The encoding of that name, as Python calls it. Refused with encoding-unknown where there is none that CSV can be read in."""
    try:
        info = codecs.lookup(name)
        plain = _BYTES.decode(info.name) == _BYTES.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        plain = False
    if not plain:
        raise Refused(
            "encoding-unknown",
            Message(
                N_("{name} is no encoding that can be read here; there are, among others: {known}."),
                name=shown(name),
                known=", ".join((UTF8, *CODE_PAGES, "cp1252", "koi8-r")),
            ),
        )
    return UTF8 if info.name in (UTF8, "utf-8-sig") else info.name


def found_in(file: BinaryIO, longest: int) -> str:
    """The encoding of a file, read from its beginning; lines longer than `longest` bytes are not looked at.

    Where lines of UTF-8 and of something else are mixed, it is the one of the more lines. Refused with encoding-unclear.
    """
    file.seek(0)
    good = bad = 0
    sample = bytearray()
    cut = False
    while line := file.readline(longest):
        whole = not cut
        cut = not line.endswith(b"\n")
        if not whole or line.isascii() or (cut and len(line) == longest):
            continue
        try:
            line.decode(UTF8)
            good += 1
        except UnicodeDecodeError:
            bad += 1
            if len(sample) < SAMPLE:
                sample += line
    return UTF8 if good >= bad else _code_page(bytes(sample))


def _code_page(sample: bytes) -> str:
    shares = {name: _share(sample, name) for name in CODE_PAGES}
    plain = [name for name, share in shares.items() if share >= PLAIN]
    if len(plain) == 1:
        return plain[0]
    raise Refused(
        "encoding-unclear",
        Message(
            N_(
                "The file is no UTF-8, and which code page it is in cannot be told: save it as CSV UTF-8, or name the encoding"
                " with --encoding."
            )
        ),
    )


def _share(sample: bytes, encoding: str) -> int:
    """How many per cent of the letters in words that are not ASCII belong to words that somebody may have written."""
    text = sample.decode(encoding, "replace")
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = sum(map(len, words)) + text.count("\ufffd")
    return 100 * sum(len(word) for word in words if _FITS[encoding](word)) // letters if letters else 0


def _cased(word: str) -> bool:
    return word.islower() or word.isupper() or (word[0].isupper() and (word[1:].islower()))


def _cyrillic(word: str) -> bool:
    return all("\u0400" <= ch <= "\u045f" or ch in "Ґґ" for ch in word) and _cased(word)


def _central_european(word: str) -> bool:
    strange = sum(not ch.isascii() for ch in word)
    return (
        all(ch.isascii() or "\u00c0" <= ch <= "\u017e" for ch in word) and 3 * strange <= 2 * len(word) and _cased(word)
    )


def _arabic(word: str) -> bool:
    return all("\u0621" <= ch <= "\u064a" or ch in _PERSIAN for ch in word)


_PERSIAN: Iterable[str] = frozenset("پچژگکہںےڈٹڑھ")
_FITS = {"cp1251": _cyrillic, "cp1250": _central_european, "cp1256": _arabic}
