"""One register put together: its store, its scanners and its printer, the clock, and the app on the screen.

The drivers are fitted to the shapes that the screens know (`pos_loyalty.ui.devices`) in `devices`, `printing` and `wedge`. Each
scanner runs in a thread of its own and the printer in another; all of them only post events to the app. The first frame needs the
screen's library and little else: drivers and store are loaded behind it.
"""

from __future__ import annotations

import logging
import os
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Textual reads this when it is imported: at its own 60 frames a second a scan is painted up to 17 ms late.
os.environ.setdefault("TEXTUAL_FPS", "240")

from pos_loyalty.config import Settings
from pos_loyalty.language import Language
from pos_loyalty.terminal.demo import Demo
from pos_loyalty.ui.app import TillApp
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.devices import Outfit

if TYPE_CHECKING:
    from pos_loyalty.ui.workbench import Workbench

__all__ = ["Demo", "NamelessFormatter", "make", "run"]

MOST_CAUSES = 10
"""Exceptions behind an exception that are noted."""


_log = logging.getLogger(__name__)


class NamelessFormatter(logging.Formatter):
    """Writes faults by kind and place alone: what an exception says may be a holder's name, phone or card."""

    def formatException(self, ei: Any) -> str:
        """The kinds and the lines of the program, without what was said."""
        error: BaseException | None = ei[1]
        parts: list[str] = []
        while error is not None and len(parts) < MOST_CAUSES:
            places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            parts.append(f"{places}\n{type(error).__name__}".lstrip())
            error = error.__cause__ or error.__context__
        return "\ncaused by:\n".join(parts)


def run(settings: Settings, demo: Demo | None = None) -> int:
    """Open the terminal, and stay until the cashier leaves; the exit status."""
    _log_to(settings.data)
    app = make(settings, demo)
    app.run(mouse=False)  # nothing here needs one, and a click must not take the focus away from where one types
    return app.return_code or 0


def make(settings: Settings, demo: Demo | None = None) -> TillApp:
    """The app of one register; nothing is opened before it runs."""
    return TillApp(
        partial(_open_desk, settings),
        Language(settings.language),
        outfit=partial(_fit_out, settings, demo),
        title=settings.shop.name,
    )


def _log_to(folder: Path) -> None:
    """Faults are noted in a file: the screen is the cashier's. A folder that cannot be made costs the notes alone."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "terminal.log", delay=True, encoding="utf-8")
        handler.setFormatter(NamelessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger("pos_loyalty").addHandler(handler)
    logging.getLogger("pos_loyalty").addHandler(
        logging.NullHandler()
    )  # without a file nothing goes to the screen either
    logging.getLogger("pos_loyalty").propagate = False
    threading.excepthook = _fault_in_thread


def _fault_in_thread(fault: threading.ExceptHookArgs) -> None:
    """A fault in a scanner's or the printer's thread: Python itself would write it on the cashier's screen, with all its words."""
    thread = fault.thread.name if fault.thread else "?"
    _log.error("a fault in the thread %s", thread, exc_info=fault.exc_value or True)


def _fit_out(settings: Settings, demo: Demo | None) -> Outfit:
    """Load the drivers and fit them to the app; none is opened yet."""
    from pos_loyalty.terminal.devices import RegisterDevices  # noqa: PLC0415 - in a thread, behind the first frame
    from pos_loyalty.terminal.wedge import WedgeSorter  # noqa: PLC0415

    queue = settings.data / "queue" / settings.register
    devices = RegisterDevices(settings.scanners, settings.printer, demo, queue=queue, display=settings.display)
    return Outfit(devices, WedgeSorter(settings.scanners), devices.demo_keys(), partial(_workbench, settings))


def _workbench(settings: Settings) -> Workbench:
    from pos_loyalty.terminal.workbench import Bench  # noqa: PLC0415 - opened seldom

    return Bench(settings)


def _open_desk(settings: Settings) -> Desk:
    """Open the store and find the programme in force. Refused where either is not there."""
    from pos_loyalty.receipt import Shop  # noqa: PLC0415 - in a thread, behind the first frame
    from pos_loyalty.storage.engine import open_store  # noqa: PLC0415
    from pos_loyalty.till.ids import uuid7  # noqa: PLC0415
    from pos_loyalty.till.operators import needs_no_pin  # noqa: PLC0415
    from pos_loyalty.till.partners import member_of  # noqa: PLC0415
    from pos_loyalty.till.programmes import current  # noqa: PLC0415
    from pos_loyalty.till.register import Register  # noqa: PLC0415
    from pos_loyalty.ui.screens import sale  # noqa: F401, PLC0415 - loaded here, so that the screen's thread need not

    def clock() -> datetime:
        return datetime.now(UTC)

    store = open_store(settings.store)
    register = Register(
        settings.register,
        store,
        clock,
        lambda: uuid7(clock()),
        settings.cards,
        shop=settings.shop.member,
        shop_name=settings.shop.name,
        needs_shift=settings.shift_required,
    )
    try:
        rules = current(register)
        member_of(register, rules.programme)
        signed_in = settings.operator if needs_no_pin(register, settings.operator) else ""
    except BaseException:
        store.close()
        raise
    programme, shop = rules.programme, settings.shop
    return Desk(
        register=register,
        language=Language(settings.language, programme.currency, purses=rules.units),
        shop=Shop(shop.name or programme.name, shop.address, shop.footer),
        operator=signed_in,
        programme=programme,
        lock_minutes=settings.lock_minutes,
    )
