"""What devices tell the app. They are posted from the devices' own threads, and the app hands them to the screen that is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.message import Message as Event

from pos_loyalty.domain.message import Message


class Scanned(Event):
    """A code was scanned, by whatever scanner; `scanner` names the one that waits to hear whether it counted."""

    def __init__(self, code: str, scanner: str | None = None) -> None:
        super().__init__()
        self.code = code
        self.scanner = scanner


class Unread(Event):
    """A scanner sent something that is no code; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message


class TakeScan(Event, bubble=False):
    """A scan, handed to the screen that is up once it is there; `scanner` as above."""

    def __init__(self, code: str, scanner: str | None = None) -> None:
        super().__init__()
        self.code = code
        self.scanner = scanner


@dataclass(frozen=True, slots=True)
class ScannerState:
    """A scanner by its port: `message` is why it does not read, None while it does."""

    port: str
    message: Message | None


@dataclass(frozen=True, slots=True)
class DisplayState:
    """The customer display: `message` is why it shows nothing, None while it does."""

    message: Message | None


JobState: TypeAlias = Literal["waiting", "printed", "uncertain", "refused"]


@dataclass(frozen=True, slots=True)
class PrinterState:
    """A receipt at the printer. waiting: nothing of it is on paper yet; uncertain: it may be, a person must look; refused: it was
    not taken. `message` says why (None: it has just been put there, or it is printed), `title` what a person calls it. `confirmed`:
    the printer itself said that it is on paper.
    """

    job: str
    state: JobState
    message: Message | None = None
    paper_low: bool = False
    title: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PrinterHealth:
    """How the printer is, whether anything is to be printed or not: `message` is why it could not, None while it is well or nobody
    knows; so with `drawer_open`.
    """

    message: Message | None = None
    paper_low: bool = False
    drawer_open: bool | None = None


class DeviceSaid(Event):
    """A scanner, the printer or the customer display is in another state than before."""

    def __init__(self, state: ScannerState | PrinterState | PrinterHealth | DisplayState) -> None:
        super().__init__()
        self.state = state


class DeviceNotice(Event):
    """A device has something to say that is no lasting state: `message`, with what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message
