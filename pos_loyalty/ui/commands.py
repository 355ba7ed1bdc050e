"""One table a screen says what its keys are, what the bottom of the screen calls them, and what the help says of them."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from pos_loyalty.domain.message import N_

_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "delete": "Del",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "tab": "Tab",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A key, the action of the screen that it starts, its word at the bottom, and its sentence in the help.

    `shown` puts it at the bottom. `action` empty: the key is handled where one types, and only told of here.
    """

    key: str
    action: str
    label: str
    help: str
    shown: bool = True

    @property
    def face(self) -> str:
        """What is printed on the key."""
        name = self.key.split(",")[0]
        if name.startswith("ctrl+"):
            return f"Ctrl+{name[5:].upper()}"
        return _NAMES.get(name, name.upper())


HELP = Command("f1", "help", N_("Help"), N_("What every key does here."))
BACK = Command("escape", "back", N_("Back"), N_("Go back; nothing is changed."))
UP_DOWN = Command("up,down", "", N_("Choose"), N_("Choose a line."), shown=False)


def bindings(*commands: Command) -> list[BindingType]:
    """The key bindings of a screen's commands."""
    return [
        Binding(command.key, command.action, command.label, show=False)
        for command in commands
        if command.action and command.key
    ]


def silent(keys: str, action: str) -> Command:
    """Keys that need no words: the arrow keys, and second ways of doing what another key says."""
    return Command(keys, action, "", "", shown=False)
