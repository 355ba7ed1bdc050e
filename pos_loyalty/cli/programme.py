"""`programme`: rules checked, put in force, printed and listed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.boundary import said
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.json_lines import text_of
from pos_loyalty.cli.moments import read_day, read_moment
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.problems import Problem
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.records import Revision
from pos_loyalty.till import programmes

MAX_FILE = 4_000_000
"""Bytes read of a file: the reader itself says what is too long for a programme, by its characters."""


def check(call: Call) -> int:
    """Print every problem of a programme file; only errors keep it from being used."""
    reading = read(text_of(call.options.file, MAX_FILE))
    usable = reading.programme is not None
    if call.options.json:
        call.out.json({"usable": usable, "problems": [_problem(one, call) for one in reading.problems]})
        return DONE if usable else REFUSED
    for one in reading.problems:
        call.out.line(placed(call, one))
    if usable:
        call.say(N_("{file} can be activated."), file=call.options.file)
    else:
        call.say(N_("{file} cannot be used until its errors are mended."), file=call.options.file)
    return DONE if usable else REFUSED


def activate(call: Call) -> int:
    """Store a programme as a new revision, in force from now or from a day on."""
    text = text_of(call.options.file, MAX_FILE)
    reading = read(text)
    programme = reading.programme
    if programme is None:
        for one in reading.problems:
            if one.severity == "error":
                call.out.fault(placed(call, one))
        call.out.fault(call.language.text(N_("Nothing was activated: mend the file first.")))
        return REFUSED
    active_from = _active_from(call, programme)
    with register_of(call.settings) as register:
        revision = programmes.activate(register, text, active_from, call.who())
    if call.options.json:
        call.out.json(_revision(revision))
    else:
        call.say(
            N_("Revision {number} of {name} is in force from {moment} on."),
            number=revision.number,
            name=programme.name,
            moment=call.language.moment(programme.local(revision.active_from)),
        )
    return DONE


def show(call: Call) -> int:
    """Print the programme in force, as it was activated."""
    with register_of(call.settings) as register:
        at = call.moment("at", register)
        number = programmes.current(register, at).number
        revision = next(one for one in programmes.history(register) if one.number == number)
    if call.options.json:
        call.out.json({**_revision(revision), "text": revision.text})
    else:
        call.out.text(revision.text if revision.text.endswith("\n") else revision.text + "\n")
    return DONE


def history(call: Call) -> int:
    """List every revision, by the moment from which it is in force."""
    with register_of(call.settings) as register:
        revisions = programmes.history(register)
    if call.options.json:
        call.out.json([_revision(one) for one in revisions])
        return DONE
    if not revisions:
        call.say(N_("No programme was activated yet."))
    for one in revisions:
        programme = read(one.text).programme
        call.say(
            N_("Revision {number}: {name}, from {moment} on ({digest})"),
            number=one.number,
            name=programme.name if programme else "?",
            moment=call.language.moment(programme.local(one.active_from) if programme else one.active_from),
            digest=one.digest[:12],
        )
    return DONE


def _active_from(call: Call, programme: Programme) -> datetime | None:
    """The start of the business day that --from names, or the time: on the clock of the programme that is activated."""
    written: str | None = call.options.active_from
    if written is None:
        return None
    zone = ZoneInfo(programme.time_zone)
    day = read_day(written)
    if day is not None:
        return datetime.combine(day, programme.day_starts, zone)
    moment = read_moment(written)
    if moment is None:
        raise CallWrong(Message(N_("{text} is no date and no time; write it as 2026-12-31."), text=written[:40]))
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def placed(call: Call, problem: Problem) -> str:
    """A problem of the file as one line, with where it is."""
    severity = call.language.text(N_("error") if problem.severity == "error" else N_("warning"))
    place = f"{call.options.file}:{problem.line}" if problem.line else str(call.options.file)
    return ": ".join(part for part in (place, severity, problem.field, said(problem, call.language)) if part)


def _problem(problem: Problem, call: Call) -> dict[str, object]:
    return {
        "line": problem.line,
        "field": problem.field,
        "severity": problem.severity,
        "message": said(problem, call.language),
    }


def _revision(revision: Revision) -> dict[str, object]:
    return {
        "number": revision.number,
        "active_from": revision.active_from.astimezone(UTC).isoformat(),
        "activated_at": revision.activated_at.astimezone(UTC).isoformat(),
        "operator": revision.operator,
        "digest": revision.digest,
    }
