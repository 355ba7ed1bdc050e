"""Writing a choice into the settings file keeps everything else in it, and the file is never half there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.config import Settings, load
from pos_loyalty.config_write import changed, write_choice
from pos_loyalty.domain.message import Refused

WRITTEN = """# Till by the door; Ana set it up.
[register]
name = "till-2"   # as on the sticker

[[scanner]]
# the old one
port = "/dev/ttyACM0"
preset = "zebra"

[printer]
target = "tcp://192.0.2.7:9100"
profile = "58mm" # narrow
"""


def plain(folder: Path) -> Settings:
    return Settings(store="shop.db", data=folder)


def test_comments_and_everything_else_stay(tmp_path: Path) -> None:
    """Only what was chosen differs, line by line; the file as it was is kept beside it, with its rights."""
    file = tmp_path / "register.toml"
    file.write_text(WRITTEN, encoding="utf-8")
    file.chmod(0o640)
    write_choice(file, "printer", "file:/dev/usb/lp0", "", plain(tmp_path))
    before, after = WRITTEN.splitlines(), file.read_text(encoding="utf-8").splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ('target = "tcp://192.0.2.7:9100"', 'target = "file:/dev/usb/lp0"')
    ]
    assert (tmp_path / "register.toml.bak").read_text(encoding="utf-8") == WRITTEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["register.toml", "register.toml.bak"]


def test_each_role_is_read_back_as_it_was_chosen(tmp_path: Path) -> None:
    """A scanner is added, or changed where its port is there already; printer and display are replaced."""
    file = tmp_path / "sub" / "register.toml"
    write_choice(file, "scanner", "/dev/ttyACM0", "honeywell", plain(tmp_path))
    write_choice(file, "scanner", "/dev/ttyACM1", "", plain(tmp_path))
    write_choice(file, "scanner", "/dev/ttyACM0", "newland", plain(tmp_path))
    write_choice(file, "printer", "serial:/dev/ttyUSB0", "58mm", plain(tmp_path))
    write_choice(file, "display", "/dev/ttyUSB1", "cd5220", plain(tmp_path))
    settings = load({}, config=str(file))
    presets = [(one.port, one.preset.name if one.preset else "") for one in settings.scanners]
    assert presets == [("/dev/ttyACM0", "newland"), ("/dev/ttyACM1", "generic")]
    assert settings.printer is not None
    assert (settings.printer.target, settings.printer.profile) == ("serial:/dev/ttyUSB0", "58mm")
    assert settings.display is not None
    assert (settings.display.port, settings.display.preset) == ("/dev/ttyUSB1", "cd5220")


@pytest.mark.parametrize("text", ["[register\n", '[register]\nname = "TILL 2"\n', "printer = 3\n[[display]]\n"])
def test_a_file_that_cannot_be_used_stays_as_it_is(tmp_path: Path, text: str) -> None:
    """What is no TOML, or has faults of its own, is refused, and not a byte of it is changed."""
    file = tmp_path / "register.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        write_choice(file, "scanner", "/dev/ttyACM0", "zebra", plain(tmp_path))
    assert refused.value.code == "settings-unwritable"
    assert file.read_text(encoding="utf-8") == text
    assert not list(tmp_path.glob(".register.toml.*"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The system's reason is said."""
    (tmp_path / "file").touch()
    with pytest.raises(Refused) as refused:
        write_choice(tmp_path / "file" / "register.toml", "display", "/dev/ttyUSB1", "", plain(tmp_path))
    assert refused.value.code == "settings-unwritable"


@given(port=st.text(min_size=1, max_size=40), preset=st.sampled_from(["", "zebra"]))
def test_any_port_reads_back(port: str, preset: str) -> None:
    """Whatever a device is called, what is written is TOML that says the same."""
    import tomllib

    document = tomllib.loads(changed(WRITTEN, "scanner", port, preset))
    assert document["scanner"][-1]["port"] == port
    assert document["register"] == {"name": "till-2"}
