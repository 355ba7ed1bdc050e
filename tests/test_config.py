"""The settings of a register: what is left out, what comes first, and everything wrong at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.code_ids import CODE_IDS
from drivers.drawer import Drawer
from drivers.presets import PRESETS
from pos_loyalty.config import DisplaySettings, PrinterSettings, Settings, SettingsWrong, load
from pos_loyalty.domain.card import CardRange, CardRanges
from pos_loyalty.language import Language

FULL = """
[register]
name = "till-2"
language = "bg"
store = "sqlite:////var/lib/pos-loyalty/shop.db"
operator = "anna"

[shop]
name = "Corner Shop"
address = ["1 Main Street", "Sofia"]
footer = "Thank you"
member = "corner-shop"

[[scanner]]
port = "/dev/serial/by-id/usb-1"
preset = "olivetti"
baud = 19200
parity = "odd"
bytesize = 8
flow = "rtscts"
suffix = "crlf"

[[scanner]]
port = "wedge"

[printer]
target = "tcp://192.0.2.7:9100"
profile = "58mm"

[cards]
ean13_prefix = "27"
code128_prefix = "CS"
"""


def _file(tmp_path: Path, text: str) -> str:
    file = tmp_path / "register.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def _wrong(tmp_path: Path, text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(SettingsWrong) as caught:
        load({}, config=_file(tmp_path, text))
    say = Language("en").say
    return [(p.line, p.field, say(p.message) + (" " + say(p.mend) if p.mend else "")) for p in caught.value.problems]


def test_no_file_is_fine() -> None:
    """Without a file a register is till-1, in English, and keeps its store in the user's data folder."""
    settings = load({})
    assert (settings.register, settings.language, settings.operator) == ("till-1", "en", "")
    assert settings.store == str(settings.data / "shop.db")
    assert settings.scanners == ()
    assert settings.printer is None
    assert settings.cards == CardRanges()


def test_a_full_file_is_read(tmp_path: Path) -> None:
    """Every key of the file is in the settings, and a scanner's own keys lie over its preset."""
    settings = load({}, config=_file(tmp_path, FULL))
    assert (settings.register, settings.language, settings.operator) == ("till-2", "bg", "anna")
    assert settings.store == "sqlite:////var/lib/pos-loyalty/shop.db"
    assert settings.shop.address == ("1 Main Street", "Sofia")
    assert settings.shop.footer == ("Thank you",)
    assert settings.shop.member == "corner-shop"
    first, second = settings.scanners
    assert (first.preset.line.baud, first.preset.line.parity, first.preset.line.bits) == (19200, "O", 8)
    assert first.preset.line.flow == "rtscts"
    assert first.preset.framing.terminators == b"\r\n"
    assert first.preset.framing.prefix == b"\x02"
    assert first.preset.acknowledge
    assert second.port == "wedge"
    assert settings.printer is not None
    assert (settings.printer.target, settings.printer.profile) == ("tcp://192.0.2.7:9100", "58mm")
    assert settings.cards == CardRanges((CardRange("27"), CardRange("CS", "damm")))


def test_a_register_may_want_a_shift(tmp_path: Path) -> None:
    """`shift` is "required" or "free", and nothing else."""
    assert load({}, config=_file(tmp_path, '[register]\nshift = "required"\n')).shift_required
    assert not load({}, config=_file(tmp_path, '[register]\nshift = "free"\n')).shift_required
    ((line, field, _),) = _wrong(tmp_path, '[register]\nshift = "sometimes"\n')
    assert (line, field) == (2, "register.shift")


def test_what_a_scanner_can_be_told_is_set_with_its_make(tmp_path: Path) -> None:
    """Beeps, switching off, code letters, and a wedge's layout and pace are read; a make that cannot beep says which can."""
    settings = load(
        {},
        config=_file(
            tmp_path,
            """
[[scanner]]
port = "/dev/ttyACM0"
preset = "datalogic"
beep = true
disable_when_closed = true
code_ids = "symbol"
[[scanner]]
port = "wedge"
layout = "bg-phonetic"
slow = true
""",
        ),
    )
    first, second = settings.scanners
    assert (first.beep, first.disable_when_closed, first.preset.framing.code_ids) == (True, True, CODE_IDS["symbol"])
    assert (second.layout, second.slow, second.beep) == ("bg-phonetic", True, False)
    problems = _wrong(tmp_path, '[[scanner]]\nport = "x"\npreset = "newland"\nbeep = true\nlayout = "ruu"\n')
    assert [(line, field.rpartition(".")[2]) for line, field, _ in problems] == [(4, "beep"), (5, "layout")]
    assert "honeywell" in problems[0][2]


def test_the_call_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    """--store beats POS_LOYALTY_STORE, which beats the file; --scanner and --printer replace the file's for one run."""
    file = _file(tmp_path, FULL)
    environment = {"POS_LOYALTY_CONFIG": file, "POS_LOYALTY_STORE": "from-environment.db"}
    assert load(environment).store == "from-environment.db"
    assert load(environment, store="from-call.db").store == "from-call.db"
    once = load(environment, scanner="/dev/ttyUSB7", printer="file:/dev/usb/lp0")
    assert [scanner.port for scanner in once.scanners] == ["/dev/ttyUSB7"]
    assert once.printer is not None
    assert (once.printer.target, once.printer.profile) == ("file:/dev/usb/lp0", "58mm")
    assert load(environment, scanner="/dev/serial/by-id/usb-1").scanners[0].preset.acknowledge


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Each wrong key or value is one sentence with its line and field, and a suggestion where one is near."""
    problems = _wrong(
        tmp_path,
        """
[register]
nmae = "till-1"
name = "Till 1"
language = "fr"
operator = 7
[shop]
address = [1]
member = "a shop"
[[scanner]]
preset = "generik"
baud = "9600"
bytesize = 9
[printer]
target = "lpt1"
profile = "big"
[cards]
ean13_prefix = "2"
[prniter]
""",
    )
    fields = [(line, field) for line, field, _ in problems]
    assert fields == [
        (3, "register.nmae"),
        (4, "register.name"),
        (5, "register.language"),
        (6, "register.operator"),
        (8, "shop.address"),
        (9, "shop.member"),
        (10, "scanner[1].port"),
        (11, "scanner[1].preset"),
        (12, "scanner[1].baud"),
        (13, "scanner[1].bytesize"),
        (15, "printer.target"),
        (16, "printer.profile"),
        (18, "cards.ean13_prefix"),
        (19, "prniter"),
    ]
    texts = {field: text for _, field, text in problems}
    assert 'Did you mean "name"?' in texts["register.nmae"]
    assert 'Did you mean "printer"?' in texts["prniter"]
    assert 'Did you mean "generic"?' in texts["scanner[1].preset"]


@pytest.mark.parametrize(
    "line", ["baud = 300", "baud = true", 'flow = "dtr"', "bytesize = true", 'suffix = "crcr"', 'prefix = ""']
)
def test_a_scanner_is_refused_what_no_device_has(tmp_path: Path, line: str) -> None:
    """What a scanner's line or framing cannot be is a sentence where the settings are read, not a fault of the port."""
    assert len(_wrong(tmp_path, f'[[scanner]]\nport = "/dev/ttyS0"\n{line}')) == 1


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("suffix", ["cr", "lf", "crlf", "tab", "etx", "none"])
def test_every_preset_takes_every_suffix(tmp_path: Path, preset: str, suffix: str) -> None:
    """A preset with another suffix is a scanner that can be read."""
    text = f'[[scanner]]\nport = "/dev/ttyS0"\npreset = "{preset}"\nsuffix = "{suffix}"\nbaud = 38400\n'
    (scanner,) = load({}, config=_file(tmp_path, text)).scanners
    assert scanner.preset.line.baud == 38_400


@pytest.mark.parametrize("name", ["", "Till", "till_1", "a" * 21, "-till", "каса", "till 1"])
def test_a_register_name_is_short_and_plain(tmp_path: Path, name: str) -> None:
    """A register's name is in every receipt's number and barcode: lower-case letters, digits and hyphens, at most 20."""
    assert [field for _, field, _ in _wrong(tmp_path, f'[register]\nname = "{name}"')] == ["register.name"]


@pytest.mark.parametrize("text", ["[register", "a = " + "[" * 400, "a = " + "9" * 5000, "x = 1\n" * 40_000])
def test_what_is_no_settings_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    """A file that is not TOML, nests too deep or is far too long is refused, not read halfway."""
    assert len(_wrong(tmp_path, text)) == 1


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A settings file that is not there, is a folder or is no text says so; only one that nobody named may be missing."""
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("none.toml", "", "binary.toml", "a\x00b"):
        with pytest.raises(SettingsWrong) as caught:
            load({}, config=str(tmp_path / name))
        assert len(caught.value.problems) == 1


def test_a_printer_named_for_one_run_is_checked() -> None:
    """--printer with something that names no printer is refused before anything is sold."""
    with pytest.raises(SettingsWrong):
        load({}, printer="epson")


def test_settings_are_values() -> None:
    """Settings cannot be changed once they were read."""
    with pytest.raises(AttributeError):
        load({}).register = "till-9"  # type: ignore[misc]
    assert isinstance(load({}), Settings)


def test_the_lock_is_set_in_minutes(tmp_path: Path) -> None:
    """Ten unless the file says otherwise; 0 is never; anything but whole minutes of a day is refused, by line."""
    assert load({}).lock_minutes == 10
    assert load({}, config=_file(tmp_path, "[register]\nlock_minutes = 0\n")).lock_minutes == 0
    for wrong in ("-1", "1441", '"5"', "true", "2.5"):
        (problem,) = _wrong(tmp_path, f"[register]\nlock_minutes = {wrong}\n")
        assert problem[:2] == (2, "register.lock_minutes")
        assert "from 0 (never) to 1" in problem[2]


def test_several_ranges_of_cards_are_read(tmp_path: Path) -> None:
    """EAN-13 by its digits, Code 128 with Damm or Luhn; the first is issued from; colours stand by tier."""
    settings = load(
        {},
        config=_file(
            tmp_path,
            """
[[cards.range]]
prefix = "KA"
digits = 9
check = "luhn"
[[cards.range]]
prefix = "0412"
[[cards.range]]
prefix = "L"
[cards.colours]
gold = "#B08D2F"
[scales]
prefixes = ["22", "23"]
""",
        ),
    )
    assert settings.cards == CardRanges((CardRange("KA", "luhn", 9), CardRange("0412"), CardRange("L", "damm")))
    assert settings.cards.first.number(7) == "KA0000000075"
    assert settings.card_colours == {"gold": "#b08d2f"}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[cards]\nean13_prefix = "40"', "cards.ean13_prefix"),
        ('[cards]\nean13_prefix = "221"\n[scales]\nprefixes = ["22"]', "cards.ean13_prefix"),
        ('[scales]\nprefixes = ["2"]', "cards.ean13_prefix"),
        ('[scales]\nprefixes = ["2a"]', "scales.prefixes"),
        ('[cards]\ncode128_prefix = "G"', "cards.code128_prefix"),
        ('[cards]\ncode128_prefix = "C"', "cards.code128_prefix"),
        ('[cards]\nean13_prefix = "29"\n[[cards.range]]\nprefix = "28"', "cards.ean13_prefix"),
        ('[[cards.range]]\nprefix = "28"\n[[cards.range]]\nprefix = "281"', "range[2].prefix"),
        ('[[cards.range]]\nprefix = "L"\n[[cards.range]]\nprefix = "L1"\ndigits = 6', "range[2].prefix"),
        ('[[cards.range]]\nprefix = "28"\ncheck = "luhn"', "range[1].check"),
        ('[[cards.range]]\nprefix = "L"\ncheck = "ean"', "range[1].check"),
        ('[[cards.range]]\nprefix = "L"\ndigits = 3', "range[1].digits"),
        ('[[cards.range]]\nprefix = "LOYALTY"\ndigits = 25', "range[1].digits"),
        ('[[cards.range]]\nprefix = "]L"', "range[1].prefix"),
        ('[cards.colours]\ngold = "gold"', "cards.colours.gold"),
    ],
)
def test_card_numbers_that_could_be_something_else_are_refused(tmp_path: Path, text: str, field: str) -> None:
    """Two ranges that meet, weighed goods, certificates, coupons, and goods of the world's own prefixes: one sentence each."""
    assert [one for _, one, _ in _wrong(tmp_path, text)] == [field]


def test_the_customer_display(tmp_path: Path) -> None:
    """Its port is all that is needed; command set, code page and speed can be said, and what there is not is refused."""
    text = '[display]\nport = "/dev/ttyUSB0"\n'
    assert load({}, config=_file(tmp_path, text)).display == DisplaySettings("/dev/ttyUSB0")
    text += 'preset = "cd5220"\ncodepage = "cp866"\nbaud = 19200\n'
    settings = load({}, config=_file(tmp_path, text))
    assert settings.display == DisplaySettings("/dev/ttyUSB0", "cd5220", "cp866", 19200)
    wrong = _wrong(tmp_path, '[display]\npreset = "cd522"\ncodepage = "klingon"\nbaud = 7\n')
    assert [(line, field) for line, field, _ in wrong] == [
        (1, "display.port"),
        (2, "display.preset"),
        (3, "display.codepage"),
        (4, "display.baud"),
    ]
    assert "cd5220" in wrong[1][2]


def test_a_printers_logo_and_drawer(tmp_path: Path) -> None:
    """The picture is looked for beside the file; the drawer's pulse and switch are handed down with the printer."""
    (tmp_path / "shop.png").write_bytes(b"picture")
    text = """
[printer]
target = "usb:04b8:0e15"
profile = "epson-tm-t20"
logo = "shop.png"

[drawer]
pin = 5
pulse = 120
open = "low"
"""
    settings = load({}, config=_file(tmp_path, text))
    drawer = Drawer(pin=5, on=120, off=500, open_level="low")
    assert settings.printer == PrinterSettings("usb:04b8:0e15", "epson-tm-t20", tmp_path / "shop.png", drawer)
    other = load({}, config=_file(tmp_path, text), printer="cups:receipts")
    assert other.printer == PrinterSettings("cups:receipts", "epson-tm-t20", tmp_path / "shop.png", drawer)


def test_what_is_wrong_with_a_printer_or_a_drawer(tmp_path: Path) -> None:
    """A picture that is not there, a pin that no connector has, times that no pulse lasts, a drawer without a printer."""
    text = """
[printer]
target = "usb:lp0"
logo = "none.png"

[drawer]
pin = 3
pulse = 1
pause = 511
open = "ajar"
"""
    wrong = _wrong(tmp_path, text)
    assert [(line, field) for line, field, _ in wrong] == [
        (3, "printer.target"),
        (4, "printer.logo"),
        (7, "drawer.pin"),
        (8, "drawer.pulse"),
        (9, "drawer.pause"),
        (10, "drawer.open"),
    ]
    assert "There is no picture" in wrong[1][2]
    assert "milliseconds from 2 to 510" in wrong[3][2]
    ((_, field, said),) = _wrong(tmp_path, "[drawer]\npin = 2\n")
    assert (field, "there is no [printer] here" in said) == ("drawer", True)
