"""A prize draw that nobody has to believe: a list of tickets that is published first, and winners that follow from it and a seed.

What is published is a text of plain lines, in English and the same to the byte for ever, so that its SHA-256 is its digest and any
language can draw again (docs/draws.md has the few lines). It says its own rule. It names no holder and no full card number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, zip_longest

from pos_loyalty.domain.message import N_, Message, Refused

DIGITS = 13
"""Hex digits of a hash that choose a ticket: 52 bits, a whole number that a shell, a spreadsheet and JavaScript hold exactly."""
_ROOM = 16**DIGITS
MAX_TICKETS = 1_000_000
"""Tickets of one draw: a list of about 60 MB, far past what any shop hands out. More are refused, never left out."""
MAX_SEED = 200
CAUSE = "draw:"
"""What the postings of a draw name as their offer, before the draw's id."""
ANY_SEED = "a public number that nobody could know when this list was published"

_HEADING = "draw of prizes, format 1"
_RULE = """\
How it is drawn
- Each line under "Tickets" is one ticket: its number, its holder, the end of the holder's card, the receipt that earned it.
  The holder is 16 hex digits that only the shop can tell whose they are; the same digits are the same holder.
- The digest is the SHA-256 of this text up to and without the line "Drawn". It was published before the seed was known.
- For prize 1, 2, 3 ... and for try 1, 2, 3 ...: take the SHA-256 of "seed:draw:digest:prize:try" (UTF-8), and its first 13 hex
  digits as a number H. N is how many tickets are left. If H is below 16^13 rounded down to a multiple of N, the ticket in place
  H mod N + 1 of those left wins the prize; otherwise the next try.
- A holder wins once: with the winning ticket all tickets of its holder go. When none is left, the prize has no winner."""
_TICKETS = "Tickets"
_DRAWN = "Drawn"
NOTHING = "-"
"""What a line has where there is no card, no receipt, or no winner."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as it is published: its running number from 1, and what lets its holder find it."""

    number: int
    holder: str
    card: str
    receipt: str

    @property
    def line(self) -> str:
        """Its line in the list."""
        return f"{self.number} {self.holder} {self.card} {self.receipt}"


@dataclass(frozen=True, slots=True)
class TicketList:
    """All that is published before the seed is known. `frozen` is a moment as the store writes it; `seed_from` says which number
    the seed will be.
    """

    draw: str
    title: str
    closes: date
    frozen: str
    prizes: tuple[str, ...]
    tickets: tuple[Ticket, ...]
    seed_from: str = ANY_SEED


@dataclass(frozen=True, slots=True)
class Winner:
    """Who won a prize; `place` counts the prizes from 1. No ticket: fewer holders than prizes took part."""

    place: int
    prize: str
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the list became with its seed. `at` is a moment as the store writes it."""

    at: str
    seed: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of a published text that is not what follows from the rest of it; None: it is not there, or should not be."""

    line: int
    found: str | None
    wanted: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A published text that was read and drawn again. `list_text` is the part that the digest covers."""

    tickets: TicketList
    list_text: str
    digest: str
    drawing: Drawing | None
    winners: tuple[Winner, ...]
    differences: tuple[Difference, ...]


def holder_name(draw: str, account: str) -> str:
    """What a holder is called in the list of one draw: an account's id is never shown, and another draw's list has another name."""
    return hashlib.sha256(f"{draw}:{account}".encode()).hexdigest()[:16]


def list_text(tickets: TicketList) -> str:
    """The text that is published before the seed is known."""
    lines = [
        _HEADING,
        f"draw: {tickets.draw}",
        f"title: {tickets.title}",
        f"closes: {tickets.closes.isoformat()}",
        f"frozen: {tickets.frozen}",
        f"seed from: {tickets.seed_from}",
        *(f"prize {place}: {prize}" for place, prize in enumerate(tickets.prizes, 1)),
        "",
        _RULE,
        "",
        _TICKETS,
        *(ticket.line for ticket in tickets.tickets),
        "",
    ]
    return "\n".join(lines)


def digest_of(text: str) -> str:
    """The digest of a published list: the SHA-256 of its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def winners_of(
    draw: str, digest: str, seed: str, prizes: Sequence[str], tickets: Sequence[Ticket]
) -> tuple[Winner, ...]:
    """Who wins which prize, by the rule that the list states."""
    left = list(tickets)
    found = []
    for place, prize in enumerate(prizes, 1):
        ticket = left[_chosen(f"{seed}:{draw}:{digest}:{place}", len(left))] if left else None
        found.append(Winner(place, prize, ticket))
        if ticket is not None:
            left = [other for other in left if other.holder != ticket.holder]
    return tuple(found)


def _chosen(prefix: str, left: int) -> int:
    """A number from 0 below `left`, each as likely as any other: hashes past the last full multiple are tried anew."""
    fair = _ROOM - _ROOM % left
    for attempt in count(1):
        number = int(hashlib.sha256(f"{prefix}:{attempt}".encode()).hexdigest()[:DIGITS], 16)
        if number < fair:
            return number % left
    raise AssertionError  # pragma: no cover - the tries have no end


def drawn_text(text: str, digest: str, drawing: Drawing, winners: Sequence[Winner]) -> str:
    """The list's text with the seed and the winners after it: what is published when the draw was run."""
    lines = [_DRAWN, f"at: {drawing.at}", f"digest: {digest}", f"seed: {drawing.seed}"]
    lines += [f"winner {one.place}: {one.ticket.line if one.ticket else NOTHING}" for one in winners]
    return text + "".join(f"{line}\n" for line in lines)


def seed_fault(seed: str) -> Message | None:
    """Why a text cannot be a seed, or say which number the seed will be; None if it can."""
    if not seed.strip() or seed != seed.strip() or len(seed) > MAX_SEED or not seed.isprintable():
        return Message(
            N_("A seed is one line of 1 to {limit} characters that can be seen, without a space at its ends."),
            limit=MAX_SEED,
        )
    return None


def read_list(text: str) -> TicketList:
    """The list that was published as this text. Refused with draw-file-invalid where it is none."""
    return _Reader(text).tickets()


def check(text: str) -> Checked:
    """Read a published text and draw it again: each line that is not what follows from the others is a difference.

    Refused with draw-file-invalid where it cannot be read at all.
    """
    reader = _Reader(text)
    tickets = reader.tickets()
    own = reader.so_far
    digest = digest_of(own)
    wanted = list_text(tickets)
    drawing = reader.drawing()
    winners: tuple[Winner, ...] = ()
    if drawing is not None:
        winners = winners_of(tickets.draw, digest, drawing.seed, tickets.prizes, tickets.tickets)
        wanted = drawn_text(wanted, digest, drawing, winners)
    pairs = enumerate(zip_longest(text.split("\n"), wanted.split("\n")), 1)
    differences = tuple(Difference(line, found, want) for line, (found, want) in pairs if found != want)
    return Checked(tickets, own, digest, drawing, winners, differences)


class _Reader:
    """Goes through the lines of a published text, as leniently as a comparison with the text made anew allows."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0

    @property
    def so_far(self) -> str:
        """The text of the lines that were read."""
        return "".join(f"{line}\n" for line in self._lines[: self._at])

    def tickets(self) -> TicketList:
        if self._next() != _HEADING:
            raise self._invalid(_HEADING)
        draw, title = self._value("draw"), self._value("title")
        try:
            closes = date.fromisoformat(self._value("closes"))
        except ValueError:
            raise self._invalid("closes: 2026-12-31") from None
        frozen, seed_from = self._value("frozen"), self._value("seed from")
        prizes: list[str] = []
        while self._peek().startswith(f"prize {len(prizes) + 1}: "):
            prizes.append(self._value(f"prize {len(prizes) + 1}"))
        while self._next() != _TICKETS:
            if self._at >= len(self._lines):
                raise self._invalid(_TICKETS)
        tickets: list[Ticket] = []
        while self._peek() not in {"", _DRAWN}:
            parts = self._next().split(" ", 3)
            if len(parts) != 4:
                raise self._invalid("1 0123456789abcdef *********0018 till-1-000042")
            tickets.append(Ticket(len(tickets) + 1, *parts[1:]))
        return TicketList(draw, title, closes, frozen, tuple(prizes), tuple(tickets), seed_from)

    def drawing(self) -> Drawing | None:
        if self._peek() != _DRAWN:
            return None
        self._next()
        at = self._value("at")
        self._value("digest")
        return Drawing(at, self._value("seed"))

    def _peek(self) -> str:
        return self._lines[self._at] if self._at < len(self._lines) else ""

    def _next(self) -> str:
        line = self._peek()
        self._at += 1
        return line

    def _value(self, key: str) -> str:
        found, there, value = self._next().partition(": ")
        if found != key or not there:
            raise self._invalid(f"{key}: ...")
        return value

    def _invalid(self, wanted: str) -> Refused:
        return Refused(
            "draw-file-invalid",
            Message(
                N_('Line {line} is not that of a published draw, which has "{wanted}" there: take the file as it was.'),
                line=self._at,
                wanted=wanted,
            ),
        )
