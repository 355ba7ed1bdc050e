"""Scanners that are HID devices: reports become scans as bytes of a port would, and a device opens like a port.

No such device is at hand: the reports are laid out as the makers' manuals print them.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import LONGEST_CODE, Noise, Scan
from drivers.framing import Framing
from drivers.hid_port import HidapiPort, is_hid
from drivers.hid_reports import JOIN_GAP, REPORT, HidPosReader, SimpleComReader
from drivers.ports import NoHidapi, why_closed
from drivers.presets import PRESETS
from drivers.serial_scanner import Lost, Opened, ScannerEvent, SerialScanner

EAN = "4006381333931"
BOARDING_PASS = b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  s1ABC"


def with_field(data: bytes, identifier: bytes = b"]E0", *, more: bool = False) -> bytes:
    """A report of those that give the AIM identifier a field of its own."""
    return bytes((2, len(data))) + identifier + data.ljust(56, b"\0") + b"\0\0" + bytes((more,))


def newland(data: bytes, *, more: bool = False) -> bytes:
    """A report with the data right behind the length, and the maker's symbology near the end."""
    return bytes((2, len(data))) + data.ljust(60, b"\0") + b"\x64" + bytes((more,))


def simple_com(data: bytes) -> bytes:
    """A report of Zebra's emulation."""
    return bytes((len(data),)) + data.ljust(63, b"\0")


def told(events: list[Scan | Noise]) -> list[str]:
    """Codes of scans, reasons of noise."""
    return [event.code if isinstance(event, Scan) else event.reason.code for event in events]


def test_the_identifier_has_a_field_of_its_own_or_is_part_of_the_data() -> None:
    """Both layouts give the same scan, with and without an identifier, and a suffix in the data goes."""
    for report in (with_field(EAN.encode()), newland(b"]E0" + EAN.encode()), newland(b"]E0" + EAN.encode() + b"\r")):
        assert len(report) == REPORT
        [event] = HidPosReader().feed(report, 1.0)
        assert isinstance(event, Scan)
        assert (event.code, event.symbology) == (EAN, "]E0")
    [event] = HidPosReader().feed(newland(EAN.encode()), 1.0)
    assert isinstance(event, Scan)
    assert (event.code, event.symbology) == (EAN, None)


@pytest.mark.parametrize("layout", [with_field, newland])
def test_a_long_code_comes_in_several_reports(layout: Callable[..., bytes]) -> None:
    """Sixty bytes come as 56 and 4, the first marked as continued; in one piece or two they are one code."""
    assert len(BOARDING_PASS) == 60
    args = (b"]Q0",) if layout is with_field else ()
    first = layout(BOARDING_PASS[:56], *args, more=True)
    rest = layout(BOARDING_PASS[56:], *args)
    for pieces in ([first + rest], [first, rest]):
        reader = HidPosReader()
        events = [event for piece in pieces for event in reader.feed(piece, 1.0)]
        assert told(events) == [BOARDING_PASS.decode()]


def test_a_code_without_its_rest_is_cut_short() -> None:
    """The rest never comes: after half a second it is noise, and the next code stands alone."""
    reader = HidPosReader()
    assert reader.feed(with_field(BOARDING_PASS[:56], b"]Q0", more=True), 1.0) == []
    assert reader.deadline() == pytest.approx(1.0 + JOIN_GAP)
    assert told(reader.feed(with_field(EAN.encode()), 2.0)) == ["scan.cut_short", EAN]


def test_codes_without_end_and_broken_reports_are_noise() -> None:
    """More than a till's code, a length that no report has, half a report: noise; reports of another kind are nobody's."""
    reader = HidPosReader()
    events = reader.feed(with_field(b"Z" * 56, b"]Q1", more=True) * 12 + with_field(b"Z", b"]Q1"), 1.0)
    assert told(events) == ["scan.too_long"]
    assert len(events[0].raw) <= 2 * LONGEST_CODE
    assert told(reader.feed(b"\x02\xff" + bytes(62), 2.0)) == ["scan.undecodable"]
    assert told(reader.feed(with_field(EAN.encode())[:40], 2.0)) == ["scan.undecodable"]
    assert told(reader.feed(newland(b"\xff\xfe\xfd"), 2.0)) == ["scan.undecodable"]
    assert reader.feed(b"\x04" + bytes(63), 2.0) == []


def test_the_same_code_at_once_is_one_scan() -> None:
    """A held trigger repeats; a second good half a second later counts."""
    reader = HidPosReader()
    events = [event for at in (1.0, 1.1, 1.7) for event in reader.feed(with_field(EAN.encode()), at)]
    assert told(events) == [EAN, "scan.repeat", EAN]


def test_simple_com_reports_are_a_serial_line() -> None:
    """One report with a suffix, a code over two reports, and one that silence ends are one scan each."""
    reader = SimpleComReader(Framing())
    assert told(reader.feed(simple_com(b"96385074\r"), 1.0)) == ["96385074"]
    long = b"X" * 63 + b"Y\r"
    assert told(reader.feed(simple_com(long[:63]) + simple_com(long[63:]), 2.0)) == [long[:-1].decode()]
    assert reader.feed(simple_com(EAN.encode()), 3.0) == []
    deadline = reader.deadline()
    assert deadline is not None
    assert told(reader.tick(deadline)) == [EAN]
    assert told(reader.feed(bytes((64,)) + bytes(63), 5.0)) == ["scan.undecodable"]


@given(
    st.lists(st.tuples(st.binary(max_size=200), st.floats(0, 1)), max_size=10),
    st.sampled_from(["hid-pos", "simple-com"]),
)
def test_whatever_comes_nothing_raises(pieces: list[tuple[bytes, float]], name: str) -> None:
    """No bytes raise or stall; nothing is held after a silence."""
    reader, now = PRESETS[name].reader(), 0.0
    for piece, pause in pieces:
        now += pause
        for event in reader.feed(piece, now):
            assert not isinstance(event, Noise) or event.reason.sentence
    reader.tick(now + 1.0)
    assert reader.deadline() is None


def test_a_node_is_read_and_its_loss_is_told(tmp_path: Path) -> None:
    """A node is opened without anything installed (here a named pipe in its place); its end is Lost, and the scans come."""
    node = tmp_path / "hidraw0"
    os.mkfifo(node)
    scanner = SerialScanner(str(node), first_retry=0.01, last_retry=0.05)
    events: queue.Queue[ScannerEvent] = queue.Queue()
    thread = threading.Thread(target=scanner.run, args=(events.put,))
    thread.start()
    try:
        assert events.get(timeout=10) == Opened(str(node))
        with node.open("wb", buffering=0) as device:
            device.write(with_field(EAN.encode()))
            scan = events.get(timeout=10)
            assert isinstance(scan, Scan)
            assert (scan.code, scan.symbology) == (EAN, "]E0")
    finally:
        scanner.close()
        thread.join(10)
    assert not thread.is_alive()


def test_a_device_is_known_by_its_name(tmp_path: Path) -> None:
    """A hidraw node, a link to one, and USB ids mean a HID device; ports do not."""
    (tmp_path / "hidraw7").touch()
    (tmp_path / "scanner").symlink_to(tmp_path / "hidraw7")
    assert all(map(is_hid, ("/dev/hidraw0", str(tmp_path / "scanner"), "hid://05e0:0600")))
    assert not any(map(is_hid, ("/dev/ttyACM0", "socket://a:1", "hwgrep://05E0:", "wedge")))


class FakeHidapi:
    """hidapi with one Newland scanner of two interfaces, and what it reads."""

    def __init__(self) -> None:
        self.reports = [list(newland(EAN.encode()))]
        self.opened: bytes | None = None

    def enumerate(self, vendor: int, product: int) -> list[dict[str, object]]:
        if (vendor, product) not in ((0x1EAB, 0x0110), (0x1EAB, 0)):
            return []
        return [{"path": b"keyboard", "usage_page": 1}, {"path": b"scanner", "usage_page": 0x8C}]

    def device(self) -> "FakeHidapi":
        return self

    def open_path(self, path: bytes) -> None:
        self.opened = path

    def set_nonblocking(self, on: bool) -> None:
        assert on

    def read(self, size: int) -> list[int]:
        assert size == REPORT
        if not self.reports:
            raise OSError("read error")
        return self.reports.pop(0)

    def close(self) -> None:
        self.opened = None


def test_usb_ids_go_through_hidapi(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interface with the scanners' usage page is opened; reports come until the device goes, which is Lost."""
    hidapi = FakeHidapi()
    monkeypatch.setitem(sys.modules, "hid", SimpleNamespace(enumerate=hidapi.enumerate, device=hidapi.device))
    port = HidapiPort("hid://1eab:")
    assert hidapi.opened == b"scanner"
    port.close()
    scanner = SerialScanner("hid://1EAB:0110", first_retry=0.01, last_retry=0.05)
    events: queue.Queue[ScannerEvent] = queue.Queue()
    thread = threading.Thread(target=scanner.run, args=(events.put,))
    thread.start()
    try:
        kinds = [events.get(timeout=10) for _ in range(3)]
    finally:
        scanner.close()
        thread.join(10)
    assert [type(event) for event in kinds] == [Opened, Scan, Lost]


@pytest.mark.parametrize(("name", "code"), [("hid://ffff:0001", "port.missing"), ("hid://zebra", "port.bad_name")])
def test_why_a_device_does_not_open(name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not plugged in and misspelt are two reasons."""
    hidapi = FakeHidapi()
    monkeypatch.setitem(sys.modules, "hid", SimpleNamespace(enumerate=hidapi.enumerate, device=hidapi.device))
    with pytest.raises((OSError, ValueError)) as caught:
        HidapiPort(name)
    assert why_closed(name, caught.value).code == code


def test_without_the_extra_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """USB ids need hidapi; the sentence names the other way as well."""
    monkeypatch.setitem(sys.modules, "hid", None)
    with pytest.raises(NoHidapi) as caught:
        HidapiPort("hid://05e0:0600")
    assert "hidraw" in why_closed("hid://05e0:0600", caught.value).sentence
