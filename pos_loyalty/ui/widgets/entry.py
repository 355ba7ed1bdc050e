"""The one line that is typed into. On the sale screen the keys of the number pad mean something of their own while it is empty."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.message import Message as Event
from textual.widgets import Input


class Entry(Input):
    """A line of input. `hot` are characters that are commands, not text, while nothing has been typed."""

    class Hot(Event):
        """A key that is a command was pressed while nothing had been typed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    ICONS: ClassVar[dict[str, str]] = {"+": "plus", "-": "minus", "/": "slash"}

    def __init__(self, placeholder: str = "", *, id: str | None = None, hot: str = "", limit: int = 256) -> None:
        super().__init__(placeholder=placeholder, id=id, max_length=limit, select_on_focus=False, compact=True)
        self._hot = hot
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        """A hot key is not typed. (Textual then calls the same method of `Input`, unless the default was prevented.)"""
        if not self.value and event.character and event.character in self._hot:
            event.stop()
            event.prevent_default()
            self.post_message(self.Hot(self.ICONS[event.character]))

    def action_delete_right(self) -> None:
        """Delete is a command while nothing has been typed."""
        if self._hot and not self.value:
            self.post_message(self.Hot("delete"))
            return
        super().action_delete_right()

    def take(self) -> str:
        """What was typed, and an empty line again."""
        text = self.value.strip()
        self.value = ""
        return text
