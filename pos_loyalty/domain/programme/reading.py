"""A programme file becomes a checked `Programme`, or the list of everything that is wrong with it.

`read` never raises and never guesses: what it does not know is an error with a suggestion, and one run reports all of it, by line
and field.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.doubts import note_doubts
from pos_loyalty.domain.programme.known import ids_of
from pos_loyalty.domain.programme.ladder import ladder, tier_offers
from pos_loyalty.domain.programme.offer_reading import MAX_OFFERS, check_together, offers
from pos_loyalty.domain.programme.positions import MAX_DEPTH, Positions, positions
from pos_loyalty.domain.programme.problems import Found, Problem, shown
from pos_loyalty.domain.programme.purse_reading import purses
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.programme.section import Section, top
from pos_loyalty.domain.programme.shop_reading import certificates, clubs, draws, excludes, guard, partners, returns

MAX_CHARACTERS = 1_000_000
"""A thousand pages: whoever hands in more has picked the wrong file."""

TABLES = (
    "programme",
    "exclude",
    "purse",
    "tiers",
    "tier",
    "club",
    "offer",
    "gift_certificate",
    "draw",
    "returns",
    "guard",
    "partners",
)

_SYNTAX = (
    # How a sentence of `tomllib` begins, and what usually helps.
    ("Expected '='", Message(N_("A line is key = value; texts stand between quotation marks."))),
    (
        "Invalid initial character",
        Message(N_("A key is of letters, digits, - and _; a table in braces stays on one line.")),
    ),
    ("Invalid value", Message(N_('Texts, amounts and percentages stand between quotation marks: "7.5%".'))),
    ("Invalid statement", Message(N_("A line is key = value, a [table], or a # comment."))),
    ("Cannot overwrite a value", Message(N_("This key stands twice in its table: keep one of them."))),
    ("Cannot declare", Message(N_("This table stands twice in the file: put the two together."))),
    ("Unterminated string", Message(N_("A text lacks its closing quotation mark."))),
    ("Illegal character", Message(N_("A text lacks its closing quotation mark, or holds an unusual character."))),
    ("Unclosed array", Message(N_("A list lacks its closing bracket ] or a comma."))),
    ("Unclosed inline table", Message(N_("A table in braces is not closed, or lacks a comma."))),
    ("Expected newline", Message(N_("One line holds one key = value."))),
    ("Expected ']'", Message(N_("A table's header lacks a closing bracket ]."))),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: the programme (None where there is an error), and all that is wrong or doubtful, by line."""

    programme: Programme | None
    problems: tuple[Problem, ...]


def read(text: str) -> Reading:
    """Read a programme file; everything that is wrong with it is in the answer."""
    text = text.removeprefix("\ufeff")  # some editors begin a file with a byte order mark
    if len(text) > MAX_CHARACTERS:
        too_long = Message(
            N_("The file has {count} characters, more than the {limit} that a programme can have."),
            count=len(text),
            limit=MAX_CHARACTERS,
        )
        return Reading(None, (Problem(None, "", too_long),))
    found = Found(positions(text))
    if found.positions.too_deep is not None:
        too_deep = Message(N_("Keys and lists are nested deeper than {limit} levels here."), limit=MAX_DEPTH)
        return Reading(None, (Problem(found.positions.too_deep, "", too_deep),))
    try:
        document = tomllib.loads(text + "\n")  # so that a fault on the last line has a line
    except tomllib.TOMLDecodeError as error:
        return Reading(None, (_not_toml(str(error), found.positions),))
    except ValueError:  # a number of more digits than Python turns into one
        return Reading(None, (_long_number(text),))
    file = top(document, found)
    programme = _programme(file)
    if not found.failed:
        note_doubts(programme, file)
    return Reading(None if found.failed else programme, found.in_order())


def _programme(file: Section) -> Programme:
    file.only(TABLES)
    head = file.table("programme")
    if "programme" not in file.values:
        file.error(
            "programme",
            Message(N_("The table [programme] is missing.")),
            Message(N_("Begin the file with [programme], and below it name, currency and time_zone.")),
        )
    plain = Programme("", Currency("", 2), "")
    currency = None
    cap = None
    if head is not None:
        head.only(("name", "currency", "time_zone", "day_starts", "maximum_discount", "cash_rounding"))
        name = head.need("name", fields.name) or ""
        currency = head.need("currency", fields.currency)
        cap = head.get("maximum_discount", figures.rate, None)
        plain = replace(
            plain,
            name=name,
            currency=currency or plain.currency,
            time_zone=head.need("time_zone", fields.time_zone) or "",
            day_starts=head.get("day_starts", times.clock, plain.day_starts),
            maximum_discount=plain.maximum_discount if cap is None else cap,
            cash_rounding=head.get("cash_rounding", figures.above_zero(figures.amount(currency)), plain.cash_rounding),
        )
    known = ids_of(file, currency)
    held = purses(file, currency)
    tiers = ladder(file, known, cap)
    sections = file.tables("offer", MAX_OFFERS)
    own = offers(sections, known)
    every_offer = (*tier_offers(tiers), *own)
    places = {offer.id: section for offer, section in zip(own, sections, strict=True)}
    check_together(every_offer, places, frozenset(purse.id for purse in held if purse.pays))
    return replace(
        plain,
        exclude=excludes(file),
        purses=held,
        tiers=tiers,
        offers=every_offer,
        returns=returns(file),
        clubs=clubs(file, currency),
        certificates=certificates(file, currency),
        draws=draws(file, known),
        guard=guard(file),
        partners=partners(file, known),
    )


_AT = re.compile(r"(.*?) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)


def _not_toml(said: str, known: Positions) -> Problem:
    """Where a file stops being TOML. `said` is in the words of `tomllib`, the same in all Python releases so far."""
    match = _AT.fullmatch(said)
    reason = shown(match[1] if match else said, 200)
    mend = next((mend for start, mend in _SYNTAX if reason.startswith(start)), None)
    if match is None or match[2] is None:
        message = Message(N_("What begins here is not closed before the file ends ({reason})."), reason=reason)
        begun = [line for path, line in known.lines.items() if isinstance(path[-1], str)]
        return Problem(max(begun, default=1), "", message, mend=mend)
    message = Message(
        N_("This line is not written as TOML wants it, at column {column} ({reason})."),
        column=int(match[3]),
        reason=reason,
    )
    return Problem(int(match[2]), "", message, mend=mend)


def _long_number(text: str) -> Problem:
    match = re.search(r"[0-9_]{4000}", text)
    line = None if match is None else text.count("\n", 0, match.start()) + 1
    return Problem(line, "", Message(N_("A number here has too many digits.")))
