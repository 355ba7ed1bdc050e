"""Promise: the bytes for a receipt printer become what stands on its paper, what it is asked and when its drawer
opens, in their order and whatever pieces they come in. Pure.

Written from Epson's ESC/POS command reference: a command that is known is passed over whole, also where it
changes nothing that is read; a byte that begins none is dropped, as printers do. The bits of pictures are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

LARGEST_PICTURE: Final = 4_000_000
"""Bytes: two metres of wide paper. What announces more is noise, and a printer that waited for it would hang."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on the paper."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots, eight a byte, the first the highest bit; `width` and `height` in dots."""

    width: int
    height: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode that the printer draws; `kind` is the number in GS k, `data` as it was sent."""

    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper is cut."""


@dataclass(frozen=True, slots=True)
class Kick:
    """A pulse for the drawer on this pin; `at_once`: although the printer may be stopped."""

    pin: int
    at_once: bool


@dataclass(frozen=True, slots=True)
class Question:
    """It is asked how it is. `at_once` (DLE EOT): answered even while it is stopped; else (GS r) in its turn."""

    number: int
    at_once: bool


OnPaper = Line | Picture | Bars | Cut | Kick | Question

_PAGES: Final = {0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 46: "cp1251"}

_SKIPPED: Final[Mapping[bytes, int]] = {
    b"\x1b@": 0, b"\x1b2": 0, b"\x1b3": 1, b"\x1b ": 1, b"\x1b!": 1, b"\x1b-": 1, b"\x1bE": 1, b"\x1bG": 1,
    b"\x1bJ": 1, b"\x1bM": 1, b"\x1bR": 1, b"\x1bV": 1, b"\x1ba": 1, b"\x1b{": 1, b"\x1bd": 1, b"\x1b=": 1,
    b"\x1b$": 2, b"\x1b\\": 2, b"\x1bc3": 1, b"\x1bc4": 1, b"\x1bc5": 1, b"\x1c&": 0, b"\x1c.": 0, b"\x1cC": 1,
    b"\x1d!": 1, b"\x1dB": 1, b"\x1dH": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1dP": 2, b"\x1da": 1, b"\x1db": 1,
    b"\x1df": 1, b"\x1dh": 1, b"\x1dw": 1, b"\x1dI": 1,
}  # fmt: skip
"""Commands that change nothing that is read here, with how many bytes follow them."""

_LEADS: Final = frozenset(b"\x10\x1b\x1c\x1d")
"""What commands begin with."""

Read = tuple[int, OnPaper | None]
"""How many bytes a command takes with all its data, and what it does."""


class Paper:
    """One connection's stream of bytes."""

    def __init__(self) -> None:
        self._pending = b""
        self._text = bytearray()
        self._page = "cp437"

    def feed(self, data: bytes) -> Iterator[OnPaper]:
        """What these bytes do."""
        pending = self._pending + data
        at = 0
        while at < len(pending):
            byte = pending[at]
            read = self._command(pending[at:]) if byte in _LEADS else self._letter(byte)
            if read is None:
                break
            size, done = read
            at += size
            if done is not None:
                yield done
        self._pending = pending[at:]

    def _letter(self, byte: int) -> Read:
        if byte == 0x0A:
            line = Line(self._text.decode(self._page, "replace"))
            self._text.clear()
            return 1, line
        if byte >= 32:
            self._text.append(byte)
        return 1, None

    def _command(self, pending: bytes) -> Read | None:
        """The command at the beginning; None while more of it must come."""
        for size in (2, 3):
            follow = _SKIPPED.get(pending[:size])
            if follow is not None:
                return (size + follow, None) if len(pending) >= size + follow else None
        if len(pending) < 2:
            return None
        reader = _READERS.get(pending[:2])
        if reader is None:
            return (1, None) if not _could_grow(pending) else None
        read = reader(pending)
        if read is not None and pending[:2] == b"\x1bt":
            self._page = _PAGES.get(pending[2], self._page)
        return read


def _could_grow(pending: bytes) -> bool:
    return any(len(known) > len(pending) and known.startswith(pending) for known in _SKIPPED)


def _fixed(size: int, make: Callable[[bytes], OnPaper | None]) -> Callable[[bytes], Read | None]:
    def read(pending: bytes) -> Read | None:
        return (size, make(pending)) if len(pending) >= size else None

    return read


def _sized(
    head: int, length: Callable[[bytes], int], make: Callable[[bytes, bytes], OnPaper | None]
) -> Callable[[bytes], Read | None]:
    """A command with a head that says how much data follows it."""

    def read(pending: bytes) -> Read | None:
        if len(pending) < head:
            return None
        follow = length(pending)
        if follow > LARGEST_PICTURE:
            return 1, None
        if len(pending) < head + follow:
            return None
        return head + follow, make(pending, pending[head : head + follow])

    return read


def _two(pending: bytes, at: int) -> int:
    return int.from_bytes(pending[at : at + 2], "little")


def _cut(pending: bytes) -> Read | None:
    """GS V m, and where m is a letter GS V m n."""
    if len(pending) < 3:
        return None
    size = 4 if pending[2] >= 65 else 3
    return (size, Cut()) if len(pending) >= size else None


def _barcode(pending: bytes) -> Read | None:
    """GS k m n data, or in the old form GS k m data NUL."""
    if len(pending) < 4:
        return None
    kind = pending[2]
    if kind >= 65:
        size = 4 + pending[3]
        return (size, Bars(kind, pending[4:size])) if len(pending) >= size else None
    end = pending.find(b"\x00", 3, 3 + 256)
    if end < 0:
        return (1, None) if len(pending) >= 3 + 256 else None
    return end + 1, Bars(kind, pending[3:end])


def _tabs(pending: bytes) -> Read | None:
    """ESC D positions NUL, at most 32 of them."""
    end = pending.find(b"\x00", 2, 35)
    if end < 0:
        return (1, None) if len(pending) >= 35 else None
    return end + 1, None


def _real_time(pending: bytes) -> Read | None:
    """DLE DC4 fn …: with function 1 a pulse for the drawer."""
    if len(pending) < 5:
        return None
    return 5, Kick(2 if pending[3] == 0 else 5, at_once=True) if pending[2] == 1 else None


_READERS: Final[Mapping[bytes, Callable[[bytes], Read | None]]] = {
    b"\x10\x04": _fixed(3, lambda all_: Question(all_[2], at_once=True)),
    b"\x10\x14": _real_time,
    b"\x1dr": _fixed(3, lambda all_: Question(all_[2], at_once=False)),
    b"\x1bp": _fixed(5, lambda all_: Kick(2 if all_[2] in {0, 48} else 5, at_once=False)),
    b"\x1bt": _fixed(3, lambda all_: None),
    b"\x1bD": _tabs,
    b"\x1bi": _fixed(2, lambda all_: Cut()),
    b"\x1bm": _fixed(2, lambda all_: Cut()),
    b"\x1dV": _cut,
    b"\x1dk": _barcode,
    b"\x1dv": _sized(
        8,
        lambda all_: _two(all_, 4) * _two(all_, 6),
        lambda all_, dots: Picture(_two(all_, 4) * 8, _two(all_, 6), dots),
    ),
    b"\x1b*": _sized(5, lambda all_: _two(all_, 3) * (3 if all_[2] >= 32 else 1), lambda all_, dots: None),
    b"\x1d(": _sized(5, lambda all_: _two(all_, 3), lambda all_, dots: None),
    b"\x1b(": _sized(5, lambda all_: _two(all_, 3), lambda all_, dots: None),
    b"\x1c(": _sized(5, lambda all_: _two(all_, 3), lambda all_, dots: None),
    b"\x1d8": _sized(7, lambda all_: int.from_bytes(all_[3:7], "little"), lambda all_, dots: None),
}
