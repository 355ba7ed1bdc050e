"""Who may open devices, what ModemManager does to a scanner, and the udev rule that settles both; and a printer's address."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row
from pos_loyalty.ui.workbench import Inspection, Workbench


class DeviceRightsScreen(TillScreen[None]):
    """Explains, shows the rule, and writes it to a file on wish."""

    NAME = N_("Rights and the udev rule")
    KEYS = (
        HELP,
        Command(
            "f2", "save", N_("Write file"), N_("Write the rule to a file, to be copied where its first line says.")
        ),
        BACK,
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
    )

    def __init__(self, bench: Workbench, seen: Inspection) -> None:
        super().__init__()
        self._bench = bench
        self._seen = seen

    def body(self) -> ComposeResult:
        """The text."""
        yield Page(id="help")

    def begin(self) -> None:
        """Write it."""
        text, say = self.text, self.language.say
        rows = [Row(text("Who may open a device"), style="strong")]
        troubles = [one.trouble for one in self._seen.devices if one.trouble is not None]
        rows += [Row("✖ " + say(trouble), style="bad", lines=0) for trouble in troubles]
        rows += [
            Row(
                text(
                    "Serial ports belong to the group dialout, printers to lp. Whoever runs the till is put into both with"
                    " `sudo usermod -aG dialout,lp USER` and logs in again."
                ),
                lines=0,
            ),
            Row(),
            Row(text("ModemManager"), style="strong"),
            Row(
                text(
                    "It asks every new serial port for ten seconds whether it is a modem, and garbles the first scans after"
                    " plugging in. The rule keeps it off these devices; nothing else of it changes."
                ),
                lines=0,
            ),
            *(Row("! " + say(hazard), style="warn", lines=0) for hazard in self._seen.hazards),
            Row(),
            Row(text("The rule for what is plugged in now"), style="strong"),
        ]
        rows += [Row(line, lines=0, ordered=True) for line in self._seen.rule.splitlines()]
        self.query_one("#help", Page).show(rows)

    def action_save(self) -> None:
        """Write the rule to a file."""

        def saved(file: Path) -> None:
            self.done(N_("Written to {file}: its first line says what to do with it."), file=str(file))

        self.till.store(self._bench.save_rule, saved)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#help", Page).scroll_relative(y=by, animate=False)


class AddressDialog(Question[str]):
    """Answers with the target of a printer on the network."""

    NAME = N_("A printer on the network")
    HINT = N_("192.0.2.7, or tcp://192.0.2.7:9100")

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench

    def question(self) -> list[Row]:
        """Where its address is found."""
        return [Row(self.text("It prints its address when it is switched on with its feed button held down."), lines=2)]

    def read(self, typed: str) -> str:
        """The address that was typed."""
        return self._bench.check_target(typed)
