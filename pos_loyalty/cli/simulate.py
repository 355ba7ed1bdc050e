"""`devices simulate`: a scanner, a printer with a drawer and a customer display without any hardware, for training and for tests.

It prints their ports and a settings file that names them, then takes one command a line on standard input until that ends. What is
printed is added to a file as text, and told line by line.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.practice import DisplayShows, Practice, PracticeEvent
from drivers.scan_socket import ScanServer, ScanSocketError, serve
from drivers.simulated_paper import Bars, Cut, Kick, Line, Picture
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.domain.message import N_, Message, Refused

COMMANDS = {
    "scan CODE": N_("scan a card, goods or a receipt"),
    "paper in|low|out": N_("put a new roll in, let it come near its end, or take it out"),
    "cover open|close": N_("the printer's cover"),
    "printer online|offline|slow|fast|unplug|plug": N_("the printer's state, its line, its cables"),
    "drawer close": N_("push the drawer in"),
    "scanner noise|slow|fast|unplug|plug": N_("let it send rubbish, its line, its cable"),
    "display unplug|plug": N_("the display's cable"),
    "show": N_("what the display shows, and how everything is"),
    "help": N_("this list"),
    "quit": N_("end"),
}
"""What can be typed, with what it does."""


def run(call: Call) -> int:
    """Make the devices, and do what is typed until the input ends."""
    folder = Path(call.options.folder) if call.options.folder else call.settings.data / "practice"
    if call.options.tcp is not None and not 0 <= call.options.tcp <= 65535:
        raise CallWrong(Message(N_("{port} is no network port: they go from 0 to 65535."), port=call.options.tcp))
    teller = _Teller(call, folder / "paper.txt")
    try:
        practice = Practice(
            folder,
            teller.tell,
            printer_port=call.options.tcp or 0,
            display=call.options.preset,
            codepage=call.options.codepage,
        )
    except FileExistsError as error:
        raise Refused(
            "practice-exists",
            Message(
                N_("{file} is there already: end the other `devices simulate`, or name another --folder."),
                file=str(error.filename2 or error.filename or folder),
            ),
        ) from None
    with practice, _heard(call, practice):
        _introduce(call, practice, folder)
        for typed in sys.stdin:
            words = typed.split()
            if words in (["quit"], ["q"], ["exit"]):
                break
            if words:
                teller.line(_do(call, practice, words))
    return DONE


class _Teller:
    """Tells what the devices do, from their threads, one line at a time, and keeps the paper."""

    def __init__(self, call: Call, paper: Path) -> None:
        self._call = call
        self._paper = paper
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        with self._lock:
            self._call.out.line(text)
            self._call.out.flush()

    def tell(self, event: PracticeEvent) -> None:
        text = self._call.language.text
        match event:
            case Line(written):
                self._print(written)
            case Picture(width, height):
                self._print(text(N_("[picture of {width} × {height} dots]"), width=width, height=height))
            case Bars(_, data):
                code = data.removeprefix(b"{B").decode("ascii", "replace")
                self._print(text(N_("[barcode {code}]"), code=code))
            case Cut():
                self._print("- - - - - - - - - - - - - - - - - - - -")
            case Kick(pin):
                self.line(text(N_("drawer: open (pin {pin})"), pin=pin))
            case DisplayShows(upper, lower):
                self.line(text(N_("display: |{upper}|{lower}|"), upper=upper, lower=lower))

    def _print(self, written: str) -> None:
        with self._lock, self._paper.open("a", encoding="utf-8") as file:
            file.write(written + "\n")
        self.line(self._call.language.text(N_("paper: {line}"), line=written))


@contextmanager
def _heard(call: Call, practice: Practice) -> Iterator[ScanServer | None]:
    """`pos-loyalty scan` from another terminal is heard too, unless a demo has its ear there already."""
    path = call.settings.demo_socket
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        server = serve(path, practice.scan)
    except (ScanSocketError, OSError) as error:
        call.out.fault(call.language.text(N_("`pos-loyalty scan` is not heard ({error})."), error=str(error)))
        yield None
        return
    with server:
        yield server


def _introduce(call: Call, practice: Practice, folder: Path) -> None:
    options = call.options
    call.say(N_("Put this into a settings file, and start the till with it (--config FILE):"))
    call.out.text(
        f'\n[[scanner]]\nport = "{practice.scanner.port}"\n\n'
        f'[printer]\ntarget = "tcp://127.0.0.1:{practice.printer.tcp_port}"\n'
        f'# target = "serial:{practice.printer.port}"\n\n'
        f'[display]\nport = "{practice.display.port}"\npreset = "{options.preset}"\ncodepage = "{options.codepage}"\n\n'
    )
    call.say(
        N_("What is printed is kept in {file}. Type help for what can be done here."), file=str(folder / "paper.txt")
    )
    call.out.flush()


def _do(call: Call, practice: Practice, words: list[str]) -> str:
    """Do one command; the answer is what to say of it."""
    text = call.language.text
    if words[0] == "scan" and len(words) > 1:
        taken = practice.scan(" ".join(words[1:]))
        return text(N_("ok")) if taken else text(N_("Nobody reads the scanner, or it is unplugged: the scan is lost."))
    if words == ["show"]:
        return _state(call, practice)
    if words == ["help"]:
        return "\n".join(f"{command:46}{text(about)}" for command, about in COMMANDS.items())
    action = _actions(practice).get(" ".join(words))
    if action is None:
        return text(N_("There is no command {words}; help lists them."), words=" ".join(words)[:60])
    try:
        done = action()
    except OSError as error:
        return text(N_("That is not possible: {error}."), error=error.strerror or str(error))
    return (
        text(N_("Nobody reads the scanner, or it is unplugged: the scan is lost.")) if done is False else text(N_("ok"))
    )


def _actions(practice: Practice) -> dict[str, Callable[[], object]]:
    printer = practice.printer
    return {
        "paper in": lambda: printer.set_paper("in"),
        "paper low": lambda: printer.set_paper("low"),
        "paper out": lambda: printer.set_paper("out"),
        "cover open": lambda: printer.set_cover(is_open=True),
        "cover close": lambda: printer.set_cover(is_open=False),
        "printer online": lambda: printer.set_offline(offline=False),
        "printer offline": lambda: printer.set_offline(offline=True),
        "printer slow": lambda: printer.set_slow(slow=True),
        "printer fast": lambda: printer.set_slow(slow=False),
        "printer unplug": printer.unplug,
        "printer plug": printer.replug,
        "drawer close": printer.close_drawer,
        "scanner noise": practice.noise,
        "scanner slow": lambda: practice.set_slow_scanner(slow=True),
        "scanner fast": lambda: practice.set_slow_scanner(slow=False),
        "scanner unplug": practice.scanner.unplug,
        "scanner plug": practice.scanner.replug,
        "display unplug": practice.display.unplug,
        "display plug": practice.display.replug,
    }


def _state(call: Call, practice: Practice) -> str:
    text = call.language.text
    upper, lower = practice.panel.text
    printer = practice.printer
    return "\n".join(
        (
            f"|{upper}|\n|{lower}|",
            text(N_("printer: stopped")) if printer.is_stopped else text(N_("printer: ready")),
            text(N_("drawer: open")) if printer.drawer_open else text(N_("drawer: closed")),
            text(N_("scanner: plugged in")) if practice.scanner.plugged else text(N_("scanner: unplugged")),
            text(N_("display: plugged in")) if practice.display.plugged else text(N_("display: unplugged")),
        )
    )
