"""A keyboard-wedge scanner's keys, told from a person's, as the app knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drivers.wedge import HOLD, SLOW_HOLD, Ignored, Scanned, Wedge, WedgeSettings
from drivers.wedge import Typed as Given
from pos_loyalty.config import ScannerSettings
from pos_loyalty.terminal.devices import WEDGE
from pos_loyalty.terminal.reasons import REPEAT, message_of
from pos_loyalty.ui.devices import Garbled, Read, Sorted, Typed

if TYPE_CHECKING:
    from textual import events


class WedgeSorter:
    """A keyboard-wedge scanner's keys, told from a person's."""

    def __init__(self, scanners: Sequence[ScannerSettings] = ()) -> None:
        """What the settings say of a wedge scanner counts for the whole keyboard: nothing tells two of them apart."""
        self._wedge: Wedge[events.Key] = Wedge(_settings(scanners))

    def key(self, event: events.Key, now: float) -> Sequence[Sorted]:
        """Take one key."""
        return _sorted(self._wedge.key(event, event.key, event.character, now))

    def tick(self, now: float) -> Sequence[Sorted]:
        """Say what time it is."""
        return _sorted(self._wedge.tick(now))

    def deadline(self) -> float | None:
        """When `tick` is needed next."""
        return self._wedge.deadline()


def _settings(scanners: Sequence[ScannerSettings]) -> WedgeSettings:
    named = next((one for one in scanners if one.port == WEDGE), None)
    if named is None:
        return WedgeSettings()
    return WedgeSettings(
        hold=SLOW_HOLD if named.slow else HOLD,
        layout=named.layout,
        prefix=named.preset.framing.prefix.decode() if named.preset is not None else "",
    )


def _sorted(outcomes: Sequence[Scanned | Ignored | Given[events.Key]]) -> list[Sorted]:
    found: list[Sorted] = []
    for outcome in outcomes:
        match outcome:
            case Scanned(scan):
                found.append(Read(scan.code))
            case Given(keys):
                found.append(Typed(keys))
            case Ignored(noise) if noise.reason.code != REPEAT:
                found.append(Garbled(message_of(noise.reason)))
    return found
