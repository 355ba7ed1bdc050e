"""A form of several lines: Tab and the arrow keys go from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal

from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form: its name in the program, what it is called, what it looks like, and what stands in it at first."""

    id: str
    label: str
    hint: str = ""
    value: str = ""


class FieldLine(Horizontal):
    """A label and its line of input."""

    def __init__(self, field: Field) -> None:
        super().__init__(classes="field")
        self.field = field
        self.entry = Entry(field.hint, id=field.id, limit=200)
        self.entry.value = field.value

    def compose(self) -> ComposeResult:
        """Label and input."""
        yield Rows(classes="field-label")
        yield self.entry

    def on_mount(self) -> None:
        """Show the label."""
        self.query_one(Rows).show([Row(self.field.label)])


def form(fields: tuple[Field, ...]) -> Iterator[FieldLine]:
    """The lines of a form."""
    for field in fields:
        yield FieldLine(field)
