"""Promise: a USB receipt printer is found by its ids, whichever number its node has today.

The kernel's own driver (usblp) makes /dev/usb/lpN, which carries bytes both ways; no other library is needed. Its ids stand in
sysfs, two folders above the node's interface.
"""

import errno
import os
from pathlib import Path
from typing import Final

from drivers.targets import UsbTarget

CLASS_FOLDER: Final = Path("/sys/class/usbmisc")
NODES: Final = Path("/dev/usb")


def find_node(target: UsbTarget, classes: Path = CLASS_FOLDER, nodes: Path = NODES) -> str:
    """The node of a printer. FileNotFoundError where none has these ids."""
    if target.path:
        return target.path
    for entry in sorted(classes.glob("lp*")):
        device = (entry / "device").resolve().parent
        ids = (_attribute(device, "idVendor"), _attribute(device, "idProduct"))
        if ids == (target.vendor, target.product) and target.serial in ("", _attribute(device, "serial")):
            return str(nodes / entry.name)
    raise FileNotFoundError(errno.ENODEV, os.strerror(errno.ENODEV), f"{target.vendor}:{target.product}")


def _attribute(device: Path, name: str) -> str:
    try:
        return (device / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""  # it has none, or was unplugged just now
