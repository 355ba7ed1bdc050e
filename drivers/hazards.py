"""Promise: what on this machine is known to disturb a scanner or a printer is named with its cure before anybody
looks for it in the shop; and the udev rule that keeps it off is written for the very devices that are there.

ModemManager asks every new serial port for ten seconds whether it is a modem; brltty takes the CH340 chip for
a braille display; without libfribidi Arabic is drawn the simpler way; without the extra `hid` a scanner that
speaks HID is not read.
"""

import importlib.util
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from drivers.detect import ROOT, Found
from drivers.reasons import Reason, because

CH340: Final = 0x1A86
RULE_FILE: Final = "70-pos-loyalty.rules"
"""Before 73-seat-late.rules and after the rules that make the names, so what it sets holds."""


def hazards(found: Iterable[Found], root: Path = ROOT) -> tuple[Reason, ...]:
    """What disturbs these devices here, the worst first."""
    devices = tuple(found)
    running = _programs(root)
    reasons = []
    if "ModemManager" in running and any("ttyACM" in one.node for one in devices) and not _has_rule(root):
        reasons.append(because("hazard.modem_manager"))
    if "brltty" in running and any(one.vid == CH340 for one in devices):
        reasons.append(because("hazard.brltty"))
    if any(one.kind == "hid" for one in devices) and importlib.util.find_spec("hid") is None:
        reasons.append(because("hazard.no_hid"))
    if not _shapes_arabic():
        reasons.append(because("hazard.no_fribidi"))
    return tuple(reasons)


def _shapes_arabic() -> bool:
    from PIL import features  # noqa: PLC0415 - only who asks what is missing loads it

    return bool(features.check("raqm"))


def _has_rule(root: Path) -> bool:
    return (root / "etc/udev/rules.d" / RULE_FILE).exists()


def _programs(root: Path) -> frozenset[str]:
    """Names of the programs that run; the kernel cuts them after 15 characters, which none of ours has."""
    names = set()
    for comm in (root / "proc").glob("[0-9]*/comm"):
        try:
            names.add(comm.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:  # it has ended meanwhile
            continue
    return frozenset(names)


def udev_rules(found: Iterable[Found]) -> str:
    """The rules for these devices: their group may open them, ModemManager leaves them alone, and each serial
    scanner has a name that says what it is. Without USB devices, rules for the makers that are known."""
    lines = [
        f"# Save as /etc/udev/rules.d/{RULE_FILE}, then: sudo udevadm control --reload && sudo udevadm trigger",
    ]
    seen = set()
    for one in found:
        if one.vid is None or one.pid is None or (one.vid, one.pid) in seen or one.kind == "keyboard":
            continue
        seen.add((one.vid, one.pid))
        ids = f'ATTRS{{idVendor}}=="{one.vid:04x}", ATTRS{{idProduct}}=="{one.pid:04x}"'
        lines.append(f"# {_plain(one.maker)} {_plain(one.model)}".rstrip())
        match one.kind:
            case "printer":
                lines.append(f'SUBSYSTEM=="usbmisc", {ids}, GROUP="lp", MODE="0660"')
            case "hid":
                lines.append(f'SUBSYSTEM=="hidraw", {ids}, GROUP="dialout", MODE="0660", SYMLINK+="pos-loyalty/hid-%n"')
            case _:
                lines.append(
                    f'SUBSYSTEM=="tty", {ids}, GROUP="dialout", MODE="0660", '
                    f'ENV{{ID_MM_DEVICE_IGNORE}}="1", SYMLINK+="pos-loyalty/{one.kind}-%n"'
                )
    if not seen:
        lines.append("# No USB device was plugged in when this was written: put your scanner's vendor id in.")
        lines.append(
            'SUBSYSTEM=="tty", ATTRS{idVendor}=="05e0", GROUP="dialout", MODE="0660", '
            'ENV{ID_MM_DEVICE_IGNORE}="1", SYMLINK+="pos-loyalty/scanner-%n"'
        )
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """What a device calls itself, as one harmless line of a comment."""
    return re.sub(r"[^ -~]", " ", text)[:80]
