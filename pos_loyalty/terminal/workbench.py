"""The drivers fitted to the set-up screen and the `devices` verbs: looking at what is plugged in, trying it, choosing it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from drivers.codes import Scan
from drivers.detect import WEDGE, Found, plugged_in
from drivers.display import DisplayEvent, DisplayLost, PortDisplay
from drivers.display_commands import DISPLAYS, Shown
from drivers.drawer import Drawer
from drivers.guess import guess
from drivers.hazards import RULE_FILE, hazards, udev_rules
from drivers.listening import listen
from drivers.ports import PORT_ERRORS, find, why_closed
from drivers.presets import PRESETS, Preset
from drivers.printer import open_printer
from drivers.printer_errors import PrinterError
from drivers.reasons import Reason
from drivers.targets import BadTarget, FileTarget, SerialTarget, UsbTarget, parse_target
from pos_loyalty.config import DisplaySettings, Settings
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.terminal.reasons import message_of
from pos_loyalty.ui.workbench import DeviceSeen, Inspection, Role, ScanTrial

DISPLAY_WAIT = 3.0
"""Seconds for a display to be opened and written to."""
WHOLE_LINE = ("1234567890" * 2, "Test 12,50 \u20ac")


class Bench:
    """The workbench of one register."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.file = settings.file or settings.data / "register.toml"

    def look(self) -> Inspection:
        """What is plugged in now, and what the settings make of it."""
        found = plugged_in()
        named = list(self._named())
        devices = tuple(_seen(one, tuple(role for role, port in named if _is(port, one))) for one in found)
        missing = tuple(
            Message(N_("The settings name {port}, which is not there: plug it in, or choose another."), port=port)
            for _, port in named
            if port != WEDGE and "://" not in port and not Path(find(port)).exists()
        )
        return Inspection(devices, missing, tuple(map(message_of, hazards(found))), udev_rules(found))

    def _named(self) -> Iterator[tuple[Role, str]]:
        """The ports in the settings, with what they are used as."""
        settings = self._settings
        for scanner in settings.scanners:
            yield "scanner", scanner.port
        if settings.printer is not None:
            match parse_target(settings.printer.target):
                case SerialTarget(port) | FileTarget(port) | UsbTarget(path=port) if port:
                    yield "printer", port
                case UsbTarget(vendor=vendor, product=product):
                    yield "printer", f"hwgrep://{vendor}:{product}"
                case _:
                    pass
        if settings.display is not None:
            yield "display", settings.display.port

    def try_scanner(self, port: str, preset: str, seconds: float, stop: threading.Event | None = None) -> ScanTrial:
        """Wait for one scan, and say what it is and which preset fits."""
        known = PRESETS.get(preset) or self._preset_of(port)
        try:
            raw = listen(port, known.line, seconds, stop)
        except PORT_ERRORS as error:
            raise _refused(why_closed(port, error)) from None
        fits = guess(raw)
        reader = known.reader()
        read = [*reader.feed(raw, 0.0), *reader.tick(60.0)]
        scan = next((event for event in read if isinstance(event, Scan)), None)
        code, symbology = (scan.code, scan.symbology) if scan else (None, None)
        if scan is not None and known.line != PRESETS["generic"].line:  # the guess is for a plain line
            return ScanTrial(raw, code, symbology, known.name, Message(N_("The code is read as it should be.")))
        return ScanTrial(raw, code, symbology, fits.preset, message_of(fits.why))

    def _preset_of(self, port: str) -> Preset:
        """How the settings read this port; as most scanners talk where they do not name it."""
        named = next((one.preset for one in self._settings.scanners if one.port == port), None)
        return named or PRESETS["generic"]

    def try_printer(self, target: str) -> Message:
        """Print a trial page in the profile of the settings."""
        from pos_loyalty.receipt.profiles import PROFILES  # noqa: PLC0415 - they draw pictures
        from pos_loyalty.receipt.trial import trial_job  # noqa: PLC0415

        printer = self._settings.printer
        profile = PROFILES[printer.profile if printer else "default"]
        if _send(target, trial_job(profile, f"pos-loyalty {datetime.now().astimezone():%Y-%m-%d %H:%M}")):
            return Message(N_("The printer says that the page is on paper: hold it against docs/devices.md."))
        return Message(N_("The page was sent; this printer does not say whether it is on paper: look at it."))

    def try_drawer(self, target: str) -> Message:
        """Pulse the drawer's magnet, as the settings have it."""
        kept = self._settings.printer
        try:
            open_printer(target).kick((kept.drawer if kept else None) or Drawer())
        except (PrinterError, BadTarget) as error:
            raise _refused(error.reason) from None
        return Message(N_("The pulse was sent: the drawer should be open now. If not, look at its cable and its lock."))

    def try_display(self, port: str, preset: str) -> Message:
        """Write two lines, and wait until they have left."""
        kept = self._settings.display or DisplaySettings(port)
        answered = threading.Event()
        said: list[DisplayEvent] = []

        def heard(event: DisplayEvent) -> None:
            said.append(event)
            answered.set()

        display = PortDisplay(port, DISPLAYS.get(preset) or DISPLAYS[kept.preset], kept.codepage, heard, kept.baud)
        display.show(Shown(WHOLE_LINE[0], "", WHOLE_LINE[1]))
        answered.wait(DISPLAY_WAIT)
        display.close()
        lost = next((event for event in said if isinstance(event, DisplayLost)), None)
        if lost is not None:
            raise _refused(lost.reason)
        return Message(
            N_(
                "Two lines were written: digits from edge to edge above, an amount below. If other signs stand there, "
                "take another command set or code page."
            )
        )

    def presets(self, role: Role) -> tuple[str, ...]:
        """What can be chosen."""
        match role:
            case "scanner":
                return tuple(PRESETS)
            case "display":
                return tuple(DISPLAYS)
            case _:
                from pos_loyalty.receipt.profiles import PROFILES  # noqa: PLC0415 - as above

                return tuple(PROFILES)

    def check_target(self, target: str) -> str:
        """A bare address is one on the network."""
        written = (
            target if ":/" in target or target.startswith(("serial:", "file:", "usb:", "cups:")) else f"tcp://{target}"
        )
        try:
            parse_target(written)
        except BadTarget as error:
            raise _refused(error.reason) from None
        return written

    def choose(self, role: Role, port: str, preset: str) -> Message:
        """Write it into the settings file."""
        from pos_loyalty.config_write import write_choice  # noqa: PLC0415 - only who chooses waits for its library

        write_choice(self.file, role, port, preset, self._settings)
        if self._settings.file is None:
            return Message(
                N_("Written to {file}; start the till with `--config {file}`, and it counts."), file=str(self.file)
            )
        return Message(N_("Written to {file}; it counts when the till is started again."), file=self.file.name)

    def save_rule(self) -> Path:
        """Write the rule where this user may; the first line of it says where it belongs."""
        file = self._settings.data / RULE_FILE
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(udev_rules(plugged_in()), encoding="utf-8")
        except OSError as error:
            raise Refused(
                "rule-unwritable",
                Message(N_("{file} cannot be written: {error}."), file=str(file), error=error.strerror or ""),
            ) from None
        return file


def _send(target: str, data: bytes) -> bool:
    """Whether the printer confirmed it. Refused with why it did not take it."""
    try:
        return open_printer(target).send(data).confirmed
    except (PrinterError, BadTarget) as error:
        raise _refused(error.reason) from None


def _seen(found: Found, used: tuple[Role, ...]) -> DeviceSeen:
    name = " ".join(part for part in (found.maker, found.model) if part)
    trouble = message_of(found.trouble) if found.trouble else None
    return DeviceSeen(found.kind, found.port, found.node, found.usb, name, found.preset, trouble, used)


def _is(port: str, found: Found) -> bool:
    """Whether a port in the settings is this device, under whichever of its names."""
    if port == WEDGE:
        return found.kind == "keyboard"
    if "://" in port:  # hwgrep://05E0:1701, hid://05e0:
        return bool(found.usb) and found.usb.startswith(port.upper().partition("://")[2])
    return Path(find(port)).resolve() == Path(found.node).resolve()


def _refused(reason: Reason) -> Refused:
    return Refused(reason.code.replace(".", "-"), message_of(reason))
