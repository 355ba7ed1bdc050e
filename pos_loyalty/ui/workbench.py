"""What the set-up screen and the `devices` verbs are handed of the hardware: what is plugged in, trials, and the settings file.

Values and a shape only; `pos_loyalty.terminal.workbench` fits the drivers to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal, Protocol, TypeAlias

from pos_loyalty.domain.message import N_, Message

What: TypeAlias = Literal["scanner", "keyboard", "hid", "printer", "display", "converter", "unknown"]
Role: TypeAlias = Literal["scanner", "printer", "display"]
"""What a till can use a device as."""

WHAT: dict[What, str] = {
    "scanner": N_("a scanner on a serial port"),
    "keyboard": N_("a scanner that types: it needs no setting"),
    "hid": N_("a scanner that speaks HID"),
    "printer": N_("a receipt printer"),
    "display": N_("a customer display"),
    "converter": N_("a serial port: whatever is plugged into it"),
    "unknown": N_("a serial port of something unknown"),
}


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """One device that is plugged in. `port` is what the settings call it, `usb` its ids; `trouble` why it cannot be opened by this
    user; `used` what the settings use it as.
    """

    what: What
    port: str
    node: str
    usb: str
    name: str
    preset: str = ""
    trouble: Message | None = None
    used: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is plugged in; `missing` are devices that the settings name and that are not there, `hazards` what disturbs devices on
    this machine, `rule` the udev rule for them.
    """

    devices: tuple[DeviceSeen, ...]
    missing: tuple[Message, ...]
    hazards: tuple[Message, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class ScanTrial:
    """One scan: its bytes, what they are read as (None: as no code), and the preset that fits with the reason."""

    raw: bytes
    code: str | None
    symbology: str | None
    preset: str | None
    why: Message

    @property
    def bytes_shown(self) -> str:
        """The bytes in hexadecimal."""
        return self.raw.hex(" ")


class Workbench(Protocol):
    """Looks at the hardware and tries it, which takes its time: call it in a thread. Refused says why something is not possible."""

    def look(self) -> Inspection:
        """What is plugged in now."""

    def try_scanner(self, port: str, preset: str, seconds: float, stop: Event | None = None) -> ScanTrial:
        """Wait for one scan on a port, or until `stop` is set. Refused where it cannot be opened, or goes."""

    def try_printer(self, target: str) -> Message:
        """Print a trial page, and say whether the printer confirmed it. Refused with why it did not."""

    def try_drawer(self, target: str) -> Message:
        """Open the drawer behind a printer."""

    def try_display(self, port: str, preset: str) -> Message:
        """Write on a customer display."""

    def presets(self, role: Role) -> tuple[str, ...]:
        """The presets that there are for a role; of printers their profiles."""

    def check_target(self, target: str) -> str:
        """A printer's name as it is written into the settings. Refused where it names none."""

    def choose(self, role: Role, port: str, preset: str) -> Message:
        """Write a choice into the settings file, with a backup; says from when on it counts."""

    def save_rule(self) -> Path:
        """Write the udev rule to a file of this user's. Refused where that is not possible."""
