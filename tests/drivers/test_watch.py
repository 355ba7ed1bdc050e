"""How a printer is between its jobs, and the drawer's switch."""

import pytest

from drivers.drawer import Drawer
from drivers.queue_events import PrinterSeen
from drivers.reasons import because
from drivers.status import Status
from drivers.watch import Watch

WELL = Status(None, paper_low=False)


def test_a_change_is_told_once() -> None:
    """Well is what is taken for granted; no paper is told when it is seen, and again when there is some."""
    watch = Watch("kitchen", Drawer(), 20, 100.0)
    assert watch.look_at == 100
    assert watch.looked(WELL, None, 100.0) is None
    assert watch.look_at == 120
    out = watch.looked(Status("printer.paper_out", paper_low=True), None, 120.0)
    assert out == PrinterSeen(because("printer.paper_out", printer="kitchen"), paper_low=True)
    assert watch.looked(Status("printer.paper_out", paper_low=True), None, 140.0) is None
    assert watch.printed(False) == PrinterSeen(None)


def test_one_look_in_vain_is_no_alarm() -> None:
    """Another till may be printing just then; the second look two seconds later tells, and it is looked again."""
    watch = Watch("kitchen", Drawer(), 20, 0.0)
    off = because("printer.off", printer="kitchen")
    assert watch.looked(None, off, 0.0) is None
    assert watch.look_at == 2
    assert watch.looked(None, off, 2.0) == PrinterSeen(off)
    assert watch.look_at == 22
    assert watch.looked(WELL, None, 22.0) == PrinterSeen(None)


def test_a_printer_that_never_answers_is_left_alone() -> None:
    """A cheap one might print the questions: it is asked twice, and never again."""
    watch = Watch("kitchen", Drawer(open_level="high"), 20, 0.0)
    assert watch.looked(None, None, 0.0) is None
    assert watch.looked(None, None, 2.0) is None
    assert watch.look_at is None
    watch.drawer_moved(50.0)
    assert watch.look_at is None


def test_an_open_drawer_is_looked_at_until_it_is_closed() -> None:
    """A second after the pulse, and every second while it stands open; a drawer without a switch is not."""
    watch = Watch("kitchen", Drawer(open_level="high"), 20, 0.0)
    watch.looked(WELL, None, 0.0)
    watch.drawer_moved(5.0)
    assert watch.look_at == 6
    assert watch.looked(Status(None, paper_low=False, pin_high=True), None, 6.0) == PrinterSeen(None, drawer_open=True)
    assert watch.look_at == 7
    assert watch.looked(WELL, None, 7.0) == PrinterSeen(None, drawer_open=False)
    assert watch.look_at == 27
    without = Watch("kitchen", Drawer(), 20, 0.0)
    without.looked(WELL, None, 0.0)
    without.drawer_moved(5.0)
    assert without.look_at == 20


def test_the_pulse_is_what_the_command_reference_says() -> None:
    """Pin, and times in units of two milliseconds (ESC p) or of a hundred (DLE DC4)."""
    assert Drawer().pulse() == b"\x1bp\x00\x19\xfa"
    assert Drawer(pin=5, on=120, off=240).pulse() == b"\x1bp\x01\x3c\x78"
    assert Drawer(pin=5, on=120).pulse_at_once() == b"\x10\x14\x01\x01\x01"
    assert Drawer(on=510).pulse_at_once() == b"\x10\x14\x01\x00\x05"
    with pytest.raises(ValueError, match="510"):
        Drawer(on=511)


@pytest.mark.parametrize(
    ("level", "high", "is_open"), [("high", True, True), ("high", False, False), ("low", True, False)]
)
def test_the_switch_is_read_as_the_settings_say(level: str, high: bool, is_open: bool) -> None:
    """Drawers differ in what they give while they are open; one without a switch tells nothing."""
    status = Status(None, paper_low=False, pin_high=high)
    assert Drawer(open_level=level).is_open(status) is is_open  # type: ignore[arg-type]
    assert Drawer().is_open(status) is None
    assert Drawer(open_level="high").is_open(None) is None
