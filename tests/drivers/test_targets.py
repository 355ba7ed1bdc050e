"""A printer's name is read whole or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.targets import BadTarget, CupsTarget, FileTarget, SerialTarget, Target, TcpTarget, UsbTarget, parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("serial:/dev/ttyS0?flow=rtscts&baud=115200", SerialTarget("/dev/ttyS0", 115200, "rtscts")),
        ("tcp://192.168.1.20:9100", TcpTarget("192.168.1.20", 9100)),
        ("tcp://printer", TcpTarget("printer", 9100)),
        ("tcp://[::1]:9101", TcpTarget("::1", 9101)),
        ("serial:/dev/ttyUSB0", SerialTarget("/dev/ttyUSB0", 9600)),
        (" serial:/dev/ttyUSB0?baud=38400 ", SerialTarget("/dev/ttyUSB0", 38400)),
        ("serial:usb-EPSON_TM-T20-if00", SerialTarget("usb-EPSON_TM-T20-if00", 9600)),
        ("file:/dev/usb/lp0", FileTarget("/dev/usb/lp0")),
        ("file:paper.bin", FileTarget("paper.bin")),
        ("usb:/dev/usb/lp0", UsbTarget("/dev/usb/lp0")),
        ("usb:04B8:0e15", UsbTarget("", "04b8", "0e15")),
        ("usb:04b8:0e15:X7QF012345", UsbTarget("", "04b8", "0e15", "X7QF012345")),
        ("cups:receipts", CupsTarget("receipts")),
        ("cups:print.shop:631/till_1", CupsTarget("till_1", "print.shop:631")),
    ],
)
def test_the_names_that_there_are(text: str, target: Target) -> None:
    """Network, serial, USB, CUPS and file, with their defaults."""
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        "printer",
        "tcp:host",
        "tcp://",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://host/queue",
        "serial:",
        "serial:/dev/ttyUSB0?baud=fast",
        "serial:/dev/ttyUSB0?baud=12345",
        "serial:/dev/ttyUSB0?bits=7",
        "serial:/dev/ttyUSB0?flow=dtr",
        "file:",
        "usb:",
        "usb:04b8",
        "usb:lp0",
        "usb:04b8:020g",
        "cups:",
        "cups:-oraw",
        "cups:two words",
        "cups:host/queue/part",
    ],
)
def test_what_names_no_printer_says_so(text: str) -> None:
    """The error is one sentence that shows the forms."""
    with pytest.raises(BadTarget, match="tcp://HOST:PORT") as caught:
        parse_target(text)
    assert caught.value.reason.code == "printer.bad_target"


@given(st.sampled_from(["tcp://", "serial:", "usb:", "cups:", "file:", ""]), st.text(max_size=60))
def test_whatever_is_written_is_a_printer_or_refused(kind: str, rest: str) -> None:
    """A settings file may hold anything; what names a queue can never be an option of lp."""
    try:
        target = parse_target(kind + rest)
    except BadTarget:
        return
    if isinstance(target, CupsTarget):
        assert not target.queue.startswith("-")
        assert not target.host.startswith("-")
