"""`programme backtest`: a draft tried on the shop's own past sales."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.cli.json_lines import text_of
from pos_loyalty.cli.programme import MAX_FILE, placed
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency, plain
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.language import Language
from pos_loyalty.till.backtest import Backtest, HolderChange, Refusals, Request, apart, backtest
from pos_loyalty.till.backtest.progress import OFTEN, Stopwatch
from pos_loyalty.till.backtest.table import (
    CHANGES,
    SIDES,
    amounts,
    assumed,
    bands,
    csv_of,
    plain_value,
    refusals,
    sections,
    shown,
)

BAR = 30
"""Columns of the bar that shows how far it is."""


def run(call: Call) -> int:
    """Try a draft and print what it would have come to."""
    text = text_of(call.options.file, MAX_FILE)
    reading = read(text)
    if reading.programme is None:
        for problem in reading.problems:
            if problem.severity == "error":
                call.out.fault(placed(call, problem))
        call.out.fault(call.language.text(N_("Nothing was replayed: mend the file first.")))
        return REFUSED
    first, last = call.day("first"), call.day("last")
    if first is not None and last is not None and first > last:
        raise CallWrong(Message(N_("The period ends before it begins: give an earlier --from or a later --until.")))
    request = Request(call.settings.store, text, datetime.now().astimezone(), first, last)
    try:
        found = backtest(request, _Progress(call).told, apart)
    except KeyboardInterrupt:
        call.out.fault(call.language.text(N_("Broken off: nothing of it is kept, and the store is as it was.")))
        return REFUSED
    finally:
        call.out.end_progress()
    if call.options.csv is not None:
        _write_csv(call, found)
    if call.options.json:
        call.out.json(_facts(found, call.language))
    elif call.options.csv != "-":
        units = {one.purse: one.unit for one in (*found.happened.purses, *found.in_force.purses, *found.draft.purses)}
        _print(call, found, Language(call.settings.language, found.currency, purses=units))
    return DONE


class _Progress:
    """One line: how much is done, and about how long it will take still."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._watch = Stopwatch()
        self._shown = 0.0

    def told(self, stage: str, done: int, total: int) -> None:
        """So much of a part is done."""
        seen = self._watch.told(stage, done, total)
        if time.monotonic() - self._shown < OFTEN:
            return
        self._shown = time.monotonic()
        bar = "#" * (BAR * seen.percent // 100)
        left = self._call.language.say(seen.left) if seen.left is not None else ""
        self._call.out.progress(f"{self._call.language.say(seen.name)} [{bar:.<{BAR}}] {seen.percent}% {left}")


def _print(call: Call, found: Backtest, language: Language) -> None:
    call.say(
        N_("From {first} until {last}; sales replayed: {count}."),
        first=found.first,
        last=found.last,
        count=found.replayed,
    )
    heads = ("", language.text(N_("As it happened")), language.text(N_("In force")), language.text(N_("Draft")))
    for section in sections(found):
        if not section.rows:
            continue
        call.out.line()
        lines: list[tuple[str, ...]] = [(language.say(section.title), *heads[1:])]
        lines += [
            (language.say(row.title), *(shown(row, value, language) for value in row.values)) for row in section.rows
        ]
        _table(call, lines)
    call.out.line()
    title = language.text(N_("Holders under the draft, against the programme in force"))
    _table(call, [(title, ""), *((language.say(words), language.number(n)) for _, words, n in bands(found))])
    for title, changes in (
        (language.text(N_("Who gains most")), found.winners),
        (language.text(N_("Who loses most")), found.losers),
    ):
        if changes:
            call.out.line()
            _table(
                call,
                [
                    (title, *(language.text(head) for head in CHANGES)),
                    *((one.card, *(language.signed(n) for n in amounts(one))) for one in changes),
                ],
            )
    call.out.line()
    for refused, title in ((found.refused_in_force, N_("In force")), (found.refused, N_("Draft"))):
        for message in refusals(refused):
            call.out.line(f"{language.text(title)}: {language.say(message)}")
    for message in assumed(found):
        call.out.line(language.say(message))


def _table(call: Call, lines: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *rest in lines:
        cells = (text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))
        call.out.line("  ".join((first.ljust(widths[0]), *cells)).rstrip())


def _facts(found: Backtest, language: Language) -> dict[str, Any]:
    sides: dict[str, dict[str, Any]] = {side: {} for side in SIDES}
    for section in sections(found):
        for row in section.rows:
            for side, value in zip(SIDES, row.values, strict=True):
                written = plain_value(row, value, found)
                if row.kind == "units":
                    if written is not None:
                        sides[side].setdefault("purses", {}).setdefault(row.of, {})[row.figure] = written
                elif row.of or row.figure in ("tiers", "discounts", "uses"):
                    if value:
                        sides[side].setdefault(row.figure, {})[row.of] = written
                else:
                    sides[side][row.figure] = written
    return {
        "from": found.first.isoformat(),
        "until": found.last.isoformat(),
        "currency": found.currency.code,
        "replayed": found.replayed,
        **sides,
        "holders": [
            {"band": size, "meaning": language.say(words), "holders": count} for size, words, count in bands(found)
        ],
        "winners": [_change(one, found.currency) for one in found.winners],
        "losers": [_change(one, found.currency) for one in found.losers],
        "left_out": found.left_out,
        "not_replayed": found.not_replayed,
        "refused": {"in_force": _refused(found.refused_in_force, language), "draft": _refused(found.refused, language)},
        "assumed": [language.say(message) for message in assumed(found)],
    }


def _change(change: HolderChange, currency: Currency) -> dict[str, str]:
    names = ("total", "paid_less", "holds_more", "gifts")
    written = (plain(amount, currency.digits) for amount in amounts(change))
    return {"card": change.card, **dict(zip(names, written, strict=True))}


def _refused(refused: Refusals, language: Language) -> dict[str, Any]:
    return {
        "bills": [
            {
                "code": code,
                "count": count,
                "receipt": refused.reasons[code][0],
                "reason": language.say(refused.reasons[code][1]),
            }
            for code, count in sorted(refused.bills.items())
        ],
        "left_out_with_them": refused.skipped,
        "others": [
            {"code": code, "count": count, "reason": language.say(refused.other_reasons[code])}
            for code, count in sorted(refused.others.items())
        ],
        "short": refused.short,
    }


def _write_csv(call: Call, found: Backtest) -> None:
    if call.options.csv == "-":
        call.out.text(csv_of(found))
        return
    Path(call.options.csv).write_text(csv_of(found), encoding="utf-8", newline="")
    if not call.options.json:
        call.say(N_("The figures are written to {file}."), file=call.options.csv)
