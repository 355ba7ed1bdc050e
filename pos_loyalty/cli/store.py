"""`store`: made, brought up to date, verified, copied, and put back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.call import Call
from pos_loyalty.domain.message import N_
from pos_loyalty.language import Language

if TYPE_CHECKING:
    from pos_loyalty.storage.backup import Backup


def create(call: Call) -> int:
    """Make an empty store."""
    from pos_loyalty.storage.schema import create_store  # noqa: PLC0415 - Alembic is only for making and upgrading

    create_store(call.settings.store)
    if call.options.json:
        call.out.json({"store": shown_store(call.settings.store)})
    else:
        call.say(
            N_("The store at {where} is made; put a programme in force with `pos-loyalty programme activate FILE`."),
            where=shown_store(call.settings.store),
        )
    return DONE


def upgrade(call: Call) -> int:
    """Bring a store of an older release up to date."""
    from pos_loyalty.storage.schema import upgrade_store  # noqa: PLC0415

    before, after = upgrade_store(call.settings.store)
    if call.options.json:
        call.out.json({"store": shown_store(call.settings.store), "from": before, "to": after})
    elif before == after:
        call.say(N_("The store is up to date ({version})."), version=after)
    else:
        call.say(N_("The store was brought from {before} to {after}."), before=before, after=after)
    return DONE


def shown_store(url: str) -> str:
    """A store's address as a person may read it: no password."""
    from pos_loyalty.storage.engine import database_at  # noqa: PLC0415

    return database_at(url).where


def verify(call: Call) -> int:
    """Derive everything anew from the facts; exit status 1 where anything differs."""
    from pos_loyalty.storage.engine import open_store  # noqa: PLC0415
    from pos_loyalty.storage.verify import verify_store  # noqa: PLC0415

    store = open_store(call.settings.store)
    try:
        found = verify_store(store, _progress(call))
    finally:
        store.close()
        call.out.end_progress()
    if call.options.json:
        faults = [{"place": one.place, "message": call.language.say(one.what)} for one in found.faults]
        call.out.json({"checked": found.checked, "faults": faults})
        return REFUSED if found.faults else DONE
    for what, count in found.checked.items():
        call.out.line(f"{_named(call, what)} {call.language.number(count)}")
    for fault in found.faults:
        call.out.line(f"{fault.place}: {call.language.say(fault.what)}")
    if found.faults:
        call.out.line(call.language.plural("{n} fault was found.", "{n} faults were found.", len(found.faults)))
    else:
        call.say(N_("Everything is as its facts say."))
    return REFUSED if found.faults else DONE


def close_day(call: Call) -> int:
    """Post what has run out by a business day, then let go of what the shop wants to keep no longer."""
    from pos_loyalty.cli.answers import Units  # noqa: PLC0415
    from pos_loyalty.cli.call import register_of  # noqa: PLC0415
    from pos_loyalty.till import closing  # noqa: PLC0415
    from pos_loyalty.till.programmes import current  # noqa: PLC0415
    from pos_loyalty.till.retention import forget_old  # noqa: PLC0415

    with register_of(call.settings) as register:
        closed = closing.close_day(register, call.day("day"), call.who())
        forgotten = forget_old(register, call.settings.privacy, call.who())
        rules = current(register)
    currency = rules.programme.currency
    if call.options.json:
        units = Units(currency, rules.units)
        expired = [
            {"purse": one.purse, "lots": one.lots, "amount": units.of(one.purse, one.amount)} for one in closed.expired
        ]
        call.out.json(
            {
                "day": closed.day.isoformat(),
                "expired": expired,
                "holders": closed.holders,
                "certificates": units.money(closed.certificates),
                "forgotten": forgotten.holders,
                "words_forgotten": forgotten.words,
            }
        )
        return DONE
    language = Language(call.settings.language, currency, purses=rules.units)
    call.say(N_("Closed for {day}:"), day=closed.day)
    for one in closed.expired:
        amount = language.units(one.amount, one.purse)
        call.say(N_("{purse}: {amount} expired, of {count} lots."), purse=one.purse, amount=amount, count=one.lots)
    if closed.certificates:
        call.say(N_("Gift certificates: {amount} expired."), amount=language.amount(closed.certificates))
    if not closed.expired and not closed.certificates:
        call.say(N_("Nothing was left that had expired."))
    if closed.holders:
        call.out.line(call.language.plural("{n} card holder lost it.", "{n} card holders lost it.", closed.holders))
    if forgotten.holders:
        call.out.line(
            call.language.plural(
                "{n} holder who stayed away for too long was erased.",
                "{n} holders who stayed away for too long were erased.",
                forgotten.holders,
            )
        )
    if forgotten.words:
        call.out.line(
            call.language.plural(
                "{n} note or complaint was kept long enough, and is gone.",
                "{n} notes and complaints were kept long enough, and are gone.",
                forgotten.words,
            )
        )
    return DONE


def backup(call: Call) -> int:
    """Copy the store to a file while selling goes on."""
    from pos_loyalty.storage.backup import backup_store  # noqa: PLC0415

    options = call.options
    try:
        made = backup_store(call.settings.store, Path(options.file), over=options.force, progress=_progress(call))
    finally:
        call.out.end_progress()
    if options.json:
        call.out.json({"store": shown_store(call.settings.store), **_facts(made)})
    else:
        call.say(N_("The store is copied to {file} ({megabytes} MB)."), file=str(made.file), megabytes=_megabytes(made))
        _say_newest(call, made)
    return DONE


def restore(call: Call) -> int:
    """Put a backup in the store's place."""
    from pos_loyalty.storage.restore import restore_store  # noqa: PLC0415

    options = call.options
    now = datetime.now().astimezone()
    try:
        found = restore_store(
            call.settings.store, Path(options.file), now, force=options.force, progress=_progress(call)
        )
    finally:
        call.out.end_progress()
    kept = None if found.kept is None else str(found.kept)
    if options.json:
        call.out.json({"store": shown_store(call.settings.store), **_facts(found), "kept": kept})
        return DONE
    call.say(
        N_("The store at {where} is now what {file} holds."),
        where=shown_store(call.settings.store),
        file=str(found.file),
    )
    _say_newest(call, found)
    if kept is not None:
        call.say(N_("The store that it takes the place of is kept as {file}."), file=kept)
    return DONE


def _facts(backup: Backup) -> dict[str, object]:
    newest = None if backup.newest is None else backup.newest.isoformat()
    return {"file": str(backup.file), "bytes": backup.size, "entries": backup.entries, "newest": newest}


def _megabytes(backup: Backup) -> int:
    return max(round(backup.size / 1_000_000), 1)


def _say_newest(call: Call, backup: Backup) -> None:
    """How far a backup goes, so that nobody takes an old one for yesterday's."""
    if backup.newest is None:
        call.say(N_("No sale is in it yet."))
        return
    call.say(
        N_("It holds {count} entries of the journal, the newest of {at}."),
        count=backup.entries,
        at=call.language.moment(backup.newest.astimezone()),
    )


def _progress(call: Call) -> Callable[[str, int], None]:
    return lambda what, count: call.out.progress(f"{_named(call, what)} {count}")


_CHECKED = {
    "copied": N_("Copied, in percent:"),
    "file": N_("Looks at the whole file:"),
    "laws": N_("Tables and laws of the database:"),
    "revisions": N_("Revisions of the programme:"),
    "entries": N_("Entries of the journal:"),
    "postings": N_("Postings:"),
    "lots": N_("Lots:"),
    "balances": N_("Balances:"),
    "offers": N_("Uses of offers:"),
    "partners": N_("Entries of partners:"),
    "coupons": N_("Coupons:"),
    "draws": N_("Prize draws:"),
    "sales": N_("Sales:"),
    "refunds": N_("Returns:"),
    "spends": N_("Spends that count:"),
    "receipts": N_("Receipts:"),
    "late cards": N_("Cards added late:"),
    "merges": N_("Joined records:"),
    "adjustments": N_("Units given or taken by hand:"),
    "certificates": N_("Gift certificates:"),
    "purchases": N_("Purchases:"),
    "referrals": N_("Referrals:"),
    "memberships": N_("Memberships:"),
    "shifts": N_("Shifts:"),
    "audit": N_("Audit list:"),
    "notes": N_("Notes on holders:"),
    "complaints": N_("Complaints:"),
    "consents": N_("Consents:"),
    "erasures": N_("Holders erased:"),
    "search": N_("Words that holders are found by:"),
    "card orders": N_("Orders of cards:"),
    "accounts": N_("Accounts:"),
}


def _named(call: Call, what: str) -> str:
    """What was checked, in words."""
    return call.language.text(_CHECKED[what])
