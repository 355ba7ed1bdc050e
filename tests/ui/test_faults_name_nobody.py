"""Logs, errors and the audit list hold no name, phone or whole card number, whatever fails while a holder is being served."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from shops import Clock
from textual.message import Message as Event
from tills import PATIENCE, TEA, open_desk, running

from pos_loyalty import terminal as terminal_module
from pos_loyalty.config import PrinterSettings
from pos_loyalty.domain.consent import purpose_of
from pos_loyalty.domain.message import Refused
from pos_loyalty.language import Language
from pos_loyalty.receipt import Receipt, Text
from pos_loyalty.terminal import _log_to
from pos_loyalty.terminal.printing import SpooledPrinter
from pos_loyalty.till.card_life import block, replace, unblock
from pos_loyalty.till.consents import give_consent
from pos_loyalty.till.erasing import erase
from pos_loyalty.till.held import export_held
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.mailing import export
from pos_loyalty.till.recognition import take_complaint, write_note
from pos_loyalty.ui import app as app_module
from pos_loyalty.ui import storing as storing_module
from pos_loyalty.ui.app import TillApp
from pos_loyalty.ui.messages import DeviceSaid, PrinterState

NAME, PHONE, CARD = "Zdenka Quuxova", "+359888424242", "2900000000063"
TOLD = (NAME, "Quuxova", PHONE, CARD)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The terminal's own log, as `run` opens it."""
    logger, hook = logging.getLogger("pos_loyalty"), threading.excepthook
    before, propagates = list(logger.handlers), logger.propagate
    logger.disabled = (
        False  # a library that sets logging up for itself, in a test before this one, may have silenced it
    )
    logging.disable(logging.NOTSET)
    for module in (
        app_module,
        storing_module,
        terminal_module,
    ):  # asked for anew: a test before may have begun logging anew
        monkeypatch.setattr(module, "_log", logging.getLogger(module.__name__))
        logging.getLogger(module.__name__).disabled = False
        monkeypatch.setattr(logging.getLogger(module.__name__), "parent", logger)
    _log_to(tmp_path / "data")
    yield tmp_path / "data" / "terminal.log"
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = propagates
    threading.excepthook = hook


def nameless(text: str) -> None:
    """None of the words is in it."""
    assert [word for word in TOLD if word in text] == []


def fails() -> None:
    """A fault whose words are a holder's, with another one behind it, as a database driver's are."""
    try:
        raise KeyError(f"Key (phone)=({PHONE}) of {NAME}")
    except KeyError as error:
        raise ValueError(f"card {CARD} of {NAME}") from error


async def test_failures_at_the_till_name_nobody(shop_url: str, log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A fault in the thread that stores, a refused card, a fault in a scanner's thread: the log says where, nothing says who."""
    async with running(shop_url) as till:
        register = till.desk.register
        enrol(register, Enrolment(NAME, card=CARD, phone=PHONE, birthday=date(1990, 1, 1)))
        await till.scan(TEA, CARD)
        till.app.store(fails, lambda _: None)
        await till.settle()
        assert "ValueError" in till.bar
        nameless(till.bar)
        block(register, CARD)
        await till.press("plus")
        await till.settle()
        nameless(till.bar)
    thread = threading.Thread(target=fails, name="scanner")
    thread.start()
    thread.join()
    written = log.read_text(encoding="utf-8")
    assert "a fault in the thread storing" in written
    assert "a fault in the thread scanner" in written
    assert written.count("caused by:") == 2
    assert "KeyError" in written
    nameless(written)
    captured = capfd.readouterr()
    nameless(captured.err)
    nameless(captured.out)


def test_a_failing_printer_names_nobody(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A receipt with a holder's name that cannot be printed: what is said of it is about the printer alone."""
    told: list[Event] = []
    printer = SpooledPrinter(PrinterSettings("tcp://127.0.0.1:1"), told.append)
    printer.start()
    printer.put("job", Receipt((Text(NAME, PHONE), Text(CARD))), open_drawer=False)
    end = time.monotonic() + PATIENCE
    while not any(isinstance(event, DeviceSaid) for event in told) and time.monotonic() < end:
        time.sleep(0.01)
    printer.close()
    said = [event.state for event in told if isinstance(event, DeviceSaid)]
    assert [state.state for state in said if isinstance(state, PrinterState)][:1] == ["waiting"]
    nameless(str(said))
    captured = capfd.readouterr()
    nameless(captured.out + captured.err + (log.read_text(encoding="utf-8") if log.exists() else ""))


async def test_a_fault_that_ends_the_till_names_nobody(log: Path) -> None:
    """What is left on the terminal is one sentence with the fault's kind; the log has its place."""

    def never() -> None:
        raise AssertionError

    app = TillApp(never, Language("en"))  # type: ignore[arg-type]
    try:
        fails()
    except ValueError as error:
        app._handle_exception(error)
    left = "".join(str(segment.text) for one in app._exit_renderables for segment in app.console.render(one))
    assert "The program failed (ValueError)" in " ".join(left.split())
    nameless(left)
    written = log.read_text(encoding="utf-8")
    assert "a fault of the program" in written
    nameless(written)


def test_the_audit_list_names_nobody(shop_url: str, tmp_path: Path) -> None:
    """Everything that is noted of a holder's life, from enrolment to erasing, is noted without who they are."""
    clock = Clock()
    register = open_desk(shop_url, clock).register
    holder = enrol(register, Enrolment(NAME, card=CARD, phone=PHONE))
    account = holder.member.account
    give_consent(register, account, "mailing", purpose_of("mailing").wording, "anna", "boss")
    write_note(register, account, f"{NAME} {PHONE}", "anna")
    take_complaint(register, account, f"{NAME} {PHONE}", "anna")
    block(register, CARD)
    unblock(register, CARD)
    replace(register, CARD)
    with register.store.read() as books:
        person = books.person(account)
    export(register, "absent", (), [(person, ())], tmp_path / "list.csv", "anna")
    export_held(register, account, "anna", lambda _: None)
    erase(register, account, "anna", "boss")
    with pytest.raises(Refused):
        erase(register, account, "anna")
    register.store.close()
    with closing(sqlite3.connect(shop_url)) as db:
        rows = db.execute("SELECT action, subject, detail, account_id FROM audit ORDER BY id").fetchall()
    assert {"consent-given", "list-export", "member-export", "erase"} <= {row[0] for row in rows}
    nameless(str(rows))


def test_refusals_show_no_whole_card(shop_url: str) -> None:
    """What is refused of a card is said with its last four digits."""
    register = open_desk(shop_url, Clock()).register
    enrol(register, Enrolment(NAME, card=CARD, phone=PHONE))
    said = []
    for action in (
        lambda: enrol(register, Enrolment("Other", card=CARD)),
        lambda: unblock(register, CARD),
        lambda: erase(register, "2900000000070", "anna"),
        lambda: block(register, "2900000000070"),
    ):
        with pytest.raises(Refused) as refused:
            action()
        said.append(Language("en").say(refused.value.message))
    register.store.close()
    assert len(said) == 4
    nameless(" ".join(said))
    assert "2900000000070" not in " ".join(said)
