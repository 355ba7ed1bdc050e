"""What a spool tells: of its jobs, of the drawer, of how the printer is, and of its own queue on the disk."""

from dataclasses import dataclass

from drivers.reasons import Reason


@dataclass(frozen=True, slots=True)
class JobPrinted:
    """The printer took the job; `confirmed` and `paper_low` as in `Printed`."""

    id: str
    confirmed: bool
    paper_low: bool


@dataclass(frozen=True, slots=True)
class JobWaiting:
    """Nothing of it was printed; it is tried again by itself. Told once per reason."""

    id: str
    reason: Reason
    title: str = ""


@dataclass(frozen=True, slots=True)
class JobUncertain:
    """It may be on paper. A person looks, and then says `retry` or `drop`."""

    id: str
    reason: Reason
    title: str = ""


@dataclass(frozen=True, slots=True)
class DrawerStuck:
    """The pulse did not leave, and is not sent later: a drawer must not open when nobody asks for it any more."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class PrinterSeen:
    """How the printer is, told where it has changed: `trouble` is None while it is well, `drawer_open` None where nobody knows."""

    trouble: Reason | None
    paper_low: bool = False
    drawer_open: bool | None = None


@dataclass(frozen=True, slots=True)
class QueueTrouble:
    """The queue on the disk does not do its part; printing goes on."""

    reason: Reason


JobEvent = JobPrinted | JobWaiting | JobUncertain
SpoolEvent = JobEvent | DrawerStuck | PrinterSeen | QueueTrouble
