"""The demo's scanner behaves as a device does."""

import os
from pathlib import Path

import pytest

from drivers.simulator import SimulatedScanner


def test_nothing_echoes_and_the_bytes_are_raw() -> None:
    """What the reader gets is what was sent, CR as CR, and nothing comes back to the scanner."""
    with SimulatedScanner() as device:
        number = os.open(device.port, os.O_RDWR | os.O_NOCTTY)
        try:
            assert device.scan("4006381333931")
            assert os.read(number, 100) == b"4006381333931\r"
            assert device.answers() == b""
        finally:
            os.close(number)


def test_a_scan_that_nobody_reads_is_lost_and_does_not_block() -> None:
    """Unplugged, or with a full line, `scan` says False at once."""
    with SimulatedScanner() as device:
        assert not all(device.scan("7" * 100) for _ in range(1000))
        device.unplug()
        device.unplug()
        assert not device.scan("4006381333931")
        assert device.answers() == b""
        assert not Path(device.port).exists()
        device.replug()
        device.replug()
        assert device.scan("4006381333931")


def test_a_link_of_a_killed_demo_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    """A link to nothing or to a terminal is taken over; something real in its place is an error, and stays."""
    link = tmp_path / "scanner"
    for left in (tmp_path / "gone", Path("/dev/pts/ptmx")):
        link.symlink_to(left)
        with SimulatedScanner(link) as device:
            assert device.port == str(link)
            assert device.scan("4006381333931")
        assert not link.is_symlink()
    link.write_text("mine")
    with pytest.raises(FileExistsError):
        SimulatedScanner(link)
    assert link.read_text() == "mine"
