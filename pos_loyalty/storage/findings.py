"""What a check of the books brings up: how much was looked at, and every fault as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pos_loyalty.domain.message import N_, Message

MAX_FAULTS = 10_000
"""More faults than anybody reads; a store with so many needs its backup, not a list."""
PROGRESS_EVERY = 1_000

Progress: TypeAlias = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in the store ("entry …", "lot …", "till-1-000042") and what is wrong there."""

    place: str
    what: Message


@dataclass(slots=True)
class Findings:
    """Collects what the checks find; `progress` is told the name of what is looked at and how many so far."""

    progress: Progress | None = None
    checked: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, kind: str, more: int = 1) -> None:
        """One more of a kind was looked at, or so many."""
        n = self.checked[kind] = self.checked.get(kind, 0) + more
        if self.progress is not None and n % PROGRESS_EVERY == 0:
            self.progress(kind, n)

    def fault(self, place: str, what: Message) -> None:
        """Something is wrong there."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(place, what))

    def differs(self, place: str, name: str, stored: Any, derived: Any) -> None:
        """A fault where what is stored is not what was derived anew."""
        if stored != derived:
            self.fault(
                place,
                Message(
                    N_("{name} is {stored}, and from the facts it is {derived}."),
                    name=name,
                    stored=_shown(stored),
                    derived=_shown(derived),
                ),
            )


def _shown(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return "-" if value is None else str(value)[:80]


def paired(
    left: Iterable[tuple[Any, ...]], right: Iterable[tuple[Any, ...]], width: int = 1
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Two streams in the order of their first `width` values, side by side; None where only one has a row of that key."""
    ones, others = iter(left), iter(right)
    one, other = next(ones, None), next(others, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[:width] < other[:width]):
            yield one, None
            one = next(ones, None)
        elif one is None or other[:width] < one[:width]:
            yield None, other
            other = next(others, None)
        else:
            yield one, other
            one, other = next(ones, None), next(others, None)
