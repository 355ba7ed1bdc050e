"""Which line of a programme file says what: every problem can name the line that an owner has to look at.

`tomllib` forgets where a value stood, so this scanner walks the same text beside it and notes the line of each key path. It
never raises and always ends: on text that is not TOML it notes what comes before the fault, which `tomllib` then names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys from the top of the file down; an element of a list by its index from 0."""

MAX_DEPTH = 20
"""Keys within keys: the programme language needs six. The bound keeps hostile nesting away from a recursive parser."""

_SPACE = re.compile(r"[ \t]*")
_SPACE_OR_COMMENT = re.compile(r"[ \t]*(?:#[^\n]*)?")
_SPACE_AND_LINES = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\[^\n])*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_LONG_BASIC_PIECE = re.compile(r'\\.|"""', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Positions:
    """The lines, counted from 1, of the keys of one file; `too_deep` is where it nests deeper than MAX_DEPTH, if it does."""

    lines: Mapping[Path, int]
    too_deep: int | None = None

    def line(self, path: Path) -> int | None:
        """Where a path stands; for a key that is not there the line of the table that lacks it, None if that is the file."""
        return _nearest(self.lines, path)


def positions(text: str) -> Positions:
    """The lines of every key path of a TOML text."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    try:
        scanner.document()
    except _TooDeep:
        return Positions(scanner.lines, scanner.line())
    except _Lost:
        pass
    return Positions(scanner.lines)


def _nearest(lines: Mapping[Path, int], path: Path) -> int | None:
    for length in range(len(path), 0, -1):
        line = lines.get(path[:length])
        if line is not None:
            return line
    return None


class _Lost(Exception):
    """What stands here is not TOML."""


class _TooDeep(Exception):
    """What stands here nests deeper than MAX_DEPTH."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._counted = 0
        self._line = 1
        self._elements: dict[Path, int] = {}  # how many tables each array of tables has so far

    def line(self) -> int:
        """The line that the scanner stands on."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def document(self) -> None:
        """Every table header and key of the text."""
        table: Path = ()
        while True:
            self._skip(_SPACE_AND_LINES)
            if self.at >= len(self.text):
                return
            if self._accept("[["):
                table = self._header(in_array=True)
            elif self._accept("["):
                table = self._header(in_array=False)
            else:
                self._pair(table)
            self._skip(_SPACE_OR_COMMENT)
            if self.at < len(self.text) and not self._accept("\n"):
                raise _Lost

    def _header(self, in_array: bool) -> Path:
        line = self.line()
        self._skip(_SPACE)
        parts = self._key()
        if not self._accept("]]" if in_array else "]"):
            raise _Lost
        path: Path = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            if number < len(parts):
                self._note(path, line)
                if path in self._elements:
                    path = (*path, self._elements[path] - 1)
        if in_array:
            self._note(path, line)
            index = self._elements.get(path, 0)
            self._elements[path] = index + 1
            path = (*path, index)
        self.lines[path] = line  # the table's own header, wherever a table within it stood before
        return path

    def _pair(self, table: Path) -> None:
        line = self.line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        if not self._accept("="):
            raise _Lost
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            if match := _BARE_KEY.match(self.text, self.at):
                parts.append(match[0])
            elif match := _BASIC.match(self.text, self.at):
                parts.append(_ESCAPE.sub(_unescaped, match[1]))
            elif match := _LITERAL.match(self.text, self.at):
                parts.append(match[1])
            else:
                raise _Lost
            if len(parts) > MAX_DEPTH:
                raise _TooDeep
            self.at = match.end()
            self._skip(_SPACE)
            if not self._accept("."):
                return parts
            self._skip(_SPACE)

    def _value(self, path: Path) -> None:
        if len(path) > MAX_DEPTH:
            raise _TooDeep
        if self._accept('"""'):
            self._long_basic()
        elif self._accept("'''"):
            self._long_literal()
        elif self._accept("["):
            self._list(path)
        elif self._accept("{"):
            self._inline_table(path)
        else:
            match = (
                _BASIC.match(self.text, self.at)
                or _LITERAL.match(self.text, self.at)
                or _SCALAR.match(self.text, self.at)
            )
            if match is None:
                raise _Lost
            self.at = match.end()

    def _long_basic(self) -> None:
        while match := _LONG_BASIC_PIECE.search(self.text, self.at):
            self.at = match.end()
            if match[0] == '"""':
                self._closing_quotes('"')
                return
        raise _Lost

    def _long_literal(self) -> None:
        end = self.text.find("'''", self.at)
        if end < 0:
            raise _Lost
        self.at = end + 3
        self._closing_quotes("'")

    def _closing_quotes(self, quote: str) -> None:
        # TOML lets a long string end with one or two quotation marks of its own, right before the three that close it.
        for _ in range(2):
            if not self._accept(quote):
                return

    def _list(self, path: Path) -> None:
        index = 0
        while True:
            self._skip(_SPACE_AND_LINES)
            if self._accept("]"):
                return
            element = (*path, index)
            self._note(element, self.line())
            self._value(element)
            self._skip(_SPACE_AND_LINES)
            index += 1
            if not self._accept(","):
                if self._accept("]"):
                    return
                raise _Lost

    def _inline_table(self, path: Path) -> None:
        while True:
            self._skip(_SPACE_AND_LINES)
            if self._accept("}"):
                return
            self._pair(path)
            self._skip(_SPACE_AND_LINES)
            if not self._accept(","):
                if self._accept("}"):
                    return
                raise _Lost

    def _note(self, path: Path, line: int) -> None:
        # What stands on the line of what holds it needs no entry, which keeps a megabyte of list elements small.
        if path not in self.lines and _nearest(self.lines, path) != line:
            self.lines[path] = line

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def _accept(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _ESCAPED.get(match[4], match[0])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else match[0]
