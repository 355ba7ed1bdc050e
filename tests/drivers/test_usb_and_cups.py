"""USB printers by their ids, and queues of CUPS; the programs of CUPS are stood in for by scripts that take the same arguments."""

from __future__ import annotations

import os
import pty
import stat
import tty
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cups import read_lpstat
from drivers.drawer import Drawer
from drivers.printer import open_printer
from drivers.printer_errors import PrinterError, PrinterOff, PrinterOffline, PrinterTimeout
from drivers.printing import Printed
from drivers.status import ASK_STATUS, Status
from drivers.targets import UsbTarget
from drivers.usb_printers import find_node


def plug(root: Path, name: str, vendor: str, product: str, serial: str = "") -> None:
    """What the kernel shows of a USB printer."""
    device = root / "devices" / name
    (device / "1-1:1.0").mkdir(parents=True)
    for attribute, value in (("idVendor", vendor), ("idProduct", product), ("serial", serial)):
        if value:
            (device / attribute).write_text(value + "\n")
    (root / "class" / name).mkdir(parents=True)
    (root / "class" / name / "device").symlink_to(device / "1-1:1.0")


def test_a_usb_printer_is_found_by_its_ids(tmp_path: Path) -> None:
    """Whichever number it has; two of a kind by their serial numbers; none is said so."""
    plug(tmp_path, "lp0", "0416", "5011")
    plug(tmp_path, "lp3", "04b8", "0e15", "A1")
    plug(tmp_path, "lp4", "04b8", "0e15", "A2")
    classes, nodes = tmp_path / "class", Path("/dev/usb")
    assert find_node(UsbTarget("", "0416", "5011"), classes, nodes) == "/dev/usb/lp0"
    assert find_node(UsbTarget("", "04b8", "0e15", "A2"), classes, nodes) == "/dev/usb/lp4"
    assert find_node(UsbTarget("/dev/usb/lp9"), classes, nodes) == "/dev/usb/lp9"
    with pytest.raises(FileNotFoundError):
        find_node(UsbTarget("", "04b8", "0202"), classes, nodes)
    with pytest.raises(FileNotFoundError):
        find_node(UsbTarget("", "04b8", "0e15"), tmp_path / "no folder", nodes)


def test_a_usb_printer_that_is_not_plugged_in() -> None:
    """Nothing was sent, and the sentence says to switch it on."""
    with pytest.raises(PrinterOff) as caught:
        open_printer("usb:dead:beef").send(b"x")
    assert caught.value.nothing_sent
    assert "switch it on and check its cable" in str(caught.value)


def test_a_usb_printers_node_carries_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is opened both ways: a printer that answers is asked, one that does not gets the job all the same."""
    monkeypatch.setattr("drivers.printer.STATUS_WAIT", 0.2)
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        printer = open_printer(f"usb:{os.ttyname(slave)}")
        os.write(master, b"\x1a\x32\x7e")
        assert printer.look() == Status("printer.paper_out", paper_low=True)
        assert printer.send(b"job") == Printed(confirmed=False)
        got = b""
        while not got.endswith(b"job"):
            got += os.read(master, 100)
        assert got == ASK_STATUS * 2 + b"job"
    finally:
        os.close(master)
        os.close(slave)


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with lp and lpstat: what they were called with, what they got, and what they do (`lp.does`, `lpstat.does`)."""
    for name in ("lp", "lpstat"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/{name}.called\n. {tmp_path}/{name}.does\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "lp.does").write_text(f"cat >> {tmp_path}/paper\n")
    (tmp_path / "lpstat.does").write_text("echo printer receipts is idle.  enabled since Sun\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def test_a_job_for_cups(cups: Path) -> None:
    """Raw bytes, on the queue and the machine that were named; printed means taken, so nothing is confirmed."""
    began: list[bool] = []
    printed = open_printer("cups:print.shop/receipts").send(b"\x1b@\x00\xff", begins=lambda: began.append(True))
    assert printed == Printed(confirmed=False)
    assert began == [True]
    assert (cups / "paper").read_bytes() == b"\x1b@\x00\xff"
    assert (cups / "lp.called").read_text() == "-h print.shop -d receipts -o raw -s -- -\n"
    assert (cups / "lpstat.called").read_text() == "-h print.shop -p receipts\n"
    open_printer("cups:receipts").kick(Drawer())
    assert (cups / "paper").read_bytes().endswith(Drawer().pulse())


def test_a_queue_that_is_stopped_gets_no_job(cups: Path) -> None:
    """CUPS would keep it and print it at its own time: it waits here, where it is seen."""
    (cups / "lpstat.does").write_text("echo printer receipts disabled since Sun -\n")
    with pytest.raises(PrinterOffline) as caught:
        open_printer("cups:receipts").send(b"x")
    assert caught.value.nothing_sent
    assert not (cups / "lp.called").exists()


def test_a_queue_that_is_not_there(cups: Path) -> None:
    """CUPS's own words are in the sentence."""
    (cups / "lpstat.does").write_text('echo "lpstat: Invalid destination name in list \\"receipts\\"." >&2\nexit 1\n')
    with pytest.raises(PrinterError) as caught:
        open_printer("cups:receipts").look()
    assert caught.value.reason.code == "printer.no_queue"
    assert "Invalid destination name" in str(caught.value)
    (cups / "lpstat.does").write_text("true\n")
    (cups / "lp.does").write_text("exit 3\n")
    with pytest.raises(PrinterError, match="lp ended with 3") as caught:
        open_printer("cups:receipts").send(b"x")
    assert caught.value.nothing_sent


def test_a_cups_that_hangs_is_uncertain(cups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have taken the job before it fell silent."""
    monkeypatch.setattr("drivers.cups.CUPS_WAIT", 0.2)
    (cups / "lp.does").write_text("exec sleep 5\n")
    with pytest.raises(PrinterTimeout) as caught:
        open_printer("cups:receipts").send(b"x")
    assert not caught.value.nothing_sent


def test_without_cups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sentence names the package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for act in (lambda: open_printer("cups:receipts").look(), lambda: open_printer("cups:receipts").kick(Drawer())):
        with pytest.raises(PrinterOff, match="cups-client"):
            act()


@given(st.text())
def test_whatever_lpstat_says(text: str) -> None:
    """A queue is stopped where it says so, and nothing else is trouble."""
    status = read_lpstat(text)
    assert status is None or status.trouble in (None, "printer.offline")
    assert read_lpstat("printer q now printing q-1.  enabled since Sun\n" + text) == Status(None, paper_low=False)
