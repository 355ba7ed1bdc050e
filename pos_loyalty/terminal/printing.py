"""The receipt printer behind its spool, fitted to the app; and the demo's, which is a file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer import open_printer
from drivers.spool import JobEvent, JobPrinted, JobUncertain, JobWaiting, Spool, SpoolRefused
from pos_loyalty.config import PrinterSettings
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.terminal.reasons import message_of
from pos_loyalty.ui.messages import PrinterState

if TYPE_CHECKING:
    from pos_loyalty.receipt import Receipt

CLOSE_WAIT = 1.0
"""Seconds that leaving waits for the receipt on the wire."""
_BEHIND = Message(N_("It waits for the receipt before it."))


class SpooledPrinter:
    """A receipt printer behind a spool. Receipts become bytes in a thread of their own: a picture takes longer than a key press."""

    def __init__(self, settings: PrinterSettings, said: Callable[[PrinterState], None]) -> None:
        self._profile = settings.profile
        self._said = said
        self._spool = Spool(open_printer(settings.target), self._spool_said)
        self._making = ThreadPoolExecutor(1, "receipts")

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool) -> None:
        """Have a receipt printed, once."""
        self._making.submit(self._make, job, receipt, open_drawer)

    def _make(self, job: str, receipt: Receipt, open_drawer: bool) -> None:
        from pos_loyalty.receipt.escpos import as_escpos  # noqa: PLC0415 - behind the first sale
        from pos_loyalty.receipt.profiles import PROFILES  # noqa: PLC0415

        try:
            self._spool.put(job, as_escpos(receipt, PROFILES[self._profile], open_drawer=open_drawer))
        except SpoolRefused as refused:
            self._said(PrinterState(job, "refused", message_of(refused.reason)))
        self._say_who_waits()

    def retry(self, job: str) -> None:
        """Print it (again)."""
        self._spool.retry(job)

    def drop(self, job: str) -> None:
        """Do not print it."""
        self._spool.drop(job)

    def close(self) -> None:
        """End the spool."""
        self._making.shutdown(wait=False, cancel_futures=True)
        self._spool.close(CLOSE_WAIT)

    def _spool_said(self, event: JobEvent) -> None:
        """In the spool's thread."""
        match event:
            case JobPrinted(job, _, paper_low):
                self._said(PrinterState(job, "printed", paper_low=paper_low))
            case JobWaiting(job, reason):
                self._said(PrinterState(job, "waiting", message_of(reason)))
            case JobUncertain(job, reason):
                self._said(PrinterState(job, "uncertain", message_of(reason)))
        self._say_who_waits()

    def _say_who_waits(self) -> None:
        """The spool tells of its first job alone; those behind it wait for it, if it waits for a person or the printer."""
        first, *behind = self._spool.held() or (None,)
        if first is None or (isinstance(first, JobWaiting) and first.reason.code == "spool.behind"):
            return
        for held in behind:
            self._said(PrinterState(held.id, "waiting", _BEHIND))


class PaperFile:
    """The demo's printer: each receipt is added to a file as text."""

    def __init__(self, path: Path, said: Callable[[PrinterState], None]) -> None:
        self._path = path
        self._said = said

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool) -> None:
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
            self._said(PrinterState(job, "refused", message))
        else:
            self._said(PrinterState(job, "printed"))

    def retry(self, job: str) -> None:
        """Nothing waits here."""

    def drop(self, job: str) -> None:
        """Nothing waits here."""
