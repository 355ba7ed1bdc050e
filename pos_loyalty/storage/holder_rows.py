"""Accounts, the cards that are keys to them, and who their holders are."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, case, delete, func, insert, literal_column, or_, select, update

from pos_loyalty.domain.card import CardKind, CardStatus
from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.member import Account, Member
from pos_loyalty.domain.tier import Spend, Standing
from pos_loyalty.storage.facts import day_or_none, iso_or_none, moment, read_moment
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.folding import fold, past
from pos_loyalty.storage.lot_rows import LotRows
from pos_loyalty.storage.records import Card
from pos_loyalty.storage.search_words import words_of
from pos_loyalty.storage.tables import (
    accounts,
    balances,
    cards,
    deeds,
    member_words,
    members,
    refunds,
    revisions,
    sales,
    spends,
)

_CARD = select(cards.c.number, cards.c.account_id, cards.c.kind, cards.c.status, cards.c.issued_at, cards.c.replaced_by)
_CARD_BY_NUMBER = _CARD.where(cards.c.number == bindparam("number_"))
_CARDS_OF = _CARD.where(cards.c.account_id == bindparam("account")).order_by(cards.c.issued_at, cards.c.number)
_HIGHEST = (
    select(cards.c.number)
    .where(
        cards.c.number >= bindparam("first"),
        cards.c.number < bindparam("end"),
        func.length(cards.c.number) == bindparam("length"),
    )
    .order_by(cards.c.number.desc())
    .limit(1)
)
# Nobody changes a revision, so its row can stand for all numbers of cards; the key itself stays free for the sales that name it.
_LOCK_NUMBERS = select(revisions.c.number).order_by(revisions.c.number).limit(1).with_for_update(key_share=True)
_FROM = (
    _CARD.where(cards.c.number >= bindparam("first"), func.length(cards.c.number) == bindparam("length"))
    .order_by(cards.c.number)
    .limit(bindparam("count_"))
)
_ADD_CARD = insert(cards)
_SET_CARD_STATUS = (
    update(cards)
    .where(cards.c.number == bindparam("number_"))
    .values(status=bindparam("status_"), replaced_by=bindparam("replaced_by_"))
)
_SET_CARD_KIND = update(cards).where(cards.c.number == bindparam("number_")).values(kind=bindparam("kind_"))

_ADD_ACCOUNT = insert(accounts)
_MEMBER_COLUMNS = (
    members.c.name,
    members.c.phone,
    members.c.email,
    members.c.birthday,
    members.c.language,
    accounts.c.joined,
    members.c.referred_by,
)
_JOINED = 5  # where the columns above have it
_ACCOUNT = (
    select(
        accounts.c.tier,
        accounts.c.tier_since,
        accounts.c.tier_kept_until,
        accounts.c.last_visit,
        accounts.c.visits,
        *_MEMBER_COLUMNS,
    )
    .select_from(accounts.outerjoin(members, members.c.account_id == accounts.c.id))
    .where(accounts.c.id == bindparam("account"))
)
_MEMBER = (
    select(*_MEMBER_COLUMNS)
    .select_from(members.join(accounts, members.c.account_id == accounts.c.id))
    .where(members.c.account_id == bindparam("account"))
)
_LOCK_ACCOUNT = select(accounts.c.id).where(accounts.c.id == bindparam("account")).with_for_update(key_share=True)
_SET_STANDING = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(tier=bindparam("tier_"), tier_since=bindparam("since"), tier_kept_until=bindparam("kept_until"))
)
_VISITED = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(
        visits=accounts.c.visits + literal_column("1"),
        last_visit=case(
            (or_(accounts.c.last_visit.is_(None), accounts.c.last_visit < bindparam("day")), bindparam("day")),
            else_=accounts.c.last_visit,
        ),
    )
)
_OWED = select(balances.c.purse, balances.c.owed).where(
    balances.c.account_id == bindparam("account"), balances.c.owed > literal_column("0")
)
_SPENDS = (
    select(spends.c.day, func.sum(spends.c.amount))
    .where(spends.c.account_id == bindparam("account"))
    .group_by(spends.c.day)
    .order_by(spends.c.day)
)
_REFERRER = select(members.c.referred_by).where(members.c.account_id == bindparam("account"))
# What came back counts against the sale that it came from, on its day and under its revision.
_SPENDS_BY_REVISION = (
    select(sales.c.revision, spends.c.day, func.sum(spends.c.amount))
    .select_from(
        spends.outerjoin(refunds, refunds.c.id == spends.c.entry_id)
        .outerjoin(deeds, deeds.c.id == spends.c.entry_id)
        .join(sales, sales.c.id == func.coalesce(refunds.c.sale_id, deeds.c.sale_id, spends.c.entry_id))
    )
    .where(spends.c.account_id == bindparam("account"))
    .group_by(sales.c.revision, spends.c.day)
    .order_by(spends.c.day, sales.c.revision)
)
_ADD_MEMBER = insert(members)
_UPDATE_MEMBER = (
    update(members)
    .where(members.c.account_id == bindparam("account"))
    .values(
        {
            column: bindparam(f"{column}_")
            for column in ("name", "folded", "phone", "email", "birthday", "language", "referred_by")
        }
    )
)
_ADD_WORD = insert(member_words)
_DROP_WORDS = delete(member_words).where(member_words.c.account_id == bindparam("account"))


class HolderRows(LotRows):
    """Who holds what, as a bill needs to know it."""

    __slots__ = ()

    def card(self, number: str) -> Card | None:
        """The card of that number."""
        row = self.row(_CARD_BY_NUMBER, number_=number)
        return None if row is None else _card(*row)

    def cards_of(self, account: str) -> tuple[Card, ...]:
        """Every card of an account, the oldest first."""
        return tuple(_card(*row) for row in self.rows(_CARDS_OF, account=account))

    def add_account(self, account_id: str, joined: date) -> None:
        """Open an account, of no tier yet."""
        self.run(
            _ADD_ACCOUNT,
            id=account_id,
            joined=joined.isoformat(),
            tier=None,
            tier_since=None,
            tier_kept_until=None,
            last_visit=None,
            visits=0,
        )

    def add_card(self, card: Card) -> None:
        """Add a card. FactRefused if the number is taken or the account is not there."""
        self.run(
            _ADD_CARD,
            number=card.number,
            account_id=card.account,
            kind=card.kind,
            status=card.status,
            replaced_by=card.replaced_by,
            issued_at=moment(card.issued_at),
        )

    def set_card_status(self, number: str, status: CardStatus, replaced_by: str | None = None) -> None:
        """Put a card into a state of its life, and say which card took its place."""
        self.run(_SET_CARD_STATUS, number_=number, status_=status, replaced_by_=replaced_by)

    def set_card_kind(self, number: str, kind: CardKind) -> None:
        """Make a card a named one, once its holder is registered."""
        self.run(_SET_CARD_KIND, number_=number, kind_=kind)

    def highest_card(self, prefix: str, length: int, below: str | None = None) -> str | None:
        """The highest number of `length` characters that begins with `prefix`, and comes before `below`: where a range goes on."""
        row = self.row(_HIGHEST, first=prefix, end=past(prefix) if below is None else below, length=length)
        return None if row is None else str(row[0])

    def cards_from(self, first: str, count: int) -> tuple[Card, ...]:
        """At most so many cards in the order of their numbers, those as long as `first` from it on."""
        return tuple(_card(*row) for row in self.rows(_FROM, first=first, length=len(first), count_=count))

    def lock_numbers(self) -> None:
        """Keep every other till from handing out card numbers until the transaction ends."""
        self.row(_LOCK_NUMBERS)

    def lock_account(self, account: str) -> None:
        """Keep every other till from changing this account until the transaction ends. In ascending order where several."""
        self.row(_LOCK_ACCOUNT, account=account)

    def account(self, account: str, card: Card) -> Account:
        """All that a bill needs to know of a holder. KeyError if there is no such account."""
        row = self.row(_ACCOUNT, account=account)
        if row is None:
            raise KeyError(account)
        tier, since, kept_until, last_visit, visits, *person = row
        standing = None if tier is None else Standing(tier, date.fromisoformat(since), day_or_none(kept_until))
        return Account(
            account,
            card.number,
            card.kind,
            standing,
            self.holdings(account),
            joined=date.fromisoformat(person[_JOINED]),
            member=None if person[0] is None else _member(account, *person),
            last_visit=day_or_none(last_visit),
            visits=visits,
        )

    def holdings(self, account: str) -> dict[str, Holding]:
        """What an account has in each purse, and owes to it."""
        open_lots = self.open_lots(account)
        owed = {str(purse): int(amount) for purse, amount in self.rows(_OWED, account=account)}
        return {
            purse: Holding(purse, tuple(open_lots.get(purse, ())), owed.get(purse, 0))
            for purse in {**open_lots, **owed}
        }

    def referrer_of(self, account: str) -> str | None:
        """The account of who sent a holder."""
        row = self.row(_REFERRER, account=account)
        return None if row is None else row[0]

    def spends(self, account: str) -> tuple[Spend, ...]:
        """Qualifying spend by business day, net of what came back, the oldest first."""
        return tuple(
            Spend(date.fromisoformat(day), int(amount)) for day, amount in self.rows(_SPENDS, account=account) if amount
        )

    def spends_by_revision(self, account: str) -> tuple[tuple[int, Spend], ...]:
        """As `spends`, each with the number of the revision that its sales were priced by. FactRefused for the spend of no sale."""
        rows = self.rows(_SPENDS_BY_REVISION, account=account)
        if any(row[0] is None for row in rows):
            raise FactRefused("spend-of-no-sale")
        return tuple((number, Spend(date.fromisoformat(day), int(amount))) for number, day, amount in rows if amount)

    def set_standing(self, account: str, standing: Standing | None) -> None:
        """Store the standing that the domain worked out."""
        if standing is None:
            self.run(_SET_STANDING, account=account, tier_=None, since=None, kept_until=None)
        else:
            self.run(
                _SET_STANDING,
                account=account,
                tier_=standing.tier,
                since=standing.since.isoformat(),
                kept_until=iso_or_none(standing.kept_until),
            )

    def visited(self, account: str, day: date) -> None:
        """Count a sale to this holder on a business day; a sale of an earlier day does not turn the last visit back."""
        self.run(_VISITED, account=account, day=day.isoformat())

    def member(self, account: str) -> Member | None:
        """Who holds an account; None for a bearer."""
        row = self.row(_MEMBER, account=account)
        return None if row is None else _member(account, *row)

    def add_member(self, member: Member, at: datetime) -> None:
        """Register the holder of an account that is already there."""
        self.run(
            _ADD_MEMBER,
            account_id=member.account,
            name=member.name,
            folded=fold(member.name),
            phone=member.phone,
            email=member.email,
            birthday=iso_or_none(member.birthday),
            language=member.language,
            referred_by=member.referred_by,
            registered_at=moment(at),
        )
        self._add_words(member)

    def update_member(self, member: Member) -> None:
        """Store what is now known of a holder in place of what was."""
        self.run(
            _UPDATE_MEMBER,
            account=member.account,
            name_=member.name,
            folded_=fold(member.name),
            phone_=member.phone,
            email_=member.email,
            birthday_=iso_or_none(member.birthday),
            language_=member.language,
            referred_by_=member.referred_by,
        )
        self.run(_DROP_WORDS, account=member.account)
        self._add_words(member)

    def _add_words(self, member: Member) -> None:
        words = words_of(member.name, member.phone, member.email)
        self.run_many(_ADD_WORD, [{"word": word, "account_id": member.account} for word in words])


def _card(
    number: str, account: str, kind: CardKind, status: CardStatus, issued_at: str, replaced_by: str | None
) -> Card:
    return Card(number, account, kind, status, read_moment(issued_at), replaced_by)


def _member(
    account: str,
    name: str,
    phone: str | None,
    email: str | None,
    birthday: str | None,
    language: str | None,
    joined: str,
    referred_by: str | None,
) -> Member:
    return Member(account, name, phone, email, day_or_none(birthday), language, date.fromisoformat(joined), referred_by)
