"""A draft programme tried on the shop's own past sales: chosen, checked, replayed with a bar, and what it came to.

The work is done by processes of their own that give way to the till; Esc breaks it off, and nothing of it stays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as Event
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.problems import Problem
from pos_loyalty.domain.programme.reading import Reading, read
from pos_loyalty.language import Language, Unreadable
from pos_loyalty.till.backtest import Backtest, HolderChange, Request, apart, backtest
from pos_loyalty.till.backtest.progress import OFTEN, Progress, Stopwatch
from pos_loyalty.till.backtest.table import CHANGES, amounts, assumed, bands, csv_of, refusals, sections, shown
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Page, Row

MAX_FILE = 4_000_000
"""Bytes read of a file: the reader itself says what is too long for a programme."""
BAR = 40
"""Columns of the progress bar."""
CELL = 14
"""Columns of each of the three figures beside one another."""
SCROLLS = (
    silent("up", "scroll(-1)"),
    silent("down", "scroll(1)"),
    silent("pageup", "scroll(-10)"),
    silent("pagedown", "scroll(10)"),
)


class ReplayTold(Event):
    """How far it is."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress


class ReplayEnded(Event):
    """What it came to; None where it was broken off."""

    def __init__(self, outcome: Backtest | Refused | None) -> None:
        super().__init__()
        self.outcome = outcome


class _BrokenOff(Exception):
    """Somebody pressed Esc."""


class BacktestScreen(TillScreen[None]):
    """Asks for the draft's file and a period, and waits for the replay."""

    NAME = N_("Try a draft programme")
    KEYS = (
        HELP,
        Command("enter", "", N_("Try"), N_("Check the file, and replay the past sales under it.")),
        Command("escape", "back", N_("Back"), N_("Break the replay off, or go back; nothing is changed.")),
        Command("tab", "", N_("Next line"), N_("Go to the next line."), shown=False),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(*KEYS, *SCROLLS)

    def __init__(self) -> None:
        super().__init__()
        self._asked_to_stop: threading.Event | None = None
        self._file = Path()

    def body(self) -> ComposeResult:
        """The lines to fill in, and below them what is wrong with the file, or how far it is."""
        with Vertical(id="draft-form"):
            yield from form(
                (
                    Field("draft", self.text("Draft"), self.text("the programme's file, such as draft.toml")),
                    Field("first", self.text("In force from"), self.text("a date; nothing: from the first sale on")),
                    Field("last", self.text("Until"), self.text("a date; nothing: until today")),
                )
            )
        yield Page(id="page")

    def begin(self) -> None:
        """Say what it does."""
        self.query_one("#draft", Entry).focus()
        about = self.text(
            "Your past sales are rung up once more, under the programme in force and under the draft, in a store that is thrown"
            " away. Selling goes on meanwhile, and nothing is changed."
        )
        self.page.show([Row(), Row(about, lines=0)])

    @property
    def page(self) -> Page:
        """What is below the lines."""
        return self.query_one("#page", Page)

    @property
    def replays(self) -> bool:
        """Whether a replay runs."""
        return self._asked_to_stop is not None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check the file, and begin."""
        event.stop()
        if self.replays:
            return
        try:
            first, last = self._day("first"), self._day("last")
            text = self._text()
        except Unreadable as wrong:
            self.refuse(wrong.message)
            return
        if first is not None and last is not None and first > last:
            self.refuse(Message(N_("The period ends before it begins: give an earlier beginning or a later end.")))
            return
        reading = read(text)
        self.page.show(self._problems(reading))
        if reading.programme is None:
            self.refuse(Message(N_("The draft cannot be used until its errors are mended.")))
            return
        address = self.desk.register.store.database.address
        self._start(Request(address, text, self.desk.register.clock(), first, last))

    def _day(self, field: str) -> date | None:
        typed = self.query_one(f"#{field}", Entry).value.strip()
        return read_day(typed) if typed else None

    def _text(self) -> str:
        typed = self.query_one("#draft", Entry).value.strip()
        if not typed:
            raise Unreadable(Message(N_("Type the name of the draft's file.")))
        self._file = Path(typed).expanduser()
        try:
            with self._file.open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except OSError as error:
            raise Unreadable(
                Message(N_("{file} cannot be read ({reason})."), file=typed, reason=error.strerror or str(error))
            ) from None
        if len(data) > MAX_FILE:
            raise Unreadable(Message(N_("{file} is larger than {limit} bytes."), file=typed, limit=MAX_FILE))
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(
                Message(N_("{file} is no text in UTF-8 (byte {place})."), file=typed, place=error.start + 1)
            ) from None

    def _problems(self, reading: Reading) -> list[Row]:
        """What `programme check` says of the file: errors, and what is only doubtful."""
        return [Row(), *(self._problem(one) for one in reading.problems)]

    def _problem(self, problem: Problem) -> Row:
        words = [self.language.say(problem.message)]
        if problem.mend is not None:
            words.append(self.language.say(problem.mend))
        is_error = problem.severity == "error"
        severity = self.text("error") if is_error else self.text("warning")
        line = [str(problem.line)] if problem.line else []
        place = [problem.field] if problem.field else []
        return Row(": ".join((*line, severity, *place, " ".join(words))), style="bad" if is_error else "warn", lines=0)

    # ---- the replay -------------------------------------------------------------------------------------------------

    def _start(self, request: Request) -> None:
        stop = self._asked_to_stop = threading.Event()
        watch = Stopwatch()
        shown_at = 0.0

        def told(stage: str, done: int, total: int) -> None:
            nonlocal shown_at
            if stop.is_set():
                raise _BrokenOff
            progress = watch.told(stage, done, total)
            if time.monotonic() - shown_at >= OFTEN:
                shown_at = time.monotonic()
                self.post_message(ReplayTold(progress))

        def work() -> None:
            outcome: Backtest | Refused | None
            try:
                outcome = backtest(request, told, apart)
            except Refused as refused:
                outcome = refused
            except _BrokenOff:
                outcome = None
            self.post_message(ReplayEnded(outcome))

        self.tell(N_("The sales are replayed; Esc breaks it off."))
        self.run_worker(work, thread=True, exit_on_error=False, group="backtest")

    def on_replay_told(self, event: ReplayTold) -> None:
        """Show how far it is."""
        event.stop()
        if not self.replays:
            return
        seen = event.progress
        bar = "█" * (BAR * seen.percent // 100)
        rows = [
            Row(),
            Row(self.language.say(seen.name), style="strong"),
            Row(f"{bar:░<{BAR}} {seen.percent}%", ordered=True),
        ]
        if seen.left is not None:
            rows.append(Row(self.language.say(seen.left), style="dim"))
        self.page.show(rows)

    def on_replay_ended(self, event: ReplayEnded) -> None:
        """Show what it came to, or say why it did not."""
        event.stop()
        self._asked_to_stop = None
        match event.outcome:
            case Backtest():
                self.page.show(())
                self.hush()
                self.app.push_screen(BacktestResultScreen(event.outcome, self._file))
            case Refused():
                self.page.show(())
                self.refuse(event.outcome.message)
            case None:
                self.page.show(())
                self.tell(N_("Broken off: nothing of it is kept, and the store is as it was."))

    def action_back(self) -> None:
        """Break off what runs; else go back."""
        if self._asked_to_stop is not None:
            self._asked_to_stop.set()
        else:
            self.dismiss(None)

    def on_unmount(self) -> None:
        """A screen that goes away takes its replay with it."""
        if self._asked_to_stop is not None:
            self._asked_to_stop.set()

    def take_scan(self, code: str) -> None:
        """A scan does not leave a replay that runs."""
        if self.replays:
            self.tell(N_("The sales are replayed; Esc breaks it off."))
        else:
            super().take_scan(code)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.page.scroll_relative(y=by, animate=False)


class BacktestResultScreen(TillScreen[None]):
    """What it came to: figures beside one another, holders, what was refused, and what it cannot know."""

    NAME = N_("What the draft would have come to")
    KEYS = (
        HELP,
        Command("f4", "save", N_("Save"), N_("Save the figures as CSV beside the draft's file.")),
        Command("f5", "names", N_("Names"), N_("Show who the holders are that gain or lose most.")),
        BACK,
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(*KEYS, *SCROLLS)

    def __init__(self, found: Backtest, file: Path) -> None:
        super().__init__()
        self._found = found
        self._file = file
        self._names: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """One page."""
        yield Page(id="page")

    def begin(self) -> None:
        """Show it."""
        self._show()

    def _show(self) -> None:
        self.query_one("#page", Page).show([*self._figures(), *self._holders(), *self._words()])

    @property
    def _language(self) -> Language:
        found = self._found
        purses = {one.purse: one.unit for one in (*found.happened.purses, *found.in_force.purses, *found.draft.purses)}
        return Language(self.language.code, found.currency, purses=purses)

    def _figures(self) -> Iterator[Row]:
        found, language = self._found, self._language
        yield Row(
            self.text(
                "From {first} until {last}; sales replayed: {count}.",
                first=found.first,
                last=found.last,
                count=found.replayed,
            )
        )
        heads = _beside(self.text("As it happened"), self.text("In force"), self.text("Draft"))
        for section in sections(found):
            if not section.rows:
                continue
            yield Row()
            yield Row(language.say(section.title), heads, style="strong")
            for row in section.rows:
                yield Row(
                    language.say(row.title), _beside(*(shown(row, value, language) for value in row.values)), lines=2
                )

    def _holders(self) -> Iterator[Row]:
        found, language = self._found, self._language
        yield Row()
        yield Row(self.text("Holders under the draft, against the programme in force"), style="strong")
        for _, words, count in bands(found):
            yield Row(language.say(words), language.number(count), indent=2)
        for title, changes in ((N_("Who gains most"), found.winners), (N_("Who loses most"), found.losers)):
            if changes:
                yield Row()
                yield Row(self.text(title), _beside(*(self.text(head) for head in CHANGES)), style="strong")
                for change in changes:
                    yield Row(self._who(change), _beside(*map(language.signed, amounts(change))))

    def _who(self, change: HolderChange) -> str:
        return self._names.get(change.account) or change.card

    def _words(self) -> Iterator[Row]:
        found, language = self._found, self._language
        yield Row()
        for refused, name in ((found.refused_in_force, self.text("In force")), (found.refused, self.text("Draft"))):
            for message in refusals(refused):
                yield Row(f"{name}: {language.say(message)}", style="warn", lines=0)
        for message in assumed(found):
            yield Row(language.say(message), lines=0)
            yield Row()

    def action_save(self) -> None:
        """Save the figures beside the draft."""
        file = self._file.with_name(f"{self._file.stem}-backtest.csv")
        try:
            file.write_text(csv_of(self._found), encoding="utf-8", newline="")
        except OSError as error:
            reason = error.strerror or str(error)
            self.refuse(Message(N_("{file} cannot be written ({reason})."), file=str(file), reason=reason))
            return
        self.done(N_("The figures are written to {file}."), file=str(file))

    def action_names(self) -> None:
        """Show who they are, to those who may see it."""
        self.till.permitted("reports", self._show_names)

    def _show_names(self, _: str | None) -> None:
        with self.desk.register.store.read() as books:
            for change in (*self._found.winners, *self._found.losers):
                member = books.member(change.account)
                if member is not None:
                    self._names[change.account] = member.name
        self._show()

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", Page).scroll_relative(y=by, animate=False)


def _beside(*cells: str) -> str:
    """Figures beside one another, each at the end of its column."""
    width = CELL if len(cells) < len(CHANGES) else CELL - 2
    return "".join(cell.rjust(width) for cell in cells)
