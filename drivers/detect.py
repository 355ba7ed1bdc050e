"""Promise: whatever is plugged in and could be a till's is found, named as the settings want it, and what keeps
this user from opening it is said. Nothing is opened.

Serial ports come from pyserial, with the name that stays over replugging (/dev/serial/by-id, or by-path where
two devices share one). Printers are the kernel's usblp nodes, scanners that type or speak HID are read from
/sys/class/hidraw. `root` is where the system's files are: another folder in tests.
"""

import grp
import importlib.util
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.reasons import Reason, because
from drivers.usb_ids import Kind, Known, is_scanner_maker, known

ROOT: Final = Path("/")
WEDGE: Final = "wedge"
"""What stands in the settings for a scanner that types."""


@dataclass(frozen=True, slots=True)
class Found:
    """One device. `port` is what to write into the settings, `node` the device file now; `trouble` is why this
    user cannot open it."""

    kind: Kind
    port: str
    node: str
    vid: int | None = None
    pid: int | None = None
    maker: str = ""
    model: str = ""
    preset: str = ""
    trouble: Reason | None = None

    @property
    def usb(self) -> str:
        """Its USB ids as 05E0:1701; empty where it has none."""
        return f"{self.vid:04X}:{self.pid:04X}" if self.vid is not None and self.pid is not None else ""


def plugged_in(root: Path = ROOT) -> tuple[Found, ...]:
    """Everything that is plugged in now: serial ports, then printers, then scanners that type or speak HID."""
    return (*_serial_ports(root), *_printers(root), *_hid_scanners(root))


def _serial_ports(root: Path) -> list[Found]:
    names = _stable_names(root)
    ports: list[ListPortInfo] = sorted(list_ports.comports(), key=lambda port: str(port.device))
    found = []
    for port in ports:
        if port.vid is None and not _is_real(port):
            continue
        what = known(port.vid, port.pid) if port.vid is not None else None
        what = what or Known(port.manufacturer or "", port.product or "", "unknown")
        stable = names.get(os.path.realpath(port.device), port.device)
        kind: Kind = "unknown" if what.kind in {"keyboard", "hid"} else what.kind
        found.append(
            Found(
                kind,
                stable,
                port.device,
                port.vid,
                port.pid,
                what.maker,
                port.product or what.model,
                what.preset,
                forbidden(port.device),
            )
        )
    return sorted(found, key=lambda one: one.kind in {"converter", "unknown"})  # what is known comes first


def _is_real(port: ListPortInfo) -> bool:
    """The kernel has names for serial ports that no board has; those have no hardware id."""
    return bool(port.hwid) and port.hwid != "n/a"


def _stable_names(root: Path) -> Mapping[str, str]:
    """The names under by-id and by-path by the device that each leads to; by-id where there is one."""
    names: dict[str, str] = {}
    for folder in ("dev/serial/by-path", "dev/serial/by-id"):
        for link in _entries(root / folder):
            names[os.path.realpath(link)] = str(link)
    return names


def _printers(root: Path) -> list[Found]:
    found = []
    for node in _entries(root / "dev/usb"):
        if not node.name.startswith("lp"):
            continue
        interface = root / "sys/class/usbmisc" / node.name / "device"
        device = Path(os.path.realpath(interface)).parent
        vid, pid = _hex(_text(device / "idVendor")), _hex(_text(device / "idProduct"))
        what = known(vid, pid) if vid is not None and pid is not None else None
        found.append(
            Found(
                "printer",
                f"usb:{node}",
                str(node),
                vid,
                pid,
                what.maker if what else _text(device / "manufacturer"),
                _text(device / "product"),
                "",
                forbidden(str(node)),
            )
        )
    return found


def _hid_scanners(root: Path) -> list[Found]:
    """Scanners without a serial port. One that types has several HID interfaces and is told once."""
    found: dict[tuple[int, int], Found] = {}
    for entry in _entries(root / "sys/class/hidraw"):
        facts = dict(line.split("=", 1) for line in _text(entry / "device/uevent").splitlines() if line.count("=") >= 1)
        ids = [_hex(part) for part in facts.get("HID_ID", "").split(":")]
        if len(ids) != 3 or ids[1] is None or ids[2] is None or not is_scanner_maker(ids[1]):
            continue
        vid, pid = ids[1], ids[2]
        what = known(vid, pid)
        if what is None or what.kind == "scanner":
            continue  # its serial port is in the list already
        node = str(root / "dev" / entry.name)
        typing = what.kind == "keyboard"
        found.setdefault(
            (vid, pid),
            Found(
                what.kind,
                WEDGE if typing else _hid_port(node, vid, pid),
                node,
                vid,
                pid,
                what.maker,
                facts.get("HID_NAME", ""),
                what.preset,
                None if typing else forbidden(node),
            ),
        )
    return list(found.values())


def _hid_port(node: str, vid: int, pid: int) -> str:
    """By its ids where the extra `hid` is there; else by its node, whose number may be another one tomorrow."""
    return f"hid://{vid:04x}:{pid:04x}" if importlib.util.find_spec("hid") else node


def forbidden(node: str) -> Reason | None:
    """Why this user may not read and write a device node; None where they may, or where it is not there."""
    if not os.path.exists(node) or os.access(node, os.R_OK | os.W_OK):
        return None
    group = group_of(node)
    user = _user()
    try:
        members = grp.getgrnam(group).gr_mem
    except KeyError:
        members = []
    if user in members:  # known to the system, and not yet to this session
        return because("access.login", port=node, group=group)
    return because("access.group", port=node, group=group, user=user)


def group_of(node: str) -> str:
    """The group that a device node belongs to, by its number where it has no name."""
    number = os.stat(node).st_gid
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # a system without such devices, or one that does not tell
        return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _hex(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None
