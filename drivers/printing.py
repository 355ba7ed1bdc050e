"""What a printer is to whoever prints, and what it says of a job; the printers that there are stand beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.drawer import Drawer
from drivers.status import Status


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer took the whole job. `confirmed`: it said that it is on paper; `paper_low`: the roll ends
    soon."""

    confirmed: bool
    paper_low: bool = False


def nothing() -> None:
    """Nobody has to be told that a job begins."""


def no_more() -> bytes:
    """Nothing goes between two commands."""
    return b""


class Printer(Protocol):
    """Something that prints. All of it blocks, within the limits above; the spool calls it in its own thread.

    `send` prints a job: `begins` is called just before its first byte leaves, and what it raises ends the job;
    `ends` are the places in it where no command is open, in order, and `between` gives what goes out there,
    mostly nothing. `kick` opens the drawer; `look` asks how the printer is, None where it does not answer.
    `name` is what a person calls it.
    """

    name: str

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed: ...
    def kick(self, drawer: Drawer) -> None: ...
    def look(self) -> Status | None: ...
