"""What all screens of the till have: a title, a bar that says things until the next key or scan, the devices' state, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import ModalScreen, Screen

from pos_loyalty.domain.message import Message, Value
from pos_loyalty.ui.commands import Command
from pos_loyalty.ui.messages import Scanned, TakeScan
from pos_loyalty.ui.widgets.bar import Bar, Kind
from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.keys import KeyBar
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.status import StatusLine

if TYPE_CHECKING:
    from pos_loyalty.language import Language
    from pos_loyalty.ui.app import TillApp
    from pos_loyalty.ui.desk import Desk

R = TypeVar("R")


class TillScreen(Screen[R]):
    """A full screen. `NAME` is its title; `NOTES` is what its help says besides the keys: what is typed, and what it does."""

    BLANK: ClassVar[bool] = True
    """Nothing is seen of a screen itself but its background."""
    NAME: ClassVar[str] = ""
    KEYS: ClassVar[tuple[Command, ...]] = ()
    NOTES: ClassVar[tuple[tuple[str, str], ...]] = ()
    # Textual's own keys that change the focus and copy text are not inherited; a till has its own.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    _lines: tuple[Painted, ...] = ()
    _scanner: str | None = None  # waits to hear what becomes of its scan
    is_ready = False
    """Whether it can be typed into; until then the app keeps keys and scans for it."""

    @property
    def till(self) -> TillApp:
        """The app."""
        return cast("TillApp", self.app)

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.till.language

    @property
    def desk(self) -> Desk:
        """The register's place at the counter; there is one on every screen but the first."""
        desk = self.till.desk
        if desk is None:
            raise LookupError("the store is not open yet")
        return desk

    def text(self, template: str, /, **values: Value) -> str:
        """A sentence in the reader's language."""
        return self.language.text(template, **values)

    # ---- what it consists of ------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The title, what is on this screen, and what is at the bottom of each."""
        yield Rows(id="title")
        yield from self.body()
        yield Bar(id="bar")
        yield StatusLine(id="status")
        yield KeyBar(self.commands())

    def commands(self) -> tuple[Command, ...]:
        """The keys at the bottom and in the help."""
        return self.KEYS

    def body(self) -> ComposeResult:
        """What is on this screen alone."""
        yield from ()

    def on_mount(self) -> None:
        """Show the title, then begin. (Textual calls the `on_mount` of every class by itself, so the others have `begin`.)"""
        self.entitle()
        self.begin()
        self.call_later(self._now_ready)

    def on_unmount(self) -> None:
        """Let go of every painted line: Textual's cache of colours has each widget in its keys, and would keep 1,024 of them."""
        StylesCache.get_inner_outer.cache_clear()

    async def _now_ready(self) -> None:
        self.is_ready = True
        self.till.call_later(self.till.go_on)

    def begin(self) -> None:
        """What this screen does first."""

    def entitle(self) -> None:
        """Show the title line: where this is, and who sells."""
        desk = self.till.desk
        left = self.text(self.NAME) if self.NAME else ""
        if desk is None:
            self.query_one("#title", Rows).show([Row(left or self.till.title, style="strong")])
            return
        right = self.text("{register} · {operator}", register=desk.register.name, operator=desk.operator)
        self.query_one("#title", Rows).show([Row(f" {left}", f"{right} ", style="strong")])

    # ---- what it says -------------------------------------------------------------------------------

    @property
    def bar(self) -> Bar | None:
        """The bar; None while the screen is not there yet."""
        try:
            return self.query_one(
                "#bar", Bar
            )  # by its id: Textual keeps what that finds, a query would walk the screen
        except NoMatches:
            return None

    def say(self, kind: Kind, message: Message | str) -> None:
        """Say something in the bar until the next key or scan."""
        text = self.language.say(message) if isinstance(message, Message) else message
        bar = self.bar
        if bar is not None:
            bar.say(kind, text)

    def refuse(self, message: Message) -> None:
        """Say why something is not done and what to do; a bell says that there is something to read."""
        self.say("refused", message)
        self.app.bell()

    def tell(self, template: str, /, **values: Value) -> None:
        """Say what is going on."""
        self.say("told", self.text(template, **values))

    def done(self, template: str, /, **values: Value) -> None:
        """Say that something is done."""
        self.say("done", self.text(template, **values))

    def hush(self) -> None:
        """Say nothing more: a key was pressed, or something scanned."""
        bar = self.bar
        if bar is not None and bar.kind is not None:
            bar.clear()

    def devices_changed(self) -> None:
        """Show how the scanners and the printer are now."""
        for line in self.query(StatusLine):
            line.renew()

    # ---- what it does -------------------------------------------------------------------------------

    def has_open_bill(self) -> bool:
        """Whether leaving the till now would lose something."""
        return False

    def on_take_scan(self, event: TakeScan) -> None:
        """A scan while this screen is up (or was a moment ago: then it is that of the one that is up now)."""
        event.stop()
        if self.is_current:
            self.hush()  # here, so that it is painted together with what the scan shows
            self._scanner = event.scanner
            self.take_scan(event.code)
            self._paint()
            self._answer()
        else:
            self.till.post_message(Scanned(event.code, event.scanner))

    def _answer(self) -> None:
        """Tell the scanner whether its scan counted, unless another screen will."""
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            bar = self.bar
            self.till.devices.answer(scanner, accepted=bar is None or bar.kind != "refused")

    def pass_on(self, code: str) -> None:
        """Let the screen that is up next take this scan, and answer for it."""
        scanner, self._scanner = self._scanner, None
        self.till.post_message(Scanned(code, scanner))

    def _paint(self) -> None:
        """Paint what a scan changed at once. By itself Textual does so when each changed widget has sent a message to the screen
        and the screen has waited for its timer: a fifth of the time from the scan to what is seen.
        """
        if not self._lines:
            self._lines = tuple(self.query(Painted))
        changed = [widget for widget in self._lines if widget.changed]
        if changed and self.is_current:
            self._dirty_widgets.update(changed)
            self._on_timer_update()

    def take_scan(self, code: str) -> None:
        """What a scan does here. A screen that has no use for it goes away, and the scan counts at the bill."""
        self.dismiss(None)
        self.pass_on(code)

    def action_back(self) -> None:
        """Go back; nothing is changed."""
        self.dismiss(None)

    def action_help(self) -> None:
        """What every key does here."""
        from pos_loyalty.ui.screens.help import HelpScreen  # noqa: PLC0415 - it is a screen itself

        self.app.push_screen(HelpScreen(self.NAME, self.commands(), self.NOTES))


class Dialog(ModalScreen[R], TillScreen[R]):
    """A small question over the screen that it was asked on."""

    BLANK: ClassVar[bool] = False

    def compose(self) -> ComposeResult:
        """A box with a title, the question, the bar and the keys."""
        from textual.containers import Vertical  # noqa: PLC0415 - beside its only use

        with Vertical(id="dialog"):
            yield Rows(id="title")
            yield from self.body()
            yield Bar(id="bar")
            yield KeyBar(self.commands())

    def entitle(self) -> None:
        """Show the question's name."""
        self.query_one("#title", Rows).show([Row(f" {self.text(self.NAME)}", style="strong")])
