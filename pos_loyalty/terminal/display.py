"""The customer display fitted to the app: what it shows is decided by the screens, how by its settings."""

from __future__ import annotations

from collections.abc import Callable

from drivers.display import DisplayEvent, DisplayLost, PortDisplay
from drivers.display_commands import DISPLAYS, Shown
from pos_loyalty.config import DisplaySettings
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.terminal.reasons import message_of, shortened
from pos_loyalty.ui.customer import TwoLines
from pos_loyalty.ui.messages import DisplayState


class PortedDisplay:
    """A display on a port, opened at once and again whenever it went."""

    def __init__(self, settings: DisplaySettings, said: Callable[[DisplayState], object]) -> None:
        self._said = said
        said(DisplayState(Message(N_("{port} is being opened."), port=shortened(settings.port))))
        self._display = PortDisplay(
            settings.port, DISPLAYS[settings.preset], settings.codepage, self._heard, settings.baud
        )

    def show(self, lines: TwoLines) -> None:
        """From now on this is to be read."""
        self._display.show(Shown(lines.upper, lines.upper_end, lines.lower, lines.lower_end, lines.middle))

    def close(self) -> None:
        """Show nothing of the last customer, and end."""
        self._display.show(Shown())
        self._display.close()

    def _heard(self, event: DisplayEvent) -> None:
        """In the display's thread."""
        self._said(DisplayState(message_of(event.reason) if isinstance(event, DisplayLost) else None))
