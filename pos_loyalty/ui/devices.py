"""What the app is handed of the world outside: the keyboard's sorter, the receipt printer, and the threads of the scanners.

The screens know these shapes and nothing of any driver; `pos_loyalty.terminal` fits the drivers to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from textual import events
from textual.message import Message as Event

from pos_loyalty.domain.message import Message

if TYPE_CHECKING:
    from pos_loyalty.receipt import Receipt
    from pos_loyalty.ui.customer import TwoLines
    from pos_loyalty.ui.workbench import Workbench

Post: TypeAlias = Callable[[Event], object]
"""Hands an event to the app; may be called from any thread."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A person's keys, to be handled in this order."""

    keys: tuple[events.Key, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The keys were a keyboard-wedge scanner's; none of them is handled as a key."""

    code: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """The keys were a scanner's, and nobody can use them; none of them is handled as a key."""

    message: Message


Sorted: TypeAlias = Typed | Read | Garbled


class KeySorter(Protocol):
    """Tells a keyboard-wedge scanner's keys from a person's. Times are monotonic seconds."""

    def key(self, event: events.Key, now: float) -> Sequence[Sorted]:
        """Take one key; the answer is what it settled, often nothing yet."""

    def tick(self, now: float) -> Sequence[Sorted]:
        """Say what time it is; keys that nothing followed are given back."""

    def deadline(self) -> float | None:
        """When `tick` is needed next; None while no key is held."""


class ReceiptPrinter(Protocol):
    """Takes receipts and prints them in the background; what becomes of them comes as `PrinterState`. Never blocks.

    `keeps`: what waits is printed after a restart; else it is lost with the end of the program.
    """

    keeps: bool

    def put(self, job: str, receipt: Receipt, *, open_drawer: bool, title: str = "") -> None:
        """Have a receipt printed, once; the drawer does not wait for it. `title` is what a person calls it."""

    def open_drawer(self) -> None:
        """Open the drawer that hangs on it, now."""

    def retry(self, job: str) -> None:
        """A person has looked at the paper: print it (again)."""

    def drop(self, job: str) -> None:
        """A person has looked at the paper: do not print it."""


class CustomerDisplay(Protocol):
    """Two lines for the customer; how it is comes as `DisplayState`. Never blocks, and raises nothing of the device's."""

    def show(self, lines: TwoLines) -> None:
        """From now on this is to be read."""


class Devices(Protocol):
    """The scanners, the printer and the customer display of one register."""

    printer: ReceiptPrinter | None
    display: CustomerDisplay | None

    def start(self, post: Post) -> None:
        """Begin to listen; what happens is posted from other threads."""

    def answer(self, scanner: str, *, accepted: bool) -> None:
        """Let the scanner that waits for it say whether its scan counted. Never blocks."""

    def close(self) -> None:
        """End all of them."""


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A key that only the demo has: its word at the bottom, its sentence in the help, and what it does."""

    key: str
    label: str
    help: str
    action: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a register has besides its store: its devices, what sorts a scanner's keys from a person's, and a demo's own keys;
    `workbench` makes what the set-up screen works with.
    """

    devices: Devices
    sorter: KeySorter | None = None
    demo: tuple[DemoKey, ...] = ()
    workbench: Callable[[], Workbench] | None = None


class NoDevices:
    """A register with a keyboard alone."""

    printer: ReceiptPrinter | None = None
    display: CustomerDisplay | None = None

    def start(self, post: Post) -> None:
        """There is nothing to begin."""

    def answer(self, scanner: str, *, accepted: bool) -> None:
        """Nobody waits."""

    def close(self) -> None:
        """There is nothing to end."""
