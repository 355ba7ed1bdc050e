"""Inputs that are almost right, and a watch over what is done with them: nothing raised, and no time wasted.

An input is a text; bytes stand in it as the characters of the same number (Latin-1). A change is four numbers, so hypothesis can
look for the smallest one and a seeded generator can make a million.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from hypothesis import strategies as st

Edit: TypeAlias = tuple[int, int, int, int]
KINDS = 10
MOST_SECONDS = 0.5
"""Processor time that one input may take: the largest take a few milliseconds."""
HANGS_AFTER = 5.0
"""Processor time after which one input is broken off."""
LONGEST = 6_000
"""Characters of an input: beyond a few edits nothing grows."""

_ODD = (
    *(
        "\x00",
        "\x01",
        "\x02",
        "\x03",
        "\x06",
        "\x15",
        "\x1d",
        "\t",
        "\r",
        "\n",
        "\x7f",
        "\x80",
        "\xc3",
        "\xe9",
        "\xff",
        "]",
        "A",
        "0",
        "9",
        '"',
        "'",
        "\\",
        ":",
        ",",
        ".",
        ";",
        "=",
        "#",
        "%",
        "/",
        "%",
        "L",
    ),
    *(
        "\x1b[2J",
        "\r\n",
        "\xff\xfe",
        "\xef\xbb\xbf",
        "]E0",
        "]C1",
        "]E3",
        "K13",
        "-1",
        "-0",
        "1e9",
        "NaN",
        "Infinity",
        "null",
        "true",
        "{}",
        "[]",
        "\\u0000",
        "\\ud800",
        "[[",
        "]]",
        "99999999999999999999",
        "0.0000001",
        "29",
        "till-1-",
        "-000001",
    ),
)
_ODD_TEXT = (
    "٠",
    "٣٤",
    "５",
    "\xe9",
    "ж",
    "Ъ",
    "ъС0",
    "щЦ0",
    "ي",
    "\u200e",
    "\u202e",
    "\u2028",
    "\ufeff",
    "�",
    "\uffff",
    "\xdf",
    "𝟗",
    "😀",
    "\xa0",
    "\x85",
)


def edited(text: str, edit: Edit, corpus: Sequence[str], pieces: Sequence[str]) -> str:
    """One change of a text: a character turned, taken out, doubled or moved, a piece put in or over, a part of another text."""
    kind, at, size, what = edit
    start = at % (len(text) + 1)
    end = min(start + 1 + size % 8, len(text))
    match kind % KINDS:
        case 0 if start < len(text):  # one bit of one character
            turned = chr(ord(text[start]) ^ (1 << what % 7))
            return text[:start] + turned + text[start + 1 :]
        case 1:
            return text[:start] + text[end:]
        case 2:
            return text[:end] + text[start:end] * (1 + what % 3) + text[end:]
        case 3:
            return text[:start] + pieces[what % len(pieces)] + text[start:]
        case 4:
            return text[:start] + pieces[what % len(pieces)] + text[end:]
        case 5:  # a digit counted up: the almost right number
            places = [n for n, character in enumerate(text) if "0" <= character <= "9"]
            if places:
                place = places[at % len(places)]
                return text[:place] + str((int(text[place]) + 1 + what % 9) % 10) + text[place + 1 :]
        case 6:  # two neighbours that changed places
            return text[:start] + text[start + 1 : start + 2] + text[start : start + 1] + text[start + 2 :]
        case 7:
            other = corpus[what % len(corpus)]
            return text[:start] + other[size % (len(other) + 1) :]
        case 8:
            return text[:start] if what % 4 else text[start:]
        case 9:
            other = corpus[what % len(corpus)]
            return text[:start] + other + text[start:]
    return text


def pieces_for(text: bool) -> list[str]:
    """What is put in: what parsers stumble over, and for texts letters and digits of other scripts."""
    return [*_ODD, *_ODD, *(_ODD_TEXT if text else []), *(chr(n) for n in range(0x20, 0x7F))]


def nearly(corpus: Sequence[str], *, text: bool) -> st.SearchStrategy[str]:
    """A hypothesis strategy: one of a corpus after a few changes, or something quite else."""
    number = st.integers(0, 10_000)
    pieces = pieces_for(text)

    def apply(start: str, edits: list[Edit]) -> str:
        for edit in edits:
            start = edited(start, edit, corpus, pieces)[:LONGEST]
        return start

    alphabet = st.characters(codec="utf-8") if text else st.characters(max_codepoint=255)
    changed = st.builds(
        apply,
        st.sampled_from(corpus),
        st.lists(st.tuples(st.integers(0, KINDS - 1), number, number, number), max_size=6),
    )
    return st.one_of(changed, changed, changed, st.text(alphabet, max_size=60))


def almost_right(corpus: Sequence[str], count: int, *, text: bool, seed: int = 1) -> Iterator[str]:
    """So many inputs, the same for the same seed: most of them one to four changes away from what is right."""
    chance = random.Random(seed)
    bits = chance.getrandbits
    pieces = pieces_for(text)
    for _ in range(count):
        one = corpus[bits(16) % len(corpus)]
        for _ in range(bits(5) and 1 + (bits(4) & bits(4) & 7)):
            one = edited(one, (bits(16), bits(16), bits(16), bits(16)), corpus, pieces)
        yield one[:LONGEST]


class Stalled(AssertionError):
    """One input took more processor time than any may."""


@dataclass
class Watched:
    """How many inputs were tried, what became of them, and what the slowest took in seconds of processor time."""

    tried: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    became: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        shares = ", ".join(f"{word} {count:,}" for word, count in self.became.most_common())
        return f"{self.tried:,} inputs, slowest {self.slowest * 1e3:.1f} ms; {shares}"


def watch(inputs: Iterable[str], target: Callable[[str], str]) -> Watched:
    """Hand each input to a target, which says in a word what became of it. What it raises is raised here, with the input.

    Time is the processor's, so that a busy machine is no fault. An input that does not end is broken off (Stalled).
    """
    found = Watched()
    with _alarm():
        for one in inputs:
            signal.setitimer(signal.ITIMER_PROF, HANGS_AFTER)
            begun = time.process_time()
            try:
                word = target(one)
            except BaseException as error:
                error.add_note(f"input {found.tried}: {one!r}")
                raise
            took = time.process_time() - begun
            found.tried += 1
            found.became[word] += 1
            if took > found.slowest:
                found.slowest, found.slowest_input = took, one
            if took > MOST_SECONDS:
                raise Stalled(f"{took:.2f} s of processor time for {one!r}")
    return found


@contextmanager
def _alarm() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Stalled(f"broken off after {HANGS_AFTER} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
