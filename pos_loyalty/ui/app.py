"""The till's app: it shows a frame at once, opens the store behind it, and hands keys and scans to the screen that is up.

What it promises: while something is being stored, keys and scans wait and none is lost; a keyboard-wedge scanner's keys never
press a button and never land in a line of input; no key of a scanner ends the till.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message as Event

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.operator import Operator, Right
from pos_loyalty.language import Language
from pos_loyalty.ui.desk import Desk, Opening
from pos_loyalty.ui.devices import DemoKey, Devices, NoDevices, Outfit
from pos_loyalty.ui.direction import BEGIN, END, Mode
from pos_loyalty.ui.messages import (
    DeviceNotice,
    DeviceSaid,
    DisplayState,
    PrinterHealth,
    PrinterState,
    ScannerState,
    Unread,
)
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.starting import StartingScreen
from pos_loyalty.ui.storing import StoringApp

if TYPE_CHECKING:
    from pos_loyalty.till.register import Register
    from pos_loyalty.ui.customer import TwoLines
    from pos_loyalty.ui.workbench import Workbench

JOBS_KNOWN = 50
"""Receipts whose state at the printer is remembered; those not printed yet always are."""
SOON_NEEDED = (
    "pos_loyalty.ui.screens.payment",
    "pos_loyalty.ui.screens.receipt",
    "pos_loyalty.receipt.sales",
    "stdnum.ean",
)
"""What the first bill needs and the first frame of the sale does not."""
IDLE_SECONDS = 20.0
"""How often the store may tidy up while nobody is being served."""
LOOK_SECONDS = 5.0
"""How often it is looked whether the till should lock."""
NO_OPERATORS = Message(
    N_("Nobody has a PIN here, so there is nobody to sign in: add the owner first, in Ctrl+O, People.")
)

_log = logging.getLogger(__name__)


class FittedOut(Event):
    """The drivers are loaded."""

    def __init__(self, outfit: Outfit) -> None:
        super().__init__()
        self.outfit = outfit


class Opened(Event):
    """The store is open, or cannot be."""

    def __init__(self, outcome: Desk | Refused) -> None:
        super().__init__()
        self.outcome = outcome


class TillApp(StoringApp):
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
        outfit: Callable[[], Outfit] = lambda: Outfit(NoDevices()),
        rtl: Mode = "app",
        title: str = "",
    ) -> None:
        """`outfit` loads the drivers and then `opening` opens the store, in a thread of their own behind the first frame."""
        super().__init__()
        self.language = language
        self.rtl: Mode = rtl
        self.desk: Desk | None = None
        self.devices: Devices = NoDevices()
        self.demo: tuple[DemoKey, ...] = ()
        self.scanners: dict[str, ScannerState] = {}
        self.jobs: dict[str, PrinterState] = {}
        self.customer_display: DisplayState | None = None
        self.printer_health = PrinterHealth()
        self.title = title
        self.last_open_price: dict[str, str] = {}
        self._make_workbench: Callable[[], Workbench] | None = None
        self._outfit = outfit
        self._opening = opening

    # ---- the start ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first frame; the store and the devices come after it."""
        self._say_to_terminal(BEGIN[self.rtl])
        self.push_screen(StartingScreen())

    def begin(self) -> None:
        """The first frame is painted: load the drivers, and open the store."""
        self.run_worker(self._begin, thread=True, exit_on_error=False, group="opening")

    def _begin(self) -> None:
        self.post_message(FittedOut(self._outfit()))
        self._open()

    def on_fitted_out(self, event: FittedOut) -> None:
        """Open the devices; from here on a scanner's keys are told from a person's."""
        self.devices, self.demo = event.outfit.devices, event.outfit.demo
        self._make_workbench = event.outfit.workbench
        self.sort_keys(event.outfit.sorter)
        for number, demo in enumerate(self.demo):
            self.bind(demo.key, f"demo({number})", show=False)
        self.devices.start(self.post_message)

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
            self._not_opened(event.outcome)
            return
        from pos_loyalty.till.operators import those_with  # noqa: PLC0415 - it loads the store's libraries

        people: tuple[Operator, ...] = ()
        if not event.outcome.operator:
            try:
                people = those_with(event.outcome.register)
            except Refused as refused:
                event.outcome.register.store.close()
                self._not_opened(refused)
                return
        from pos_loyalty.ui.screens.sale import SaleScreen  # noqa: PLC0415 - it loads the store's libraries

        self.desk = event.outcome
        self.language = event.outcome.language
        self.switch_screen(SaleScreen(event.outcome))
        if not event.outcome.operator:
            self._ask_who(people)
        if event.outcome.lock_minutes:
            self.set_interval(LOOK_SECONDS, self._lock_if_idle)
        self.call_after_refresh(self._stored_all)
        self.call_after_refresh(self._warm_up)
        self.set_interval(IDLE_SECONDS, self._idle)

    def _not_opened(self, refused: Refused) -> None:
        """Say why nothing can be sold; Enter tries again."""
        gc.enable()
        if isinstance(self.screen, StartingScreen):
            self.screen.refuse(refused.message)
            self._busy = False
            self._kept.clear()

    def _warm_up(self) -> None:
        """It can be sold: load, in a thread, what the first bill would have to wait for."""
        self.run_worker(self._load_the_rest, thread=True, exit_on_error=False, group="loading")

    def _load_the_rest(self) -> None:
        """All that is loaded by now stays for good: no collection looks at it again, so none holds a scan up for long."""
        for module in SOON_NEEDED:
            import_module(module)
        self._rehearse()
        gc.collect()
        gc.freeze()
        gc.enable()

    def _rehearse(self) -> None:
        from pos_loyalty.till.rehearsal import rehearse  # noqa: PLC0415 - it loads the store's libraries

        if self.desk is None:
            return
        try:
            rehearse(self.desk.register)
        except Refused as refused:
            _log.info("the rehearsal of a bill was refused: %s", refused.code)
        self._look_at_goods(self.desk.register)

    def _look_at_goods(self, register: Register) -> None:
        """Say where goods could not be scanned, since their codes are those of cards."""
        from pos_loyalty.till.cards import goods_in_ranges  # noqa: PLC0415 - as above

        try:
            message = goods_in_ranges(register)
        except Refused as refused:
            _log.warning("the codes of goods could not be looked at: %s", refused.code)
            return
        if message is not None:
            self.post_message(Unread(message))

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

    # ---- rights -------------------------------------------------------------------------------------

    def permitted(self, right: Right | None, then: Callable[[str | None], None]) -> None:
        """Go on with `then` where whoever sells has a right (None: it takes none), or once somebody who has it allows it: `then` is
        given that name, or None where nobody had to be asked.
        """
        from pos_loyalty.ui.permission import permitted  # noqa: PLC0415 - the store's libraries are loaded by now

        permitted(self, right, then)

    # ---- who sells ----------------------------------------------------------------------------------

    def action_lock(self) -> None:
        """Lock the till, or let somebody else sell."""
        self._lock(idle=False)

    def _lock_if_idle(self) -> None:
        """Nobody has touched it, and nothing lies on the counter."""
        desk = self.desk
        if desk is None or not desk.operator or self._busy or self.bill_is_open():
            return
        if monotonic() - self.touched_at >= desk.lock_minutes * 60:
            self._lock(idle=True)

    def _lock(self, *, idle: bool) -> None:
        from pos_loyalty.till.operators import lock, those_with  # noqa: PLC0415 - the store's libraries are loaded by now
        from pos_loyalty.ui.screens.lock import LockScreen  # noqa: PLC0415

        desk = self.desk
        if desk is None or any(isinstance(screen, LockScreen) for screen in self.screen_stack):
            return
        try:
            people = those_with(desk.register)
        except Refused as refused:
            self._refuse(refused)
            return
        if not people:
            if not idle:
                self._refuse(Refused("operator-unknown", NO_OPERATORS))
            return

        def locked(_: object) -> None:
            self.push_screen(LockScreen(people, bill=self.bill_is_open()), self._signed_in)

        # It locks whether this can be noted or not.
        self.store(lambda: lock(desk.register, desk.operator, idle=idle), locked, locked)

    def _ask_who(self, people: tuple[Operator, ...]) -> None:
        """Nobody is signed in yet: one of these does, and on the first start of a shop the owner makes a PIN."""
        from pos_loyalty.ui.screens.lock import FirstOwnerScreen, LockScreen  # noqa: PLC0415 - needed at few starts

        self.push_screen(LockScreen(people, bill=False) if people else FirstOwnerScreen(), self._signed_in)

    def _signed_in(self, operator: Operator | None) -> None:
        """From now on they sell. What somebody else had open behind the lock is left; the bill on the counter stays."""
        if self.desk is None or operator is None:
            return
        before, self.desk = self.desk.operator, replace(self.desk, operator=operator.name)
        while before != operator.name and len(self.screen_stack) > 1 and not self._at_counter():
            self.pop_screen()
        for screen in self.screen_stack:
            if isinstance(screen, TillScreen):
                screen.seated()

    def _at_counter(self) -> bool:
        from pos_loyalty.ui.screens.sale import SaleScreen  # noqa: PLC0415 - the store's libraries are loaded by now

        return isinstance(self.screen, SaleScreen)

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
            case DisplayState():
                self.customer_display = event.state
            case PrinterState():
                self.note_job(event.state)
            case PrinterHealth():
                self.printer_health = event.state
        self.renew_status()

    def on_device_notice(self, event: DeviceNotice) -> None:
        """Say what a device has to say."""
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(event.message)

    def note_job(self, state: PrinterState) -> None:
        """Remember how a receipt is at the printer; what it is called stays."""
        known = self.jobs.get(state.job)
        self.jobs[state.job] = replace(state, title=known.title) if known and not state.title else state
        done = [job for job, known in self.jobs.items() if known.state == "printed"]
        for job in done[: max(len(done) - JOBS_KNOWN, 0)]:
            del self.jobs[job]

    @cached_property
    def workbench(self) -> Workbench | None:
        """What the set-up screen works with; made when it is first asked for."""
        return self._make_workbench() if self._make_workbench is not None else None

    def show_customer(self, lines: Callable[[Desk], TwoLines]) -> None:
        """Let the customer read these lines, where they have a display."""
        display = self.devices.display
        if display is not None and self.desk is not None:
            display.show(lines(self.desk))

    def renew_status(self) -> None:
        """Show how the devices are, on the screen that is up; a device may speak when the last one has gone."""
        if self.screen_stack and isinstance(self.screen, TillScreen):
            self.screen.devices_changed()

    def action_demo(self, number: int) -> None:
        """A key that only the demo has."""
        self.demo[number].action()

    # ---- faults -------------------------------------------------------------------------------------

    def _fatal_error(self) -> None:
        """A fault that ends the till: Textual would print every variable, and with them holders' names and cards."""
        error = self._exception
        _log.error("a fault of the program", exc_info=error or True)
        self.panic(
            self.language.text(
                N_("The program failed ({error}); nothing of its last step is stored. terminal.log says where."),
                error=type(error).__name__,
            )
        )

    # ---- the end ------------------------------------------------------------------------------------

    def bill_is_open(self) -> bool:
        """Whether there is something on the counter that leaving would lose."""
        return any(screen.has_open_bill() for screen in self.screen_stack if isinstance(screen, TillScreen))

    def action_leave(self) -> None:
        """Leave the till: always asked first, since a scanner's suffix can be this key."""
        from pos_loyalty.ui.screens.leaving import LeavingScreen  # noqa: PLC0415 - seldom needed

        if isinstance(self.screen, LeavingScreen):
            return
        unprinted = sum(job.state != "printed" for job in self.jobs.values())
        printer = self.devices.printer
        kept = printer is not None and printer.keeps
        self.push_screen(LeavingScreen(self.bill_is_open(), unprinted, kept=kept), self._left)

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
