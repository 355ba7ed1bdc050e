"""Promise: a scanner that is a HID device is opened by its node or by its USB ids, and looks like a port.

`/dev/hidraw3` (or a link to it) is opened as it is, under Linux, with nothing installed. `hid://05e0:0600`
(vendor and product, hexadecimal; the product may be left out) goes through hidapi, the optional extra `hid`,
and finds the device wherever it is plugged in. One read gives whole reports.
"""

import errno
import io
import os
import re
from typing import TYPE_CHECKING, Any, Final

from drivers.ports import NoHidapi, Port, find

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEME: Final = "hid://"
BAR_CODE_SCANNER: Final = 0x8C
"""The usage page of scanners: where a device has several interfaces, the one with this page is taken."""

_IDS: Final = re.compile(r"hid://([0-9A-Fa-f]{1,4}):([0-9A-Fa-f]{1,4})?")


def is_hid(name: str) -> bool:
    """Whether a port's name means a HID device."""
    return name.startswith(SCHEME) or os.path.basename(os.path.realpath(name)).startswith("hidraw")


def open_hid(name: str) -> Port:
    """Open a HID device. OSError where it is not there or not allowed, NoHidapi without the extra, ValueError
    for a name that is none."""
    return HidapiPort(name) if name.startswith(SCHEME) else HidrawPort(find(name))


class HidrawPort:
    """A node of Linux's hidraw: the kernel gives one report a read, and never half of one."""

    def __init__(self, path: str) -> None:
        self._number = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)

    def fileno(self) -> int:
        return self._number

    def read(self, size: int, /) -> bytes:
        try:
            data = os.read(self._number, size)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data

    def write(self, data: bytes, /) -> int:
        return os.write(self._number, data)

    def close(self) -> None:
        os.close(self._number)


class HidapiPort:
    """A device that hidapi opens, on any system; it has no number to wait on."""

    def __init__(self, name: str) -> None:
        found = _IDS.fullmatch(name)
        if found is None:
            raise ValueError(name)
        try:
            import hid  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise NoHidapi(errno.ENOPKG, "hidapi is not installed") from error
        vendor, product = int(found[1], 16), int(found[2] or "0", 16)
        devices: list[Mapping[str, Any]] = hid.enumerate(vendor, product)
        if not devices:
            raise FileNotFoundError(errno.ENODEV, os.strerror(errno.ENODEV), name)
        chosen = next((one for one in devices if one["usage_page"] == BAR_CODE_SCANNER), devices[0])
        self._device = hid.device()
        self._device.open_path(chosen["path"])
        self._device.set_nonblocking(True)

    def fileno(self) -> int:
        raise io.UnsupportedOperation("hidapi has no file number")

    def read(self, size: int, /) -> bytes:
        return bytes(self._device.read(min(size, 64)))

    def write(self, data: bytes, /) -> int:
        return int(self._device.write(data))

    def close(self) -> None:
        self._device.close()
