"""The till's app: it shows a frame at once, opens the store behind it, and hands keys and scans to the screen that is up.

What it promises: while something is being stored, keys and scans wait and none is lost; a keyboard-wedge scanner's keys never
press a button and never land in a line of input; no key of a scanner ends the till.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message as Event
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Language
from pos_loyalty.ui.desk import Desk, Opening
from pos_loyalty.ui.devices import DemoKey, Devices, Garbled, KeySorter, NoDevices, Read, Sorted, Typed
from pos_loyalty.ui.direction import BEGIN, END, Mode
from pos_loyalty.ui.messages import DeviceSaid, PrinterState, Scanned, ScannerState, TakeScan, Unread
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.starting import StartingScreen

T = TypeVar("T")

MOST_KEPT = 500
"""Keys and scans that are kept while something is stored: more than anyone types while a disk hangs for a minute."""
JOBS_KNOWN = 50
"""Receipts whose state at the printer is remembered; those not printed yet always are."""
IDLE_SECONDS = 20.0
"""How often the store may tidy up while nobody is being served."""

_log = logging.getLogger(__name__)


class Stored(Event):
    """A write has ended in its thread: with what it answered, or with why it was refused."""

    def __init__(self, outcome: object, then: Callable[[Any], None], refused: Callable[[Refused], None]) -> None:
        super().__init__()
        self.outcome = outcome
        self.then = then
        self.refused = refused


class Opened(Event):
    """The store is open, or cannot be."""

    def __init__(self, outcome: Desk | Refused) -> None:
        super().__init__()
        self.outcome = outcome


class TillApp(App[int], inherit_bindings=False):
    """One register's terminal."""

    CSS_PATH = "till.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "", show=False, priority=True),
        Binding("ctrl+c", "how_to_leave", "", show=False, priority=True),
    ]

    def __init__(
        self,
        opening: Opening,
        language: Language,
        *,
        devices: Devices | None = None,
        sorter: KeySorter | None = None,
        rtl: Mode = "app",
        demo: tuple[DemoKey, ...] = (),
        title: str = "",
    ) -> None:
        """`opening` opens the store in a thread of its own; `demo` are keys of the demo, and what they do."""
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self.language = language
        self.rtl: Mode = rtl
        self.desk: Desk | None = None
        self.devices: Devices = devices or NoDevices()
        self.demo = demo
        self.scanners: dict[str, ScannerState] = {}
        self.jobs: dict[str, PrinterState] = {}
        self.title = title
        self.last_open_price: dict[str, str] = {}
        self._opening = opening
        self._sorter = sorter
        self._hold: Timer | None = None
        self._busy = True
        self._kept: deque[events.Key | Scanned] = deque()

    # ---- the start ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first frame; the store and the devices come after it."""
        self._say_to_terminal(BEGIN[self.rtl])
        for number, demo in enumerate(self.demo):
            self.bind(demo.key, f"demo({number})", show=False)
        self.push_screen(StartingScreen())
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.devices.start(self.post_message)
        self.open_store()

    def open_store(self) -> None:
        """Open the store, in a thread: its libraries take longer to load than a first frame may."""
        self._busy = True
        self.run_worker(self._open, thread=True, exit_on_error=False, group="opening")

    def _open(self) -> None:
        try:
            self.post_message(Opened(self._opening()))
        except Refused as refused:
            self.post_message(Opened(refused))

    def on_opened(self, event: Opened) -> None:
        """Start to sell, or say why that is not possible."""
        if isinstance(event.outcome, Refused):
            if isinstance(self.screen, StartingScreen):
                self.screen.refuse(event.outcome.message)
                self._busy = False
                self._kept.clear()
            return
        from pos_loyalty.ui.screens.sale import SaleScreen  # noqa: PLC0415 - it loads the store's libraries

        self.desk = event.outcome
        self.language = event.outcome.language
        self.switch_screen(SaleScreen(event.outcome))
        self.call_after_refresh(self._go_on)
        self.set_interval(IDLE_SECONDS, self._idle)

    # ---- keys and scans -----------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Sort a wedge scanner's keys from a person's, before anything else sees them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._sorter is None:
                await self._typed(event)
            else:
                await self._settle(self._sorter.key(event, monotonic()))
                self._hold_on()
            return
        if isinstance(event, events.Paste) and not event.is_forwarded and self._is_code(event.text):
            self.post_message(Scanned(event.text.strip()))
            return
        await super().on_event(event)

    def _hold_on(self) -> None:
        """Come back when the keys that are held must be given back."""
        if self._hold is not None:
            self._hold.stop()
            self._hold = None
        deadline = self._sorter.deadline() if self._sorter else None
        if deadline is not None:
            self._hold = self.set_timer(max(deadline - monotonic(), 0.0), self._give_back)

    async def _give_back(self) -> None:
        if self._sorter is not None:
            await self._settle(self._sorter.tick(monotonic()))
            self._hold_on()

    async def _settle(self, outcomes: Iterable[Sorted]) -> None:
        for outcome in outcomes:
            match outcome:
                case Typed(keys):
                    for key in keys:
                        await self._typed(key)
                case Read(code):
                    self.post_message(Scanned(code))
                case Garbled(message):
                    self.post_message(Unread(message))

    async def _typed(self, key: events.Key) -> None:
        """A person's key: kept while something is being stored."""
        if self._busy and not isinstance(self.screen, StartingScreen):
            self._keep(key)
            return
        if isinstance(self.screen, TillScreen):
            self.screen.hush()
        await super().on_event(key)

    def on_scanned(self, event: Scanned) -> None:
        """A scan counts whatever has the focus: the screen that is up takes it."""
        if self._busy:
            self._keep(event)
        elif isinstance(self.screen, TillScreen):
            self.screen.hush()
            self.screen.post_message(TakeScan(event.code))

    def on_unread(self, event: Unread) -> None:
        """Say what a scanner sent that is no code."""
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(event.message)

    def _is_code(self, text: str) -> bool:
        """Whether a pasted text is a code that is known here."""
        code = text.strip()
        if self.desk is None or not 4 <= len(code) <= 48 or not code.isprintable() or " " in code:
            return False
        from pos_loyalty.till.scanning import NotRecognised, recognise  # noqa: PLC0415 - the store is loaded by now

        try:
            return not isinstance(recognise(self.desk.register, code), NotRecognised)
        except Refused:
            return False

    def _keep(self, what: events.Key | Scanned) -> None:
        if isinstance(what, events.Key) and what.key in {"enter", "f12"}:
            return  # the same key pressed twice: what it began is being stored, and must not confirm what comes next
        if len(self._kept) < MOST_KEPT:
            self._kept.append(what)

    async def _go_on(self) -> None:
        """Nothing is being stored any more: what was kept is handled now, in its order."""
        self._busy = False
        while self._kept and not self._busy:
            what = self._kept.popleft()
            if isinstance(what, Scanned):
                self.on_scanned(what)
            else:
                await self._typed(what)

    # ---- storing ------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is being stored; a second confirmation then does nothing."""
        return self._busy

    def store(
        self, action: Callable[[], T], then: Callable[[T], None], refused: Callable[[Refused], None] | None = None
    ) -> None:
        """Run a write in a thread; keys and scans wait meanwhile. `then` gets what it answered.

        Nothing happens where something is being stored already: pressed twice is once.
        """
        if self._busy:
            return
        self._busy = True
        if isinstance(self.screen, TillScreen):
            self.screen.tell(N_("Storing…"))
        self.run_worker(
            partial(self._run, action, then, refused or self._refuse), thread=True, exit_on_error=False, group="storing"
        )

    def _run(self, action: Callable[[], T], then: Callable[[T], None], refused: Callable[[Refused], None]) -> None:
        try:
            outcome: object = action()
        except Refused as why:
            outcome = why
        self.post_message(Stored(outcome, then, refused))

    async def on_stored(self, event: Stored) -> None:
        """Go on with what was stored, then with what was kept."""
        if isinstance(self.screen, TillScreen):
            self.screen.hush()
        if isinstance(event.outcome, Refused):
            event.refused(event.outcome)
        else:
            event.then(event.outcome)
        self.call_after_refresh(self._go_on)

    def _refuse(self, refused: Refused) -> None:
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(refused.message)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of the program in a thread: the till stays up, says so, and the bill is still there."""
        if event.state is not WorkerState.ERROR:
            return
        error = event.worker.error
        _log.error("a fault in the thread %s", event.worker.group, exc_info=error)
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(
                Message(
                    N_(
                        "The program failed ({error}); nothing of it is stored. Try again, or note the bill and restart."
                    ),
                    error=type(error).__name__,
                )
            )
        self.call_after_refresh(self._go_on)

    def _idle(self) -> None:
        """Let the store tidy up while no bill is open."""
        if self.desk is None or self._busy or self.bill_is_open():
            return
        self.run_worker(self._tidy, thread=True, exit_on_error=False, group="idle", exclusive=True)

    def _tidy(self) -> None:
        try:
            if self.desk is not None:
                self.desk.register.store.idle()
        except Refused as refused:
            _log.warning("the store could not tidy up: %s", refused.code)

    # ---- devices ------------------------------------------------------------------------------------

    @property
    def prints(self) -> bool:
        """Whether there is a printer."""
        return self.devices.printer is not None

    def on_device_said(self, event: DeviceSaid) -> None:
        """Remember how a device is, and show it."""
        match event.state:
            case ScannerState(port):
                self.scanners[port] = event.state
            case PrinterState():
                self.note_job(event.state)
        self.renew_status()

    def note_job(self, state: PrinterState) -> None:
        """Remember how a receipt is at the printer."""
        self.jobs[state.job] = state
        done = [job for job, known in self.jobs.items() if known.state == "printed"]
        for job in done[: max(len(done) - JOBS_KNOWN, 0)]:
            del self.jobs[job]

    def renew_status(self) -> None:
        """Show how the devices are, on the screen that is up."""
        if isinstance(self.screen, TillScreen):
            self.screen.devices_changed()

    def action_demo(self, number: int) -> None:
        """A key that only the demo has."""
        self.demo[number].action()

    # ---- the end ------------------------------------------------------------------------------------

    def bill_is_open(self) -> bool:
        """Whether there is something on the counter that leaving would lose."""
        return any(screen.has_open_bill() for screen in self.screen_stack if isinstance(screen, TillScreen))

    def action_leave(self) -> None:
        """Leave the till: always asked first, since a scanner's suffix can be this key."""
        from pos_loyalty.ui.screens.leaving import LeavingScreen  # noqa: PLC0415 - seldom needed

        if isinstance(self.screen, LeavingScreen):
            return
        self.push_screen(LeavingScreen(self.bill_is_open()), self._left)

    def _left(self, yes: bool | None) -> None:
        if yes:
            self.exit(0)

    def action_how_to_leave(self) -> None:
        """Ctrl+C stops no till."""
        if isinstance(self.screen, TillScreen):
            self.screen.tell(N_("Ctrl+Q leaves the till."))

    def on_unmount(self) -> None:
        """End the devices, and give the terminal its own ways back."""
        self.devices.close()
        self._say_to_terminal(END[self.rtl])

    def _say_to_terminal(self, sequence: str) -> None:
        driver = self._driver
        if sequence and driver is not None and not self.is_headless:
            driver.write(sequence)
