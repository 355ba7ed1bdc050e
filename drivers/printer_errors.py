"""Promise: whatever fails at a printer is one of these few errors, one sentence each, and says whether
anything of the job can be on paper or on its way there.

`nothing_sent` is the answer that a spool needs: True only where no byte of the job left this program, so that
sending it again cannot print it twice.
"""

from drivers.reasons import Reason, because


class PrinterError(Exception):
    """Never raised itself; one of its kinds is. `reason` has the code and values, `nothing_sent` see
    above."""

    def __init__(self, reason: Reason, *, nothing_sent: bool) -> None:
        super().__init__(reason.sentence)
        self.reason = reason
        self.nothing_sent = nothing_sent


class PrinterOff(PrinterError):
    """It does not answer, is not there, or its connection broke."""


class PrinterOffline(PrinterError):
    """It is on and says that it is offline."""


class PaperOut(PrinterError):
    """It has no paper."""


class CoverOpen(PrinterError):
    """Its cover is open."""


class PrinterFault(PrinterError):
    """Its cutter or mechanism has failed."""


class PrinterTimeout(PrinterError):
    """It takes no more data, or stopped answering."""


class PrinterForbidden(PrinterError):
    """This user may not open it, or another program has it."""


class QueueUnwritable(PrinterError):
    """That the job begins cannot be written down, so it does not begin."""


_KINDS: dict[str, type[PrinterError]] = {
    "printer.off": PrinterOff,
    "printer.cut_off": PrinterOff,
    "printer.failed": PrinterOff,
    "printer.offline": PrinterOffline,
    "printer.paper_out": PaperOut,
    "printer.cover_open": CoverOpen,
    "printer.fault": PrinterFault,
    "printer.timeout": PrinterTimeout,
    "printer.forbidden": PrinterForbidden,
    "printer.busy": PrinterForbidden,
    "printer.no_cups": PrinterOff,
    "printer.no_queue": PrinterOff,
    "spool.disk": QueueUnwritable,
}


def printer_error(code: str, printer: str, *, nothing_sent: bool, detail: str = "") -> PrinterError:
    """Make the error of this code. KeyError for a code that is no printer's."""
    values = {"detail": detail} if detail else {}
    return _KINDS[code](because(code, printer=printer, **values), nothing_sent=nothing_sent)
