"""The receipt printer behind its spool, fitted to the app; and the demo's, which is a file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.drawer import Drawer
from drivers.job_folder import JobFolder, open_folder
from drivers.printer import open_printer
from drivers.queue_events import (
    DrawerStuck,
    JobPrinted,
    JobUncertain,
    JobWaiting,
    PrinterSeen,
    QueueTrouble,
    SpoolEvent,
)
from drivers.reasons import Reason
from drivers.spool import Spool, SpoolRefused
from pos_loyalty.config import PrinterSettings
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.terminal.reasons import message_of
from pos_loyalty.ui.messages import DeviceNotice, DeviceSaid, PrinterHealth, PrinterState

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.message import Message as Event

    from pos_loyalty.receipt import Receipt

CLOSE_WAIT = 1.0
"""Seconds that leaving waits for the receipt on the wire."""
LOOK_EVERY = 20.0
"""Seconds between looks at how the printer is while nothing is printed: a roll that ran out is seen before the next receipt."""
_BEHIND = Message(N_("It waits for the receipt before it."))


class SpooledPrinter:
    """A receipt printer behind a spool. Receipts become bytes in a thread of their own: a picture takes longer than a key press."""

    def __init__(self, settings: PrinterSettings, tell: Callable[[Event], None], queue: Path | None = None) -> None:
        """`queue` is the folder where receipts wait over a restart; None: they do not."""
        self._settings = settings
        self._tell = tell
        self._queue = queue
        self._spool: Spool | None = None
        self.keeps = False
        self._no_logo = False
        self._making = ThreadPoolExecutor(1, "receipts")

    def start(self) -> None:
        """Begin to print, first what was left by an earlier run."""
        self._spool = Spool(
            open_printer(self._settings.target),
            self._spool_said,
            folder=self._folder(),
            drawer=self._settings.drawer or Drawer(),
            look_every=LOOK_EVERY,
        )
        for held in self._spool.held():
            self._said_of_job(held)
        self._say_who_waits()

    def _folder(self) -> JobFolder | None:
        if self._queue is None:
            return None
        folder, why = open_folder(self._queue)
        self.keeps = folder is not None
        if why is not None:
            self._notice(why)
        return folder

    def _notice(self, reason: Reason) -> None:
        self._tell(DeviceNotice(message_of(reason)))

    # ---- what the screens ask for --------------------------------------------------------------------

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool, title: str = "") -> None:
        """Have a receipt printed, once; the drawer does not wait for it."""
        if open_drawer:
            self.open_drawer()
        self._making.submit(self._make, job, receipt, title)

    def open_drawer(self) -> None:
        """Open the drawer, now."""
        if self._spool is not None:
            self._spool.kick()

    def retry(self, job: str) -> None:
        """Print it (again)."""
        if self._spool is not None:
            self._making.submit(self._spool.retry, job)

    def drop(self, job: str) -> None:
        """Do not print it."""
        if self._spool is not None:
            self._making.submit(self._spool.drop, job)

    def close(self) -> None:
        """End the spool; every receipt that was put has reached it by then."""
        self._making.shutdown()
        if self._spool is not None:
            self._spool.close(CLOSE_WAIT)

    # ---- in threads of their own ---------------------------------------------------------------------

    def _make(self, job: str, receipt: Receipt, title: str) -> None:
        from pos_loyalty.receipt.escpos import escpos_pieces  # noqa: PLC0415 - behind the first sale
        from pos_loyalty.receipt.profiles import PROFILES  # noqa: PLC0415

        profile = PROFILES[self._settings.profile]
        pieces = tuple(escpos_pieces(receipt, profile, self._logo(profile.dots)))
        ends = tuple(accumulate(map(len, pieces)))
        if self._spool is None:
            return
        try:
            self._spool.put(job, b"".join(pieces), title=title, ends=ends)
        except SpoolRefused as refused:
            self._tell(DeviceSaid(PrinterState(job, "refused", message_of(refused.reason), title=title)))
        self._say_who_waits()

    def _logo(self, dots: int) -> Image | None:
        """The shop's picture; without it, the receipt is printed all the same and the cashier told once."""
        file = self._settings.logo
        if file is None or self._no_logo:
            return None
        from pos_loyalty.receipt.logo import LogoWrong, read_logo  # noqa: PLC0415 - few shops have one

        try:
            return read_logo(file, dots)
        except LogoWrong as wrong:
            self._no_logo = True
            why = Message(
                N_("Receipts are printed without the picture {file} ({error}): mend it, and start the till again."),
                file=file.name,
                error=str(wrong)[:100],
            )
            self._tell(DeviceNotice(why))
            return None

    def _spool_said(self, event: SpoolEvent) -> None:
        """Mostly in the spool's thread."""
        match event:
            case DrawerStuck(reason):
                why = message_of(reason)
                self._tell(DeviceNotice(Message(N_("The drawer was not opened: use its key. {why}"), why=why)))
            case PrinterSeen(trouble, paper_low, drawer_open):
                message = message_of(trouble) if trouble else None
                self._tell(DeviceSaid(PrinterHealth(message, paper_low, drawer_open)))
            case QueueTrouble(reason):
                self._notice(reason)
            case JobPrinted(job, confirmed, paper_low):
                self._tell(DeviceSaid(PrinterState(job, "printed", paper_low=paper_low, confirmed=confirmed)))
                self._say_who_waits()
            case _:
                self._said_of_job(event)
                self._say_who_waits()

    def _said_of_job(self, held: JobWaiting | JobUncertain) -> None:
        state: PrinterState
        if isinstance(held, JobUncertain):
            state = PrinterState(held.id, "uncertain", message_of(held.reason), title=held.title)
        else:
            message = None if held.reason.code == "spool.behind" else message_of(held.reason)
            state = PrinterState(held.id, "waiting", message, title=held.title)
        self._tell(DeviceSaid(state))

    def _say_who_waits(self) -> None:
        """The spool tells of its first job alone; those behind it wait for it, if it waits for a person or the printer."""
        held = self._spool.held() if self._spool is not None else ()
        first, *behind = held or (None,)
        if first is None or (isinstance(first, JobWaiting) and first.reason.code == "spool.behind"):
            return
        for one in behind:
            if one is not None and isinstance(one, JobWaiting):
                self._tell(DeviceSaid(PrinterState(one.id, "waiting", _BEHIND, title=one.title)))


class PaperFile:
    """The demo's printer: each receipt is added to a file as text."""

    keeps = True

    def __init__(self, path: Path, tell: Callable[[Event], None]) -> None:
        self._path = path
        self._tell = tell

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool, title: str = "") -> None:
        """Add a receipt to the file."""
        from pos_loyalty.receipt import as_text  # noqa: PLC0415 - behind the first sale

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(as_text(receipt) + "\n\f\n")
        except OSError as error:
            message = Message(
                N_("{path} cannot be written: {error}."), path=str(self._path), error=error.strerror or ""
            )
            self._tell(DeviceSaid(PrinterState(job, "refused", message, title=title)))
        else:
            self._tell(DeviceSaid(PrinterState(job, "printed", confirmed=True)))

    def open_drawer(self) -> None:
        """There is none."""
        self._tell(DeviceNotice(Message(N_("The demo has no drawer."))))

    def retry(self, job: str) -> None:
        """Nothing waits here."""

    def drop(self, job: str) -> None:
        """Nothing waits here."""
