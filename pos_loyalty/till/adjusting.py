"""Units given to a purse by hand or taken from it, with the reason; and a mistake undone by an entry that corrects the first.

What is given is a lot like any other, and first makes good what the holder owes. What is taken is never more than there is. An
adjustment undone takes back what it gave, from its own lot first; what was spent meanwhile is owed, as after a return.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pos_loyalty.domain.bookkeeping import adjustment_postings, settle_from_lots
from pos_loyalty.domain.clawback import Purses, Terms
from pos_loyalty.domain.deed import Adjustment
from pos_loyalty.domain.ledger import Draw, Holding, Lot
from pos_loyalty.domain.message import N_, Amount, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.sale import Earned, Spent
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.checkout import checked_id, digest_of, entry_of, expire_lapsed, id_conflict
from pos_loyalty.till.operators import permit
from pos_loyalty.till.partners import making_good
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import refuse_erased

MAX_REASON = 500
"""Characters of a reason."""
MOST = 10**12
"""Units of one adjustment: no purse of any shop holds as many."""


def adjust(
    register: Register,
    account: str,
    purse: str,
    amount: Minor,
    reason: str,
    operator: str,
    *,
    allowed_by: str | None = None,
    id: str | None = None,
    complaint: str | None = None,
    lasts: Duration | None = None,
) -> Adjustment:
    """Give so many units to a purse (above zero) or take them (below), durable when this returns; the same id again does nothing.

    What is given can be spent at once, for as long as `lasts` or (None) as the purse's rule says. Refused with amount-invalid,
    words-invalid without a reason, purse-unknown, member-unknown, member-erased, complaint-unknown, or balance-too-low with what
    there is.
    """
    action_id = checked_id(id) if id else register.new_id()
    request = digest_of(("adjust", account, purse, amount, reason, operator, allowed_by, complaint, lasts))
    if not 0 < abs(amount) <= MOST:
        raise Refused("amount-invalid", Message(N_("Say how many units are given, or (below zero) taken.")))
    words = _tidied(reason)
    with register.store.write() as books:
        books.lock(register.name)
        done = _done(books, action_id, request) if id else None
        if done is not None:
            return done
        rules, holdings, deed = _begin(books, register, action_id, account, purse, operator, allowed_by)
        _check_complaint(books, account, complaint)
        deed = replace(deed, amount=amount, complaint=complaint)
        if amount > 0:
            found = rules.programme.purse(purse)
            if found is None:
                raise _no_purse(purse, [each.id for each in rules.programme.purses])
            lot = _filled(deed, found, lasts)
            owed = {name: holding.owed for name, holding in holdings.items()}
            settled = settle_from_lots((lot,), owed, deed.day)
            deed = replace(
                deed, available=lot.available, expires=lot.expires, settled=sum(draw.amount for _, draw in settled)
            )
            _post(books, register, rules, deed, request, words, (lot,), (), [draw for _, draw in settled])
        else:
            draws = _taken(holdings.get(purse) or Holding(purse), -amount, deed.day, _unit(rules, purse))
            deed = replace(deed, draws=draws)
            _post(books, register, rules, deed, request, words, (), draws, ())
    return deed


def undo(
    register: Register,
    entry_id: str,
    reason: str,
    operator: str,
    *,
    allowed_by: str | None = None,
    id: str | None = None,
) -> Adjustment:
    """Undo an adjustment by an entry that corrects it: what it gave is taken back, what it took is given back to its lots.

    What was given and is spent by now is owed. Refused with undo-invalid for what is undone otherwise or not at all (and says how),
    for what was undone already, and for what itself undoes another; entry-unknown, member-erased.
    """
    action_id = checked_id(id) if id else register.new_id()
    request = digest_of(("undo", entry_id, reason, operator, allowed_by))
    words = _tidied(reason)
    with register.store.write() as books:
        books.lock(register.name)
        done = _done(books, action_id, request) if id else None
        if done is not None:
            return done
        first = _to_undo(books, entry_id)
        account = books.whose(first.account)
        rules, holdings, deed = _begin(books, register, action_id, account, first.purse, operator, allowed_by)
        if books.corrected_by(first.id, account) is not None:
            raise Refused("undo-invalid", Message(N_("This was undone already.")))
        lots = {lot.id: lot for lot in books.lots_of_sale(account, first.id)}
        lots |= books.lots(draw.lot for draw in first.draws)
        moved = books.moved_lots(draw.lot for draw in first.draws)
        terms = Terms(rules.programme, "owe", moved=moved)
        purses = Purses(terms, holdings, lots, action_id, deed.day, deed.at)
        if first.amount > 0:
            _take_back(purses, first)
        else:
            units = -first.amount
            purses.restore(Spent(first.purse, units, "discount", (), (), first.draws), 0, units)
            purses.settle()
        drawn = (*purses.restored_draws, *purses.taken_draws)
        owed = sum(part.amount for part in purses.owed)
        excused = tuple(purses.excused)
        amount = -first.amount + sum(draw.amount for draw in excused)
        settled = purses.settled_draws
        deed = replace(
            deed,
            amount=amount,
            undoes=first.id,
            draws=drawn,
            owed=owed,
            excused=excused,
            settled=sum(draw.amount for draw in settled),
        )
        _post(books, register, rules, deed, request, words, tuple(purses.filled), drawn, settled)
    return deed


def _done(books: Books, action_id: str, request: str) -> Adjustment | None:
    done = books.action(action_id)
    if done is None:
        return None
    if done.adjustment is None or done.request != request:
        raise id_conflict(action_id)
    return done.adjustment


def _begin(
    books: Books,
    register: Register,
    action_id: str,
    account: str,
    purse: str,
    operator: str,
    allowed_by: str | None,
) -> tuple[InForce, dict[str, Holding], Adjustment]:
    """The account locked, with what had run out of its lots posted: the rules, its purses, and the deed, of no amount yet."""
    permit(books, "adjust", operator, allowed_by)
    books.lock(None, account)
    if books.joined_on(account) is None or books.whose(account) != account:
        raise Refused("member-unknown", Message(N_("No card holder has the card or account {key}."), key=account[:40]))
    refuse_erased(books, account)
    now = register.clock()
    rules = in_force(books, now)
    if purse not in rules.units:
        raise _no_purse(purse, [each.id for each in rules.programme.purses])
    day = rules.programme.business_day(now)
    deed = Adjustment(action_id, account, now, now, day, operator, purse, 0, allowed_by)
    expire_lapsed(books, register, account, books.holdings(account), deed, rules)
    return rules, books.holdings(account), deed


def _post(
    books: Books,
    register: Register,
    rules: InForce,
    deed: Adjustment,
    request: str,
    words: str,
    filled: Sequence[Lot],
    drawn: Sequence[Draw],
    settled: Sequence[Draw],
) -> None:
    postings = adjustment_postings(rules.units, deed, filled, drawn)
    settling = making_good(books, rules.units, deed.account, [(deed.purse, draw) for draw in settled], filled)
    books.add_deed(deed, request)
    books.post(
        register.name, entry_of(deed, "adjustment", deed.id, (*postings, *settling), corrects=deed.undoes), filled
    )
    books.add_reason(deed.id, words)
    note(
        books,
        register,
        deed.operator,
        "adjust" if deed.undoes is None else "undo",
        account=deed.account,
        allowed_by=deed.allowed_by,
        entry=deed.id,
        purse=deed.purse,
        amount=str(deed.amount),
    )


def _filled(deed: Adjustment, purse: Purse, lasts: Duration | None) -> Lot:
    """The lot that a gift fills: it can be spent on the day itself, whatever an earning would wait."""
    expires: date | None = purse.expires_on(deed.day) if lasts is None else lasts.after(deed.day)
    return Lot(f"{deed.id}/1", deed.purse, deed.amount, deed.amount, deed.day, expires, deed.at)


def _taken(holding: Holding, amount: Minor, day: date, unit: str) -> tuple[Draw, ...]:
    """What is drawn from lots that can be spent; refused with balance-too-low where they hold less."""
    there = holding.available(day)
    if amount > there:
        raise Refused(
            "balance-too-low",
            Message(
                N_("There is {available} in {purse}: no more can be taken."),
                available=Amount(there, unit),
                purse=holding.purse,
            ),
        )
    return holding.draw(amount, [lot for lot in holding.lots if lot.is_open(day)])


def _unit(rules: InForce, purse: str) -> str:
    """In what an amount of a purse is said: the currency's code, or what the programme calls its units."""
    found = rules.programme.purse(purse)
    return rules.units[purse] if found is None or found.unit == "money" else found.unit


def _take_back(purses: Purses, first: Adjustment) -> None:
    """What an adjustment gave: from its own lot, then what expired of it, then other lots; the rest is owed."""
    given = Earned(first.purse, "", Message(""), first.amount, (), first.day, first.expires)
    purses.take(given, f"{first.id}/1", first.amount, 0)


def _to_undo(books: Books, entry_id: str) -> Adjustment:
    done = books.action(entry_id)
    if done is None:
        raise Refused("entry-unknown", Message(N_("There is no entry {id} here."), id=entry_id[:40]))
    if done.adjustment is None:
        raise Refused("undo-invalid", Message(_NOT_SO.get(done.kind, N_("This is not undone by hand."))))
    if done.adjustment.undoes is not None:
        raise Refused("undo-invalid", Message(N_("This undid another entry: adjust the purse anew.")))
    if done.adjustment.owed:
        raise Refused(
            "undo-invalid",
            Message(N_("This took a debt over: give the units by hand, they make the debt good first.")),
        )
    return done.adjustment


_NOT_SO = {
    "sale": N_("A sale is undone by taking its goods back."),
    "refund": N_("A return is undone by selling the goods again."),
    "late-card": N_("A card that was added late stays with the bill: take its goods back, and sell them again."),
    "club": N_("A membership given by hand is not taken back."),
    "expiry": N_("What has expired is not undone: give it back by hand."),
    "merge": N_(
        "Joined records stay one: what was earned and spent since cannot be told apart. Make a new card and adjust both."
    ),
}


def _check_complaint(books: Books, account: str, complaint_id: str | None) -> None:
    """A complaint that is made good is one of this holder."""
    if complaint_id is None:
        return
    found = books.complaint(complaint_id)
    if found is None or found.account != account:
        raise Refused("complaint-unknown", Message(N_("This complaint is not there any more.")))


def _no_purse(purse: str, known: Sequence[str]) -> Refused:
    return Refused(
        "purse-unknown",
        Message(N_("The programme has no purse {purse}; it has {known}."), purse=purse[:40], known=", ".join(known)),
    )


def _tidied(reason: str) -> str:
    """A reason on one line; refused with words-invalid where there is none, it is too long, or cannot be shown."""
    words = " ".join(reason.split())
    if not words:
        raise Refused("words-invalid", Message(N_("Say in a few words why.")))
    if len(words) > MAX_REASON:
        raise Refused(
            "words-invalid", Message(N_("That is too long: write it in at most {limit} characters."), limit=MAX_REASON)
        )
    if any(unicodedata.category(ch) in {"Cc", "Cs", "Co"} for ch in words):
        raise Refused("words-invalid", Message(N_("There is a character in it that cannot be shown: type it anew.")))
    return words
