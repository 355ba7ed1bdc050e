"""JSON Lines in, answers out: one answer a line, in order, each with its reader as soon as it is durable.

Reading is strict, so that nothing is sold that was not meant: keys stand once, numbers stay what they were written as, and a line
that is far too long is passed over without being kept.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.batch import seldom_collected
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.domain.ledger import Unbalanced
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.faults import FactRefused

MAX_LINE = 4 * 1024 * 1024
"""Bytes of one line: a bill of as many lines as there may be (1,000), every text in it as long as it may be (200 characters)."""
_PIECE = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_LONGEST_INTEGER = 18
"""Digits: whatever counts lines or pieces is far shorter, and Python's own limit would end in an error."""
_SURROGATE = re.compile("[\ud800-\udfff]")

Object = dict[str, Any]


class BareNumber(str):
    """A number that is no short whole one, as it was written: nothing here is reckoned with binary fractions."""

    __slots__ = ()


class _TwiceError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once_each(pairs: list[tuple[str, Any]]) -> Object:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


def _whole(digits: str) -> int | BareNumber:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else BareNumber(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once_each, parse_float=BareNumber, parse_int=_whole, parse_constant=BareNumber
)


def invalid(template: str, **values: Any) -> Refused:
    """A line that is refused for how it is written."""
    return Refused("request-invalid", Message(template, **values))


def shown(text: str, limit: int = 40) -> str:
    """A piece of what was sent as a sentence may hold it: short, and nothing in it that a terminal would act on."""
    clipped = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(character if character.isprintable() else "\ufffd" for character in clipped)


def parsed(line: bytes) -> Object:
    """The JSON object on a line. Refused with request-invalid where there is none, or a key stands twice in it."""
    try:
        text = line.decode("utf-8")
        found = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise invalid(N_("This line is no text in UTF-8 (byte {place})."), place=error.start + 1) from None
    except json.JSONDecodeError as error:
        raise invalid(
            N_("This line is not JSON: {reason} at character {place}."), reason=error.msg, place=error.pos + 1
        ) from None
    except _TwiceError as twice:
        raise invalid(N_('The key "{key}" stands twice: keep one of them.'), key=shown(twice.key)) from None
    except RecursionError:
        raise invalid(N_("This line is nested too deep.")) from None
    if not isinstance(found, dict):
        raise invalid(N_("A line is one JSON object, in braces."))
    if "\\u" in text and _SURROGATE.search(json.dumps(found, ensure_ascii=False, default=str)):
        raise invalid(N_("This line holds half a character (a lone surrogate)."))
    return found


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream without their ends; None for one that is too long, of which no more than MAX_LINE is ever held."""
    first = True
    while line := _read(stream, MAX_LINE + 1):
        if first:
            line, first = line.removeprefix(_BOM), False
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while piece := _read(stream, _PIECE):
                if piece.endswith(b"\n"):
                    break
            yield None
        else:
            yield line


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.readline(size)
    except OSError as error:
        raise CallWrong(
            Message(N_("The rest of the input cannot be read ({reason})."), reason=error.strerror or str(error))
        ) from None


@contextmanager
def input_of(name: str) -> Iterator[BinaryIO]:
    """The file of that name, or standard input for "-". CallWrong where it cannot be read."""
    if name == "-":
        if sys.stdin is None:
            raise CallWrong(Message(N_("There is no standard input: name a file.")))
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - faults of opening are said otherwise than those of what is read
    except FileNotFoundError:
        raise CallWrong(Message(N_("There is no file {file}: check its name."), file=name)) from None
    except IsADirectoryError:
        raise CallWrong(Message(N_("{file} is a folder: name a file in it."), file=name)) from None
    except PermissionError:
        raise CallWrong(Message(N_("{file} may not be read by this user: mend its rights."), file=name)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CallWrong(Message(N_("{file} cannot be read ({reason})."), file=shown(name), reason=reason)) from None
    with stream:
        yield stream


def text_of(name: str, limit: int) -> str:
    """The whole text of a file of at most so many bytes. CallWrong where it cannot be read or is no text."""
    with input_of(name) as stream:
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise CallWrong(
                Message(N_("{file} cannot be read ({reason})."), file=name, reason=error.strerror or str(error))
            ) from None
    if len(data) > limit:
        raise CallWrong(Message(N_("{file} is larger than {limit} bytes."), file=name, limit=limit))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CallWrong(
            Message(N_("{file} is no text in UTF-8 (byte {place})."), file=name, place=error.start + 1)
        ) from None


Said = Object | None
"""An answer to a line; None where it is on its way already."""


def answer_lines(
    call: Call, name: str, answer: Callable[[Object], Said], say: Callable[[Object], None] | None = None
) -> int:
    """Answer every line of a file, one after the other; a refused one does not stop the next. The exit status says if any was.

    `say` writes an answer (left out: to standard output); what `answer` says nothing of, it has written itself.
    """
    status = DONE
    say = say or call.out.answer
    with input_of(name) as stream, seldom_collected():
        for line in lines_of(stream):
            if line is not None and not line.strip():
                continue
            said = _answered(call, line, answer)
            if said is None:
                continue
            if "error" in said:
                status = REFUSED
            say(said)
    return status


def _answered(call: Call, line: bytes | None, answer: Callable[[Object], Said]) -> Said:
    asked: str | None = None
    try:
        if line is None:
            raise invalid(N_("This line has more than {limit} bytes, which is no bill."), limit=MAX_LINE)
        found = parsed(line)
        given = found.get("id")
        asked = given[:100] if type(given) is str else None
        return answer(found)
    except Refused as refused:
        return _error(asked, refused.code, call.language.say(refused.message))
    except (FactRefused, Unbalanced) as fault:
        template = N_("This is a fault of the program, and nothing was stored; tell its makers: {fault}.")
        return _error(asked, "fault", call.language.text(template, fault=shown(str(fault), 200)))


def _error(asked: str | None, code: str, message: str) -> Object:
    return {"id": asked, "error": {"code": code, "message": message}}
