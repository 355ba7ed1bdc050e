"""One backtest from beginning to end: read the past, replay it under the programme in force and under the draft, compare.

The shop's own store is read in one transaction at the beginning and let go of; all else happens in a folder that is gone at the end,
whether it ended well, was refused, or was broken off. The same store and files give the same answer.
"""

from __future__ import annotations

import hashlib
import heapq
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias
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
from pos_loyalty.till.backtest.outcome import Backtest, Figures, HolderChange, band_of
from pos_loyalty.till.backtest.replaying import Replay, Replayed, Tally
from pos_loyalty.till.programmes import check_fits, in_force, of_revision

Told: TypeAlias = Callable[[str, int, int], None]
"""Given a stage (one of `STAGES`), how much of it is done, and of how much."""
STAGES = ("reading", "in-force", "draft")
LARGEST = 10
"""Holders that are listed either way."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be tried: the draft's text on the store at `url`, as things are `now`. `first` is the business day from which on the
    draft is in force (None: the first on which anything was sold), `last` the last that is replayed (None: today).
    """

    url: str
    text: str
    now: datetime
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """One replay: what it did, its figures, and by holder what purses hold at its end, in minor units."""

    replayed: Replayed
    figures: Figures
    worth: dict[str, Minor]


def backtest(request: Request, told: Told) -> Backtest:
    """Try a draft. Refused with programme-invalid where it has errors or cannot follow the programme in force, programme-missing,
    sale-unknown where nothing was sold in the period, and as `open_store` does.
    """
    draft = read(request.text).programme
    if draft is None:
        raise Refused(
            "programme-invalid", Message(N_("The programme has errors: see `pos-loyalty programme check FILE`."))
        )
    with tempfile.TemporaryDirectory(prefix="pos-loyalty-backtest-") as name:
        folder = Path(name)
        ground = folder / "ground.db"
        create_store(str(ground))
        with closing(Past(folder / "past.db")) as past:
            return _compared(request, draft, past, ground, told)


def _compared(request: Request, draft: Programme, past: Past, ground: Path, told: Told) -> Backtest:
    with closing(open_store(request.url)) as store, store.read() as books:
        current = in_force(books, request.now)
        revisions = books.revisions()
        check_fits(revisions, draft)
        last = request.last or current.programme.business_day(request.now)
        past.gather(books, last, ground, lambda done, total: told("reading", done, total))
        began = past.first_day()
        if began is None or began > last or (request.first is not None and request.first > last):
            raise Refused(
                "sale-unknown", Message(N_("Nothing was sold in that time: there is nothing to replay."))
            )
        first = request.first or began
        happened = figures_of(books, first, last)
        rules = {revision.number: of_revision(books, revision.number) for revision in revisions}
    total = past.count()
    now_text = next(revision.text for revision in revisions if revision.number == current.number)
    runs: list[_Run] = []
    for stage, text, programme in (("in-force", now_text, current.programme), ("draft", request.text, draft)):
        tried = _revisions(revisions, text, programme, first, whole=request.first is None)
        path = ground.with_name(f"{stage}.db")
        shutil.copyfile(ground, path)
        with closing(Scratch(path)) as scratch:
            with scratch.write() as books:
                for revision in tried:
                    books.add_revision(revision)

            def step(done: int, stage: str = stage) -> None:
                told(stage, done, total)

            told(stage, 0, total)
            replayed = Replay(scratch, past, rules, first).run(step)
            told(stage, total, total)
            with scratch.read() as books:
                runs.append(_Run(replayed, figures_of(books, first, last), _worths(books, programme, last)))
        path.unlink()
    before, after = runs
    hurt = before.replayed.hurt | after.replayed.hurt
    bands: Counter[int] = Counter()
    changes = [change for change in _changes(before, after) if change.account not in hurt]
    for change in changes:
        bands[band_of(change.total)] += 1
    winners = heapq.nsmallest(LARGEST, (c for c in changes if c.total > 0), key=lambda c: (-c.total, c.account))
    losers = heapq.nsmallest(LARGEST, (c for c in changes if c.total < 0), key=lambda c: (c.total, c.account))
    with closing(open_store(request.url)) as store, store.read() as books:

        def shown(change: HolderChange) -> HolderChange:
            cards = books.cards_of(change.account)
            return replace(change, card=masked(cards[-1].number) if cards else "")

        return Backtest(
            first=first,
            last=last,
            currency=draft.currency,
            replayed=after.replayed.bills,
            happened=happened,
            in_force=before.figures,
            draft=after.figures,
            refused_in_force=before.replayed.refusals,
            refused=after.replayed.refusals,
            not_replayed=after.replayed.others,
            bands=dict(bands),
            left_out=len(hurt),
            winners=tuple(map(shown, winners)),
            losers=tuple(map(shown, losers)),
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
