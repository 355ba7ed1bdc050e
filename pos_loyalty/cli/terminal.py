"""No verb: the terminal at the till."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.faults import refused


def run(call: Call) -> int:
    """Open the terminal on the register's store; its exit status is the answer."""
    _check_store(call.settings.store)
    check_screen()
    gc.disable()  # nothing that is loaded now is garbage; the terminal collects again once it is ready
    from pos_loyalty import terminal  # noqa: PLC0415 - a call that has no screen does not load one

    return terminal.run(call.settings)


def _check_store(url: str) -> None:
    """Refused with store-missing for a file that is not there, before anything that takes its time is loaded."""
    path = Path(url.removeprefix("sqlite:///"))
    if (url.startswith("sqlite:///") or "://" not in url) and not path.exists():
        raise refused("store-missing", str(path))


def check_screen() -> None:
    """CallWrong where there is no screen to draw on or no keyboard to read."""
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stdout.isatty():
        raise CallWrong(
            Message(
                N_("The terminal needs a screen and a keyboard: start it in a terminal window, not through a pipe.")
            )
        )
