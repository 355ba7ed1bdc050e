"""Scanners and the printer as the cashier sees them: on a real pseudo-terminal and a real network socket."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from shops import ANA
from tills import TEA, Till, running

from drivers.presets import PRESETS
from drivers.scan_socket import send
from drivers.simulator import SimulatedScanner
from drivers.ssi_packets import ACK, DECODE, DECODER, packet
from pos_loyalty.config import PrinterSettings, ScannerSettings
from pos_loyalty.terminal.devices import Demo, RegisterDevices


async def ready(till: Till) -> None:
    """The scanner has been opened."""
    await till.until(lambda: "Scanner ready" in till.text)


async def test_a_day_on_a_real_scanner(shop_url: str) -> None:
    """A story through a pseudo-terminal: card, goods, unplugged in between and plugged in again, paid, the next customer."""
    with SimulatedScanner() as scanner:
        devices = RegisterDevices([ScannerSettings(scanner.port)], None)
        async with running(shop_url, devices=devices) as till:
            await ready(till)
            scanner.scan(ANA)
            await till.until(lambda: "Ana Kovač" in till.text)
            scanner.scan("JACKET")
            await till.until(lambda: till.due == "4,750.00")
            scanner.unplug()
            await till.until(lambda: "was unplugged or switched off" in till.text)
            till.see("✖ Scanner:")
            scanner.replug()
            await ready(till)
            await asyncio.sleep(0.4)  # a repeat within a held trigger is one scan
            scanner.scan("JACKET")
            await till.until(lambda: till.due == "9,500.00")
            await till.press("f12", "f12")
            till.see("Change, EUR")
            scanner.scan(TEA)
            await till.until(lambda: till.screen == "SaleScreen")
            assert till.due == "3.50"


async def test_a_scanner_that_is_not_there_says_what_to_do(shop_url: str, tmp_path: Path) -> None:
    """A port that cannot be opened is named, with what to do; selling goes on by keyboard."""
    devices = RegisterDevices([ScannerSettings(str(tmp_path / "nothing"))], None)
    async with running(shop_url, devices=devices) as till:
        await till.until(lambda: "✖ Scanner:" in till.text)
        till.see("is not there; plug the device")
        await till.type(TEA)
        assert till.due == "3.50"


async def test_a_garbled_read_says_so(shop_url: str) -> None:
    """Bytes that are no text are refused with what to check, and change nothing."""
    with SimulatedScanner() as scanner:
        devices = RegisterDevices([ScannerSettings(scanner.port)], None)
        async with running(shop_url, devices=devices) as till:
            await ready(till)
            scanner.send(b"\xff\xfe\xfd\x01\r")
            await till.until(lambda: till.bar.startswith("✖ The scanner sent"))
            assert till.due == "0.00"


async def test_a_scanner_beeps_what_became_of_its_scan(shop_url: str) -> None:
    """Known goods beep well, an unknown code and a garbled read badly; a scan that closes a screen is answered by the one below."""
    preset = PRESETS["zebra"]
    good, bad = preset.commands.good, preset.commands.bad
    with SimulatedScanner() as scanner, SimulatedScanner() as silent:
        settings = [ScannerSettings(scanner.port, preset, beep=True), ScannerSettings(silent.port, preset)]
        async with running(shop_url, devices=RegisterDevices(settings, None)) as till:
            await ready(till)
            heard = Heard(scanner)
            scanner.scan(TEA)
            await till.until(lambda: heard.all() == good)
            scanner.scan("NOBODY-KNOWS-IT")
            await till.until(lambda: heard.all() == good + bad)
            scanner.send(b"\xff\xfe\xfd\x01\r")
            await till.until(lambda: heard.all() == good + bad + bad)
            await till.press("f12")
            assert till.screen == "PaymentScreen"
            scanner.scan("JACKET")
            await till.until(lambda: till.screen == "SaleScreen" and heard.all() == good + bad + bad + good)
            silent.scan(ANA)
            await till.until(lambda: "Ana Kovač" in till.text)
            assert silent.answers() == b""


async def test_two_scanners_at_once_and_one_of_them_in_packets(shop_url: str) -> None:
    """A card in SSI packets and goods on a plain line at the same moment: both are on the bill, and each scanner is answered."""
    ssi, datalogic = PRESETS["ssi"], replace(PRESETS["generic"], commands=PRESETS["datalogic"].commands)
    with SimulatedScanner() as packets, SimulatedScanner() as plain:
        settings = [
            ScannerSettings(packets.port, ssi, beep=True, disable_when_closed=True),
            ScannerSettings(plain.port, datalogic, beep=True),
        ]
        devices = RegisterDevices(settings, None)
        async with running(shop_url, devices=devices) as till:
            await ready(till)
            ours, theirs = Heard(packets), Heard(plain)
            await till.until(lambda: ours.all() == ssi.commands.enable)
            packets.send(packet(DECODE, b"\x0b" + ANA.encode(), source=DECODER))
            plain.scan(TEA)
            await till.until(lambda: "Ana Kovač" in till.text and till.due != "0.00")
            await till.until(lambda: theirs.all() == datalogic.commands.good)
            await till.until(lambda: ours.all() == ssi.commands.enable + packet(ACK) + ssi.commands.good)
            devices.close()
            assert ours.all().endswith(ssi.commands.disable)


class Heard:
    """All that was sent to a scanner so far."""

    def __init__(self, scanner: SimulatedScanner) -> None:
        self._scanner = scanner
        self._heard = b""

    def all(self) -> bytes:
        """From the first byte on."""
        self._heard += self._scanner.answers()
        return self._heard


async def test_the_demo_is_heard_from_another_terminal(shop_url: str, tmp_path: Path) -> None:
    """`pos-loyalty scan` reaches the till through the simulated scanner; the demo's keys scan the next card and goods."""
    cards, goods = iter([ANA]), iter(["JACKET"])
    demo = Demo(lambda: next(cards), lambda: next(goods), tmp_path / "scan.sock", tmp_path / "paper.txt")
    async with running(shop_url, devices=RegisterDevices([], None, demo)) as till:
        await ready(till)
        await asyncio.to_thread(send, tmp_path / "scan.sock", [TEA])
        await till.until(lambda: till.due == "3.50")
        keys = {key.key: key.action for key in till.app.devices.demo_keys()}  # type: ignore[attr-defined]
        keys["ctrl+n"]()
        await till.until(lambda: "Ana Kovač" in till.text)
        keys["ctrl+g"]()
        await till.until(lambda: till.due == "4,753.32")
        await till.press("f12", "f12")
        await till.until(lambda: "✓ Printed." in till.text)
        assert "Green tea 20 bags" in (tmp_path / "paper.txt").read_text(encoding="utf-8")


class PrinterOnTheNetwork:
    """A receipt printer behind a socket: it takes jobs, and may break off in the middle of one."""

    def __init__(self, port: int) -> None:
        self.jobs: list[bytes] = []
        self.breaks = False
        self._server = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                job = b""
                while piece := connection.recv(4096):
                    job += piece
                    if self.breaks and len(job) > 60:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        break
                self.jobs.append(job)

    def close(self) -> None:
        self._server.close()


@contextmanager
def free_port() -> Iterator[int]:
    """A port on which nothing listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    yield port


async def test_a_receipt_waits_until_the_printer_is_on(shop_url: str) -> None:
    """With the printer off, the sale is closed, its receipt waits with the reason, and it comes once the printer is on."""
    with free_port() as port:
        devices = RegisterDevices([], PrinterSettings(f"tcp://127.0.0.1:{port}"))
        async with running(shop_url, devices=devices) as till:
            await till.scan(TEA)
            await till.press("f12", "f12")
            await till.until(lambda: "◌ Waits for the printer." in till.text)
            till.see("switch it on", "It is printed by itself")
            await till.scan("JACKET")
            till.see("✖ Printer: one receipt waits.")
            await till.press("f12", "f12")
            await till.until(lambda: "waits for the receipt before" in till.text)
            printer = PrinterOnTheNetwork(port)
            await till.press("f5")
            await till.until(lambda: "✓ Sent to the printer." in till.text)
            till.see("● Printer ready")
            assert len(printer.jobs) == 2
            printer.close()


async def test_a_receipt_that_may_be_printed_is_left_to_a_person(shop_url: str) -> None:
    """A printer that breaks off leaves it open whether the receipt is on paper: F6 drops it, F5 prints it, F8 makes a copy."""
    with free_port() as port:
        printer = PrinterOnTheNetwork(port)
        printer.breaks = True
        devices = RegisterDevices([], PrinterSettings(f"tcp://127.0.0.1:{port}"))
        async with running(shop_url, devices=devices) as till:
            await till.scan(TEA)
            await till.press("f12", "f12")
            await till.until(lambda: "Look at the paper: F5 prints" in till.text)
            till.see("✖ It may be on paper or not.")
            printer.breaks = False
            await till.press("f5")
            await till.until(lambda: "✓ Sent to the printer." in till.text)
            printed = len(printer.jobs)
            await till.press("f8")
            await till.until(lambda: len(printer.jobs) > printed)
            assert b"COPY" in printer.jobs[-1]
            assert b"COPY" not in printer.jobs[-2]
        printer.close()


async def test_leaving_tells_of_receipts_that_wait(shop_url: str) -> None:
    """Whoever leaves while a receipt waits is told that it would not be printed, where it cannot be kept."""
    with free_port() as port:
        devices = RegisterDevices([], PrinterSettings(f"tcp://127.0.0.1:{port}"))
        async with running(shop_url, devices=devices) as till:
            await till.scan(TEA)
            await till.press("f12", "f12")
            await till.until(lambda: "◌ Waits for the printer." in till.text)
            await till.press("ctrl+q")
            till.see("One receipt waits at the printer and would not be printed;")
            await till.press("escape", "f6")
            till.see("It is not printed any more")
