"""Known makes of scanners."""

import pytest

from drivers.framing import Framing
from drivers.presets import PRESETS, Line, preset


def test_the_makes_that_there_are() -> None:
    """Each preset is found under its own name, in any case."""
    makes = "generic ssi zebra hid-pos simple-com honeywell datalogic newland icl fujitsu nixdorf olivetti"
    assert " ".join(PRESETS) == makes
    for name in PRESETS:
        assert preset(f" {name.upper()} ").name == name


def test_an_unknown_make_names_the_known_ones() -> None:
    """The error helps to choose."""
    with pytest.raises(ValueError, match="datalogic, fujitsu, generic, hid-pos, honeywell"):
        preset("acme")


def test_the_makers_tables() -> None:
    """Speed, parity, bits and answers as in the makers' manuals."""
    lines = {name: (made.line.baud, made.line.parity, made.line.bits) for name, made in PRESETS.items()}
    assert lines == {
        "generic": (9600, "N", 8),
        "ssi": (9600, "N", 8),
        "zebra": (9600, "N", 8),
        "hid-pos": (9600, "N", 8),
        "simple-com": (9600, "N", 8),
        "honeywell": (115200, "N", 8),
        "datalogic": (9600, "O", 7),
        "newland": (9600, "N", 8),
        "icl": (9600, "E", 8),
        "fujitsu": (9600, "N", 8),
        "nixdorf": (9600, "O", 8),
        "olivetti": (9600, "E", 7),
    }
    assert [name for name, made in PRESETS.items() if made.acknowledge] == ["olivetti"]


def test_a_shop_adjusts_a_preset_and_a_wrong_value_is_refused_there() -> None:
    """Speed, gap and window are replaced, the rest stays; what cannot work is refused before a thread
    runs."""
    made = preset("zebra").adjusted(baud=115200, idle_gap=0.2, repeat_window=1.0)
    assert (made.line, made.framing) == (Line(baud=115200), Framing(idle_gap=0.2, repeat_window=1.0))
    assert preset("zebra").adjusted() == PRESETS["zebra"]
    with pytest.raises(ValueError, match="speed"):
        preset("zebra").adjusted(baud=9601)
    with pytest.raises(ValueError, match="window"):
        preset("zebra").adjusted(repeat_window=60)
