"""Promise: a code that comes again faster than a hand can scan it is one scan; two like goods in a row are
two.

One `Repeats` belongs to one scanner; two scanners on one till may read like goods at the same moment.

The rule: the same code again, whose first byte comes less than `window` after the last byte of the read
before it, is a repeat. The time runs from the *end of the read before*, repeats too, so a trigger that is
held down for three seconds stays one scan. Another code in between means that the first one had left the
beam.
"""

from typing import Final

REPEAT_WINDOW: Final = 0.4
"""Seconds. The two sides of it:

- A read sent twice, or a scanner without a delay of its own under a held trigger, repeats within 50-300 ms.
- Presentation scanners keep the same symbol back for 0.5 s out of the box (Zebra's "Timeout Between Decodes,
  Same Symbol", 0.5 in its product guides), so two reads of like goods cannot come closer than that; by hand,
  with a good in each, it takes as long.

So 0.4 lies between. A window of a second would be safer against repeats but swallow the second of two like
goods from a quick cashier, and that loss nobody sees, while a double line is seen on the screen. A scanner
that was set to repeat more slowly gets a window of its own in the settings."""

LONGEST_WINDOW: Final = 3.0
"""Seconds. Above this, a cashier who scans the same good twice on purpose would believe the scanner
broken."""


class Repeats:
    """Remembers the last code of one scanner. Times are monotonic seconds, handed in."""

    def __init__(self, window: float = REPEAT_WINDOW) -> None:
        """ValueError for a window outside 0 (nothing is a repeat) to `LONGEST_WINDOW` seconds."""
        if not 0 <= window <= LONGEST_WINDOW:
            raise ValueError(f"a repeat window is 0 to {LONGEST_WINDOW} seconds, not {window}")
        self._window = window
        self._code: str | None = None
        self._ended = 0.0

    def is_repeat(self, code: str, began: float, ended: float) -> bool:
        """Tell whether this read, from its first byte to its last, only repeats the read before it."""
        repeat = code == self._code and began - self._ended < self._window
        self._code, self._ended = code, ended
        return repeat
