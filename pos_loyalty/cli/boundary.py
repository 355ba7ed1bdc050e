"""The edge of the program: what is refused, what the machine cannot do and what a person breaks off end as a sentence here.

Only named kinds are caught. What is none of them is a fault of this program and is not hidden.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pos_loyalty.cli.arguments import REFUSED, WRONG
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.cli.output import Output
from pos_loyalty.config import SettingsWrong, load
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Language

if TYPE_CHECKING:
    from pos_loyalty.domain.programme.problems import Problem


def guarded(options: argparse.Namespace, environment: Mapping[str, str], verb: Callable[[Call], int]) -> int:
    """Run a verb with the register's settings; the answer is the exit status."""
    out = Output(sys.stdout, sys.stderr)
    try:
        settings = load(
            environment,
            config=options.config,
            store=options.store,
            scanner=options.scanner,
            printer=options.printer,
        )
    except SettingsWrong as wrong:
        for problem in wrong.problems:
            out.fault(f"pos-loyalty: {_placed(str(wrong.file) if wrong.file else None, problem, Language())}")
        return WRONG
    call = Call(options, settings, Language(settings.language), out)
    try:
        status = verb(call)
        out.flush()
    except BrokenPipeError:
        out.give_up()  # whoever read the answers wants no more of them
        return REFUSED
    except KeyboardInterrupt:
        return _told(call, Message(N_("Broken off; what was answered before is stored.")), REFUSED)
    except CallWrong as wrong:
        return _told(call, wrong.message, WRONG)
    except Refused as refused:
        return _told(call, refused.message, REFUSED)
    except OSError as error:
        return _told(call, _of_system(error), REFUSED, lost=True)
    return status


def _told(call: Call, message: Message, status: int, *, lost: bool = False) -> int:
    call.out.fault(f"pos-loyalty: {call.language.say(message)}")
    try:
        call.out.flush()
    except OSError:
        lost = True
    if lost:
        call.out.give_up()
    return status


def _of_system(error: OSError) -> Message:
    """What the system said about a file, a disk or a terminal; its own words are in the system's language."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return Message(
            N_("The answers cannot be written ({reason}): make room, or write them elsewhere."), reason=reason
        )
    return Message(N_("{file} cannot be used ({reason})."), file=str(error.filename), reason=reason)


def _placed(file: str | None, problem: Problem, language: Language) -> str:
    place = ":".join(part for part in (file, str(problem.line) if problem.line else None) if part)
    where = ": ".join(part for part in (place, problem.field) if part)
    return f"{where}: {said(problem, language)}" if where else said(problem, language)


def said(problem: Problem, language: Language) -> str:
    """A problem of a file as one line: what is wrong, and what to do about it."""
    words = language.say(problem.message)
    return f"{words} {language.say(problem.mend)}" if problem.mend is not None else words
