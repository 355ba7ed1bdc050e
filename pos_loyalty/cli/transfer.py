"""`member import` and `export`: holders taken over from a CSV file, and everything handed out in open formats."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pos_loyalty.cli.answers import Units
from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.batch import seldom_collected
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.cli.json_lines import input_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Language
from pos_loyalty.till.backtest.progress import OFTEN
from pos_loyalty.till.programmes import current
from pos_loyalty.till.transfer.export import export_everything
from pos_loyalty.till.transfer.holders import CONSENT, REASON, STAGES, Wish, Words, summary, take_in
from pos_loyalty.till.transfer.sales import take_sales_in
from pos_loyalty.till.transfer.tables import BadRow

BAR = 30
"""Columns of the bar that shows how far it is."""


class Bar:
    """One line on standard error: how much is done."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._shown = 0.0

    def told(self, stage: str, done: int, total: int) -> None:
        """So much of a part is done."""
        if time.monotonic() - self._shown < OFTEN:
            return
        self._shown = time.monotonic()
        percent = min(100, 100 * done // total) if total else 100
        bar = "#" * (BAR * percent // 100)
        self._call.out.progress(f"{self._call.language.text(STAGES[stage])} [{bar:.<{BAR}}] {percent}%")


@contextmanager
def seekable(name: str) -> Iterator[BinaryIO]:
    """A file that can be read twice; standard input is put aside first. CallWrong where it cannot be read."""
    with input_of(name) as stream:
        if name != "-" and stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as aside:
            shutil.copyfileobj(stream, aside)
            yield aside


def take_members_in(call: Call) -> int:
    """Take holders in from a CSV file, or say what would come of it."""
    options = call.options
    listed: list[dict[str, object]] = []

    def bad(row: BadRow) -> None:
        message = call.language.say(row.message)
        if options.json:
            listed.append({"line": row.line, "message": message})
        else:
            call.out.fault(f"{options.file}:{row.line}: {message}")

    words = Words(call.language.text(REASON), call.language.text(CONSENT))
    with register_of(call.settings) as register, seekable(options.file) as file, _mended(options) as mend:
        wish = Wish(call.who(), words, options.dry_run, options.skip_bad, mend, options.encoding)
        try:
            with seldom_collected():
                outcome = take_in(register, file, wish, bad, Bar(call).told)
        except KeyboardInterrupt:
            call.out.fault(
                call.language.text(
                    N_("Broken off: what was stored is stored; the same file once more takes in the rest.")
                )
            )
            return REFUSED
        finally:
            call.out.end_progress()
        rules = current(register)
    units = Units(rules.programme.currency, rules.units)
    if options.json:
        call.out.json(
            {
                "encoding": outcome.encoding,
                "separator": outcome.separator,
                "dry_run": outcome.dry,
                "rows": outcome.rows,
                "taken": outcome.taken,
                "there": outcome.there,
                "bad": outcome.bad,
                "cards": outcome.cards,
                "balances": {purse: units.of(purse, amount) for purse, amount in outcome.balances.items()},
                "owed": {purse: units.of(purse, amount) for purse, amount in outcome.owed.items()},
                "problems": listed,
            }
        )
    else:
        language = Language(call.settings.language, rules.programme.currency, purses=rules.units)
        for message in summary(outcome, rules.programme, skipped=options.skip_bad):
            call.out.line(language.say(message))
    return REFUSED if outcome.bad else DONE


@contextmanager
def _mended(options: object) -> Iterator[BinaryIO | None]:
    """The new file that bad rows go to, where they are left out; none is left behind where there were none."""
    if not getattr(options, "skip_bad", False) or getattr(options, "dry_run", False):
        yield None
        return
    name = getattr(options, "bad_rows", None)
    source = getattr(options, "file", "-")
    file = Path(name or ("bad-rows.csv" if source == "-" else f"{source}.bad.csv"))
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            "file-exists", Message(N_("There is a file {file} already: choose another name."), file=str(file))
        ) from None
    with os.fdopen(handle, "wb") as out:
        try:
            yield out
        finally:
            out.flush()
            if out.tell() == 0:
                with contextlib.suppress(OSError):
                    file.unlink()


def hand_out(call: Call) -> int:
    """Write everything in open formats."""
    target = Path(call.options.target)
    with register_of(call.settings) as register:
        try:
            exported = export_everything(register, target, call.who(), Bar(call).told)
        except KeyboardInterrupt:
            call.out.fault(call.language.text(N_("Broken off: nothing of it is kept.")))
            return REFUSED
        finally:
            call.out.end_progress()
    if call.options.json:
        call.out.json({"target": str(target), "rows": exported.rows})
    else:
        call.say(
            N_("Everything is written to {target}: {count} rows in {files} files. It names people: keep it safe."),
            target=str(target),
            count=sum(exported.rows.values()),
            files=len(exported.rows),
        )
    return DONE


def take_past_sales_in(call: Call) -> int:
    """Take past sales in from a CSV file, or say what would come of it."""
    options = call.options

    def bad(row: BadRow) -> None:
        call.out.fault(f"{options.file}:{row.line}: {call.language.say(row.message)}")

    with register_of(call.settings) as register, seekable(options.file) as file:
        try:
            with seldom_collected():
                outcome = take_sales_in(
                    register, file, call.who(), bad, Bar(call).told, dry=options.dry_run, encoding=options.encoding
                )
        except KeyboardInterrupt:
            call.out.fault(
                call.language.text(
                    N_("Broken off: what was stored is stored; the same file once more takes in the rest.")
                )
            )
            return REFUSED
        finally:
            call.out.end_progress()
        programme = current(register).programme
    language = Language(call.settings.language, programme.currency)
    call.say(
        N_("Rows: {rows}; bad: {bad}; bills there already: {there}."),
        rows=outcome.rows,
        bad=outcome.bad,
        there=outcome.there,
    )
    if outcome.dry:
        template = N_("Would be taken in: {taken} bills of {paid}. Nothing is stored.")
    elif outcome.bad:
        template = N_("Nothing was taken in: mend these rows and try again.")
    else:
        template = N_("Taken in as history: {taken} bills of {paid}.")
    call.say(template, taken=outcome.taken, paid=language.amount(outcome.paid))
    return REFUSED if outcome.bad else DONE
