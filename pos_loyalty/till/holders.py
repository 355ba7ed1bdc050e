"""Card holders at the till: enrolling one, handing out a card, finding one who forgot theirs, and changing who they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Literal, TypeAlias

from pos_loyalty.domain.basket import MAX_TEXT
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.consent import PurposeId
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Card, FoundMember
from pos_loyalty.till.audit import note
from pos_loyalty.till.cards import CardView, add, view
from pos_loyalty.till.consents import add_consents
from pos_loyalty.till.operators import permit
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import card_that_opens

_PHONE = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,90}\.[^@\s.]{2,20}")
_FIELDS = ("name", "phone", "email", "birthday", "language")
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who wants to become a card holder. `card` is the card handed out (a new number, or one issued before), if any yet;
    `consents` what they agree to, each purpose with the wording that was put to them.
    """

    name: str
    card: str | None = None
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    language: str | None = None
    referred_by: str | None = None
    joined: date | None = None
    consents: tuple[tuple[PurposeId, str], ...] = ()


class Keep(Enum):
    """A field that is left as it is, since None takes it away."""

    KEEP = "keep"


KEEP: Literal[Keep.KEEP] = Keep.KEEP
Wanted: TypeAlias = str | Literal[Keep.KEEP] | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed of who a holder is: a new value, None to take it away, or (left out) as it was. A name stays."""

    name: str | Literal[Keep.KEEP] = KEEP
    phone: Wanted = KEEP
    email: Wanted = KEEP
    birthday: date | Literal[Keep.KEEP] | None = KEEP
    language: Wanted = KEEP


@dataclass(frozen=True, slots=True)
class Holder:
    """A member and their cards, the one that opens the account first."""

    member: Member
    cards: tuple[Card, ...]


def enrol(register: Register, wish: Enrolment, operator: str = "") -> Holder:
    """Make a member, and give them the card: a new one, or one that was issued and has no holder yet (it is then registered).

    Refused with member-invalid, card-taken, card-check-digit, card-blocked, … and nothing stored.
    """
    wish = checked(wish, register.clock().date())
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        referrer = None
        if wish.referred_by is not None:
            referrer = card_that_opens(books, wish.referred_by, register.cards).account
        account = _account_for(books, register, wish, now)
        if account == referrer:
            raise _invalid(N_("Nobody sends themselves: the card of who sent them is another one."))
        member = Member(
            account=account,
            name=wish.name,
            phone=wish.phone,
            email=wish.email,
            birthday=wish.birthday,
            language=wish.language,
            joined=wish.joined or now.date(),
            referred_by=referrer,
        )
        books.add_member(member, now)
        add_consents(books, register, account, wish.consents, operator)
        return _holder(books, account)


def _account_for(books: Books, register: Register, wish: Enrolment, now: datetime) -> str:
    if wish.card is None:
        account = register.new_id()
        books.add_account(account, wish.joined or now.date())
        return account
    if books.card(wish.card) is None:
        return add(books, register, wish.card, "named", now, wish.joined).account
    card = card_that_opens(books, wish.card, register.cards)
    if books.member(card.account) is not None:
        raise Refused(
            "card-taken", Message(N_("Card {card} has a holder already: hand out another one."), card=masked(wish.card))
        )
    books.lock_account(card.account)
    books.set_card_kind(card.number, "named")
    return card.account


def edit(register: Register, account: str, change: Change, operator: str, *, allowed_by: str | None = None) -> Holder:
    """Change who a holder is; they are found by the new words from then on. The audit list says which fields, never what they hold.

    Refused with member-unknown or member-invalid, and nothing stored.
    """
    today = register.clock().date()
    with register.store.write() as books:
        books.lock(register.name, account)
        permit(books, "holder", operator, allowed_by)
        before = _holder(books, account).member
        wanted = {name: value for name in _FIELDS if not isinstance(value := getattr(change, name), Keep)}
        known = {name: getattr(before, name) for name in _FIELDS}
        fresh = checked(Enrolment(**{**known, **wanted}), today)
        after = replace(before, **{name: getattr(fresh, name) for name in wanted})
        changed = [name for name in _FIELDS if getattr(after, name) != getattr(before, name)]
        if changed:
            books.update_member(after)
            note(
                books,
                register,
                operator,
                "member-change",
                account=account,
                allowed_by=allowed_by,
                fields=", ".join(changed),
            )
        return _holder(books, account)


def show(register: Register, key: str, at: datetime | None = None) -> tuple[Holder, CardView | None]:
    """A member by card number or account id, with what their card says. Refused with member-unknown."""
    moment = at or register.clock()
    with register.store.read() as books:
        card = books.card(key)
        member = books.member(card.account if card else key)
        if member is None:
            raise Refused(
                "member-unknown", Message(N_("No card holder has the card or account {key}."), key=_safe(key))
            )
        holder = _holder(books, member.account)
        shown = card or (holder.cards[0] if holder.cards else None)
        if shown is None:
            return holder, None
        return holder, view(books, shown, in_force(books, moment).programme, moment)


def find(register: Register, text: str, limit: int = 20) -> tuple[FoundMember, ...]:
    """Members by the beginning of any word of their name, in any script, by the end of their phone, or by card number."""
    with register.store.read() as books:
        return books.find_members(text, limit)


def _holder(books: Books, account: str) -> Holder:
    member = books.member(account)
    if member is None:
        raise Refused("member-unknown", Message(N_("No card holder has the card or account {key}."), key=account))
    cards = sorted(books.cards_of(account), key=lambda card: (card.status != "active", card.issued_at))
    return Holder(member, tuple(cards))


def _safe(key: str) -> str:
    return masked(key) if key.isdecimal() else key[:40]


def checked(wish: Enrolment, today: date) -> Enrolment:
    """The enrolment with its texts tidied; refused with member-invalid, naming the field."""
    name = " ".join(wish.name.split())
    if not name or len(name) > MAX_TEXT or any(unicodedata.category(ch) in {"Cc", "Cs", "Co"} for ch in name):
        raise _invalid(N_("A card holder needs a name of 1 to {limit} characters."), limit=MAX_TEXT)
    phone = re.sub(r"[\s().-]", "", wish.phone) if wish.phone else None
    if phone and not _PHONE.fullmatch(phone):
        raise _invalid(N_("A phone number has 5 to 20 digits, with a + before the country's code if you like."))
    if wish.email and not _EMAIL.fullmatch(wish.email.strip()):
        raise _invalid(N_("An e-mail address looks like ana@example.com."))
    if wish.birthday and not date(1900, 1, 1) <= wish.birthday <= today:
        raise _invalid(N_("A birthday lies between 1900 and today."))
    if wish.joined and not date(1950, 1, 1) <= wish.joined <= today:
        raise _invalid(N_("The day of joining lies in the past."))
    if wish.language and not _LANGUAGE.fullmatch(wish.language):
        raise _invalid(N_("A language is its two-letter code, such as en."))
    return replace(wish, name=name, phone=phone or None, email=wish.email.strip() if wish.email else None)


def _invalid(template: str, **values: int) -> Refused:
    return Refused("member-invalid", Message(template, **values))
