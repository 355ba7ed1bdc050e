"""Erasing a holder: the person goes for good, what happened stays in the books without saying whose it was.

What stands in the journal is final and names nobody; all that does is taken away in one transaction, which also writes off what
the purses still hold. Nobody can show a card for it any more, so that the shop owes it to nobody: it is breakage from that day on,
posted as what runs out is. What the holder owed to a purse stays as it is. Backups that were made before still hold the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pos_loyalty.domain.bookkeeping import expiry_postings
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.ledger import Draw, Entry, Lot
from pos_loyalty.domain.message import N_, Amount, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.operators import permit
from pos_loyalty.till.partners import with_issuers
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.recognition import forget_words
from pos_loyalty.till.register import Register
from pos_loyalty.till.suspending import without_cards


@dataclass(frozen=True, slots=True)
class Erasing:
    """What erasing a holder takes away, and what it leaves: the name that goes, the cards (masked) that are blocked, what is
    written off by purse, and how many words and waiting prizes are lost. `sales` stay in the books, as anybody's.
    """

    account: str
    name: str | None
    cards: tuple[str, ...]
    written_off: dict[str, Minor]
    sales: int
    notes: int
    complaints: int
    feedback: int
    prizes: int

    @property
    def proof(self) -> str:
        """What a person types to say that they mean this holder: the last four characters of a card, or of the account."""
        return (self.cards[0] if self.cards else self.account)[-4:]

    def told(self, units: Mapping[str, str], *, erased: bool) -> tuple[Message, ...]:
        """What goes and what stays, in sentences; `units` is the unit of each purse."""
        if erased:
            gone = N_("Gone: name, phone, e-mail, birthday, notes, consents, and the words of complaints and feedback.")
            lost = N_("{purse}: {amount} is written off.")
        else:
            gone = N_("Goes: name, phone, e-mail, birthday, notes, consents, and the words of complaints and feedback.")
            lost = N_("{purse}: {amount} will be written off.")
        said = [Message(gone)]
        for purse, amount in self.written_off.items():
            said.append(Message(lost, purse=purse, amount=Amount(amount, units.get(purse, purse))))
        if self.prizes:
            said.append(Message(N_("Prizes that are not handed out: {count}."), count=self.prizes))
        said.append(
            Message(N_("Stays, without saying whose: {count} bills, and all that the books need."), count=self.sales)
        )
        said.append(Message(N_("Backups that were made before still hold the person.")))
        return tuple(said)


def foresee(register: Register, key: str) -> Erasing:
    """What erasing the holder of a card or account would do. Refused with member-unknown or member-erased."""
    with register.store.read() as books:
        return _erasing(books, _accounts(books, key))


def erase(register: Register, key: str, operator: str, allowed_by: str | None = None, why: str = "asked") -> Erasing:
    """Erase the holder of a card or account, for good; what was done. `why` is a word for the audit list.

    Refused with member-unknown, or member-erased where that was done before.
    """
    with register.store.write() as books:
        permit(books, "erase", operator, allowed_by)
        books.lock(register.name)
        return erase_within(books, register, key, operator, allowed_by, why)


def erase_within(
    books: Books, register: Register, key: str, operator: str, allowed_by: str | None, why: str
) -> Erasing:
    """`erase` within a transaction that has locked the register."""
    accounts = _accounts(books, key)
    # Other registers' bills come first: registers are locked before accounts.
    without_cards(books, {card.number for account in accounts for card in books.cards_of(account)})
    for account in sorted(accounts):
        books.lock_account(account)
    accounts = _accounts(books, key)  # read anew: another till may have been first
    done = _erasing(books, accounts)
    now = register.clock()
    for account in accounts:
        entry = write_off(books, register, account, operator)
        forget_words(books, account, now, operator)
        books.take_person_out(account)
        books.mark_erased(account, now, operator, entry)
    note(
        books,
        register,
        operator,
        "erase",
        account=done.account,
        subject=why,
        allowed_by=allowed_by,
        **{f"written-off:{purse}": str(amount) for purse, amount in done.written_off.items()},
    )
    return done


def account_of(books: Books, key: str) -> str:
    """The account of a card's number or an account's id; refused with member-unknown."""
    card = books.card(key)
    account = card.account if card else key
    if card is None and not books.has_account(key):
        shown = masked(key) if key.isdecimal() else key[:40]
        raise Refused("member-unknown", Message(N_("No card holder has the card or account {key}."), key=shown))
    return account


def _accounts(books: Books, key: str) -> tuple[str, ...]:
    """One person's accounts, the one that counts first."""
    accounts = books.joined_accounts(account_of(books, key))
    if books.is_erased(accounts[0]):
        raise Refused("member-erased", Message(N_("This holder was erased already; nothing of them is left to erase.")))
    return accounts


def _erasing(books: Books, accounts: Sequence[str]) -> Erasing:
    def count(what: str) -> int:
        return sum(books.count_of(account, what) for account in accounts)

    member = next((found for account in accounts if (found := books.member(account)) is not None), None)
    cards = [card for account in accounts for card in books.cards_of(account)]
    held: dict[str, Minor] = {}
    for account in accounts:
        for purse, lots in books.open_lots(account).items():
            held[purse] = held.get(purse, 0) + sum(lot.remaining for lot in lots)
    return Erasing(
        account=accounts[0],
        name=member.name if member else None,
        cards=tuple(masked(card.number) for card in cards if card.status == "active"),
        written_off=dict(sorted(held.items())),
        sales=count("sales"),
        notes=count("notes"),
        complaints=count("complaints"),
        feedback=count("feedback"),
        prizes=count("prizes"),
    )


def write_off(books: Books, register: Register, account: str, operator: str) -> str | None:
    """Post what an account's lots still hold as breakage; the entry, or None where they are empty.

    It is an expiry, so that a return of goods that had earned some of it finds the lots as it finds those that ran out.
    """
    lots: dict[str, list[Lot]] = books.open_lots(account)
    if not lots:
        return None
    now = register.clock()
    rules = in_force(books, now)
    gone = {purse: [Draw(lot.id, lot.remaining) for lot in found] for purse, found in sorted(lots.items())}
    entry = Entry(
        id=register.new_id(),
        kind="expiry",
        at=now,
        recorded_at=now,
        day=rules.programme.business_day(now),
        operator=operator,
        holder=account,
        postings=tuple(with_issuers(books, expiry_postings(rules.units, account, gone))),
    )
    books.post(register.name, entry)
    return entry.id
