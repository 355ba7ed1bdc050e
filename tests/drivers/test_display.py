"""What is put on a customer display is what a customer reads, and no text is ever a command."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.display import BrokenDisplay, DisplayEvent, DisplayLost, DisplayReady, PortDisplay, RecorderDisplay
from drivers.display_commands import COLUMNS, DISPLAYS, Shown, display_preset, encode
from drivers.display_letters import CODEPAGES, shown
from drivers.reasons import because
from drivers.simulated_display import Panel
from drivers.simulator import SimulatedScanner

texts = st.text(max_size=60)
screens = st.builds(Shown, texts, texts, texts, texts, st.booleans())


@given(screen=screens, before=st.binary(max_size=80), codepage=st.sampled_from(CODEPAGES))
def test_any_text_on_any_display(screen: Shown, before: bytes, codepage: str) -> None:
    """Of whatever text, every command set shows exactly the same two lines, whatever bytes of letters came before."""
    seen = set()
    for name, preset in DISPLAYS.items():
        panel = Panel(name, codepage)
        panel.feed(bytes(byte for byte in before if byte >= 32))
        panel.feed(encode(screen, preset, codepage))
        upper, lower = panel.text
        assert len(upper) == len(lower) == COLUMNS
        seen.add((upper, lower))
    assert len(seen) == 1


@given(text=texts, codepage=st.sampled_from(CODEPAGES))
def test_no_letter_is_a_command(text: str, codepage: str) -> None:
    """Whatever a name holds, only bytes that are letters come of it."""
    assert all(byte >= 32 for byte in shown(text, codepage))


@given(data=st.lists(st.binary(max_size=30), max_size=8), name=st.sampled_from(sorted(DISPLAYS)))
def test_a_panel_reads_whatever_comes(data: list[bytes], name: str) -> None:
    """Bytes in any pieces show the same, and always two lines of twenty."""
    whole, pieces = Panel(name), Panel(name)
    whole.feed(b"".join(data))
    for piece in data:
        pieces.feed(piece)
    assert whole.text == pieces.text
    assert [len(row) for row in whole.text] == [COLUMNS, COLUMNS]


@pytest.mark.soak
def test_a_million_random_bytes() -> None:
    """Nothing is raised by a million bytes of noise."""
    import random

    noise = random.Random(6)
    for name in DISPLAYS:
        panel = Panel(name)
        panel.feed(noise.randbytes(1_000_000 // len(DISPLAYS)))
        assert len("".join(panel.text)) == 2 * COLUMNS


@pytest.mark.parametrize(
    ("name", "codepage", "data"),
    [
        ("epson", "cp866", b"\x1bt\x11\x1f\x01\x1fC\x00\x1f$\x01\x01\x97\xa0\xa9" + b" " * 12 + b" 3.50\x1f$\x01\x02"),
        ("cd5220", "cp866", b"\x1bQA\x97\xa0\xa9" + b" " * 12 + b" 3.50\r\x1bQB"),
        ("utc", "cp866", b"\x11\x14\x10\x00\x97\xa0\xa9" + b" " * 12 + b" 3.50\x10\x14"),
        ("adm", "cp866", b"\x0e\x97\xa0\xa9" + b" " * 12 + b" 3.50\x0f"),
        ("dsp-800", "cp866", b"\x04\x01P1\x17\x97\xa0\xa9" + b" " * 12 + b" 3.50\x04\x01PE\x17"),
    ],
)
def test_the_bytes_of_the_manuals(name: str, codepage: str, data: bytes) -> None:
    """Each command set's bytes are those of its manual."""
    assert encode(Shown("Чай", "3.50"), DISPLAYS[name], codepage).startswith(data)


@pytest.mark.parametrize(
    ("text", "codepage", "words"),
    [
        ("Żółta herbata", "cp852", "Żółta herbata"),
        ("Żółta herbata", "cp437", "Zólta herbata"),
        ("Đačko piće №1", "ascii", "Dacko pice No1"),
        ("Отстъпка ѝ", "cp437", "Otstapka i"),
        ("Отстъпка", "cp1251", "Отстъпка"),
        ("12,50\u00a0€", "cp437", "12,50 EUR"),
        ("٣٫٥٠ شاي", "cp437", "350 "),
        ("Щастие", "ascii", "Shtastie"),
    ],
)
def test_letters_that_a_display_lacks(text: str, codepage: str, words: str) -> None:
    """What a page lacks is written as near as its letters allow; Arabic is left out, its digits are not."""
    assert shown(text, codepage).decode(codepage) == words


def test_an_amount_is_never_cut() -> None:
    """Words give way to what stands at the end of the line."""
    panel = Panel("epson")
    panel.feed(encode(Shown("A very long name of some goods", "1,234.50", "Hi"), DISPLAYS["epson"], "cp437"))
    assert panel.text == ("A very long 1,234.50", "Hi" + " " * 18)
    panel.feed(encode(Shown("Corner Shop", "", "Hi", middle=True), DISPLAYS["epson"], "cp437"))
    assert panel.text == ("    Corner Shop     ", "         Hi         ")


def test_what_there_is_not() -> None:
    """A command set or a code page that there is not is named, with those that there are."""
    with pytest.raises(ValueError, match="choose one of epson"):
        display_preset("braille")
    with pytest.raises(ValueError, match="choose one of cp437"):
        encode(Shown(), DISPLAYS["epson"], "cp65001")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def read_panel(device: SimulatedScanner, panel: Panel) -> tuple[str, str]:
    panel.feed(device.answers())
    return panel.text


def test_a_display_that_is_unplugged_and_plugged_in_again() -> None:
    """Its absence is said without anything being written to it, and it shows what it should have shown by then."""
    said: list[DisplayEvent] = []
    with SimulatedScanner() as device:
        panel = Panel("cd5220")
        display = PortDisplay(device.port, DISPLAYS["cd5220"], "cp437", said.append)
        display.show(Shown("Tea", "3.50"))
        until(lambda: read_panel(device, panel)[0] == "Tea             3.50")
        device.unplug()
        until(lambda: any(isinstance(event, DisplayLost) for event in said))
        display.show(Shown("Ham", "9.99"))
        device.replug()
        until(lambda: read_panel(device, panel)[0] == "Ham             9.99")
        display.close()
        display.close()
        display.show(Shown("too late"))
    assert sum(isinstance(event, DisplayReady) for event in said) == 2


def test_nobody_waits_for_a_display_that_is_stuck() -> None:
    """A thousand texts for a display that reads nothing are taken at once; the last one is what it shows in the end."""
    with SimulatedScanner() as device:
        panel = Panel("utc")
        display = PortDisplay(device.port, DISPLAYS["utc"], "cp437", lambda event: None)
        for number in range(1000):
            display.show(Shown(f"Text {number}"))
        until(lambda: read_panel(device, panel)[0].strip() == "Text 999")
        display.close()
    assert not any(thread.name == "display" for thread in threading.enumerate())


def test_a_port_that_is_not_there() -> None:
    """It is said once, with what to do, and tried again."""
    said: list[DisplayEvent] = []
    display = PortDisplay("/dev/nothing-here", DISPLAYS["epson"], "cp437", said.append)
    until(lambda: bool(said))
    display.close()
    assert said == [DisplayLost("/dev/nothing-here", because("port.missing", port="/dev/nothing-here"))]


def test_the_two_for_tests() -> None:
    """The recorder keeps what is shown; its broken twin says why nothing is."""
    recorder, said = RecorderDisplay(), list[DisplayEvent]()
    recorder.show(Shown("Tea"))
    assert recorder.screens == [Shown("Tea")]
    broken = BrokenDisplay(said.append, because("port.unplugged", port="x"))
    broken.show(Shown("Tea"))
    assert [type(event) for event in said] == [DisplayLost]
    recorder.close()
    broken.close()
