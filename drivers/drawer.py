"""Promise: a cash drawer behind a receipt printer is one pulse and, where it has a switch, one bit. Pure.

Source: Epson's ESC/POS command reference: ESC p (pulse, in the order of the data), DLE DC4 fn 1 (pulse at once, also while the
printer is offline), DLE EOT 1 bit 2 (level of the connector's pin 3, where drawers have their switch).
"""

from dataclasses import dataclass
from typing import Final, Literal

from drivers.status import Status

LONGEST_PULSE: Final = 510
"""Milliseconds: ESC p counts twos in one byte."""

Level = Literal["low", "high"]


@dataclass(frozen=True, slots=True)
class Drawer:
    """`pin` of the printer's connector that its magnet hangs on; `on` and `off` in milliseconds, at most `LONGEST_PULSE`: 50 on
    and 500 off are what drawers are built for. `open_level` is what its switch gives while it is open; None: it has none, and
    whether it is open is not known. ValueError where a time is out of range.
    """

    pin: Literal[2, 5] = 2
    on: int = 50
    off: int = 500
    open_level: Level | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.on <= LONGEST_PULSE or not 0 <= self.off <= LONGEST_PULSE:
            raise ValueError(f"a drawer's pulse lasts 2 to {LONGEST_PULSE} ms and its pause at most {LONGEST_PULSE}")

    def pulse(self) -> bytes:
        """Opens it once the printer has come so far in its data. Every printer with a drawer's connector knows it."""
        return b"\x1bp" + bytes([self._connector, self.on // 2, self.off // 2])

    def pulse_at_once(self) -> bytes:
        """Opens it although the printer is without paper or open, where ESC p would wait for the roll, and open it then."""
        return b"\x10\x14\x01" + bytes([self._connector, min(max(round(self.on / 100), 1), 8)])

    def is_open(self, status: Status | None) -> bool | None:
        """Whether it stands open; None where nobody can know."""
        if status is None or self.open_level is None:
            return None
        return status.pin_high == (self.open_level == "high")

    @property
    def _connector(self) -> int:
        return 0 if self.pin == 2 else 1
