"""Known makes of scanners."""

import pytest

from drivers.presets import PRESETS, preset


def test_the_makes_that_there_are() -> None:
    """Each preset is found under its own name, in any case."""
    assert set(PRESETS) == {"generic", "zebra", "honeywell", "datalogic", "newland", "nixdorf", "olivetti"}
    for name in PRESETS:
        assert preset(f" {name.upper()} ").name == name


def test_an_unknown_make_names_the_known_ones() -> None:
    """The error helps to choose."""
    with pytest.raises(ValueError, match="datalogic, generic, honeywell"):
        preset("acme")


def test_the_makers_tables() -> None:
    """Speed, parity, bits and answers as in the makers' manuals."""
    lines = {name: (made.line.baud, made.line.parity, made.line.bits) for name, made in PRESETS.items()}
    assert lines == {
        "generic": (9600, "N", 8),
        "zebra": (9600, "N", 8),
        "honeywell": (115200, "N", 8),
        "datalogic": (9600, "O", 7),
        "newland": (9600, "N", 8),
        "nixdorf": (9600, "O", 8),
        "olivetti": (9600, "E", 7),
    }
    assert [name for name, made in PRESETS.items() if made.acknowledge] == ["olivetti"]
