"""Promise: the bytes for a customer display of 2 x 20 become what a customer reads, by the tables of its manual.

The other side of `drivers.display_commands`, written from the manuals' tables and not from the encoder: it knows
commands that we never send, and passes over those that change nothing to be read. Pure; `text` at any time.
"""

from collections.abc import Mapping
from typing import Final

CELLS: Final = 40
ROW: Final = 20

_EPSON: Final = {
    b"\x08": (0, "left"), b"\x09": (0, "right"), b"\x0a": (0, "down"), b"\x0b": (0, "home"), b"\x0c": (0, "clear"),
    b"\x0d": (0, "start"), b"\x18": (0, "clear-row"), b"\x1b@": (0, "clear"), b"\x1bt": (1, "page"), b"\x1bR": (1, ""),
    b"\x1b=": (1, ""), b"\x1f\x01": (0, ""), b"\x1f\x02": (0, ""), b"\x1f\x03": (0, ""), b"\x1f$": (2, "column-row"),
    b"\x1fC": (1, ""), b"\x1fX": (1, ""), b"\x1fE": (1, ""), b"\x1fB": (0, "bottom"), b"\x1f@": (0, ""),
}  # fmt: skip
_CD5220: Final = {
    b"\x08": (0, "left"), b"\x09": (0, "right"), b"\x0a": (0, "down"), b"\x0b": (0, "home"), b"\x0c": (0, "clear"),
    b"\x0d": (0, "start"), b"\x18": (0, "clear-row"), b"\x1b@": (0, "clear"), b"\x1b\x11": (0, ""),
    b"\x1b\x12": (0, ""), b"\x1b\x13": (0, ""), b"\x1bQA": (0, "upper"), b"\x1bQB": (0, "lower"),
    b"\x1bl": (2, "column-row"), b"\x1b_": (1, ""), b"\x1bf": (1, ""), b"\x1bc": (1, ""), b"\x1b*": (1, ""),
}  # fmt: skip
_UTC: Final = {
    b"\x08": (0, "left"), b"\x09": (0, "right"), b"\x0a": (0, "down"), b"\x0d": (0, "start"), b"\x10": (1, "cell"),
    b"\x11": (0, ""), b"\x12": (0, ""), b"\x13": (0, ""), b"\x14": (0, ""), b"\x1f": (0, "clear"),
}  # fmt: skip
_ADM: Final = {
    b"\x0c": (0, "clear"), b"\x0d": (0, "start"), b"\x0e": (0, "upper"), b"\x0f": (0, "lower"), b"\x10": (1, ""),
    b"\x11": (1, ""), b"\x12": (1, ""),
}  # fmt: skip
_DSP800: Final = {
    b"\x04\x01P": (2, "cell-from-31"), b"\x04\x01C": (3, "clear-range"), b"\x04\x01%": (1, "clear"),
    b"\x04\x01A": (2, ""), b"\x04\x01I": (2, ""),
}  # fmt: skip

Commands = Mapping[bytes, tuple[int, str]]
PANELS: Final[Mapping[str, Commands]] = {
    "epson": _EPSON,
    "cd5220": _CD5220,
    "utc": _UTC,
    "logic-controls": _UTC,
    "adm": _ADM,
    "dsp-800": _DSP800,
}
_PAGES: Final = {0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858"}


class Panel:
    """What one display shows; `feed` it bytes."""

    def __init__(self, preset: str, codepage: str = "cp437") -> None:
        """KeyError for a command set that there is not."""
        self._commands = PANELS[preset]
        self._codepage = codepage
        self._cells = bytearray(b" " * CELLS)
        self._at = 0
        self._pending = b""

    @property
    def text(self) -> tuple[str, str]:
        """The two lines as they are read now, each of twenty characters."""
        rows = bytes(self._cells[:ROW]), bytes(self._cells[ROW:])
        return (rows[0].decode(self._codepage, "replace"), rows[1].decode(self._codepage, "replace"))

    def feed(self, data: bytes) -> None:
        """Take bytes as they come, in whatever pieces."""
        for byte in data:
            self._pending += bytes([byte])
            self._take()

    def _take(self) -> None:
        pending = self._pending
        for size in range(min(len(pending), 3), 0, -1):
            command = self._commands.get(pending[:size])
            if command is not None:
                arguments, action = command
                if len(pending) == size + arguments:
                    self._pending = b""
                    self._do(action, pending[size:])
                return
        if any(known.startswith(pending) for known in self._commands):
            return
        self._pending = b""
        for byte in pending:
            if byte >= 32:
                self._cells[self._at] = byte
                self._at = (self._at + 1) % CELLS

    def _do(self, action: str, values: bytes) -> None:
        row = self._at // ROW * ROW
        match action:
            case "clear":
                self._blank(0, CELLS)
            case "clear-row":
                self._blank(row, row + ROW)
            case "upper" | "lower":
                first = 0 if action == "upper" else ROW
                self._blank(first, first + ROW)
            case "clear-range" if 0x31 <= values[0] <= values[1] <= 0x58:
                at = self._at
                self._blank(values[0] - 0x31, values[1] - 0x31 + 1)
                self._at = at
            case "page":
                self._codepage = _PAGES.get(values[0], self._codepage)
            case _:
                self._at = self._moved(action, values, row)

    def _moved(self, action: str, values: bytes, row: int) -> int:
        match action:
            case "home":
                return 0
            case "start":
                return row
            case "bottom":
                return CELLS - 1
            case "left" | "right":
                return (self._at + (1 if action == "right" else -1)) % CELLS
            case "down":
                return (self._at + ROW) % CELLS
            case "cell" if values[0] < CELLS:
                return values[0]
            case "cell-from-31" if 0x31 <= values[0] <= 0x58:
                return values[0] - 0x31
            case "column-row" if 1 <= values[0] <= ROW and 1 <= values[1] <= 2:
                return (values[1] - 1) * ROW + values[0] - 1
            case _:
                return self._at

    def _blank(self, first: int, end: int) -> None:
        self._cells[first:end] = b" " * (end - first)
        self._at = first
