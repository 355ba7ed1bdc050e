"""The rules in force: activating a programme as an immutable revision, and finding the one that a moment falls under."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate

from pos_loyalty.domain.bookkeeping import units_of
from pos_loyalty.domain.club import ClubRules
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme, Tiers
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Revision
from pos_loyalty.till.audit import note
from pos_loyalty.till.operators import permit
from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class InForce:
    """The revision that a moment falls under, and its rules; `begun` is every revision in force until then, it the last.

    `units` is the unit in which the books keep each purse that any of all `revisions` has; `ladders` and `clubs` are those begun.
    """

    number: int
    programme: Programme
    begun: tuple[Revision, ...]
    units: Mapping[str, str]
    revisions: tuple[Revision, ...]
    ladders: Sequence[tuple[date, Tiers]]
    clubs: ClubRules


@lru_cache(maxsize=64)
def _rules(text: str) -> Programme:
    programme = read(text).programme
    if programme is None:
        raise Refused(
            "programme-invalid",
            Message(
                N_(
                    "A revision in the store can no longer be read: it was activated by a newer release; upgrade this one."
                )
            ),
        )
    return programme


def _all_rules(revisions: Iterable[Revision]) -> Iterator[Programme]:
    return (_rules(revision.text) for revision in revisions)


def in_force(books: Books, at: datetime) -> InForce:
    """The latest revision active at a moment, or the first one for a moment before them all.

    Refused with programme-missing where none was ever activated.
    """
    revisions = books.revisions()
    if not revisions:
        raise Refused(
            "programme-missing",
            Message(N_("No programme is in force: activate one with `pos-loyalty programme activate FILE`.")),
        )
    return _in_force(revisions, sum(revision.active_from <= at for revision in revisions) or 1)


@lru_cache(maxsize=16)
def _in_force(revisions: tuple[Revision, ...], count: int) -> InForce:
    """The rules once so many of the revisions have come into force: the same for every sale until the next one does."""
    begun = revisions[:count]
    rules = _rules(begun[-1].text)
    return InForce(
        begun[-1].number, rules, begun, units_of(_all_rules(revisions)), revisions, ladders(begun), clubs(begun)
    )


@dataclass(frozen=True, slots=True)
class PricedBy:
    """The revision that priced a bill: its number, from which moment on it was in force, and its rules."""

    number: int
    active_from: datetime
    programme: Programme


def priced_by(register: Register, number: int) -> PricedBy:
    """The revision of that number. KeyError if there is none."""
    with register.store.read() as books:
        for revision in books.revisions():
            if revision.number == number:
                return PricedBy(number, revision.active_from, _rules(revision.text))
    raise KeyError(number)


def of_revision(books: Books, number: int) -> Programme:
    """The rules of a revision that a sale keeps."""
    return next(_rules(revision.text) for revision in books.revisions() if revision.number == number)


def ladders(revisions: Sequence[Revision]) -> Sequence[tuple[date, Tiers]]:
    """Each ladder of tiers with the business day on which it came into force, oldest first; a day's last counts for all of it."""
    known = [(revision, _rules(revision.text)) for revision in revisions]
    return [
        (rules.business_day(revision.active_from), rules.tiers) for revision, rules in known if rules.tiers is not None
    ]


def ladders_begun(revisions: Sequence[Revision]) -> dict[int, int]:
    """By a revision's number, how many of their ladders have come into force with it."""
    counts = accumulate(int(_rules(revision.text).tiers is not None) for revision in revisions)
    return {revision.number: begun for revision, begun in zip(revisions, counts, strict=True)}


def begins_after(revision: Revision, day: date) -> bool:
    """Whether no bill of that business day can fall under a revision."""
    return _rules(revision.text).business_day(revision.active_from) > day


def clubs(revisions: Sequence[Revision]) -> ClubRules:
    """The clubs of each revision with the business day on which it came into force, oldest first; nothing where none has any."""
    found = []
    for revision in revisions:
        programme = _rules(revision.text)
        found.append((programme.business_day(revision.active_from), programme.clubs))
    return found if any(own for _, own in found) else ()


def check_fits(revisions: Sequence[Revision], programme: Programme) -> None:
    """Refuse a programme that cannot follow these revisions (programme-invalid): its currency is not that of the sales already
    made, or a purse that held money would hold something else, or the other way round.
    """
    if revisions and _rules(revisions[-1].text).currency != programme.currency:
        raise Refused(
            "programme-invalid",
            Message(
                N_(
                    "This store keeps its books in {currency}; a programme in another currency needs a store of its own."
                ),
                currency=_rules(revisions[-1].text).currency.code,
            ),
        )
    kept = units_of(_all_rules(revisions))
    for purse, unit in units_of([programme]).items():
        if kept.get(purse, unit) != unit:
            raise Refused(
                "programme-invalid",
                Message(
                    N_("The purse {purse} cannot hold something else than it did: give the new one an id of its own."),
                    purse=purse,
                ),
            )


def activate(
    register: Register, text: str, active_from: datetime | None, operator: str, *, by_right: bool = False
) -> Revision:
    """Store a checked programme as a new revision from a moment on (None: now). The same text twice is two revisions.

    `by_right`: only who may change the programme (else refused with right-missing); the command line is the owner's own.

    Refused with programme-invalid where it has errors, where its currency is not that of the sales already made, and where a purse
    that held money would hold something else, or the other way round.
    """
    programme = read(text).programme
    if programme is None:
        raise Refused(
            "programme-invalid", Message(N_("The programme has errors: see `pos-loyalty programme check FILE`."))
        )
    now = register.clock()
    with register.store.write() as books:
        if by_right:
            permit(books, "programme", operator, None)
        revisions = books.revisions()
        check_fits(revisions, programme)
        revision = Revision(
            number=max((r.number for r in revisions), default=0) + 1,
            active_from=active_from or now,
            activated_at=now,
            operator=operator,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            text=text,
        )
        books.add_revision(revision)
        note(books, register, operator, "programme-activate", revision=str(revision.number), digest=revision.digest)
    return revision


def history(register: Register) -> tuple[Revision, ...]:
    """Every revision, by the moment from which it is in force."""
    with register.store.read() as books:
        return books.revisions()


def current(register: Register, at: datetime | None = None) -> InForce:
    """The rules in force at a moment (None: now)."""
    with register.store.read() as books:
        return in_force(books, at or register.clock())
