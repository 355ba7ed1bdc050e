"""What the customer says of a bill, in two keys: which question, then the figure."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.records import Feedback
from pos_loyalty.till.feedback import Said, feedback_on, give_feedback
from pos_loyalty.till.recognition import MAX_COMPLAINT
from pos_loyalty.ui.commands import Command, bindings, silent
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows


class SatisfactionDialog(Dialog[int]):
    """Answers with a figure from 1 to 5, as soon as its key is pressed."""

    NAME = N_("How content are they?")
    KEYS = (
        Command("1,2,3,4,5", "", N_("the figure"), N_("1 is not at all, 5 is very.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(KEYS[1], *(silent(str(n), f"say({n})") for n in range(1, 6)))

    def body(self) -> ComposeResult:
        """What the figures mean."""
        yield Rows(id="question")

    def begin(self) -> None:
        """Ask."""
        text = self.text
        self.query_one("#question", Rows).show(
            [
                Row(text("“How content are you with your visit today?”"), lines=2),
                Row(text("1 not at all · 2 little · 3 so-so · 4 quite · 5 very"), style="strong", lines=2),
            ]
        )

    def action_say(self, figure: int) -> None:
        """That figure."""
        self.dismiss(figure)


class RecommendationDialog(Dialog[int]):
    """Answers with a figure from 0 to 10: at once, but for 1, which 0 makes 10 and Enter keeps."""

    NAME = N_("Would they recommend the shop?")
    KEYS = (
        Command("0", "", N_("to 10"), N_("0 is never, 10 is certainly; 1 and Enter is one, 1 and 0 is ten.")),
        Command("enter", "one", N_("One"), N_("After 1: it is one."), shown=False),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS[1:], *(silent(str(n), f"say({n})") for n in range(10)))

    def __init__(self) -> None:
        super().__init__()
        self._one = False

    def body(self) -> ComposeResult:
        """What the figures mean."""
        yield Rows(id="question")

    def begin(self) -> None:
        """Ask."""
        text = self.text
        self.query_one("#question", Rows).show(
            [
                Row(text("“How likely are you to recommend us to a friend?”"), lines=2),
                Row(text("0 never … 10 certainly"), style="strong"),
            ]
        )

    def action_say(self, figure: int) -> None:
        """That figure; after 1, only 0 makes another one."""
        if self._one and figure == 0:
            self.dismiss(10)
        elif self._one:
            self._one = False
            self.refuse(Message(N_("From 0 to 10: type the figure again.")))
        elif figure == 1:
            self._one = True
            self.tell(N_("1: Enter keeps it, 0 makes it 10."))
        else:
            self.dismiss(figure)

    def action_one(self) -> None:
        """It is one."""
        if self._one:
            self.dismiss(1)


class WordsDialog(Question[str]):
    """Answers with what the customer said; nothing takes it away."""

    NAME = N_("In their words")
    HINT = N_("nothing takes the words away")

    def __init__(self, before: str) -> None:
        super().__init__()
        self._before = before

    def begin(self) -> None:
        """What was said before is there to be changed."""
        super().begin()
        entry = self.query_one(Entry)
        entry.max_length = MAX_COMPLAINT
        entry.value = self._before
        entry.cursor_position = len(self._before)

    def question(self) -> list[Row]:
        """What to type."""
        return [Row(self.text("What did they say of their visit?"), lines=2)]

    def read(self, typed: str) -> str:
        """Any words, or none."""
        return typed


def ask_satisfaction(screen: TillScreen[None], sale: str) -> None:
    """Ask how content they are."""
    screen.app.push_screen(SatisfactionDialog(), lambda n: _keep(screen, sale, None if n is None else Said(n)))


def ask_recommendation(screen: TillScreen[None], sale: str) -> None:
    """Ask whether they would recommend the shop."""

    def answered(figure: int | None) -> None:
        _keep(screen, sale, None if figure is None else Said(recommendation=figure))

    screen.app.push_screen(RecommendationDialog(), answered)


def ask_words(screen: TillScreen[None], sale: str) -> None:
    """Ask for their words."""
    try:
        before = feedback_on(screen.desk.register, sale)
    except Refused as refused:
        screen.refuse(refused.message)
        return

    def answered(words: str | None) -> None:
        _keep(screen, sale, None if words is None else Said(words=words))

    screen.app.push_screen(WordsDialog(before.text or "" if before else ""), answered)


def _keep(screen: TillScreen[None], sale: str, said: Said | None) -> None:
    if said is None:
        return
    desk = screen.desk

    def kept(feedback: Feedback) -> None:
        parts = []
        if feedback.satisfaction is not None:
            parts.append(screen.text("content {n} of 5", n=feedback.satisfaction))
        if feedback.recommendation is not None:
            parts.append(screen.text("recommends {n} of 10", n=feedback.recommendation))
        if feedback.text:
            parts.append(screen.text("in words"))
        screen.done(N_("Thank you is said; it is kept: {words}."), words=", ".join(parts) or "-")

    screen.till.store(lambda: give_feedback(desk.register, sale, said, desk.operator), kept)
