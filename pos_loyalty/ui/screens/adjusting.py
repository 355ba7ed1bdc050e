"""So much put into a purse by hand, or taken out of it, with the reason; and the reason for taking an adjustment back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.till.adjusting import MAX_REASON, adjust
from pos_loyalty.till.cards import CardView
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.wording import worded


class AdjustScreen(TillScreen[bool]):
    """Answers whether something was stored."""

    NAME = N_("Adjust a purse")
    KEYS = (
        HELP,
        Command("f5", "purse", N_("Other purse"), N_("Choose another purse.")),
        Command("f12", "store", N_("Store"), N_("Store it, with the reason.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, view: CardView, allowed_by: str | None) -> None:
        super().__init__()
        self._view = view
        self._allowed_by = allowed_by
        self._purse = 0

    @property
    def _purses(self) -> tuple[str, ...]:
        return tuple(self._view.purses)

    def body(self) -> ComposeResult:
        """Which purse, how much, and why."""
        text = self.text
        with Vertical(id="form"):
            yield Rows(id="question")
            yield from form(
                (
                    Field("amount", text("Amount"), text("5.00 puts in, -5.00 takes out")),
                    Field("reason", text("Reason"), text("needed; it stands beside the entry")),
                )
            )

    def begin(self) -> None:
        """Begin with how much."""
        self.query_one("#reason", Entry).max_length = MAX_REASON
        self.query_one("#amount", Entry).focus()
        self._draw()

    def _draw(self) -> None:
        purse = self._purses[self._purse]
        held = self._view.purses[purse].balance
        name = self.desk.purse(purse)
        rows = [
            Row(self.text("{purse}: to spend", purse=name), worded(self.desk, held.available, purse), style="strong")
        ]
        if held.pending:
            rows.append(Row(self.text("to come"), worded(self.desk, held.pending, purse)))
        self.query_one("#question", Rows).show(rows)

    def action_purse(self) -> None:
        """The next purse."""
        self._purse = (self._purse + 1) % len(self._purses)
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the reason; behind it, it stores."""
        event.stop()
        if event.input.id == "reason":
            self.action_store()
        else:
            self.app.action_focus_next()

    def action_store(self) -> None:
        """Store it, once."""
        desk, purse, account = self.desk, self._purses[self._purse], self._view.account
        amount_line, reason = self.query_one("#amount", Entry), self.query_one("#reason", Entry).value.strip()
        try:
            amount = parse_amount(amount_line.value.strip(), self.language.decimals(purse))
        except Unreadable as unreadable:
            amount_line.focus()
            self.refuse(unreadable.message)
            return
        if not reason:
            self.query_one("#reason", Entry).focus()
            self.refuse(Message(N_("Say why in a few words: the owner sees it in the list of adjustments.")))
            return
        self.till.store(
            lambda: adjust(desk.register, account, purse, amount, reason, desk.operator, allowed_by=self._allowed_by),
            lambda _: self._stored(),
        )

    def _stored(self) -> None:
        self.dismiss(True)


class UndoDialog(Question[str]):
    """Answers with the reason for which an adjustment is taken back."""

    NAME = N_("Take an adjustment back")
    HINT = N_("why it was a mistake")

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def question(self) -> list[Row]:
        """What is taken back."""
        return [
            Row(self._words, style="strong", lines=2),
            Row(self.text("A new entry takes it back; what was spent of it meanwhile is owed. Why?"), lines=2),
        ]

    def read(self, typed: str) -> str:
        """Some words; that there are none is refused by the till."""
        return typed
