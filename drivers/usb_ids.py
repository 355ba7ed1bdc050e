"""Promise: a device's USB ids say who made it, what it is and which preset fits, and a generic chip is never
taken for a scanner.

Sources: usb.ids (linux-usb.org), the udev rules of the quicktill project, and the makers' guides: Zebra's
"USB device class" table (1701 CDC COM port, 1200 keyboard, 0600 simple COM port, 1300 SNAPI), Honeywell's
(07xx serial, 02xx keyboard, 0007 IBM SurePOS), Newland's rule that the last two digits are the mode (06
serial, 03 keyboard, 10 HID POS). A converter chip (FTDI, Prolific, CH340, CP210x) can have anything behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["scanner", "keyboard", "hid", "printer", "display", "converter", "unknown"]
"""`scanner`: one on a serial port; `keyboard`: one that types; `hid`: one that is read as HID POS or hidraw;
`converter`: a serial port with who knows what behind it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a pair of USB ids stands for. `preset` is a scanner's; empty where there is none to take."""

    maker: str
    model: str
    kind: Kind
    preset: str = ""


_MAKERS: Final[Mapping[int, tuple[str, str]]] = {
    0x05E0: ("Zebra / Symbol", "zebra"),
    0x0C2E: ("Honeywell / Metrologic", "honeywell"),
    0x0536: ("Honeywell / Hand Held Products", "honeywell"),
    0x05F9: ("Datalogic / PSC", "datalogic"),
    0x1EAB: ("Newland", "newland"),
    0x065A: ("Opticon", "generic"),
}
"""Makers of scanners, and the preset of those that talk on a serial port."""

_KEYBOARDS: Final = frozenset(
    {(0x05E0, 0x1200), (0x0C2E, 0x0200), (0x0C2E, 0x0204), (0x0C2E, 0x0206), (0x05F9, 0x2202), (0x05F9, 0x2602)}
)
_HID: Final = frozenset({(0x05E0, 0x0600), (0x05E0, 0x1300), (0x0C2E, 0x0007), (0x05F9, 0x1104), (0x05F9, 0x2601)})

_OTHERS: Final[Mapping[tuple[int, int | None], Known]] = {
    (0x0483, 0x5740): Known("STMicroelectronics", "virtual COM port", "converter", "generic"),
    (0x0488, 0x5788): Known("BLMicroelectronics (Netum and others)", "virtual COM port", "scanner", "generic"),
    (0x0403, None): Known("FTDI", "serial converter", "converter"),
    (0x067B, None): Known("Prolific", "serial converter", "converter"),
    (0x10C4, None): Known("Silicon Labs", "serial converter", "converter"),
    (0x1A86, None): Known("QinHeng (CH340)", "serial converter", "converter"),
    (0x04B8, None): Known("Epson", "", "printer"),
    (0x0519, None): Known("Star Micronics", "", "printer"),
    (0x1504, None): Known("Bixolon", "", "printer"),
    (0x1D90, None): Known("Citizen", "", "printer"),
    (0x0DD4, None): Known("Custom", "", "printer"),
    (0x154F, None): Known("SNBC", "", "printer"),
    (0x0416, 0x5011): Known("POS printer (Winbond chip)", "", "printer"),
    (0x0FE6, 0x811E): Known("POS printer (ICS chip)", "", "printer"),
    (0x28E9, 0x0289): Known("POS printer (GigaDevice chip)", "", "printer"),
    (0x0FA8, None): Known("Logic Controls", "", "display"),
}
"""Chips and other makers; None stands for any product."""

NEWLAND: Final = 0x1EAB
SIMPLE_COM: Final = (0x05E0, 0x0600)
_NEWLAND_KINDS: Final[Mapping[int, Kind]] = {0x06: "scanner", 0x03: "keyboard", 0x10: "hid"}


def known(vid: int, pid: int) -> Known | None:
    """What these USB ids stand for; None where the table has neither the device nor its maker."""
    maker = _MAKERS.get(vid)
    if maker is None:
        return _OTHERS.get((vid, pid)) or _OTHERS.get((vid, None))
    name, preset = maker
    kind: Kind = "scanner"
    if vid == NEWLAND:
        kind = _NEWLAND_KINDS.get(pid & 0xFF, "scanner")
    elif (vid, pid) in _KEYBOARDS:
        kind = "keyboard"
    elif (vid, pid) in _HID:
        kind = "hid"
    if kind == "hid":
        preset = "simple-com" if (vid, pid) == SIMPLE_COM else "hid-pos"
    return Known(name, "", kind, "" if kind == "keyboard" else preset)


def is_scanner_maker(vid: int) -> bool:
    """Whether this maker makes scanners and nothing else that a till has."""
    return vid in _MAKERS
