"""The scanners, the printer and the display of one register, fitted to the app; and the demo's scanner, a pseudo-terminal."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.codes import Noise, Scan
from drivers.presets import PRESETS
from drivers.scanner_commands import Commands
from drivers.serial_scanner import Lost, Opened, ScannerEvent, SerialScanner, Waiting
from pos_loyalty.config import DisplaySettings, PrinterSettings, ScannerSettings
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.terminal.demo import Demo
from pos_loyalty.terminal.reasons import REPEAT, message_of, shortened
from pos_loyalty.ui.devices import CustomerDisplay, DemoKey, Post, ReceiptPrinter
from pos_loyalty.ui.messages import DeviceSaid, Scanned, ScannerState, Unread

if TYPE_CHECKING:
    from textual.message import Message as Event

    from drivers.scan_socket import ScanServer
    from drivers.simulator import SimulatedScanner
    from pos_loyalty.terminal.display import PortedDisplay
    from pos_loyalty.terminal.printing import SpooledPrinter

WEDGE = "wedge"
"""The port of a scanner that types; such scanners are told from a person's typing whether they are named or not."""

SWITCHED_OFF = 0.5
"""Seconds that leaving waits for a scanner to take its last command; it takes some milliseconds."""


class RegisterDevices:
    """The scanners and the printer of one register, and the demo's simulated scanner."""

    def __init__(
        self,
        scanners: Sequence[ScannerSettings],
        printer: PrinterSettings | None,
        demo: Demo | None = None,
        *,
        display: DisplaySettings | None = None,
        queue: Path | None = None,
    ) -> None:
        """`queue` is the folder where receipts wait for the printer over a restart; None: they do not."""
        self._settings = [scanner for scanner in scanners if scanner.port != WEDGE]
        self._printer = printer
        self._demo = demo
        self._scanners: list[SerialScanner] = []
        self._heard: dict[str, tuple[SerialScanner, Commands]] = {}  # the scanners that sound what became of a scan
        self._awaited: list[threading.Thread] = []  # of the scanners that are switched off at the end
        self._simulated: SimulatedScanner | None = None
        self._server: ScanServer | None = None
        self.printer: ReceiptPrinter | None = None
        self._spooled: SpooledPrinter | None = None
        self._post: Post = lambda event: None
        self._display = display
        self._shown: PortedDisplay | None = None
        self.display: CustomerDisplay | None = None
        if printer is not None:
            from pos_loyalty.terminal.printing import SpooledPrinter  # noqa: PLC0415 - not every register has one

            self.printer = self._spooled = SpooledPrinter(printer, self._tell, queue)
        elif demo is not None and demo.paper is not None:
            from pos_loyalty.terminal.printing import PaperFile  # noqa: PLC0415 - as above

            self.printer = PaperFile(demo.paper, self._tell)

    def _tell(self, event: Event) -> None:
        self._post(event)

    def demo_keys(self) -> tuple[DemoKey, ...]:
        """The demo's keys: what they scan goes through the simulated scanner's wire."""
        demo = self._demo
        if demo is None:
            return ()
        return (
            DemoKey(
                "ctrl+n", N_("Demo card"), N_("Scan the next card of the demo."), lambda: self._scan(demo.next_card())
            ),
            DemoKey(
                "ctrl+g",
                N_("Demo goods"),
                N_("Scan the next goods of the demo."),
                lambda: self._scan(demo.next_product()),
            ),
            DemoKey("ctrl+t", N_("Unplug"), N_("Unplug the demo's scanner, and plug it in again."), self._replug),
        )

    def start(self, post: Post) -> None:
        """Begin to listen, each scanner in a thread of its own."""
        self._post = post
        if self._display is not None:
            from pos_loyalty.terminal.display import PortedDisplay  # noqa: PLC0415 - not every register has one

            self.display = self._shown = PortedDisplay(self._display, lambda state: self._post(DeviceSaid(state)))
        if self._spooled is not None:
            self._spooled.start()
        for scanner in self._settings:
            self._listen(scanner)
        if self._demo is not None:
            from drivers.simulator import SimulatedScanner  # noqa: PLC0415 - only a demo has one

            self._simulated = SimulatedScanner()
            self._listen(ScannerSettings(self._simulated.port))
            if self._demo.socket is not None:
                self._serve(self._demo.socket)

    def _listen(self, settings: ScannerSettings) -> None:
        preset = settings.preset or PRESETS["generic"]
        scanner = SerialScanner(settings.port, preset, switch=settings.disable_when_closed)
        self._scanners.append(scanner)
        if settings.beep:
            self._heard[settings.port] = (scanner, preset.commands)
        self._post(
            DeviceSaid(
                ScannerState(settings.port, Message(N_("{port} is being opened."), port=shortened(settings.port)))
            )
        )
        threading.Thread(
            target=scanner.run, args=(partial(self._scanner_said, settings.port),), name="scanner", daemon=True
        ).start()

    def answer(self, scanner: str, *, accepted: bool) -> None:
        """Sound a good or a bad beep."""
        if (heard := self._heard.get(scanner)) is not None:
            heard[0].send(heard[1].good if accepted else heard[1].bad)

    def _scanner_said(self, name: str, event: ScannerEvent) -> None:
        """In the scanner's thread."""
        match event:
            case Scan():
                self._post(Scanned(event.code, name if name in self._heard else None))
            case Noise():
                # Answered here: some scanners read nothing more before they are.
                self.answer(name, accepted=event.reason.code == REPEAT)
                if event.reason.code != REPEAT:
                    self._post(Unread(message_of(event.reason)))
            case Opened(port):
                self._post(DeviceSaid(ScannerState(port, None)))
            case Lost(port, reason) | Waiting(port, reason):
                self._post(DeviceSaid(ScannerState(port, message_of(reason))))

    def _serve(self, path: Path) -> None:
        from drivers.scan_socket import ScanSocketError, serve  # noqa: PLC0415 - only a demo has one

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._server = serve(path, self._scan)
        except ScanSocketError as error:
            self._post(Unread(message_of(error.reason)))
        except OSError as error:
            message = Message(N_("`pos-loyalty scan` is not heard ({error})."), error=error.strerror or str(error))
            self._post(Unread(message))

    def _scan(self, code: str) -> bool:
        return self._simulated is not None and self._simulated.scan(code)

    def _replug(self) -> None:
        if self._simulated is not None:
            (self._simulated.unplug if self._simulated.plugged else self._simulated.replug)()

    def close(self) -> None:
        """End all of them; what the printer has not taken by then waits for the next start."""
        if self._server is not None:
            self._server.close()
        for scanner in self._scanners:
            scanner.close()
        for thread in self._awaited:
            thread.join(SWITCHED_OFF)
        if self._simulated is not None:
            self._simulated.close()
        if self._shown is not None:
            self._shown.close()
        if self._spooled is not None:
            self._spooled.close()
