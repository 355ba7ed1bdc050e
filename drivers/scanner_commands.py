"""Promise: what a make of scanner can be told (good beep, bad beep, switch on, switch off) is its maker's own
bytes, and a make whose manual we did not find them in has none.

A scanner beeps by itself when it has read a code; it cannot know whether the code was of any use. These beeps
say that. Where a scanner shall be heard once a scan, its own beep is switched off at the scanner.
"""

from dataclasses import dataclass
from typing import Final

from drivers.ssi_packets import BEEP, SCAN_DISABLE, SCAN_ENABLE, packet


@dataclass(frozen=True, slots=True)
class Commands:
    """What to send for a scan that counted (`good`), for one that did not (`bad`), and to let the scanner read
    (`enable`) or not (`disable`). Empty: this make has no such command."""

    good: bytes = b""
    bad: bytes = b""
    enable: bytes = b""
    disable: bytes = b""

    @property
    def beeps(self) -> bool:
        """Whether a good scan can be told from a bad one."""
        return bool(self.good and self.bad)

    @property
    def switches(self) -> bool:
        """Whether the scanner can be switched off and on again."""
        return bool(self.enable and self.disable)


NO_COMMANDS: Final = Commands()

WAKEUP: Final = b"\x00"
"""What an SSI scanner on a line without RTS/CTS is woken by; the first byte after its sleep is lost (DS4308
guide, *SSI Interface*, RTS/CTS lines)."""

SSI: Final = Commands(
    good=packet(BEEP, b"\x00"),
    bad=packet(BEEP, b"\x10"),
    enable=WAKEUP + packet(SCAN_ENABLE),
    disable=WAKEUP + packet(SCAN_DISABLE),
)
"""BEEP 0xE6, SCAN_ENABLE 0xE9 and SCAN_DISABLE 0xEA (DS9908 guide, table 15). Beep codes as in the Simple
Serial Interface guide and the MK1000 guide's table 5-8: 0 is one short high beep, 16 two long low ones."""

ZEBRA: Final = Commands(good=b"\x07", bad=b"\x07\x07\x07")
"""BEL sounds one high beep where *Beep on <BEL>* is switched on (DS9208 guide, table 2-1; DS9808 guide)."""

HONEYWELL: Final = Commands(good=b"\x1b7,", bad=b"\x1b8,\x1b8,")
"""Host ACK (Xenon/Granit guide, p. 111: `[ESC]7,` for goods on file, `[ESC]8,[ESC]8,` for goods that are
not). With *Host ACK On* the scanner is silent and reads no more until it is answered, at most 10 s."""

DATALOGIC: Final = Commands(good=b"\x01", bad=b"FE", enable=b"E", disable=b"D")
"""0x01 forces the good read tone; F says *not on file*, which on some models also disables the scanner until
E (Magellan 9800i guide, appendix E; Magellan 800i guide, appendix F; PowerScan guide, appendix E)."""
