"""Joining two records of one holder into one, with the cards of both alive.

Facts stay as they are: sales and entries of the other account are its own for good. One entry moves its purses, and all copies of
its facts become the account's, so that limits, tiers, late cards and returns count both histories from then on. It is not undone:
what was earned and spent since could not be told apart again.
"""

from __future__ import annotations

from dataclasses import replace

from pos_loyalty.domain.bookkeeping import settled_sums
from pos_loyalty.domain.deed import Merge
from pos_loyalty.domain.joining import Debts, move, one_record
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.checkout import checked_id, digest_of, entry_of, expire_lapsed, id_conflict
from pos_loyalty.till.partners import making_good
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.recognition import MAX_NOTE
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import worked_out_anew


def merge(
    register: Register, keep: str, other: str, operator: str, *, allowed_by: str | None = None, id: str | None = None
) -> Merge:
    """Make the account `other` part of the account `keep`, durable when this returns: cards, purses, debts, and all that is known.

    The kept record's own fields stand, the other's fill its gaps. Refused with merge-invalid (an account with itself, or one
    that is part of another already) or member-unknown, and nothing stored.
    """
    action_id = checked_id(id) if id else register.new_id()
    request = digest_of(("merge", keep, other, operator, allowed_by))
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        done = books.action(action_id) if id else None
        if done is not None:
            if done.merge is None or done.request != request:
                raise id_conflict(action_id)
            return done.merge
        books.lock(None, keep, other)
        _check(books, keep, other)
        rules = in_force(books, now)
        deed = Merge(
            action_id, keep, other, now, now, rules.programme.business_day(now), operator, allowed_by=allowed_by
        )
        deed = _move(books, register, deed, rules, request)
        _join(books, deed)
        note(books, register, operator, "merge", account=keep, allowed_by=allowed_by, other=other)
    return deed


def _check(books: Books, keep: str, other: str) -> None:
    for account in (keep, other):
        if books.joined_on(account) is None:
            raise Refused(
                "member-unknown", Message(N_("No card holder has the card or account {key}."), key=account[:40])
            )
        if books.whose(account) != account:
            raise Refused("merge-invalid", Message(N_("This record was joined to another one already: take that one.")))
    if keep == other:
        raise Refused("merge-invalid", Message(N_("Both cards open the same record already.")))


def _move(books: Books, register: Register, deed: Merge, rules: InForce, request: str) -> Merge:
    """Post the entry that moves the purses, after what both lost by expiring; the deed with what made good a debt."""
    keep, other = deed.account, deed.other
    for account in (keep, other):
        expire_lapsed(books, register, account, books.holdings(account), deed, rules)
    kept, moving = books.holdings(keep), books.holdings(other)
    debts: dict[str, Debts] = {purse: books.owed_to(other, purse) for purse, held in moving.items() if held.owed}
    moved = move(deed.id, keep, other, kept, moving, debts, rules.units)
    settling = making_good(books, rules.units, keep, moved.settled, moved.filled, debts)
    deed = replace(deed, settled=settled_sums(moved.settled))
    books.add_deed(deed, request)
    entry = entry_of(deed, "merge", deed.id, (*moved.postings, *settling))
    books.post(register.name, entry, moved.filled)
    return deed


def _join(books: Books, deed: Merge) -> None:
    """Make the copies of the other's facts the account's, and of two records one; the tier follows from both histories."""
    keep, other = deed.account, deed.other
    kept, gone, registered = books.member(keep), books.member(other), books.registered_at(other)
    notes = [note_ for note_ in (books.note(keep), books.note(other)) if note_ is not None]
    books.join_copies(deed)
    record = one_record(keep, other, kept, gone)
    if record is not None:
        if kept is not None:
            books.update_member(record)
        else:
            books.add_member(record, registered or deed.at)
        books.name_cards(keep)
    books.set_note(other, None)
    if notes:
        text = " / ".join(note_.text for note_ in notes)
        newest = max(notes, key=lambda note_: note_.at)
        books.set_note(keep, replace(newest, text=text if len(text) <= MAX_NOTE else f"{text[: MAX_NOTE - 1]}…"))
    account = Account(keep, "", "named", None, joined=books.joined_on(keep))
    books.set_standing(keep, worked_out_anew(books, account))
