"""The questions of the figures' screens: which days, and into which file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.reports.frame import Period
from pos_loyalty.reports.saving import save
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row


class DayDialog(Question[date]):
    """Answers with a day: the first of a period, or its last, which is not before the first."""

    NAME = N_("Own dates")
    HINT = N_("day, month, year: 24.12.2026")

    def __init__(self, first: date | None = None) -> None:
        super().__init__()
        self._first = first

    def question(self) -> list[Row]:
        """Which of the two days."""
        if self._first is None:
            return [Row(self.text("From which day on?"))]
        return [Row(self.text("From {day} until which day, included?", day=self._first))]

    def read(self, typed: str) -> date:
        """The day; refused where the period would end before it begins."""
        day = read_day(typed)
        if self._first is not None and day < self._first:
            raise Refused("period-backwards", Message(N_("That is before the first day: name a later one.")))
        if self._first is not None:
            try:
                Period(self._first, day).before()
            except ValueError:
                raise Refused(
                    "period-endless", Message(N_("There is no period of that length before it to compare with."))
                ) from None
        return day


class SaveDialog(Question[Path]):
    """Answers with the file that was written. One that is there already is only replaced when its name is confirmed once more."""

    NAME = N_("Save")
    HINT = N_("a file")

    def __init__(self, suggested: Path, contents: Callable[[Path], Sequence[tuple[Path, bytes]]]) -> None:
        """`contents` are the files to write for a name; called with what was typed."""
        super().__init__()
        self._suggested = suggested
        self._contents = contents
        self._warned: Path | None = None

    def begin(self) -> None:
        """A name that can be taken as it stands."""
        super().begin()
        entry = self.query_one(Entry)
        entry.max_length = 4_096
        entry.value = str(self._suggested)
        entry.cursor_position = len(entry.value)

    def question(self) -> list[Row]:
        """Where to."""
        return [Row(self.text("Into which file? Enter takes the name as it stands."), lines=2)]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it, in a thread: a picture takes a moment to draw, and a disk can hang."""
        event.stop()
        event.prevent_default()  # Textual would call that of `Question` too, which only reads an answer
        try:
            file = self.read(event.value.strip())
        except Refused as refused:
            self.refuse(refused.message)
            return
        over = file == self._warned
        self.till.store(lambda: self._write(file, over), self._written, partial(self._refused, file))

    def read(self, typed: str) -> Path:
        """The file that is meant: in the suggested folder and with its ending where these are left out."""
        if not typed or "\0" in typed:
            raise Refused("file-unnamed", Message(N_("Name a file.")))
        file = Path(typed)
        if typed.startswith("~/"):
            file = Path.home() / typed[2:]
        if not file.is_absolute():
            file = self._suggested.parent / file
        return file if file.suffix else file.with_suffix(self._suggested.suffix)

    def _write(self, file: Path, over: bool) -> Path:
        save(self._contents(file), over=over)
        return file

    def _written(self, file: Path) -> None:
        self.dismiss(file)

    def _refused(self, file: Path, refused: Refused) -> None:
        if refused.code != "file-exists":
            self.refuse(refused.message)
            return
        self._warned = file
        self.refuse(
            Message(N_("{file} is there already: Enter once more replaces it, or type another name."), file=file.name)
        )
