"""One backtest from beginning to end: read the past, replay it under the programme in force and under the draft, compare.

The shop's own store is read in one transaction at the beginning and let go of; all else happens in a folder that is gone at the
end, whether it ended well, was refused, or was broken off. The same store and files give the same answer.
"""

from __future__ import annotations

import hashlib
import heapq
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.figure_backtest import held_by_holder
from pos_loyalty.storage.past import Past
from pos_loyalty.storage.records import Revision
from pos_loyalty.storage.schema import create_store
from pos_loyalty.storage.scratch import Scratch
from pos_loyalty.till.backtest.figures import figures_of, worth
from pos_loyalty.till.backtest.hands import Hands, Task, Told, here
from pos_loyalty.till.backtest.outcome import Backtest, Figures, HolderChange, Replayed, Tally, band_of
from pos_loyalty.till.backtest.replaying import Replay
from pos_loyalty.till.programmes import check_fits, in_force

STAGES = ("reading", "in-force", "draft")
"""What is told of while it is done: the second and third side by side."""
LARGEST = 10
"""Holders that are listed either way."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be tried: the draft's text on the store at `url`, as things are `now`. `first` is the business day from which on
    the draft is in force (None: the first on which anything was sold), `last` the last that is replayed (None: today).
    """

    url: str
    text: str
    now: datetime
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What was read: the period, what happened in it, how many entries are to be replayed, and the store's revisions with the
    number of the one in force.
    """

    first: date
    last: date
    entries: int
    happened: Figures
    revisions: tuple[Revision, ...]
    current: int


@dataclass(frozen=True, slots=True)
class _Run:
    """One replay: what it did, its figures, and by holder what purses hold at its end, in minor units."""

    replayed: Replayed
    figures: Figures
    worth: dict[str, Minor]


def backtest(request: Request, told: Told, hands: Hands = here) -> Backtest:
    """Try a draft; `hands` do the work. Refused with programme-invalid where it has errors or cannot follow the programme in force,
    programme-missing, sale-unknown where nothing was sold in the period, and as `open_store` does.
    """
    _read(request.text)
    with tempfile.TemporaryDirectory(prefix="pos-loyalty-backtest-") as folder:
        (ground,) = hands([Task("reading", gather, (request, folder))], told)
        text = next(revision.text for revision in ground.revisions if revision.number == ground.current)
        before, after = hands(
            [
                Task("in-force", replay, ("in-force", folder, ground, request, text)),
                Task("draft", replay, ("draft", folder, ground, request, request.text)),
            ],
            told,
        )
    return _compared(request, ground, before, after)


def _read(text: str) -> Programme:
    programme = read(text).programme
    if programme is None:
        raise Refused(
            "programme-invalid", Message(N_("The programme has errors: see `pos-loyalty programme check FILE`."))
        )
    return programme


def gather(request: Request, folder: str, told: Told) -> _Ground:
    """Put the past aside in a folder, and say what happened."""
    base = Path(folder, "ground.db")
    create_store(str(base))
    with (
        closing(Past(Path(folder, "past.db"))) as past,
        closing(open_store(request.url)) as store,
        store.read() as books,
    ):
        current = in_force(books, request.now)
        revisions = books.revisions()
        check_fits(revisions, _read(request.text))
        last = request.last or current.programme.business_day(request.now)
        past.gather(books, last, base, lambda done, total: told("reading", done, total))
        began = past.first_day()
        if began is None or (request.first is not None and request.first > last):
            raise Refused("sale-unknown", Message(N_("Nothing was sold in that time: there is nothing to replay.")))
        first = request.first or began
        return _Ground(first, last, past.count(), figures_of(books, first, last), revisions, current.number)


def replay(stage: str, folder: str, ground: _Ground, request: Request, text: str, told: Told) -> _Run:
    """Replay the past that was put aside in a folder, with a programme in force from the first day on."""
    programme = _read(text)
    path = Path(folder, f"{stage}.db")
    shutil.copyfile(Path(folder, "ground.db"), path)
    rules = {revision.number: _read(revision.text) for revision in ground.revisions}
    with closing(Past(Path(folder, "past.db"))) as past, closing(Scratch(path)) as store:
        with store.write() as books:
            for revision in _revisions(ground.revisions, text, programme, ground.first, whole=request.first is None):
                books.add_revision(revision)
        replayed = Replay(store, past, rules, ground.first).run(lambda done: told(stage, done, ground.entries))
        told(stage, ground.entries, ground.entries)
        with store.read() as books:
            run = _Run(replayed, figures_of(books, ground.first, ground.last), _worths(books, programme, ground.last))
    path.unlink()
    return run


def _compared(request: Request, ground: _Ground, before: _Run, after: _Run) -> Backtest:
    hurt = before.replayed.hurt | after.replayed.hurt
    changes = [change for change in _changes(before, after) if change.account not in hurt]
    winners = heapq.nsmallest(LARGEST, (c for c in changes if c.total > 0), key=lambda c: (-c.total, c.account))
    losers = heapq.nsmallest(LARGEST, (c for c in changes if c.total < 0), key=lambda c: (c.total, c.account))
    with closing(open_store(request.url)) as store, store.read() as books:

        def shown(change: HolderChange) -> HolderChange:
            cards = books.cards_of(books.whose(change.account))
            return replace(change, card=masked(cards[-1].number) if cards else "")

        winners, losers = list(map(shown, winners)), list(map(shown, losers))
    return Backtest(
        first=ground.first,
        last=ground.last,
        currency=_read(request.text).currency,
        replayed=after.replayed.bills,
        happened=ground.happened,
        in_force=before.figures,
        draft=after.figures,
        refused_in_force=before.replayed.refusals,
        refused=after.replayed.refusals,
        not_replayed=after.replayed.others,
        bands=dict(Counter(band_of(change.total) for change in changes)),
        left_out=len(hurt),
        winners=tuple(winners),
        losers=tuple(losers),
    )


def _revisions(
    known: Sequence[Revision], text: str, programme: Programme, first: date, *, whole: bool
) -> list[Revision]:
    """The programme that is tried as a revision from the beginning of a day on, behind those that were in force before; from the
    very beginning, where the whole past is tried.
    """
    begins = datetime.combine(first, programme.day_starts, ZoneInfo(programme.time_zone))
    earlier = [] if whole else [revision for revision in known if revision.active_from < begins]
    if not earlier:
        begins = min(begins, known[0].active_from)
    number = max((revision.number for revision in earlier), default=0) + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    return [*earlier, Revision(number, begins, begins, "backtest", digest, text)]


def _worths(books: Books, programme: Programme, day: date) -> dict[str, Minor]:
    found: dict[str, Minor] = {}
    for account, purse, units in held_by_holder(books, day):
        found[account] = found.get(account, 0) + worth(programme, purse, units)
    return found


def _changes(before: _Run, after: _Run) -> Iterator[HolderChange]:
    """By holder what the draft changes; those who bought nothing and have nothing are no holders here."""
    nothing = Tally()
    paid, paid_now = before.replayed.tallies, after.replayed.tallies
    for account in sorted({*paid, *paid_now, *before.worth, *after.worth}):
        old, new = paid.get(account, nothing), paid_now.get(account, nothing)
        yield HolderChange(
            account,
            "",
            old.paid - new.paid,
            after.worth.get(account, 0) - before.worth.get(account, 0),
            new.gifts - old.gifts,
        )
