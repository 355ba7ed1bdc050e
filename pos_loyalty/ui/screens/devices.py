"""What is plugged in: what it is, what keeps it from working, a trial of it, and the choice written into the settings file.

Looking and trying take their time, so they run in a thread; one thing at a time. What is scanned here is shown, not rung up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.app import ComposeResult
from textual.message import Message as Event

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.customer import TwoLines
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table
from pos_loyalty.ui.workbench import WHAT, DeviceSeen, Inspection, Role, ScanTrial, Workbench

T = TypeVar("T")

SCAN_SECONDS = 20.0
"""How long a trial scan is waited for."""
ROLES: dict[Role, str] = {"scanner": N_("scanner"), "printer": N_("printer"), "display": N_("display")}
TRIAL_LINES = TwoLines("1234567890" * 2, "", "Test", "12.50")
_TARGETS = ("tcp:", "serial:", "file:", "usb:", "cups:")


class Answered(Event):
    """What was done in a thread is done, or was refused."""

    def __init__(self, outcome: object, then: Callable[..., None]) -> None:
        super().__init__()
        self.outcome = outcome
        self.then = then


class DevicesScreen(Listing[None]):
    """The set-up screen."""

    NAME = N_("Devices")
    KEYS = (
        HELP,
        Command(
            "enter", "choose", N_("Choose"), N_("Write the chosen device into the settings file; a backup is kept.")
        ),
        Command("f2", "test", N_("Try"), N_("Try it: scan something, print a trial page, write on the display.")),
        Command("f3", "drawer", N_("Drawer"), N_("Open the drawer behind the chosen printer.")),
        Command("f4", "role", N_("Use as"), N_("What hangs on a serial port: a scanner, a printer or a display.")),
        Command("f5", "preset", N_("Preset"), N_("Take the next preset of those that there are.")),
        Command("f6", "address", N_("Network"), N_("A printer on the network, by its address.")),
        Command("f7", "rule", N_("Rights"), N_("Who may open devices, ModemManager, and the udev rule for both.")),
        Command("f8", "look", N_("Look again"), N_("Something was plugged in or out.")),
        BACK,
    )
    NOTES = ((N_("a scan"), N_("Its code is shown here; nothing is rung up.")),)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self) -> None:
        super().__init__()
        self._seen: Inspection | None = None
        self._named: list[DeviceSeen] = []
        self._roles: dict[str, Role] = {}
        self._presets: dict[tuple[str, Role], str] = {}
        self._trial: list[Row] = []
        self._at_work = False
        self._leaving = threading.Event()

    def body(self) -> ComposeResult:
        """The devices, and what is known of the chosen one."""
        text = self.text
        yield Table(
            (Column(text("Device"), grows=True), Column(text("What it is")), Column(text("In use"))),
            empty=text(
                "Nothing is plugged in that a till could use. A scanner that types like a keyboard needs no setting."
            ),
        )
        yield Rows(id="device")

    def begin(self) -> None:
        """Look."""
        self.action_look()

    def on_unmount(self) -> None:
        """Let go of the port that a trial scan is waited for on."""
        self._leaving.set()

    # ---- what there is --------------------------------------------------------------------------------

    @property
    def bench(self) -> Workbench | None:
        """The workbench; a till without one says so once."""
        if self.till.workbench is None:
            self.refuse(Message(N_("This till was started without its devices.")))
        return self.till.workbench

    @property
    def devices(self) -> tuple[DeviceSeen, ...]:
        """All that can be chosen."""
        return (*(self._seen.devices if self._seen else ()), *self._named)

    @property
    def device(self) -> DeviceSeen | None:
        """The chosen one; it is said where there is none."""
        devices = self.devices
        if self.table.cursor < len(devices):
            return devices[self.table.cursor]
        self.refuse(Message(N_("There is nothing to choose: plug something in and press F8, or F6 for the network.")))
        return None

    def role_of(self, device: DeviceSeen) -> Role:
        """What it would be used as."""
        match device.what:
            case "printer" | "display":
                return device.what
            case "scanner" | "keyboard" | "hid":
                return "scanner"
            case _:
                return self._roles.get(device.port, next(iter(device.used), "scanner"))

    def preset_of(self, device: DeviceSeen) -> str:
        """The preset that it would be used with; "" leaves the settings' own."""
        return self._presets.get((device.port, self.role_of(device)), device.preset)

    def draw(self) -> None:
        """Show what is known."""
        used = {role: self.text(word) for role, word in ROLES.items()}
        self.table.show(
            [
                (
                    one.name or one.port,
                    self.text(WHAT[one.what]).partition(":")[0],
                    ", ".join(used[r] for r in one.used),
                )
                for one in self.devices
            ]
        )
        self._draw_device()

    def _draw_device(self) -> None:
        text, seen = self.text, self._seen
        rows: list[Row] = []
        devices = self.devices
        if self.table.cursor < len(devices):
            one = devices[self.table.cursor]
            rows.append(Row(" ".join(part for part in (one.port, one.usb) if part), style="strong", lines=2))
            role = text(ROLES[self.role_of(one)])
            preset = self.preset_of(one)
            rows.append(
                Row(text("Use as: {role}, preset: {preset}", role=role, preset=preset))
                if preset
                else Row(text("Use as: {role}", role=role))
            )
            if one.trouble is not None:
                rows.append(Row("✖ " + self.language.say(one.trouble), style="bad", lines=3))
        rows += self._trial
        if seen is not None:
            rows += [Row("✖ " + self.language.say(one), style="bad", lines=2) for one in seen.missing]
            rows += [Row("! " + self.language.say(one), style="warn", lines=2) for one in seen.hazards]
        self.query_one("#device", Rows).show(rows)

    def action_move(self, by: int) -> None:
        """Another device."""
        super().action_move(by)
        self._trial = []
        self._draw_device()

    def action_look(self) -> None:
        """Look what is plugged in now."""
        bench = self.bench
        if bench is not None:
            self._work(bench.look, self._looked, N_("Looking what is plugged in…"))

    def _looked(self, seen: Inspection) -> None:
        self._seen = seen
        self.draw()

    # ---- trying ---------------------------------------------------------------------------------------

    def take_scan(self, code: str) -> None:
        """A scanner that the till reads already."""
        self._trial = [Row("✓ " + self.text("Scanned: {code}", code=code), style="good")]
        self._draw_device()

    def action_test(self) -> None:
        """Try the chosen device."""
        bench, device = self.bench, self.device
        if bench is None or device is None:
            return
        role, preset = self.role_of(device), self.preset_of(device)
        display = self.till.devices.display
        if role == "scanner" and (device.used or device.what == "keyboard"):
            self.tell(N_("This till reads it: scan something, and its code is shown here."))
        elif role == "scanner":
            said = N_("Scan something within 20 seconds…")
            trial = partial(bench.try_scanner, device.port, preset, SCAN_SECONDS, self._leaving)
            self._work(trial, self._scanned, said)
        elif role == "printer":
            self._work(partial(bench.try_printer, _target(device)), self._tried, N_("Printing a trial page…"))
        elif display is not None and "display" in device.used:
            display.show(TRIAL_LINES)
            self.tell(N_("Two lines were written: digits from edge to edge above, an amount below."))
        else:
            self._work(partial(bench.try_display, device.port, preset), self._tried, N_("Writing on the display…"))

    def action_drawer(self) -> None:
        """Open the drawer behind the chosen printer."""
        bench, device = self.bench, self.device
        if bench is None or device is None:
            return
        if self.role_of(device) != "printer":
            self.refuse(Message(N_("A drawer hangs on a receipt printer: choose the printer first.")))
            return
        self._work(partial(bench.try_drawer, _target(device)), self._tried, N_("Opening the drawer…"))

    def _tried(self, message: Message) -> None:
        self._trial = [Row("✓ " + self.language.say(message), style="good", lines=3)]
        self._draw_device()

    def _scanned(self, trial: ScanTrial) -> None:
        text, say = self.text, self.language.say
        rows = [Row(text("bytes: {bytes}", bytes=trial.bytes_shown), lines=2)] if trial.raw else []
        if trial.code is not None:
            rows.append(Row("✓ " + text("Scanned: {code}", code=trial.code), trial.symbology or "", style="good"))
        rows.append(Row(say(trial.why), style="" if trial.code is not None else "bad", lines=2))
        device = self.devices[self.table.cursor]
        if trial.preset is not None:
            self._presets[device.port, "scanner"] = trial.preset
            rows.append(Row(text("preset that fits: {preset}", preset=trial.preset), style="strong"))
        self._trial = rows
        self._draw_device()

    # ---- choosing -------------------------------------------------------------------------------------

    def action_role(self) -> None:
        """Something else is behind this port."""
        device = self.device
        if device is None:
            return
        if device.what not in {"converter", "unknown"}:
            self.refuse(Message(N_("What this is is known: it is used as nothing else.")))
            return
        roles = list(ROLES)
        self._roles[device.port] = roles[(roles.index(self.role_of(device)) + 1) % len(roles)]
        self._draw_device()

    def action_preset(self) -> None:
        """The next preset."""
        bench, device = self.bench, self.device
        if bench is None or device is None:
            return
        role, presets = self.role_of(device), bench.presets(self.role_of(device))
        now = self.preset_of(device)
        following = presets.index(now) + 1 if now in presets else 0
        self._presets[device.port, role] = presets[following % len(presets)]
        self._draw_device()

    def action_choose(self) -> None:
        """Write it into the settings file."""
        bench, device = self.bench, self.device
        if bench is None or device is None:
            return
        if device.what == "keyboard":
            self.tell(N_("A scanner that types needs no setting: it works as it is."))
            return
        role = self.role_of(device)
        port = _target(device) if role == "printer" else device.port
        self._work(partial(bench.choose, role, port, self.preset_of(device)), self._chosen, N_("Writing the settings…"))

    def _chosen(self, message: Message) -> None:
        self._tried(message)
        self.say("done", message)

    def action_address(self) -> None:
        """A printer on the network."""
        from pos_loyalty.ui.screens.device_rights import AddressDialog  # noqa: PLC0415 - opened seldom

        bench = self.bench
        if bench is None:
            return

        def answered(target: str | None) -> None:
            if target is not None:
                self._named.append(DeviceSeen("printer", target, "", "", target))
                self.draw()
                self.table.choose(len(self.devices) - 1)
                self._draw_device()

        self.app.push_screen(AddressDialog(bench), answered)

    def action_rule(self) -> None:
        """Rights, ModemManager and the rule."""
        from pos_loyalty.ui.screens.device_rights import DeviceRightsScreen  # noqa: PLC0415 - opened seldom

        bench = self.bench
        if bench is not None and self._seen is not None:
            self.app.push_screen(DeviceRightsScreen(bench, self._seen))

    # ---- in a thread ----------------------------------------------------------------------------------

    def _work(self, action: Callable[[], T], then: Callable[[T], None], said: str) -> None:
        if self._at_work:
            self.tell(N_("One thing at a time: what was asked for before is still going on."))
            return
        self._at_work = True
        self.tell(said)
        self.run_worker(partial(self._do, action, then), thread=True, exit_on_error=False, group="devices")

    def _do(self, action: Callable[[], T], then: Callable[[T], None]) -> None:
        try:
            outcome: object = action()
        except Refused as refused:
            outcome = refused
        self.post_message(Answered(outcome, then))

    def on_answered(self, event: Answered) -> None:
        """Show what came of it."""
        event.stop()
        self._at_work = False
        self.hush()
        if isinstance(event.outcome, Refused):
            self.refuse(event.outcome.message)
        else:
            event.then(event.outcome)


def _target(device: DeviceSeen) -> str:
    """The printer's target."""
    return device.port if device.port.startswith(_TARGETS) else f"serial:{device.port}"
