"""The set-up screen, key by key, on the practice devices: what is plugged in is seen, tried and chosen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo
from tills import Till, running

from drivers import detect
from drivers.practice import Practice, PracticeEvent
from drivers.presets import PRESETS
from drivers.simulated_paper import Cut
from pos_loyalty.config import DisplaySettings, PrinterSettings, ScannerSettings, Settings, load
from pos_loyalty.terminal.devices import RegisterDevices
from pos_loyalty.terminal.workbench import Bench


@pytest.fixture
def told() -> list[PracticeEvent]:
    return []


@pytest.fixture
def practice(tmp_path: Path, told: list[PracticeEvent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    """A Zebra scanner and an adapter, which has the display behind it, are plugged in."""
    with Practice(tmp_path / "devices", told.append) as one:
        ports = []
        for node, vid, pid in ((one.scanner.port, 0x05E0, 0x1701), (one.display.port, 0x1A86, 0x7523)):
            port = ListPortInfo(node)
            port.vid, port.pid, port.hwid = vid, pid, "USB"
            ports.append(port)
        monkeypatch.setattr(list_ports, "comports", lambda: ports)
        yield one


async def to_devices(till: Till) -> None:
    """Through the office's menu, wherever it stands there."""
    await till.press("ctrl+o")
    await till.until(lambda: till.screen == "OfficeScreen")
    till.see("What is plugged in: try it and choose it.")
    while not any("▸" in line and "What is plugged in: try it" in line for line in till.lines):
        await till.press("down")
    await till.press("enter")


@asynccontextmanager
async def set_up(shop_url: str, settings: Settings, devices: RegisterDevices | None = None) -> AsyncIterator[Till]:
    """The screen is up, and has looked."""
    async with running(shop_url, workbench=lambda: Bench(settings), devices=devices) as till:
        await to_devices(till)
        await till.until(lambda: till.screen == "DevicesScreen" and "Zebra" in till.text)
        yield till


def settings_in(tmp_path: Path, **more: object) -> Settings:
    return Settings(store="shop.db", data=tmp_path, **more)  # type: ignore[arg-type]


async def test_a_scanner_is_seen_tried_and_chosen(shop_url: str, tmp_path: Path, practice: Practice) -> None:
    """Its name, port and preset; a trial scan with its bytes; and a settings file that a register reads."""
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        till.see("Zebra / Symbol", "QinHeng (CH340)", "a scanner on a serial port", "Use as: scanner, preset: zebra")
        await till.press("f2")
        await till.until(lambda: "Scan something within 20" in till.bar)
        await till.until(lambda: practice.scan("4006381333931"))
        await till.until(lambda: "✓ Scanned: 4006381333931" in till.text)
        till.see("34 30 30 36", "preset that fits: generic", "preset: generic")
        for _ in PRESETS:
            await till.press("f5")
            if "preset: zebra" in till.text:
                break
        await till.press("enter")
        await till.until(lambda: till.bar.startswith("✓ Written to"))
    file = tmp_path / "register.toml"
    (scanner,) = load({}, config=str(file)).scanners
    assert scanner.port == practice.scanner.port
    assert scanner.preset is not None
    assert scanner.preset.name == "zebra"


async def test_leaving_lets_go_of_the_port(shop_url: str, tmp_path: Path, practice: Practice) -> None:
    """Whoever leaves while a trial scan is waited for can try again at once."""
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        await till.press("f2")
        await till.until(lambda: "Scan something within 20" in till.bar)
        await till.press("escape")
        await till.until(lambda: till.screen == "OfficeScreen")
        await till.press("enter")
        await till.until(lambda: "Zebra" in till.text)
        await asyncio.sleep(0.4)
        await till.press("f2")
        await till.until(lambda: practice.scan("4006381333931"))
        await till.until(lambda: "✓ Scanned: 4006381333931" in till.text)


async def test_a_display_behind_an_adapter(shop_url: str, tmp_path: Path, practice: Practice) -> None:
    """What hangs on an adapter is chosen by a key; the display is written on, and its command set chosen."""
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        await till.press("f4")
        await till.until(lambda: "used as nothing else" in till.bar)
        await till.press("down", "f4")
        till.see("Use as: printer")
        await till.press("f4")
        till.see("Use as: display")
        await till.press("f5")
        till.see("Use as: display, preset: epson")
        await till.press("f2")
        await till.until(lambda: "✓ Two lines were written" in till.text)
        await till.until(lambda: practice.panel.text[0] == "1234567890" * 2)
        await till.press("enter")
        await till.until(lambda: till.bar.startswith("✓ Written to"))
    display = load({}, config=str(tmp_path / "register.toml")).display
    assert display == DisplaySettings(practice.display.port, "epson")


async def test_a_printer_on_the_network(
    shop_url: str, tmp_path: Path, practice: Practice, told: list[PracticeEvent]
) -> None:
    """Its address is typed, a page printed, the drawer opened; without paper it is one sentence."""
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        await till.press("f3")
        await till.until(lambda: "choose the printer first" in till.bar)
        await till.press("f6")
        await till.type("tcp://")
        await till.until(lambda: "names no printer" in till.bar)
        await till.press(*(["backspace"] * 6))
        await till.type(f"127.0.0.1:{practice.printer.tcp_port}")
        await till.until(lambda: till.screen == "DevicesScreen")
        till.see(f"tcp://127.0.0.1:{practice.printer.tcp_port}", "Use as: printer")
        await till.press("f2")
        await till.until(lambda: "✓ The printer says" in till.text)
        assert told[-1] == Cut()
        await till.press("f3")
        await till.until(lambda: practice.printer.drawer_open)
        practice.printer.set_paper("out")
        await till.until(lambda: "The pulse was sent" in till.text)
        await till.press("f2")
        await till.until(lambda: "put in a new roll" in till.bar)


async def test_what_the_till_reads_already(shop_url: str, tmp_path: Path, practice: Practice) -> None:
    """A scanner in use is tried by scanning: its code is shown and nothing is rung up; so is a display in use."""
    scanners = (ScannerSettings(practice.scanner.port),)
    display = DisplaySettings(practice.display.port)
    settings = settings_in(
        tmp_path, scanners=scanners, display=display, printer=PrinterSettings("file:/dev/usb/lp-not-there")
    )
    async with set_up(shop_url, settings, RegisterDevices(scanners, None, display=display)) as till:
        till.see("/dev/usb/lp-not-there")
        await till.press("f2")
        await till.until(lambda: "This till reads it" in till.bar)
        practice.scan("JACKET")
        await till.until(lambda: "✓ Scanned: JACKET" in till.text)
        await till.press("down", "f2")
        await till.until(lambda: practice.panel.text[0] == "1234567890" * 2)
        await till.press("escape", "escape")
        await till.until(lambda: till.screen == "SaleScreen")
        assert till.due == "0.00"


async def test_rights_and_the_rule(
    shop_url: str, tmp_path: Path, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not open a device is told how to; the rule for these very devices is shown, and written to a file."""
    monkeypatch.setattr(detect.os, "access", lambda *_: False)
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        till.see("✖", "sudo usermod -aG")
        await till.press("f7")
        await till.until(lambda: till.screen == "DeviceRightsScreen")
        till.see("Who may open a device", "ModemManager")
        await till.press("f2")
        await till.until(lambda: till.bar.startswith("✓ Written to"))
        await till.press("pagedown", "pagedown")
        await till.until(lambda: '"05e0"' in till.text)
    assert 'ATTRS{idVendor}=="05e0"' in (tmp_path / "70-pos-loyalty.rules").read_text(encoding="utf-8")


async def test_a_till_without_devices(shop_url: str) -> None:
    """It says so, and goes on."""
    async with running(shop_url) as till:
        await to_devices(till)
        await till.until(lambda: till.screen == "DevicesScreen")
        await till.until(lambda: "started without its devices" in till.bar)
        await till.press("f2", "f3", "f5", "f7", "enter", "escape")


async def test_the_screen_at_80_by_24(shop_url: str, tmp_path: Path, practice: Practice) -> None:
    """All of it stands in 80 by 24, line by line."""
    async with set_up(shop_url, settings_in(tmp_path)) as till:
        lines = [line.rstrip() for line in till.lines]
        assert lines[0].strip().startswith("Devices")
        assert lines[1].split() == ["Device", "What", "it", "is", "In", "use"]
        assert lines[2].startswith("▸ Zebra / Symbol")
        assert lines[3].startswith("  QinHeng (CH340) serial converter")
        keys = " ".join(lines[-3:])
        for word in ("Help", "Choose", "Try", "Drawer", "Use as", "Preset", "Network", "Rights", "Look again", "Back"):
            assert word in keys
