"""Reading a register's settings file: TOML, with everything that is wrong with it said at once, by line and field.

A key that is not known is never passed over. `pos_loyalty.config` loads this where a run names a file or a printer, and not before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from drivers.code_ids import CODE_IDS, CodeId
from drivers.drawer import LONGEST_PULSE, Drawer, Level
from drivers.layouts import LAYOUTS
from drivers.presets import BAUDS, PRESETS, Flow, Parity, Preset
from drivers.targets import BadTarget, parse_target
from pos_loyalty.config import PrinterSettings, ScannerSettings, Settings, SettingsWrong, ShopSettings
from pos_loyalty.config_cards import read_colours, read_ranges
from pos_loyalty.config_display import read_display
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields
from pos_loyalty.domain.programme.positions import MAX_DEPTH, positions
from pos_loyalty.domain.programme.problems import Found, Problem, Wrong, needed, shown, suggestion
from pos_loyalty.domain.programme.section import Section
from pos_loyalty.domain.programme.times import some_time
from pos_loyalty.domain.retention import Retention
from pos_loyalty.language.symbols import LANGUAGES

MAX_CHARACTERS = 100_000
"""A settings file has some twenty lines: whoever names a bigger one has picked the wrong file."""
MAX_SCANNERS = 8
MAX_MINUTES = 24 * 60
MAX_ADDRESS = 12
"""Lines of a shop's address or of its receipts' foot: more is a poster."""

_REGISTER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?", re.ASCII)
_SHIFTS = ("free", "required")
_SCANNER_KEYS = (
    *("port", "preset", "baud", "parity", "bytesize", "flow", "prefix", "suffix", "acknowledge"),
    *("code_ids", "beep", "disable_when_closed", "layout", "slow"),
)
_FLOWS: tuple[Flow, ...] = ("none", "rtscts", "xonxoff")
_LEVELS: tuple[Level, ...] = ("low", "high")
_SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "etx": b"\x03", "none": b""}
_PARITIES: Mapping[str, Parity] = {"none": "N", "even": "E", "odd": "O", "N": "N", "E": "E", "O": "O"}


def read_file(file: Path, plain: Settings) -> Settings:
    """The settings in a file; `plain` is what it leaves out. SettingsWrong with all that is wrong with it."""
    return _read(_text(file), plain)


def printer_target(written: str) -> str:
    """The printer that a call names. SettingsWrong where that is none."""
    try:
        return _target(written)
    except Wrong as wrong:
        raise SettingsWrong(None, (Problem(None, "--printer", wrong.message, mend=wrong.mend),)) from None


def _text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _unusable(file, Message(N_("There is no such settings file; check its name."))) from None
    except IsADirectoryError:
        raise _unusable(file, Message(N_("This is a folder; name the settings file in it."))) from None
    except PermissionError:
        raise _unusable(file, Message(N_("The settings file may not be read by this user; mend its rights."))) from None
    except UnicodeDecodeError:
        raise _unusable(file, Message(N_("The settings file is no text in UTF-8; save it as that."))) from None
    except (OSError, ValueError) as error:
        detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unusable(file, Message(N_("The settings file cannot be read ({detail})."), detail=detail)) from None
    if len(text) > MAX_CHARACTERS:
        raise _unusable(
            file,
            Message(N_("The file has more than {limit} characters, which are no settings."), limit=MAX_CHARACTERS),
        )
    return text


def _unusable(file: Path, message: Message) -> SettingsWrong:
    return SettingsWrong(file, (Problem(None, "", message),))


def _read(text: str, plain: Settings) -> Settings:
    """The settings in a TOML text; `plain` is what is left out."""
    found = Found(positions(text))
    if found.positions.too_deep is not None:
        message = Message(N_("Keys and lists are nested deeper than {limit} levels here."), limit=MAX_DEPTH)
        raise SettingsWrong(plain.file, (Problem(found.positions.too_deep, "", message),))
    try:
        document = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError is one, and so is a number of too many digits
        message = Message(N_("This is not written as TOML wants it ({reason})."), reason=shown(str(error), 200))
        raise SettingsWrong(plain.file, (Problem(None, "", message),)) from None
    settings = _settings(Section(document, (), "", found), plain)
    if found.failed:
        raise SettingsWrong(plain.file, found.in_order())
    return settings


def _settings(file: Section, plain: Settings) -> Settings:
    file.only(("register", "shop", "scanner", "printer", "drawer", "display", "cards", "scales", "privacy"))
    register = file.table("register") or file.empty("register")
    register.only(("name", "language", "store", "operator", "lock_minutes", "shift"))
    shop = file.table("shop") or file.empty("shop")
    shop.only(("name", "address", "footer", "member"))
    cards = file.table("cards") or file.empty("cards")
    privacy = file.table("privacy") or file.empty("privacy")
    privacy.only(("forget_after", "words_after"))
    scales = file.table("scales") or file.empty("scales")
    return replace(
        plain,
        register=register.get("name", _register, plain.register),
        language=register.get("language", fields.one_of(LANGUAGES), plain.language),
        store=register.get("store", _filled, plain.store),
        operator=register.get("operator", fields.name, plain.operator),
        lock_minutes=register.get("lock_minutes", _minutes, plain.lock_minutes),
        shift_required=register.get("shift", fields.one_of(_SHIFTS), "free") == "required",
        shop=ShopSettings(
            shop.get("name", fields.name, ""),
            _texts(shop, "address"),
            _texts(shop, "footer"),
            shop.get("member", fields.identifier, None),
        ),
        scanners=tuple(one for table in file.tables("scanner", MAX_SCANNERS) if (one := _scanner(table)) is not None),
        printer=_printer(file.table("printer"), _drawer(file), plain.file),
        display=read_display(file.table("display")),
        cards=read_ranges(cards, scales),
        card_colours=read_colours(cards),
        privacy=Retention(
            privacy.get("forget_after", some_time, None),
            privacy.get("words_after", some_time, None),
        ),
    )


def _scanner(table: Section) -> ScannerSettings | None:
    table.only(_SCANNER_KEYS)
    port = table.need("port", _filled)
    preset = table.get("preset", _preset, PRESETS["generic"])
    line, framing = preset.line, preset.framing
    line = replace(
        line,
        baud=table.get("baud", _baud, line.baud),
        parity=table.get("parity", _parity, line.parity),
        flow=table.get("flow", fields.one_of(_FLOWS), line.flow),
        bits=7 if table.get("bytesize", _bytesize, line.bits) == 7 else 8,
    )
    suffix = table.get("suffix", _suffix, framing.terminators)
    framing = replace(
        framing,
        prefix=table.get("prefix", _prefix, framing.prefix),
        terminators=suffix,
        idle_ends=framing.idle_ends or not suffix,
        code_ids=table.get("code_ids", _code_ids, framing.code_ids),
    )
    acknowledge = table.get("acknowledge", fields.flag, preset.acknowledge)
    beep = _commanded(table, "beep", preset.commands.beeps)
    disable = _commanded(table, "disable_when_closed", preset.commands.switches)
    layout = table.get("layout", fields.one_of(LAYOUTS), None)
    slow = table.get("slow", fields.flag, False)
    if port is None:
        return None
    made = replace(preset, line=line, framing=framing, acknowledge=acknowledge)
    return ScannerSettings(port, made, beep, disable, layout, slow)


def _commanded(table: Section, key: str, able: bool) -> bool:
    """A flag that only a make with such commands can have."""

    def flag(value: object) -> bool:
        wanted = fields.flag(value)
        if wanted and not able:
            makes = [
                name
                for name, one in PRESETS.items()
                if (one.commands.beeps if key == "beep" else one.commands.switches)
            ]
            raise Wrong(
                Message(N_("This preset has no command for it.")),
                Message(N_("Presets that have one: {words}."), words=", ".join(makes)),
            )
        return wanted

    return table.get(key, flag, False)


def _printer(table: Section | None, drawer: Drawer | None, file: Path | None) -> PrinterSettings | None:
    if table is None:
        return None
    table.only(("target", "profile", "logo"))
    target = table.need("target", _target)
    profile = table.get("profile", _profile, "default")
    logo = table.get("logo", partial(_logo, file), None)
    return None if target is None else PrinterSettings(target, profile, logo, drawer)


def _logo(file: Path | None, value: object) -> Path:
    """A picture's file; a name alone is looked for beside the settings file."""
    named = Path(_filled(value)).expanduser()
    logo = named if file is None else file.parent / named
    if not logo.is_file():
        raise Wrong(Message(N_('There is no picture "{file}".'), file=shown(str(logo), 200)))
    return logo


def _drawer(file: Section) -> Drawer | None:
    table = file.table("drawer")
    if table is None:
        return None
    table.only(("pin", "pulse", "pause", "open"))
    if file.table("printer") is None:
        file.error("drawer", Message(N_("The drawer hangs on the printer, and there is no [printer] here.")))
    usual = Drawer()
    pin = table.get("pin", _pin, usual.pin)
    on = table.get("pulse", partial(_milliseconds, 2), usual.on)
    off = table.get("pause", partial(_milliseconds, 0), usual.off)
    return Drawer(pin, on, off, table.get("open", fields.one_of(_LEVELS), None))


def _pin(value: object) -> Literal[2, 5]:
    if value not in (2, 5) or isinstance(value, bool):
        raise needed(Message(N_("2 or 5, without quotation marks")), value)
    return 2 if value == 2 else 5


def _milliseconds(least: int, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LONGEST_PULSE:
        raise needed(Message(N_("milliseconds from {least} to {most}"), least=least, most=LONGEST_PULSE), value)
    return value


def _texts(table: Section, key: str) -> tuple[str, ...]:
    """A list of lines as they are printed; one line may stand without brackets."""
    value = table.values.get(key, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        wrong = needed(Message(N_('a list of texts, like ["A", "B"]')), listed)
        table.error(key, wrong.message, wrong.mend)
        return ()
    if len(listed) > MAX_ADDRESS:
        table.error(
            key, Message(N_("There are {count} lines; {limit} is the most."), count=len(listed), limit=MAX_ADDRESS)
        )
        return ()
    lines: list[str] = []
    for index, one in enumerate(listed):
        try:
            lines.append(fields.name(one))
        except Wrong as wrong:
            table.found.error((*table.path, key, index), table.field(key), wrong.message, wrong.mend)
    return tuple(lines)


def _filled(value: object) -> str:
    written = fields.text(value)
    if not written.strip() or "\x00" in written:
        raise Wrong(Message(N_("The text is empty.")))
    return written


def _register(value: object) -> str:
    written = fields.text(value)
    if not _REGISTER.fullmatch(written):
        raise Wrong(
            Message(N_('"{word}" cannot be the name of a register.'), word=shown(written)),
            Message(N_("Write up to 20 lower-case letters (a to z), digits and hyphens, like till-1.")),
        )
    return written


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_MINUTES:
        raise needed(Message(N_("minutes from 0 (never) to {most}, without quotation marks"), most=MAX_MINUTES), value)
    return value


def _preset(value: object) -> Preset:
    written = fields.text(value)
    if written not in PRESETS:
        raise Wrong(
            Message(N_('There is no scanner preset "{word}".'), word=shown(written)), suggestion(written, list(PRESETS))
        )
    return PRESETS[written]


def _baud(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise needed(Message(N_("a whole number without quotation marks")), value)
    if value not in BAUDS:
        raise Wrong(
            Message(N_("{word} is not a speed of serial lines."), word=str(value)[:20]),
            Message(N_("What can stand here: {words}."), words=", ".join(map(str, BAUDS))),
        )
    return value


def _bytesize(value: object) -> int:
    if value not in (7, 8) or isinstance(value, bool):
        raise needed(Message(N_("7 or 8, without quotation marks")), value)
    return 7 if value == 7 else 8


def _parity(value: object) -> Parity:
    return _PARITIES[fields.one_of(tuple(_PARITIES))(value)]


def _suffix(value: object) -> bytes:
    return _SUFFIXES[fields.one_of(tuple(_SUFFIXES))(value)]


def _code_ids(value: object) -> tuple[CodeId, ...]:
    return CODE_IDS[fields.one_of(tuple(CODE_IDS))(value)]


def _prefix(value: object) -> bytes:
    return _filled(value).encode("utf-8", "replace")


def _target(value: object) -> str:
    written = fields.text(value)
    try:
        parse_target(written)
    except BadTarget:
        raise Wrong(
            Message(N_('"{word}" names no printer.'), word=shown(written)),
            Message(N_("Write tcp://HOST:PORT, serial:PORT, usb:PATH, cups:QUEUE or file:PATH.")),
        ) from None
    return written


def _profile(value: object) -> str:
    from pos_loyalty.receipt.profiles import PROFILES  # noqa: PLC0415 - only a register with a printer pays for it

    written = fields.text(value)
    if written not in PROFILES:
        raise Wrong(
            Message(N_('There is no printer profile "{word}".'), word=shown(written)),
            suggestion(written, list(PROFILES)),
        )
    return written
