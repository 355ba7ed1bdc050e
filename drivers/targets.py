"""Promise: a printer is named by one string, and a string that names none says so before anything is printed.

`tcp://HOST[:PORT]`, `file:PATH`, `serial:PORT[?baud=N&flow=rtscts|xonxoff|none]` (any port that
`drivers.ports` finds), `usb:PATH` or `usb:VENDOR:PRODUCT[:SERIAL]` (the kernel's printer node, which carries
answers back), `cups:[HOST/]QUEUE` (a raw queue).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from drivers.presets import BAUDS, Flow
from drivers.reasons import Reason, because

RAW_PORT: Final = 9100
"""Where network printers listen for raw bytes (JetDirect's port, taken over by all receipt printers)."""

PRINTER_BAUD: Final = 9600
"""Bits a second that serial receipt printers are shipped with (Epson's DIP switches, factory setting)."""

PRINTER_FLOWS: Final[Mapping[str, Flow]] = {"none": "none", "rtscts": "rtscts", "xonxoff": "xonxoff"}
"""How a serial printer stops us when its buffer is full. XON/XOFF is the default: it needs no wires, and a
printer that does not use it never sends either byte (no status byte is 0x11 or 0x13). DTR/DSR, the other
factory setting, Linux cannot do."""


class BadTarget(ValueError):
    """The string names no printer; `reason` has the code."""

    def __init__(self, text: str) -> None:
        self.reason: Reason = because("printer.bad_target", printer=text or "''")
        super().__init__(self.reason.sentence)


@dataclass(frozen=True, slots=True)
class TcpTarget:
    """A printer on the network."""

    host: str
    port: int = RAW_PORT


@dataclass(frozen=True, slots=True)
class SerialTarget:
    """A printer on a serial line, 8 bits without parity; `baud` in bits a second."""

    port: str
    baud: int = PRINTER_BAUD
    flow: Flow = "xonxoff"


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A device node such as /dev/usb/lp0, or a file that jobs are appended to."""

    path: str


@dataclass(frozen=True, slots=True)
class UsbTarget:
    """A USB printer: its node's `path`, or its ids in hexadecimal as lsusb shows them, and its serial number
    where there are two of a kind."""

    path: str = ""
    vendor: str = ""
    product: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class CupsTarget:
    """A queue of CUPS; `host` is the machine that it is on, this one where it is empty."""

    queue: str
    host: str = ""


Target = TcpTarget | SerialTarget | FileTarget | UsbTarget | CupsTarget

_USB_IDS: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::([^/\x00]{1,126}))?", re.ASCII)
_CUPS: Final = re.compile(r"(?:([A-Za-z0-9][A-Za-z0-9.:\[\]-]{0,252})/)?([^\s/#\x00-\x1f-][^\s/#\x00-\x1f]{0,126})")
"""What CUPS takes for the name of a queue; none begins like an option of lp."""


def parse_target(text: str) -> Target:
    """Read a printer's name. BadTarget where it is none."""
    kind, _, rest = text.strip().partition(":")
    if kind == "tcp" and rest.startswith("//"):
        return _tcp(text)
    if kind == "serial" and rest:
        return _serial(text, rest)
    if kind == "file" and rest:
        return FileTarget(rest)
    if kind == "usb" and rest:
        return _usb(text, rest)
    if kind == "cups" and (named := _CUPS.fullmatch(rest)):
        return CupsTarget(named[2], named[1] or "")
    raise BadTarget(text)


def _tcp(text: str) -> TcpTarget:
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadTarget(text) from error
    if not host or parts.path not in ("", "/") or port == 0:
        raise BadTarget(text)
    return TcpTarget(host, RAW_PORT if port is None else port)


def _usb(text: str, rest: str) -> UsbTarget:
    if rest.startswith("/dev/"):
        return UsbTarget(rest)
    ids = _USB_IDS.fullmatch(rest)
    if ids is None:
        raise BadTarget(text)
    return UsbTarget("", ids[1].lower(), ids[2].lower(), ids[3] or "")


def _serial(text: str, rest: str) -> SerialTarget:
    port, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    baud = options.pop("baud", str(PRINTER_BAUD))
    flow = PRINTER_FLOWS.get(options.pop("flow", "xonxoff"))
    if not port or options or flow is None or baud not in map(str, BAUDS):
        raise BadTarget(text)
    return SerialTarget(port, int(baud), flow)
