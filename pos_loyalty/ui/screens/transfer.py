"""Holders taken in from a file, and everything handed out: the file is asked for, checked row by row, and then taken in.

The work goes on in a thread beside the till, whose own transactions come in between; Esc breaks it off.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as Event
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.till.backtest.progress import OFTEN
from pos_loyalty.till.transfer.export import Exported, export_everything
from pos_loyalty.till.transfer.holders import CONSENT, REASON, STAGES, Outcome, Wish, Words, summary, take_in
from pos_loyalty.till.transfer.tables import BadRow
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Page, Row

BAR = 40
"""Columns of the progress bar."""
MOST_SHOWN = 1_000
"""Bad rows that are listed: who has more mends the file's maker; the command line lists all of them."""

Result: TypeAlias = Outcome | Exported | Refused | None
Told: TypeAlias = Callable[[str, int, int], None]


class TransferTold(Event):
    """How far it is."""

    def __init__(self, stage: str, percent: int) -> None:
        super().__init__()
        self.stage = stage
        self.percent = percent


class TransferEnded(Event):
    """What came of it; None where it was broken off."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


class _BrokenOff(Exception):
    """Somebody pressed Esc."""


class TransferScreen(TillScreen[None]):
    """Asks for a file of holders or for where everything is to go, and does it."""

    NAME = N_("Import and export")
    KEYS = (
        HELP,
        Command(
            "enter", "", N_("Check or write"), N_("Check the file of holders; on the second line, write everything.")
        ),
        Command(
            "f5", "take", N_("Take in"), N_("Take in the holders of the file that was checked; bad rows are put aside.")
        ),
        Command("escape", "back", N_("Back"), N_("Break off what goes on, or go back.")),
        Command("tab", "", N_("Next line"), N_("Go to the next line."), shown=False),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._asked_to_stop: threading.Event | None = None
        self._bad: list[BadRow] = []
        self._checked: tuple[Path, Outcome] | None = None
        self._target = Path()

    def body(self) -> ComposeResult:
        """Two lines to fill in, and below them what came of it."""
        with Vertical(id="draft-form"):
            yield from form(
                (
                    Field("holders", self.text("Holders from"), self.text("a CSV file, such as holders.csv")),
                    Field(
                        "target", self.text("Everything to"), self.text("a new folder, or a new file such as all.zip")
                    ),
                )
            )
        yield Page(id="page")

    def begin(self) -> None:
        """Say what it does."""
        self.query_one("#holders", Entry).focus()
        about = (
            self.text(
                "Holders with their cards and balances are checked first: every bad row is listed, nothing is stored."
            ),
            self.text(
                "Everything is written as CSV by subject, and the programmes as TOML. It names people: keep it safe."
            ),
        )
        self.page.show([Row(), *(Row(line, lines=0) for line in about)])

    @property
    def page(self) -> Page:
        """What is below the lines."""
        return self.query_one("#page", Page)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check the file, or write everything."""
        event.stop()
        if self._asked_to_stop is not None:
            return
        typed = event.input.value.strip()
        if not typed:
            self.refuse(Message(N_("Type the name of the file.")))
        elif event.input.id == "holders":
            file = Path(typed).expanduser()
            self._checked = None
            self._start(lambda told: self._take_in(file, told, dry=True, allowed_by=None))
        else:
            self._target = Path(typed).expanduser()
            self.till.permitted("transfer", self._write)

    def action_take(self) -> None:
        """Take in what was checked."""
        if self._asked_to_stop is not None:
            return
        if self._checked is None:
            self.refuse(Message(N_("Type the name of the file, and check it with Enter first.")))
        elif not self._checked[1].taken:
            self.refuse(Message(N_("There is nothing in it to be taken in.")))
        else:
            file = self._checked[0]
            self._checked = None
            self.till.permitted(
                "transfer",
                lambda allowed_by: self._start(
                    lambda told: self._take_in(file, told, dry=False, allowed_by=allowed_by)
                ),
            )

    # ---- in the thread beside -----------------------------------------------------------------------

    def _take_in(self, file: Path, told: Told, *, dry: bool, allowed_by: str | None) -> Outcome:
        self._bad = []
        language = self.language
        words = Words(language.text(REASON), language.text(CONSENT))

        def bad(row: BadRow) -> None:
            if len(self._bad) < MOST_SHOWN:
                self._bad.append(row)

        with _opened(file) as source, _aside(None if dry else _rest(file)) as mend:
            wish = Wish(self.desk.operator, words, dry, skip_bad=True, mend=mend, allowed_by=allowed_by)
            outcome = take_in(self.desk.register, source, wish, bad, told)
        if dry:
            self._checked = (file, outcome)
        return outcome

    def _write(self, allowed_by: str | None) -> None:
        target, desk = self._target, self.desk
        self._start(lambda told: export_everything(desk.register, target, desk.operator, told, allowed_by))

    def _start(self, work: Callable[[Told], Outcome | Exported]) -> None:
        stop = self._asked_to_stop = threading.Event()
        shown_at = 0.0

        def told(stage: str, done: int, total: int) -> None:
            nonlocal shown_at
            if stop.is_set():
                raise _BrokenOff
            if time.monotonic() - shown_at >= OFTEN:
                shown_at = time.monotonic()
                self.post_message(TransferTold(stage, min(100, 100 * done // total) if total else 100))

        def run() -> None:
            result: Result
            try:
                result = work(told)
            except Refused as refused:
                result = refused
            except _BrokenOff:
                result = None
            self.post_message(TransferEnded(result))

        self.tell(N_("Selling goes on meanwhile; Esc breaks it off."))
        self.run_worker(run, thread=True, exit_on_error=False, group="transfer")

    # ---- what came of it ----------------------------------------------------------------------------

    def on_transfer_told(self, event: TransferTold) -> None:
        """Show how far it is."""
        event.stop()
        if self._asked_to_stop is not None:
            bar = "█" * (BAR * event.percent // 100)
            self.page.show(
                [
                    Row(),
                    Row(self.text(STAGES[event.stage]), style="strong"),
                    Row(f"{bar:░<{BAR}} {event.percent}%", ordered=True),
                ]
            )

    def on_transfer_ended(self, event: TransferEnded) -> None:
        """Show what came of it, or why nothing did."""
        event.stop()
        self._asked_to_stop = None
        match event.result:
            case Outcome() as outcome:
                self.page.show(list(self._came_of(outcome)))
                if outcome.dry:
                    self.tell(N_("Nothing is stored yet: F5 takes the good rows in."))
                else:
                    self.done(N_("The holders are taken in."))
            case Exported() as exported:
                count = sum(exported.rows.values())
                self.page.show([Row(), *(Row(f"{name}.csv", str(rows)) for name, rows in exported.rows.items())])
                self.done(N_("{count} rows are written to {target}."), count=count, target=str(self._target))
            case Refused() as refused:
                self.page.show(())
                self.refuse(refused.message)
            case None:
                self.page.show(())
                self.tell(N_("Broken off. Of an import, what was stored stays: the same file takes in the rest."))

    def _came_of(self, outcome: Outcome) -> Iterator[Row]:
        yield Row()
        for message in summary(outcome, self.desk.programme, skipped=True):
            yield Row(self.language.say(message), lines=0)
        if not self._bad:
            return
        yield Row()
        yield Row(self.text("Bad rows"), style="strong")
        for row in self._bad:
            words = self.language.say(row.message)
            yield Row(self.text("Line {line}: {words}", line=row.line, words=words), style="bad", lines=0)
        if outcome.bad > len(self._bad):
            yield Row(self.text("And {count} more.", count=outcome.bad - len(self._bad)))

    def action_back(self) -> None:
        """Break off what goes on; else go back."""
        if self._asked_to_stop is not None:
            self._asked_to_stop.set()
        else:
            self.dismiss(None)

    def on_unmount(self) -> None:
        """A screen that goes away takes its work with it."""
        if self._asked_to_stop is not None:
            self._asked_to_stop.set()

    def take_scan(self, code: str) -> None:
        """A scan does not leave work that goes on."""
        if self._asked_to_stop is not None:
            self.tell(N_("Selling goes on meanwhile; Esc breaks it off."))
        else:
            super().take_scan(code)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.page.scroll_relative(y=by, animate=False)


def _rest(file: Path) -> Path:
    """Where the bad rows of a file go."""
    return file.with_name(f"{file.name}.bad.csv")


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        source = file.open("rb")
    except OSError as error:
        raise _unusable(file, error) from None
    with source:
        yield source


@contextlib.contextmanager
def _aside(file: Path | None) -> Iterator[BinaryIO | None]:
    """A new file for bad rows, which only its owner may read; it goes again where there were none."""
    if file is None:
        yield None
        return
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unusable(file, error) from None
    with os.fdopen(handle, "wb") as out:
        try:
            yield out
        finally:
            if out.tell() == 0:
                file.unlink(missing_ok=True)


def _unusable(file: Path, error: OSError) -> Refused:
    return Refused(
        "file-unusable",
        Message(N_("{file} cannot be used ({reason})."), file=str(file), reason=error.strerror or str(error)),
    )
