"""Promise: a scan from a keyboard-wedge scanner is told from a person's typing, and never presses a button;
a person's keys come out exactly once, in their order, within a blink.

A wedge scanner types the code and then Enter or Tab. Left alone, that Enter presses whatever button has the
focus. So printable keys are held while they come faster than a hand types. Enter or Tab (or ETX, which a
terminal calls ctrl+c) right behind at least `SHORTEST_BURST` of them makes a scan and is swallowed with it;
anything else gives the keys back to be replayed. Enter alone, function keys and the like pass at once.

The keys are opaque objects of the caller's (`T`), handed back in `Typed`; their name and character come
beside them. Names are Textual's: "enter", "tab", "ctrl+b" (STX), "ctrl+c" (ETX), "ctrl+right_square_bracket"
(GS). Time is monotonic seconds, handed in.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from drivers.codes import GS, LONGEST_CODE, Noise, Scan, read_code
from drivers.layouts import LAYOUTS, put_back
from drivers.reasons import because
from drivers.repeats import REPEAT_WINDOW, Repeats

T = TypeVar("T")

HOLD: Final = 0.040
"""Seconds that a key is held to see whether the next follows as from a scanner. Scanners were measured at 0-2
ms a character, slow ones at 15 ms; fast typing is 60-120 ms, with two or three keys rolled over in 20-40 ms.
Below 50 ms nobody notices the delay."""

SLOW_HOLD: Final = 0.065
"""The same for scanners that were made slow for slow computers: Zebra's longest keystroke delay is 40 ms, and a
terminal may wait for its next look at the keyboard. Who types digits as quickly as this looks like a scanner,
so it is for those alone who need it."""

SHORTEST_BURST: Final = 6
"""Characters that make a scan. A hand rolls two or three keys over within the hold, not six in a row; the
shortest code sold to be scanned, UPC-E without its digits at the ends, has six."""

QUIET: Final = 0.1
"""Seconds before a scan in which nothing was typed. A burst sooner after keys that were given back is the
rest of a scan that a busy computer cut in two: half a code must neither count nor press a button."""

FASTEST_REPEAT: Final = 0.018
"""Seconds between the characters of a key that is held down: keyboards repeat at 20-50 a second. Six of one
single character that come slower than this are such a key, not a code."""

LONGEST_BURST: Final = LONGEST_CODE + 3
"""Characters that are kept of one burst: the longest code behind an AIM identifier."""

TERMINATORS: Final = frozenset({"enter", "return", "tab", "ctrl+m", "ctrl+j", "ctrl+i", "ctrl+c"})
STX_KEY: Final = "ctrl+b"
GS_KEY: Final = "ctrl+right_square_bracket"


@dataclass(frozen=True, slots=True)
class Scanned:
    """The held keys were a scan; none of them is replayed."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class Ignored:
    """The held keys were a scanner's, and nobody can use them (a repeat, cut short, too long); none is
    replayed."""

    noise: Noise


@dataclass(frozen=True, slots=True)
class Typed(Generic[T]):
    """A person's keys, to be replayed in this order."""

    keys: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """What a wedge scanner is told by. All times are seconds; `repeat_window` is `Repeats`'; `layout`: the keyboard
    layout that it types under (None: American, or told by the AIM identifier); `prefix`: what it types first."""

    hold: float = HOLD
    shortest: int = SHORTEST_BURST
    repeat_window: float = REPEAT_WINDOW
    layout: str | None = None
    prefix: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.hold <= QUIET:
            raise ValueError(f"a key is held for more than 0 and at most {QUIET} seconds, not {self.hold}")
        if self.shortest < 2:
            raise ValueError("a scan has at least 2 characters, or every key before Enter would be one")
        if self.layout is not None and self.layout not in LAYOUTS:
            raise ValueError(f"a keyboard layout is one of {', '.join(LAYOUTS)}, not {self.layout}")
        Repeats(self.repeat_window)  # refuses what is no window


class Wedge(Generic[T]):
    """Tells the keys of one keyboard apart: a scanner's or a person's."""

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = settings or WedgeSettings()
        self._repeats = Repeats(self._settings.repeat_window)
        self._keys: list[T] = []
        self._text = ""
        self._began = 0.0
        self._last = 0.0
        self._broken = False  # the burst came too soon after keys that were given back
        self._typed_at = float("-inf")
        self._scanned_at = float("-inf")

    def key(self, key: T, name: str, character: str | None, now: float) -> list[Scanned | Ignored | Typed[T]]:
        """Take one key; the answer is what it settled, in order (often nothing yet)."""
        outcomes = self.tick(now)
        if name in TERMINATORS:
            return outcomes + self._terminate(key, now)
        if name == STX_KEY:
            outcomes += self._give_back()
            self._hold(key, "", now)
        elif name == GS_KEY and self._text:
            self._hold(key, GS, now)
        elif character is not None and len(character) == 1 and character.isprintable():
            self._hold(key, character, now)
            if len(self._text) >= self._settings.shortest and not self._is_burst():
                outcomes += self._give_back()
        else:
            self._keys.append(key)
            outcomes += self._give_back()
        return outcomes

    def tick(self, now: float) -> list[Scanned | Ignored | Typed[T]]:
        """Say what time it is; keys that nothing followed within the hold are given back."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        return self._give_back()

    def deadline(self) -> float | None:
        """When `tick` is needed next, or None while no key is held."""
        return self._last + self._settings.hold if self._keys else None

    def _hold(self, key: T, character: str, now: float) -> None:
        if not self._keys:
            self._began = now
            self._broken = now - self._typed_at < QUIET
        self._last = now
        if len(self._text) <= LONGEST_BURST:  # one more than is kept says that there was more
            self._text += character
            self._keys.append(key)

    def _terminate(self, key: T, now: float) -> list[Scanned | Ignored | Typed[T]]:
        if not self._keys and now - self._scanned_at < self._settings.hold:
            self._scanned_at = now  # CR LF, ETX CR: the rest of a scan's suffix
            return []
        if not self._is_burst():
            self._keys.append(key)
            return self._give_back()
        self._scanned_at = now
        return self._settle()

    def _is_burst(self) -> bool:
        if len(self._text) < self._settings.shortest:
            return False
        pace = (self._last - self._began) / (len(self._text) - 1)
        return len(set(self._text)) > 1 or pace < FASTEST_REPEAT

    def _settle(self) -> list[Scanned | Ignored | Typed[T]]:
        """The held keys are a scanner's: a scan, or noise."""
        text, broken = self._text, self._broken
        self._clear()
        raw = text[:LONGEST_BURST].encode("utf-8", "replace")
        if len(text) > LONGEST_BURST:
            return [Ignored(Noise(because("scan.too_long", limit=LONGEST_CODE), raw))]
        if broken:
            return [Ignored(Noise(because("scan.cut_short"), raw))]
        if self._settings.layout is not None:
            text = put_back(text, self._settings.layout)
        read = read_code(text.removeprefix(self._settings.prefix), raw)
        if isinstance(read, Noise):
            return [Ignored(read)]
        if self._repeats.is_repeat(read.code, self._began, self._last):
            return [Ignored(Noise(because("scan.repeat"), raw))]
        return [Scanned(read)]

    def _give_back(self) -> list[Scanned | Ignored | Typed[T]]:
        if not self._keys:
            return []
        if len(self._text) > LONGEST_BURST:
            self._scanned_at = self._last
            return self._settle()
        if self._text:
            self._typed_at = self._last
        keys = tuple(self._keys)
        self._clear()
        return [Typed(keys)]

    def _clear(self) -> None:
        self._keys.clear()
        self._text = ""
