"""The line that says in words how the scanners, the printer and the display are, and what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from pos_loyalty.language import Language
from pos_loyalty.ui.messages import DisplayState, PrinterHealth, PrinterState, ScannerState
from pos_loyalty.ui.widgets.rows import Row, Rows


class StatusLine(Rows):
    """Scanners and printer."""

    def on_mount(self) -> None:
        """Show how they are now."""
        self.renew()

    def renew(self) -> None:
        """Show how they are now."""
        till = self.till
        jobs = tuple(till.jobs.values())
        scanners, display = till.scanners.values(), till.customer_display
        self.show(_rows(till.language, scanners, jobs, till.printer_health, display, prints=till.prints))


def _rows(
    language: Language,
    scanners: Iterable[ScannerState],
    jobs: tuple[PrinterState, ...],
    health: PrinterHealth,
    display: DisplayState | None,
    *,
    prints: bool,
) -> list[Row]:
    well: list[str] = []
    wrong: list[Row] = []
    known = list(scanners)
    if not known:
        well.append(language.text("● Scanner: the keyboard's"))
    for scanner in known:
        if scanner.message is None:
            well.append(language.text("● Scanner ready"))
        else:
            wrong.append(Row("✖ " + language.text("Scanner: {why}", why=scanner.message), style="bad", lines=2))
    held = [job for job in jobs if job.state != "printed"]
    if not prints:
        well.append(language.text("○ No printer is set up"))
    elif not held and health.message is not None:
        wrong.append(Row("✖ " + language.text("Printer: {why}", why=health.message), style="bad", lines=2))
    elif not held:
        low = health.paper_low
        well.append(language.text("! Printer: the paper ends soon") if low else language.text("● Printer ready"))
    elif held[0].message is None:
        well.append(language.text("◌ Printer: printing"))
    else:
        style = "bad" if held[0].state in {"uncertain", "refused"} else "warn"
        text = _held(language, held)
        wrong.append(Row("✖ " + text, style=style, lines=2))
    if display is not None:
        _tell_display(language, display, well, wrong)
    if health.drawer_open:
        wrong.append(Row("! " + language.text("The drawer is open: close it."), style="warn"))
    if wrong:
        return wrong
    return [Row("   ".join(well), style="dim")]


def _tell_display(language: Language, display: DisplayState, well: list[str], wrong: list[Row]) -> None:
    if display.message is None:
        well.append(language.text("● Display ready"))
    else:
        wrong.append(Row("✖ " + language.text("Customer display: {why}", why=display.message), style="bad", lines=2))


def _held(language: Language, held: list[PrinterState]) -> str:
    why = held[0].message or ""
    match held[0].state:
        case "uncertain":
            return language.text("Printer: {why} Ctrl+P: print it again, or not.", why=why)
        case "refused":
            return language.text("Printer: {why}", why=why)
        case _:
            return language.plural(
                "Printer: one receipt waits. {why}", "Printer: {n} receipts wait. {why}", len(held), why=why
            )
