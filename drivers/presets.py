"""Promise: a scanner of a known make works when its name is put into the settings.

The values are the makers' RS-232 host tables: Zebra/Symbol LI2208, DS6608, LS9208 and DS9208 product
reference guides (Standard, Nixdorf, Olivetti), Honeywell 2020/4820 ("plug and play": 115200, CR LF),
Datalogic's host type, Newland's USB COM mode. `generic` takes whatever ends in CR, LF, TAB or ETX, or in
silence, and is right for most. Virtual COM ports over USB ignore speed and parity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

from drivers.code_ids import FUJITSU, ICL, NIXDORF, OLIVETTI
from drivers.framing import Framer, Framing, Reader
from drivers.hid_reports import HidPosReader, SimpleComReader
from drivers.scanner_commands import DATALOGIC, HONEYWELL, NO_COMMANDS, SSI, ZEBRA, Commands
from drivers.ssi import SsiReader

Parity = Literal["N", "E", "O"]
Flow = Literal["none", "rtscts", "xonxoff"]
Protocol = Literal["text", "ssi", "hid-pos", "simple-com"]
"""What comes from the scanner: bytes with a suffix, packets, or reports of a HID device."""

BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
"""Bits a second that scanners and receipt printers can be set to."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the wire is set: `baud` in bits a second, `bits` per character without parity and the one stop bit;
    `flow`: who may stop the sender, and how. ValueError for a speed that no device has."""

    baud: int = 9600
    parity: Parity = "N"
    bits: Literal[7, 8] = 8
    flow: Flow = "none"

    def __post_init__(self) -> None:
        if self.baud not in BAUDS:
            raise ValueError(f"the speed of a serial line is one of {', '.join(map(str, BAUDS))}, not {self.baud}")


@dataclass(frozen=True, slots=True)
class Preset:
    """One make of scanner: its line, its framing, whether it waits for ACK or NAK after each read, what it
    sends, and what it can be told. Of SSI packets and HID-POS reports only the framing's repeat window counts."""

    name: str
    line: Line = field(default_factory=Line)
    framing: Framing = field(default_factory=Framing)
    acknowledge: bool = False
    protocol: Protocol = "text"
    commands: Commands = NO_COMMANDS

    def reader(self) -> Reader:
        """What reads such a scanner's bytes, anew."""
        match self.protocol:
            case "ssi":
                return SsiReader(self.framing.repeat_window)
            case "hid-pos":
                return HidPosReader(self.framing.repeat_window)
            case "simple-com":
                return SimpleComReader(self.framing)
        return Framer(self.framing, acknowledge=self.acknowledge)

    def adjusted(
        self, *, baud: int | None = None, idle_gap: float | None = None, repeat_window: float | None = None
    ) -> "Preset":
        """The same make, set differently in this shop; None leaves a value as it is. ValueError where none
        fits."""
        line = self.line if baud is None else replace(self.line, baud=baud)
        framing = self.framing if idle_gap is None else replace(self.framing, idle_gap=idle_gap)
        if repeat_window is not None:
            framing = replace(framing, repeat_window=repeat_window)
        return replace(self, line=line, framing=framing)


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            Preset("generic"),
            Preset("ssi", protocol="ssi", commands=SSI),  # a Zebra whose RS-232 or USB-CDC host is set to SSI, packeted
            Preset("zebra", commands=ZEBRA),  # factory: 9600 8N1, data as is, so a silence ends the read
            Preset("hid-pos", protocol="hid-pos"),  # any make; what it sends is a standard
            Preset("simple-com", protocol="simple-com"),  # Zebra's Simple COM port emulation
            Preset("honeywell", Line(baud=115200), commands=HONEYWELL),
            Preset("datalogic", Line(parity="O", bits=7), commands=DATALOGIC),
            Preset("newland", Line(baud=9600)),
            Preset(
                "icl",
                Line(parity="E", flow="rtscts"),
                Framing(terminators=b"\r", idle_ends=False, code_ids=ICL),
            ),
            Preset("fujitsu", framing=Framing(terminators=b"\r", idle_ends=False, code_ids=FUJITSU)),
            Preset(
                "nixdorf",
                Line(parity="O", flow="rtscts"),
                Framing(terminators=b"\r", idle_ends=False, code_ids=NIXDORF),
            ),
            Preset(
                "olivetti",
                Line(parity="E", bits=7),
                Framing(prefix=b"\x02", terminators=b"\x03", idle_ends=False, code_ids=OLIVETTI),
                acknowledge=True,
            ),
        )
    }
)


def preset(name: str) -> Preset:
    """Find a preset by its name. ValueError names the ones that there are."""
    found = PRESETS.get(name.strip().lower())
    if found is None:
        raise ValueError(f"there is no scanner preset {name!r}; choose one of {', '.join(sorted(PRESETS))}")
    return found
