"""What is plugged in is found and named without any hardware: pyserial's list and the kernel's files are given."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers import detect
from drivers.detect import Found, forbidden, plugged_in
from drivers.hazards import hazards, udev_rules
from drivers.presets import PRESETS
from drivers.reasons import because
from drivers.usb_ids import known

Plug = Callable[..., str]


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Plugs a serial port in: a device file, its names under /dev/serial, and pyserial's entry."""
    ports: list[ListPortInfo] = []
    monkeypatch.setattr(list_ports, "comports", lambda: ports)

    def plugged(name: str, ids: tuple[int, int] | None, by_id: str = "", by_path: str = "", product: str = "") -> str:
        node = tmp_path / "dev" / name
        node.parent.mkdir(exist_ok=True)
        node.touch()
        for folder, link in (("by-id", by_id), ("by-path", by_path)):
            if link:
                place = tmp_path / "dev/serial" / folder
                place.mkdir(parents=True, exist_ok=True)
                (place / link).unlink(missing_ok=True)
                (place / link).symlink_to(node)
        port = ListPortInfo(str(node))
        if ids is not None:
            port.vid, port.pid = ids
            port.hwid, port.product = f"USB VID:PID={ids[0]:04X}:{ids[1]:04X}", product or None
        ports.append(port)
        return str(node)

    return plugged


def test_a_scanner_on_usb(plug: Plug, tmp_path: Path) -> None:
    """A Zebra scanner is named by its maker, its lasting name and the preset to take."""
    node = plug("ttyACM0", (0x05E0, 0x1701), "usb-Symbol_Scanner_S1-if00", product="Symbol Bar Code Scanner")
    (found,) = plugged_in(tmp_path)
    assert found == Found(
        "scanner",
        str(tmp_path / "dev/serial/by-id/usb-Symbol_Scanner_S1-if00"),
        node,
        0x05E0,
        0x1701,
        "Zebra / Symbol",
        "Symbol Bar Code Scanner",
        "zebra",
    )
    assert found.usb == "05E0:1701"


def test_two_like_scanners_have_two_names(plug: Plug, tmp_path: Path) -> None:
    """Without serial numbers they share one name by id; the one that lost it is named by its socket."""
    plug("ttyACM0", (0x1EAB, 0x0106), "usb-Newland", "pci-usb-0:1")
    plug("ttyACM1", (0x1EAB, 0x0106), "usb-Newland", "pci-usb-0:2")
    names = [Path(found.port).name for found in plugged_in(tmp_path)]
    assert names == ["pci-usb-0:1", "usb-Newland"]


def test_a_converter_is_no_scanner(plug: Plug, tmp_path: Path) -> None:
    """A converter's chip says nothing of what is behind it; a port that no board has is not listed."""
    plug("ttyUSB0", (0x1A86, 0x7523))
    plug("ttyS3", None)
    (found,) = plugged_in(tmp_path)
    assert (found.kind, found.maker, found.preset) == ("converter", "QinHeng (CH340)", "")


def test_a_printer_and_scanners_without_a_serial_port(plug: Plug, tmp_path: Path) -> None:
    """A usblp printer, a scanner that types (told once), and one that speaks HID; a mouse is none of ours."""
    device = tmp_path / "sys/devices/usb1/1-2"
    (device / "1-2:1.0").mkdir(parents=True)
    for name, text in (("idVendor", "04b8"), ("idProduct", "0202"), ("product", "TM-T20II")):
        (device / name).write_text(text + "\n")
    entry = tmp_path / "sys/class/usbmisc/lp0"
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(device / "1-2:1.0")
    (tmp_path / "dev/usb").mkdir(parents=True)
    (tmp_path / "dev/usb/lp0").touch()
    for number, (ids, name) in enumerate(
        (
            ("0003:000005E0:00001200", "Symbol Scanner"),
            ("0003:000005E0:00001200", "Symbol Scanner"),
            ("0003:00001EAB:00000110", "Newland POS"),
            ("0003:0000046D:0000C077", "A mouse"),
        )
    ):
        place = tmp_path / f"sys/class/hidraw/hidraw{number}/device"
        place.mkdir(parents=True)
        (place / "uevent").write_text(f"DRIVER=hid-generic\nHID_ID={ids}\nHID_NAME={name}\n")
    printer, typing, hid = plugged_in(tmp_path)
    assert (printer.kind, printer.maker, printer.model) == ("printer", "Epson", "TM-T20II")
    assert printer.port == f"usb:{tmp_path}/dev/usb/lp0"
    assert (typing.kind, typing.port, typing.model) == ("keyboard", "wedge", "Symbol Scanner")
    assert (hid.kind, hid.node, hid.preset) == ("hid", str(tmp_path / "dev/hidraw2"), "hid-pos")


def test_who_may_not_open_it_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The group to join is named with the command that does it; who is in it already is told to log in again."""
    node = tmp_path / "ttyACM0"
    node.touch()
    assert forbidden(str(node)) is None
    assert forbidden(str(tmp_path / "nothing")) is None
    group = grp.getgrgid(node.stat().st_gid).gr_name
    user = pwd.getpwuid(os.geteuid()).pw_name
    monkeypatch.setattr(detect.os, "access", lambda *_: False)
    monkeypatch.setattr(detect.grp, "getgrnam", lambda name: grp.struct_group((name, "x", 20, [])))
    assert forbidden(str(node)) == because("access.group", port=node, group=group, user=user)
    assert f"sudo usermod -aG {group} {user}" in str(forbidden(str(node)))
    monkeypatch.setattr(detect.grp, "getgrnam", lambda name: grp.struct_group((name, "x", 20, [user])))
    assert forbidden(str(node)) == because("access.login", port=node, group=group)


def test_what_disturbs_it(tmp_path: Path) -> None:
    """ModemManager and brltty are named where they run and a device that they take is there; our rule ends the first."""
    for number, name in (("1", "ModemManager"), ("22", "brltty")):
        place = tmp_path / "proc" / number
        place.mkdir(parents=True)
        (place / "comm").write_text(name + "\n")
    scanner = Found("scanner", "x", "/dev/ttyACM0", 0x05E0, 0x1701)
    adapter = Found("converter", "y", "/dev/ttyUSB0", 0x1A86, 0x7523)
    codes = [reason.code for reason in hazards([scanner, adapter], tmp_path)]
    assert codes[:2] == ["hazard.modem_manager", "hazard.brltty"]
    rules = tmp_path / "etc/udev/rules.d"
    rules.mkdir(parents=True)
    (rules / "70-pos-loyalty.rules").touch()
    codes = [reason.code for reason in hazards([scanner], tmp_path)]
    assert "hazard.modem_manager" not in codes
    assert "hazard.brltty" not in codes


def test_the_rule_is_for_what_is_there() -> None:
    """Each device once, by its ids; what a device calls itself cannot break out of its comment."""
    text = udev_rules(
        [
            Found("scanner", "x", "/dev/ttyACM0", 0x05E0, 0x1701, "Zebra\nRUN+=evil", ""),
            Found("scanner", "x2", "/dev/ttyACM1", 0x05E0, 0x1701),
            Found("printer", "p", "/dev/usb/lp0", 0x04B8, 0x0202),
            Found("keyboard", "wedge", "/dev/hidraw0", 0x0C2E, 0x0200),
        ]
    )
    lines = text.splitlines()
    assert sum("05e0" in line for line in lines) == 1
    assert any('ENV{ID_MM_DEVICE_IGNORE}="1"' in line for line in lines)
    assert not any(line.startswith("RUN") for line in lines)
    assert not any("0c2e" in line for line in lines)
    assert "05e0" in udev_rules([])


@given(vid=st.integers(0, 0xFFFF), pid=st.integers(0, 0xFFFF))
def test_every_preset_named_is_one(vid: int, pid: int) -> None:
    """Whatever the ids are, the preset that goes with them is one that there is."""
    found = known(vid, pid)
    assert found is None or not found.preset or found.preset in PRESETS
