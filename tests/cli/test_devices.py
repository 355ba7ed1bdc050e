"""`devices`: what is plugged in is listed, each device is tried, and a whole checkout is simulated."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from practising import Simulation
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.practice import Practice, PracticeEvent
from drivers.printer import open_printer
from drivers.printer_errors import PaperOut
from drivers.simulated_paper import Bars, Cut, Kick, Line, Picture
from pos_loyalty.cli.main import main


@pytest.fixture
def told() -> list[PracticeEvent]:
    return []


@pytest.fixture
def practice(tmp_path: Path, told: list[PracticeEvent]) -> Iterator[Practice]:
    with Practice(tmp_path / "devices", told.append) as one:
        yield one


def settings_for(tmp_path: Path, practice: Practice) -> list[str]:
    file = tmp_path / "register.toml"
    file.write_text(
        f'[[scanner]]\nport = "{practice.scanner.port}"\n'
        f'[printer]\ntarget = "tcp://127.0.0.1:{practice.printer.tcp_port}"\n'
        f'[display]\nport = "{practice.display.port}"\n',
        encoding="utf-8",
    )
    return ["--config", str(file)]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def plug(monkeypatch: pytest.MonkeyPatch, node: str, vid: int, pid: int) -> None:
    port = ListPortInfo(node)
    port.vid, port.pid, port.hwid = vid, pid, "USB"
    monkeypatch.setattr(list_ports, "comports", lambda: [port])


def test_what_is_plugged_in(
    tmp_path: Path, practice: Practice, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A device is named with its ids, port and preset, and what the settings use it as; one that is missing is said."""
    import json

    plug(monkeypatch, practice.scanner.port, 0x05E0, 0x1701)
    config = settings_for(tmp_path, practice)
    practice.display.unplug()
    assert main(["devices", "list", "--json", *config]) == 0
    facts = json.loads(capsysbinary.readouterr().out)
    (scanner,) = facts["devices"]
    assert (scanner["what"], scanner["usb"], scanner["preset"]) == ("scanner", "05E0:1701", "zebra")
    assert scanner["used"] == ["scanner"]
    assert [practice.display.port in sentence for sentence in facts["missing"]] == [True]
    assert main(["devices", "list", *config]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert "Zebra / Symbol (05E0:1701)" in text
    assert "● The settings use it as a scanner." in text
    assert main(["devices", "list", "--rule", *config]) == 0
    assert 'ATTRS{idVendor}=="05e0"' in capsysbinary.readouterr().out.decode()


def test_a_trial_page_and_the_drawer(
    tmp_path: Path, practice: Practice, told: list[PracticeEvent], capsys: pytest.CaptureFixture[str]
) -> None:
    """The page shows every code page, a ruler of the paper's width, a picture and a barcode, and is cut; then the drawer opens."""
    config = settings_for(tmp_path, practice)
    assert main(["devices", "test", "printer", *config]) == 0
    assert "is on paper" in capsys.readouterr().out
    lines = [event.text for event in told if isinstance(event, Line)]
    assert any("ЖжЯяЁё№" in line for line in lines)
    assert any("ĄąČčĐđŁłŠšŽž" in line for line in lines)
    assert ("1234567890" * 5)[:48] in lines
    assert any(isinstance(event, Picture) for event in told)
    assert Bars(0x49, b"{BPOS-LOYALTY-2026") in told
    assert told[-1] == Cut()
    assert not practice.printer.drawer_open
    assert main(["devices", "test", "drawer", "--port", f"serial:{practice.printer.port}"]) == 0
    until(lambda: practice.printer.drawer_open)
    assert isinstance(told[-1], Kick)


def test_a_printer_that_has_no_paper(tmp_path: Path, practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    """It is one sentence with what to do, and exit status 1."""
    practice.printer.set_paper("out")
    assert main(["devices", "test", "printer", *settings_for(tmp_path, practice)]) == 1
    assert "out of paper; put in a new roll" in capsys.readouterr().err


def test_the_display_is_written_on(tmp_path: Path, practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    """Two lines from edge to edge."""
    assert main(["devices", "test", "display", *settings_for(tmp_path, practice)]) == 0
    until(lambda: practice.panel.text[0] == "1234567890" * 2)
    assert practice.panel.text[1].startswith("Test 12,50 EUR")
    assert "Two lines were written" in capsys.readouterr().out
    practice.display.unplug()
    assert main(["devices", "test", "display", *settings_for(tmp_path, practice)]) == 1
    assert "is not there; plug the device in" in capsys.readouterr().err


def test_a_trial_scan(tmp_path: Path, practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    """Its bytes, its code, its kind and the preset that fits; without one, what to look at."""
    config = settings_for(tmp_path, practice)
    timer = threading.Timer(0.5, lambda: practice.scan("]E04006381333931"))
    timer.start()
    assert main(["devices", "test", "scanner", *config]) == 0
    timer.join()
    out = capsys.readouterr().out
    for words in ("5d 45 30 34", "code: 4006381333931", "kind of barcode: ]E0", "preset that fits: generic"):
        assert words in out
    timer = threading.Timer(0.5, lambda: practice.scan("]E04006381333931"))
    timer.start()
    assert main(["devices", "test", "scanner", "--preset", "honeywell", *config]) == 0
    timer.join()
    out = capsys.readouterr().out
    assert "The code is read as it should be." in out
    assert "preset that fits: honeywell" in out
    assert main(["devices", "test", "scanner", "--seconds", "0", *config]) == 1
    assert "Nothing came" in capsys.readouterr().out


def test_a_call_that_names_no_device(capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings and without --port it is said where to name it."""
    for device, table in (
        ("printer", "[printer]"),
        ("drawer", "[printer]"),
        ("display", "[display]"),
        ("scanner", "[[scanner]]"),
    ):
        assert main(["devices", "test", device]) == 2
        assert table in capsys.readouterr().err


def test_a_simulated_checkout(tmp_path: Path) -> None:
    """It prints settings that a till can read, takes commands, tells what happens, and leaves nothing behind."""
    with Simulation(tmp_path) as simulation:
        target = simulation.wait_for(r'target = "(tcp://[^"]+)"')[1]
        simulation.wait_for("Type help")
        assert (tmp_path / "ports/scanner").is_symlink()
        assert open_printer(target).send(b"Hello\n\x1bp\x00\x19\xfa").confirmed
        simulation.wait_for("paper: Hello")
        simulation.wait_for("drawer: open")
        simulation.type("paper out")
        simulation.wait_for("ok")
        with pytest.raises(PaperOut):
            open_printer(target).send(b"More\n")
        simulation.type("nonsense")
        simulation.wait_for("There is no command nonsense")
        simulation.type("show")
        simulation.wait_for("printer: stopped")
        simulation.type("quit")
        assert simulation.process.wait(20) == 0
        assert (tmp_path / "ports/paper.txt").read_text(encoding="utf-8") == "Hello\n"
        assert not (tmp_path / "ports/scanner").is_symlink()
