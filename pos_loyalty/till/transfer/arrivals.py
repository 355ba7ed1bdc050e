"""One row of a file of holders: who it is, the cards that open the account, and what the purses hold at first.

The account's id follows from the row's content. So a row that was taken in once is known again, whatever has happened to the
holder since, and the same file twice is once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from pos_loyalty.domain.basket import HIDDEN
from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.consent import PurposeId
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.till.adjusting import MOST
from pos_loyalty.till.cards import check_number
from pos_loyalty.till.consents import purposes_named
from pos_loyalty.till.holders import Enrolment, checked
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.cells import CellWrong, amount_in, day_in, list_in
from pos_loyalty.till.transfer.tables import Row, Table

COLUMNS = (
    "name",
    "card",
    "cards",
    "blocked",
    "replaced",
    "kind",
    "phone",
    "email",
    "birthday",
    "language",
    "joined",
    "consent",
)
"""What a file of holders may say beside the purses' columns, which are, for a purse with the id `points`: `points`,
`points:expires`, `points:available`, `points:owed`.
"""
Part: TypeAlias = Literal["", ":expires", ":available", ":owed"]
"""What of a purse stands in a column: what it holds, its last days, its first days, what the holder owes to it."""
MOST_CARDS = 50
MOST_LOTS = 200
"""Of one row."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a purse holds at first, as one lot: from when on it can be spent (None: at once), and its last day (`ruled`: that which
    the purse's rule says).
    """

    purse: str
    amount: Minor
    available: date | None
    expires: date | None
    ruled: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A holder as a row has them. The first of `cards` is the one that was used; `replaced` has by number the card that took its
    place. `holder` is None for a bearer.
    """

    line: int
    holder: Enrolment | None
    cards: tuple[str, ...]
    kind: CardKind
    blocked: frozenset[str]
    replaced: Mapping[str, str]
    joined: date | None
    consents: tuple[PurposeId, ...]
    openings: tuple[Opening, ...]
    owed: tuple[tuple[str, Minor], ...]

    @property
    def account(self) -> str:
        """The id of the account that it becomes: a UUID of version 8, from the content alone."""
        person = self.holder
        content = [
            "pos-loyalty holder import 1",
            None
            if person is None
            else [person.name, person.phone, person.email, str(person.birthday), person.language],
            str(self.joined),
            self.kind,
            list(self.cards),
            sorted(self.blocked),
            sorted(self.replaced.items()),
            list(self.consents),
            [[one.purse, one.amount, str(one.available), str(one.expires), one.ruled] for one in self.openings],
            [list(one) for one in self.owed],
        ]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
        variant = "89ab"[int(digest[16], 16) & 3]
        return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of a table under a programme; `today` is the business day on which they arrive."""

    register: Register
    programme: Programme
    today: date
    units: Mapping[str, tuple[str, Part]]

    def read(self, row: Row) -> Arrival | Message:
        """What a row says, or what is wrong with it: the first thing that is."""
        try:
            return self._read(row)
        except CellWrong as wrong:
            return wrong.message
        except Refused as refused:
            return refused.message

    def _read(self, row: Row) -> Arrival:
        cells = row.cells
        for text in cells.values():
            if HIDDEN.search(text):
                raise CellWrong(N_("a text holds a character that nobody can see: take it out."))
        numbers = dict.fromkeys((*list_in(cells.get("card", "")), *list_in(cells.get("cards", ""))))
        if len(numbers) > MOST_CARDS:
            raise CellWrong(N_("it has more than {limit} cards."), limit=MOST_CARDS)
        for number in numbers:
            check_number(number, self.register)
        blocked = self._of_them("blocked", list_in(cells.get("blocked", "")), numbers)
        replaced = self._replaced(cells.get("replaced", ""), numbers)
        if both := blocked & replaced.keys():
            raise CellWrong(N_("card {card} is both blocked and replaced."), card=min(both))
        joined = day_in(cells["joined"], "joined") if cells.get("joined") else None
        kind, person = self._person(cells, bool(numbers), joined)
        openings, owed = self._purses(cells)
        consents = purposes_named(list_in(cells.get("consent", "").replace(",", " ")))
        if consents and person is None:
            raise CellWrong(N_("a bearer card agrees to nothing: name its holder, or leave consent empty."))
        return Arrival(row.line, person, tuple(numbers), kind, blocked, replaced, joined, consents, openings, owed)

    def _of_them(self, column: str, named: tuple[str, ...], numbers: Mapping[str, None]) -> frozenset[str]:
        for number in named:
            if number not in numbers:
                raise CellWrong(N_("{column}: {card} is none of the row's cards."), column=column, card=shown(number))
        return frozenset(named)

    def _replaced(self, text: str, numbers: Mapping[str, None]) -> dict[str, str]:
        replaced: dict[str, str] = {}
        for pair in list_in(text):
            old, colon, new = pair.partition(":")
            if not colon or old == new or old in replaced:
                raise CellWrong(N_("replaced: {text} is no pair such as OLD:NEW."), text=shown(pair))
            self._of_them("replaced", (old, new), numbers)
            replaced[old] = new
        for old in replaced:
            following, steps = replaced.get(old), 0
            while following is not None and steps <= len(replaced):
                following, steps = replaced.get(following), steps + 1
            if following is not None:
                raise CellWrong(N_("replaced: the cards replace one another in a circle."))
        return replaced

    def _person(
        self, cells: Mapping[str, str], has_cards: bool, joined: date | None
    ) -> tuple[CardKind, Enrolment | None]:
        kind, name = cells.get("kind", "").lower(), cells.get("name", "")
        if kind not in ("", "named", "bearer"):
            raise CellWrong(N_("kind: {text} is neither named nor bearer."), text=shown(kind))
        if joined is not None and not date(1950, 1, 1) <= joined <= self.today:
            raise CellWrong(N_("The day of joining lies in the past."))
        if name:
            if kind == "bearer":
                raise CellWrong(N_("a bearer card has no name: take the name out, or make it named."))
            wish = Enrolment(
                name=name,
                phone=cells.get("phone") or None,
                email=cells.get("email") or None,
                birthday=day_in(cells["birthday"], "birthday") if cells.get("birthday") else None,
                language=cells.get("language", "").lower() or None,
            )
            return "named", checked(wish, self.today)
        if not has_cards:
            raise CellWrong(N_("it has neither a name nor a card."))
        for column in ("phone", "email", "birthday", "language"):
            if cells.get(column):
                raise CellWrong(N_("it has a {column} and no name: whose is it?"), column=column)
        return ("named" if kind == "named" else "bearer"), None

    def _purses(self, cells: Mapping[str, str]) -> tuple[tuple[Opening, ...], tuple[tuple[str, Minor], ...]]:
        openings: list[Opening] = []
        owed: list[tuple[str, Minor]] = []
        for column, (purse, part) in self.units.items():
            if part == "":
                openings.extend(self._lots(cells, column, purse))
            elif part == ":owed" and cells.get(column):
                amount = amount_in(cells[column], self._digits(purse), column)
                if not 0 <= amount <= MOST:
                    raise CellWrong(N_("{column}: what is owed is written without a minus."), column=column)
                if amount:
                    owed.append((purse, amount))
            elif part in (":expires", ":available") and cells.get(column) and not cells.get(self._column(purse), ""):
                raise CellWrong(N_("{column}: there is a day for it and no amount."), column=column)
        if len(openings) > MOST_LOTS:
            raise CellWrong(N_("its purses have more than {limit} parts."), limit=MOST_LOTS)
        return tuple(openings), tuple(owed)

    def _lots(self, cells: Mapping[str, str], column: str, purse: str) -> list[Opening]:
        amounts = list_in(cells.get(column, ""))
        ends = self._beside(cells, f"{column}:expires", len(amounts))
        begins = self._beside(cells, f"{column}:available", len(amounts))
        found = self.programme.purse(purse)
        lots = []
        for text, end, begin in zip(amounts, ends, begins, strict=True):
            amount = amount_in(text, self._digits(purse), column)
            if amount < 0:
                raise CellWrong(
                    N_("{column}: {text} is below zero; what the holder owes stands in {owed}."),
                    column=column,
                    text=text,
                    owed=f"{column}:owed",
                )
            if amount > MOST:
                raise CellWrong(N_("{column}: {text} is more than a purse can hold."), column=column, text=shown(text))
            available = day_in(begin, f"{column}:available") if begin else None
            ruled = not end
            expires = day_in(end, f"{column}:expires") if end and end.lower() != "never" else None
            last = found.expires_on(available or self.today) if ruled and found is not None else expires
            if last is not None and last < max(available or self.today, self.today):
                raise CellWrong(
                    N_("{column}: its last day, {day}, is over before it can be spent."),
                    column=column,
                    day=last.isoformat(),
                )
            if amount:
                lots.append(Opening(purse, amount, available, expires, ruled))
        return lots

    def _beside(self, cells: Mapping[str, str], column: str, count: int) -> tuple[str, ...]:
        """As many days as there are amounts; one day, or none, counts for all of them."""
        found = list_in(cells.get(column, ""))
        if len(found) <= 1:
            return (found or ("",)) * count
        if len(found) != count:
            raise CellWrong(
                N_("{column}: there are {count} amounts and {found} days."),
                column=column,
                count=count,
                found=len(found),
            )
        return found

    def _digits(self, purse: str) -> int:
        return digits_of(self.programme, purse)

    def _column(self, purse: str) -> str:
        return column_of(purse)


def digits_of(programme: Programme, purse: str) -> int:
    """How many decimals the amounts of a purse have."""
    found = programme.purse(purse)
    return programme.currency.digits if found is not None and found.unit == "money" else 0


def column_of(purse: str) -> str:
    """The column of a purse: its id, behind `purse:` where that is another column's name."""
    name = purse.lower()
    return f"purse:{name}" if name in COLUMNS else name


def columns_of(programme: Programme) -> dict[str, tuple[str, Part]]:
    """Every column of the programme's purses, with the purse and which part of it stands there."""
    return {column_of(purse.id) + part: (purse.id, part) for purse in programme.purses for part in get_args(Part)}


def reader_of(table: Table, register: Register, programme: Programme, today: date) -> Reader:
    """What reads this table. Refused with table-invalid for a column that is not known, and without name or card."""
    purses = columns_of(programme)
    unknown = [column for column in table.columns if column not in COLUMNS and column not in purses]
    if unknown:
        raise Refused(
            "table-invalid",
            Message(
                N_("The column {column} is not known; these are: {columns}."),
                column=shown(unknown[0]) or "(empty)",
                columns=", ".join((*COLUMNS, *purses)),
            ),
        )
    if not {"name", "card", "cards"} & set(table.columns):
        raise Refused(
            "table-invalid", Message(N_("The columns name, and card or cards, are looked for: neither is there."))
        )
    return Reader(register, programme, today, {column: purses[column] for column in table.columns if column in purses})
