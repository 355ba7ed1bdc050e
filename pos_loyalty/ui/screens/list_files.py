"""What is done with a list to act on: asked for other days, printed for the staff, written to a file for a mailing program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.reports.acting import MOST_DAYS, MOST_NEAREST, ActList, Ask, Found, plain_cells, rows_of
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.records import Person
from pos_loyalty.till.audit import note
from pos_loyalty.till.mailing import Exported, export
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.list_rows import facts_of
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row


class DaysDialog(Question[int]):
    """Answers with another number of days, or of the nearest holders."""

    NAME = N_("How many?")

    def __init__(self, one: ActList, before: int) -> None:
        super().__init__()
        self._one = one
        self._before = before

    def begin(self) -> None:
        """The number as it is, to be typed over."""
        super().begin()
        self.query_one(Entry).placeholder = str(self._before)

    def question(self) -> list[Row]:
        """Days or holders."""
        if self._one.nearest:
            return [Row(self.text("How many holders, the nearest first?"))]
        if self._one.span == "behind":
            return [Row(self.text("Not seen for how many days?"))]
        return [Row(self.text("How many days, from today on?"))]

    def read(self, typed: str) -> int:
        """A number within bounds; nothing typed leaves the one before."""
        most = MOST_NEAREST if self._one.nearest else MOST_DAYS
        if not typed:
            return self._before
        if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed[:9]) <= most):
            raise Refused("number-invalid", Message(N_("Type a whole number from 1 to {most}."), most=most))
        return int(typed)


class FileDialog(Question[str]):
    """Answers with the name of the file to write."""

    NAME = N_("Export for a mailing program")

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def begin(self) -> None:
        """A name to begin with."""
        super().begin()
        entry = self.query_one(Entry)
        entry.max_length = 200
        entry.value = self._file
        entry.cursor_position = len(self._file)

    def question(self) -> list[Row]:
        """What will stand in it."""
        return [
            Row(
                self.text("Only holders who agreed to be written to stand in it. Which new file is it to be?"),
                lines=2,
            )
        ]

    def read(self, typed: str) -> str:
        """Some name."""
        if not typed:
            raise Refused("file-unusable", Message(N_("Type the name of a new file, or go back with Esc.")))
        return typed


def export_list(screen: TillScreen[Any], one: ActList, ask: Ask, file: str) -> None:
    """Write a whole list, in a thread."""
    desk = screen.desk

    def write() -> Exported:
        with desk.register.store.read() as books:
            rules = rules_on(books, ask.today)

            def rows() -> Iterator[tuple[Person, list[str | int | None]]]:
                for found in rows_of(books, one, ask):
                    yield books.person(found.account), plain_cells(one, found, rules)

            columns = [column.name for column in one.columns if column.name not in one.kept_in]
            return export(desk.register, one.name, columns, rows(), Path(file).expanduser(), desk.operator)

    def written(done: Exported) -> None:
        screen.done(
            N_("{written} rows are written to {file}; {left_out} holders have not agreed to be written to."),
            written=done.written,
            left_out=done.left_out,
            file=file,
        )

    screen.till.store(write, written)


def print_list(
    screen: TillScreen[Any], one: ActList, rows: Sequence[tuple[str, Person, Found]], rules: Rules, most: int
) -> None:
    """Print these rows, and note that it was done; refused where no printer is set up."""
    from pos_loyalty.receipt.lists import Listed, list_slip  # noqa: PLC0415 - beside its only use

    printer, desk, language = screen.till.devices.printer, screen.desk, screen.language
    if printer is None:
        screen.refuse(Message(N_("No printer is set up: name one in the settings, or with --printer.")))
        return
    listed = [
        Listed(name, person.phone or person.email or "", tuple(facts_of(one, found, rules, language)))
        for name, person, found in rows
    ]
    now = desk.register.clock()
    slip = list_slip(
        language.text(one.title), language.text(one.about), listed, len(rows) == most, desk.local(now), language
    )

    def noted() -> None:
        with desk.register.store.write() as books:
            note(books, desk.register, desk.operator, "list-print", subject=one.name, rows=str(len(rows)))

    def hand_over(_: None) -> None:
        printer.put(desk.register.new_id(), slip, open_drawer=False, title=language.text(one.title))
        screen.done(N_("The list is being printed: it is for the staff only."))

    screen.till.store(noted, hand_over)
