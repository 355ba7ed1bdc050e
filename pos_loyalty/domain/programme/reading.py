"""A programme file becomes a checked `Programme`, or the list of everything that is wrong with it.

`read` never raises and never guesses: what it does not know is an error with a suggestion, what the language has and this release
has not is refused by name (`later`), and one run reports all of it, by line and field.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency, Millionths
from pos_loyalty.domain.programme import fields
from pos_loyalty.domain.programme.ladder import CASHBACK, ladder
from pos_loyalty.domain.programme.positions import MAX_DEPTH, Positions, positions
from pos_loyalty.domain.programme.problems import Found, Problem, shown
from pos_loyalty.domain.programme.rules import (
    CountsAs,
    Exclude,
    Offer,
    Programme,
    Purse,
    Returns,
    Spend,
    StepDown,
    Tiers,
    WhenSpent,
)
from pos_loyalty.domain.programme.section import Section, top

MAX_CHARACTERS = 1_000_000
"""A thousand pages: whoever hands in more has picked the wrong file."""
MAX_TIERS = 20
MAX_PURSES = 20
MAX_EXCLUDES = 1_000
"""More of each than any programme that we know of, and few enough to price a bill in no time."""

TABLES = ("programme", "exclude", "purse", "tiers", "tier", "returns")
COUNTS_AS: tuple[CountsAs, ...] = ("discount", "tender")
STEP_DOWN: tuple[StepDown, ...] = ("one", "to-fit", "never")
WHEN_SPENT: tuple[WhenSpent, ...] = ("owe", "withhold", "forgive")

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
    programme = _programme(top(document, found))
    return Reading(None if found.failed else programme, found.in_order())


def _programme(file: Section) -> Programme:
    file.only(TABLES)
    head = file.table("programme")
    if head is None:
        return _without_head(file)
    head.only(("name", "currency", "time_zone", "day_starts", "maximum_discount", "cash_rounding"))
    name = head.need("name", fields.name)
    currency = head.need("currency", fields.currency)
    time_zone = head.need("time_zone", fields.time_zone)
    cap = head.get("maximum_discount", fields.rate, None)
    purses = _purses(file, currency)
    tiers = _tiers(file, currency, cap)
    plain = Programme(name or "", currency or Currency("", 2), time_zone or "")
    return replace(
        plain,
        day_starts=head.get("day_starts", fields.clock, plain.day_starts),
        maximum_discount=plain.maximum_discount if cap is None else cap,
        cash_rounding=head.get("cash_rounding", fields.above_zero(fields.amount(currency)), plain.cash_rounding),
        exclude=_excludes(file),
        purses=purses,
        tiers=tiers,
        offers=() if tiers is None else _offers(tiers),
        returns=_returns(file),
    )


def _without_head(file: Section) -> Programme:
    """What else is wrong with a file that does not say what it is; the keys that it lacks need no problem each."""
    if "programme" not in file.values:
        file.error(
            "programme",
            Message(N_("The table [programme] is missing.")),
            Message(N_("Begin the file with [programme], and below it name, currency and time_zone.")),
        )
    return Programme(
        "",
        Currency("", 2),
        "",
        exclude=_excludes(file),
        purses=_purses(file, None),
        tiers=_tiers(file, None, None),
        returns=_returns(file),
    )


def _excludes(file: Section) -> tuple[Exclude, ...]:
    excludes = []
    for section in file.tables("exclude", MAX_EXCLUDES):
        section.only(("departments", "skus", "reduced"))
        if not section.values:
            file.found.error(
                section.path,
                section.name,
                Message(N_("This names no goods, so it would leave out all of them.")),
                Message(N_("Name departments, skus or reduced below it.")),
            )
        excludes.append(
            Exclude(section.texts("departments"), section.texts("skus"), section.get("reduced", fields.flag, None))
        )
    return tuple(excludes)


def _purses(file: Section, currency: Currency | None) -> tuple[Purse, ...]:
    section = file.table("purse")
    if section is None:
        return ()
    return tuple(_purse(purse_id, purse, currency) for purse_id, purse in section.named_tables(MAX_PURSES))


def _purse(purse_id: str, section: Section, currency: Currency | None) -> Purse:
    section.only(("unit", "hold", "expires", "spend"))
    unit = section.need("unit", fields.one_of(("money",)))
    plain = Purse(purse_id)
    if unit is not None and "expires" not in section.values:
        section.warn(
            "expires",
            Message(N_("What is in this purse never expires: a liability without end.")),
            Message(N_('Write for instance expires = "12 months", or expires = "never" if that is what you want.')),
        )
    return replace(
        plain,
        hold=section.get("hold", fields.duration, plain.hold),
        expires=section.get("expires", fields.lifetime, plain.expires),
        spend=_spend(section.table("spend"), currency),
    )


def _spend(section: Section | None, currency: Currency | None) -> Spend:
    plain = Spend()
    if section is None:
        return plain
    section.only(("minimum", "up_to", "counts_as"))
    return Spend(
        minimum=section.get("minimum", fields.amount(currency), plain.minimum),
        up_to=section.get("up_to", fields.rate, plain.up_to),
        counts_as=section.get("counts_as", fields.one_of(COUNTS_AS), plain.counts_as),
    )


def _returns(file: Section) -> Returns:
    plain = Returns()
    section = file.table("returns")
    if section is None:
        return plain
    section.only(("when_spent", "restored_for"))
    return Returns(
        when_spent=section.get("when_spent", fields.one_of(WHEN_SPENT), plain.when_spent),
        restored_for=section.get("restored_for", fields.duration, plain.restored_for),
    )


def _tiers(file: Section, currency: Currency | None, cap: Millionths | None) -> Tiers | None:
    settings = file.table("tiers") or file.empty("tiers")
    settings.only(("window", "kept_for", "step_down"))
    plain = Tiers(())
    read = Tiers(
        ladder=ladder(file, file.tables("tier", MAX_TIERS), currency, cap),
        window=settings.get("window", fields.window, plain.window),
        kept_for=settings.get("kept_for", fields.duration, plain.kept_for),
        step_down=settings.get("step_down", fields.one_of(STEP_DOWN), plain.step_down),
    )
    if read.ladder:
        return read
    if "tiers" in file.values and "tier" not in file.values:
        file.warn(
            "tiers",
            Message(N_("[tiers] says how tiers are kept, and there are none.")),
            Message(N_("Write a [[tier]], or take [tiers] out.")),
        )
    return None


def _offers(tiers: Tiers) -> tuple[Offer, ...]:
    offers = []
    for tier in tiers.ladder:
        if tier.discount:
            offers.append(Offer(f"tier:{tier.id}:discount", tier.id, discount=tier.discount, group="card"))
        if tier.cashback:
            offers.append(Offer(f"tier:{tier.id}:cashback", tier.id, earn=tier.cashback, purse=CASHBACK))
    return tuple(offers)


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
