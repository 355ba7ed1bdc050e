"""The print queue and the drawer as the cashier sees them, on real sockets; the printer answers as Epson's reference says."""

from __future__ import annotations

import socket
import sqlite3
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tills import TEA, running

from drivers.drawer import Drawer
from drivers.status import ASK_PRINTED, ASK_STATUS
from pos_loyalty.config import PrinterSettings
from pos_loyalty.terminal.devices import RegisterDevices

KICK, AT_ONCE = Drawer().pulse(), Drawer().pulse_at_once()


class AnsweringPrinter:
    """A printer on the network that says how it is. `status`: the answers to DLE EOT 1, 2 and 4; a kick opens the drawer, whose
    switch gives high while it is open.
    """

    def __init__(self) -> None:
        self.status = [0x12, 0x12, 0x12]
        self.breaks = False
        self.kicks = 0
        self.paper = b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.target = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        while data := connection.recv(65536):
            if ASK_STATUS in data:
                data = data.replace(ASK_STATUS, b"", 1)
                connection.sendall(bytes(self.status))
            for kick in (KICK, AT_ONCE):
                if kick in data:
                    data = data.replace(kick, b"", 1)
                    self.kicks += 1
                    self.status[0] |= 0x04
            asked = ASK_PRINTED in data
            self.paper += data.replace(ASK_PRINTED, b"", 1)
            if self.breaks and data:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if asked:
                connection.sendall(b"\x00")

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def printer() -> Iterator[AnsweringPrinter]:
    one = AnsweringPrinter()
    yield one
    one.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come quickly."""
    monkeypatch.setattr("pos_loyalty.terminal.printing.LOOK_EVERY", 0.1)


def openings(url: str) -> list[tuple[str, str, str | None]]:
    """Who opened the drawer where, and who allowed it, as the store has it."""
    with sqlite3.connect(url) as connection:
        found = connection.execute("SELECT operator, register, allowed_by FROM audit WHERE action = 'drawer-open'")
        rows = list(found)
    connection.close()
    return rows


async def test_the_drawer_opens_by_its_key_and_it_is_noted(shop_url: str, printer: AnsweringPrinter) -> None:
    """Ctrl+R, though one types in the line of codes: who did it stands in the audit, then the pulse goes out."""
    devices = RegisterDevices([], PrinterSettings(printer.target))
    async with running(shop_url, devices=devices) as till:
        await till.press("ctrl+r")
        await till.until(lambda: printer.kicks == 1)
        assert till.bar == "✓ The drawer is opened; it is noted."
        assert till.due == "0.00"
    assert openings(shop_url) == [("anna", "till-1", None)]
    assert KICK not in printer.paper


async def test_the_drawer_takes_a_right(shop_url: str, printer: AnsweringPrinter) -> None:
    """Who may not open it gets no pulse and no entry; where a manager allows it, their name stands beside the cashier's."""
    devices = RegisterDevices([], PrinterSettings(printer.target))
    asked: list[object] = []
    async with running(shop_url, devices=devices) as till:
        till.app.permitted = lambda right, then: asked.append((right, then))  # type: ignore[method-assign]
        await till.press("ctrl+r")
        ((right, then),) = asked  # type: ignore[misc]
        assert right == "drawer"
        assert openings(shop_url) == []
        assert printer.kicks == 0
        then("maria")
        await till.until(lambda: printer.kicks == 1)
    assert openings(shop_url) == [("anna", "till-1", "maria")]


async def test_a_store_that_takes_nothing_keeps_the_drawer_shut(shop_url: str, printer: AnsweringPrinter) -> None:
    """An opening that cannot be noted does not come to pass; the cashier is told why."""
    devices = RegisterDevices([], PrinterSettings(printer.target))
    async with running(shop_url, devices=devices) as till:
        with sqlite3.connect(shop_url) as other:
            other.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        other.close()
        await till.press("ctrl+r")
        await till.until(lambda: till.bar.startswith("✖"))
        assert printer.kicks == 0


async def test_a_drawer_that_hangs_on_nothing(shop_url: str) -> None:
    """Without a printer there is nothing that opens it, and nothing is noted."""
    async with running(shop_url) as till:
        await till.press("ctrl+r")
        assert till.bar.startswith("✖ The drawer hangs on the printer, and none is set up")
    assert openings(shop_url) == []


async def test_a_drawer_that_cannot_be_reached_says_so(shop_url: str, printer: AnsweringPrinter) -> None:
    """The printer is off: the cashier is told to use the key; the pulse does not come minutes later."""
    devices = RegisterDevices([], PrinterSettings(printer.target))
    printer.close()
    async with running(shop_url, devices=devices) as till:
        await till.press("ctrl+r")
        await till.until(lambda: "use its key" in till.bar)
        assert "switch it on and check its cable" in till.bar


async def test_a_cash_sale_opens_the_drawer_though_receipts_wait(shop_url: str, printer: AnsweringPrinter) -> None:
    """A receipt that a person must look at holds the next ones up, and not the drawer."""
    printer.breaks = True
    devices = RegisterDevices([], PrinterSettings(printer.target))
    async with running(shop_url, devices=devices) as till:
        await till.scan(TEA)
        await till.press("f12", "f12")
        await till.until(lambda: "Look at the paper" in till.text)
        assert printer.kicks == 1
        await till.scan(TEA)
        await till.press("f12", "f12")
        await till.until(lambda: printer.kicks == 2)
        till.see("Waits for the printer.")


async def test_an_open_drawer_is_shown_until_it_is_closed(shop_url: str, printer: AnsweringPrinter) -> None:
    """With its switch set up, the till says that it stands open, and no more once it is closed."""
    devices = RegisterDevices([], PrinterSettings(printer.target, drawer=Drawer(open_level="high")))
    async with running(shop_url, devices=devices) as till:
        await till.press("ctrl+r")
        await till.until(lambda: "! The drawer is open: close it." in till.text)
        printer.status[0] &= ~0x04
        await till.until(lambda: "● Printer ready" in till.text)
        till.see_not("The drawer is open:")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ([0x1A, 0x32, 0x7E], "is out of paper; put in a new roll"),
        ([0x1A, 0x16, 0x12], "is open; close it"),
        ([0x1A, 0x12, 0x12], "is offline; press its online"),
        ([0x12, 0x12, 0x1E], "! Printer: the paper ends soon"),
    ],
)
async def test_trouble_is_shown_before_anything_is_printed(
    shop_url: str, printer: AnsweringPrinter, status: list[int], said: str
) -> None:
    """No paper, an open cover, offline and a roll near its end stand on the till with what to do, and go away by themselves."""
    printer.status = status
    devices = RegisterDevices([], PrinterSettings(printer.target))
    async with running(shop_url, devices=devices) as till:
        await till.until(lambda: said in " ".join(till.text.split()))
        printer.status = [0x12, 0x12, 0x12]
        await till.until(lambda: "● Printer ready" in till.text)


async def test_what_waits_is_printed_by_the_next_start(
    shop_url: str, tmp_path: Path, printer: AnsweringPrinter
) -> None:
    """The till is left without paper and started again with paper: the receipt comes by itself, once, and the drawer stays shut."""
    printer.status = [0x1A, 0x32, 0x7E]
    settings = PrinterSettings(printer.target)
    async with running(shop_url, devices=RegisterDevices([], settings, queue=tmp_path / "queue")) as till:
        await till.scan(TEA)
        await till.press("f12", "f12")
        await till.until(lambda: "◌ Waits for the printer." in till.text)
        assert printer.paper == b""
        await till.press("ctrl+q")
        till.see("One receipt waits at the printer; it is printed when the till is")
    kicks = printer.kicks
    assert kicks == 1
    printer.status = [0x12, 0x12, 0x12]
    async with running(shop_url, devices=RegisterDevices([], settings, queue=tmp_path / "queue")) as till:
        await till.until(lambda: b"Green tea" in printer.paper)
        await till.press("f8")
        await till.until(lambda: "printed" in till.text)
    assert printer.paper.count(b"Green tea") == 1
    assert printer.kicks == kicks
    assert [file.name for file in (tmp_path / "queue").iterdir()] == ["lock"]


async def test_after_a_restart_a_person_is_asked(shop_url: str, tmp_path: Path, printer: AnsweringPrinter) -> None:
    """A receipt that broke off stands in the printer's list at the next start, by its number: F5 prints it, and F6 does not."""
    printer.breaks = True
    settings = PrinterSettings(printer.target)
    async with running(shop_url, devices=RegisterDevices([], settings, queue=tmp_path / "queue")) as till:
        await till.scan(TEA)
        await till.press("f12", "f12")
        await till.until(lambda: "Look at the paper" in till.text)
        await till.press("f8")
    printer.breaks, printer.paper = False, b""
    async with running(shop_url, devices=RegisterDevices([], settings, queue=tmp_path / "queue")) as till:
        await till.until(lambda: "Ctrl+P: print it again, or not." in " ".join(till.text.split()))
        assert printer.paper == b""
        await till.press("ctrl+p")
        till.see("till-1-000001", "look!", "The program ended while this job", "till-1-000001, copy", "waits")
        await till.press("f5")
        await till.until(lambda: "Nothing waits at the printer." in till.text)
        till.see("● Printer ready")
        assert printer.paper.count(b"Green tea") == 2
        await till.press("f5")
        assert till.bar == "✖ Nothing waits at the printer."
        await till.press("escape")
        assert till.screen == "SaleScreen"


async def test_a_copy_that_broke_off_can_be_dropped(shop_url: str, printer: AnsweringPrinter) -> None:
    """It has no receipt's screen of its own any more: the printer's list has it, and F6 lets the next one go."""
    devices = RegisterDevices([], PrinterSettings(printer.target))
    async with running(shop_url, devices=devices) as till:
        await till.scan(TEA)
        await till.press("f12", "f12")
        await till.until(lambda: "✓ Printed." in till.text)
        printer.breaks = True
        await till.press("f8")
        await till.until(lambda: "Look at the paper" in till.text)
        await till.next_customer()
        printer.breaks = False
        await till.press("ctrl+p")
        till.see("till-1-000001, copy")
        await till.press("f6")
        till.see("✓ It is not printed any more", "Nothing waits at the printer.")
