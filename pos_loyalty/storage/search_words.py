"""What a holder is found by: each a text of one index, so that whatever is typed is a range of it.

A word stands for itself; "#" before digits is the phone's, backwards, so that its end comes first; "@" before an address is the
e-mail; "&" before letters is two words of a name, a letter of the one and a letter of the other in turn, so that "ana kov" and
"kov ana" are short ranges however many are called Ana.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, zip_longest

from pos_loyalty.storage.folding import MAX_WORD, digits_of, fold, past
from pos_loyalty.storage.spelling import settled, spellings

LEAST_DIGITS = 4
"""Fewer last digits of a phone, or first characters of a card's number, say too little."""
MOST_WORDS = 5
"""Words of a search that are looked at: no name has more that tell holders apart."""
PAIRED_WORDS = 6
"""Words of a name of which every two are paired: who has more is found by the first ones, or by one word."""
_HALF = (MAX_WORD - 1) // 2
_NO_LETTER = " "


@dataclass(frozen=True, slots=True)
class Range:
    """Keys of an index from `first` on and before `end`, those like `pattern`. `of` says which: words, numbers of cards, names.

    `words` are what a name must have besides, each at the beginning of a word of it.
    """

    of: str
    first: str
    end: str
    pattern: str = "%"
    words: tuple[str, ...] = ()


EVERYBODY = Range("names", "", past(""))
"""Every holder with a name, in the order of the folded names."""


def email_key(email: str) -> str:
    """An address as it is searched: case makes no difference."""
    return f"@{email.strip().casefold()}"[:MAX_WORD]


def paired(one: str, other: str) -> str:
    """Two words of a name as one key: a letter of each in turn; the shorter one goes on with spaces."""
    letters = zip_longest(one[:_HALF], other[:_HALF], fillvalue=_NO_LETTER)
    return "&" + "".join([a + b for a, b in letters]).rstrip(_NO_LETTER)


def words_of(name: str, phone: str | None, email: str | None = None) -> tuple[str, ...]:
    """What a holder is found by, in order: words of the folded name, every two of the first six, the phone, the e-mail."""
    of_name = [settled(word)[:MAX_WORD] for word in fold(name).split()]
    words = set(of_name)
    words.update(paired(one, other) for one, other in combinations(of_name[:PAIRED_WORDS], 2))
    if phone and (digits := digits_of(phone)):
        words.add(f"#{digits[::-1]}"[:MAX_WORD])
    if email:
        words.add(email_key(email))
    return tuple(sorted(words))


def ranges_of(text: str) -> tuple[Range, ...]:
    """Where to look for what was typed, the likeliest first: a card's number, a phone's end, a name, an address."""
    return tuple(dict.fromkeys(_ranges(text.strip())))


def _ranges(text: str) -> Iterator[Range]:
    folded = fold(text)
    if not folded:
        return
    number = text.upper()
    digits = digits_of(text)
    if len(digits) >= LEAST_DIGITS and not any(c.isalpha() for c in text):
        tail = f"#{digits[::-1]}"[:MAX_WORD]
        yield Range("words", tail, past(tail))
    if len(number) >= LEAST_DIGITS and " " not in number:
        yield Range("cards", number, past(number))
    if "@" not in text:
        for spelt in spellings(folded):
            yield from _of_name([settled(word)[:MAX_WORD] for word in spelt.split()[:MOST_WORDS]])
    if " " not in text:
        address = email_key(text)
        yield Range("words", address, past(address))


def _of_name(words: list[str]) -> Iterator[Range]:
    if len(words) == 1:
        yield Range("words", words[0], past(words[0]))
        return
    # The two longest say most; of the others a name that these two are of must have one each.
    one, other, *more = sorted(words, key=len, reverse=True)
    one, other = one[:_HALF], other[:_HALF]
    for first, second in ((one, other), (other, one)):
        both = min(len(first), len(second))
        known = paired(first[:both], second[:both])
        rest = first[both:] or second[both:]
        # Of the longer one the next letter is still known where it comes first in turn.
        start = known + first[both : both + 1]
        gaps = "".join([f"{letter}_" if len(first) > both else f"_{letter}" for letter in rest])
        pattern = f"{known}{gaps}".rstrip("_") + "%" if rest else "%"
        yield Range("words", start, past(start), pattern, tuple(more))
