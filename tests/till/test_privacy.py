"""Consent, erasing and what is held: a holder's rights at a register, on a real store."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.consent import purpose_of
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.retention import Retention
from pos_loyalty.reports import named
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.held_rows import SECTIONS
from pos_loyalty.storage.tables import metadata
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.card_life import replace, unblock
from pos_loyalty.till.cards import show
from pos_loyalty.till.closing import close_day
from pos_loyalty.till.consents import consents_of, give_consent, purposes_named, take_back_consent
from pos_loyalty.till.erasing import erase, foresee
from pos_loyalty.till.held import export_held
from pos_loyalty.till.holders import Enrolment, Holder, enrol, find
from pos_loyalty.till.recognition import take_complaint, write_note
from pos_loyalty.till.retention import Forgotten, forget_old
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.suspending import recall, suspend

NAME, PHONE, EMAIL = "Zdenka Quuxova", "+359888424242", "zdenka@example.com"
WORDS = "her dog is called Bubulina"


@pytest.fixture
def zdenka(shop: Shop) -> Holder:
    """A holder with a name that stands nowhere else, and something of everything."""
    said = (("mailing", purpose_of("mailing").wording),)
    holder = enrol(
        shop.register,
        Enrolment(NAME, card=ANA, phone=PHONE, email=EMAIL, birthday=date(1990, 1, 7), consents=said),  # type: ignore[arg-type]
        "anna",
    )
    enrol(shop.register, Enrolment("Boris", card=BORIS, referred_by=ANA))
    shop.sell(50_000, ANA)
    shop.clock.forward(days=20)
    shop.sell(10_000, ANA, {"cashback": 150})
    account = holder.member.account
    write_note(shop.register, account, WORDS, "anna")
    take_complaint(shop.register, account, WORDS, "anna", WORDS)
    return holder


def dump(path: str) -> str:
    """The whole store as text, as whoever steals the file could read it."""
    with closing(sqlite3.connect(path)) as db:
        return "\n".join(db.iterdump())


def faults(shop: Shop) -> list[str]:
    return [f"{fault.place}: {fault.what.template}" for fault in verify_store(shop.store).faults]


def figures(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """What the reports say of these days, with the share of each holder's bills."""
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    names = ("flow", "holders", "visits", "retention", "offers")
    with shop.store.read() as books:
        return {name: [tuple(map(str, row)) for row in named(name).rows(books, period)] for name in names}


# ---- consent ------------------------------------------------------------------------------------------------------------


def test_nobody_agrees_by_themselves(shop: Shop) -> None:
    """A holder who was asked nothing agrees to nothing."""
    holder = enrol(shop.register, Enrolment("Ana", card=ANA))
    assert [(one.purpose.id, one.last) for one in consents_of(shop.register, holder.member.account)] == [
        ("mailing", None),
        ("profile", None),
    ]


def test_what_was_agreed_to_is_kept_with_its_wording_and_day(shop: Shop, zdenka: Holder) -> None:
    """At enrolment, then taken back and given again: every step stays, the newest counts, and the audit list has the later ones."""
    account = zdenka.member.account
    first = consents_of(shop.register, account)[0].last
    assert first is not None
    assert (first.given, first.operator, first.wording) == (True, "anna", purpose_of("mailing").wording)
    shop.clock.forward(days=1)
    assert not take_back_consent(shop.register, account, "mailing", "No more", "boris")[0].given
    assert not take_back_consent(shop.register, account, "mailing", "No more", "boris")[0].given
    shop.clock.forward(days=1)
    mailing, profile = give_consent(shop.register, account, "mailing", "Yes again", "boris")
    assert [(one.given, one.wording) for one in mailing.history] == [
        (True, purpose_of("mailing").wording),
        (False, "No more"),
        (True, "Yes again"),
    ]
    assert not profile.given
    done = shop.store_values("SELECT action FROM audit WHERE action LIKE 'consent-%' ORDER BY id")
    assert done == ["consent-taken-back", "consent-given"]
    assert faults(shop) == []


def test_only_somebody_can_agree(shop: Shop) -> None:
    """A bearer has nobody who could; a purpose that is not there is refused by its name."""
    shop.sell(100)
    with shop.store.write() as books:
        books.add_account("0190a000-0000-7000-8000-00000000000b", date(2026, 1, 1))
    with pytest.raises(Refused, match="member-unknown"):
        give_consent(shop.register, "0190a000-0000-7000-8000-00000000000b", "mailing", "Yes", "anna")
    with pytest.raises(Refused, match="consent-unknown"):
        purposes_named(["mailing", "horoscope"])
    assert purposes_named(["profile", "mailing", "profile"]) == ("mailing", "profile")


def test_consents_are_added_and_never_changed(shop: Shop, zdenka: Holder) -> None:
    """The database itself refuses to rewrite what was agreed to."""
    with closing(sqlite3.connect(shop.path)) as db, pytest.raises(sqlite3.IntegrityError, match="fact-is-final"):
        db.execute("UPDATE consents SET given = 0")


# ---- erasing ------------------------------------------------------------------------------------------------------------


def test_nothing_says_who_they_were(shop: Shop, zdenka: Holder) -> None:
    """After erasing no byte of a dump has the name, phone, e-mail or words, and no bill the card; the other holder is untouched."""
    suspend(shop.register, Bill("0190a000-0000-7000-8000-00000000000c", (LineItem("Tea", 200),), ANA), "anna")
    before = dump(shop.path)
    assert all(word in before for word in ("Quuxova", "quuxova", PHONE, EMAIL, "Bubulina"))
    done = erase(shop.register, ANA, "owner")
    assert (done.name, done.cards, done.complaints, done.notes, done.sales) == (NAME, ("*********0018",), 1, 1, 2)
    after = dump(shop.path)
    for word in ("Quuxova", "quuxova", "Zdenka", "zdenka", PHONE, PHONE[::-1], EMAIL, "Bubulina", "I agree"):
        assert word not in after, word
    assert [line for line in after.splitlines() if ANA in line and "INTO cards" not in line.replace('"', "")] == []
    assert recall(shop.register, "0190a000-0000-7000-8000-00000000000c").card is None
    assert [one.name for one in find(shop.register, "Boris")] == ["Boris"]
    assert find(shop.register, "Quuxova") == ()


def test_the_books_stay_whole_and_the_figures_the_same(shop: Shop, zdenka: Holder) -> None:
    """The chain, the ledger and every copy verify; reports say what they said, but for what was written off that day."""
    account = zdenka.member.account
    held = shop.store_value("SELECT sum(held) FROM balances")
    told = foresee(shop.register, ANA)
    assert told.written_off == {"cashback": held}
    assert held > 0
    before = figures(shop)
    done = erase(shop.register, account, "owner", "boss")
    assert done == told
    after = figures(shop)
    flow, flowed = before.pop("flow"), after.pop("flow")
    assert after == before
    assert [row for row in flowed if row not in flow] == [
        ("expired", "cashback", "", "cashback", str(held), "None")
    ] or [row[0] for row in flowed if row not in flow] == ["expired"]
    assert faults(shop) == []
    assert shop.store_values("SELECT sum(amount) FROM postings WHERE account = 'breakage:cashback'") == [-held]
    assert shop.store_values("SELECT allowed_by || action FROM audit WHERE action = 'erase'") == ["bosserase"]


def test_what_was_erased_does_not_come_back(shop: Shop, zdenka: Holder) -> None:
    """The card stays blocked and is not replaced, nobody is erased twice, and a stranger is not found."""
    erase(shop.register, ANA, "owner")
    for again in (lambda: unblock(shop.register, ANA), lambda: replace(shop.register, ANA)):
        with pytest.raises(Refused, match="member-erased"):
            again()
    with pytest.raises(Refused, match="member-erased"):
        erase(shop.register, ANA, "owner")
    with pytest.raises(Refused, match="card-blocked"):
        enrol(shop.register, Enrolment("Ana", card=ANA))
    with pytest.raises(Refused, match="member-unknown"):
        erase(shop.register, "nobody", "owner")
    assert show(shop.register, ANA).member is None


def test_goods_of_an_erased_holder_can_come_back(shop: Shop, zdenka: Holder) -> None:
    """The money goes back as for any bill; what had been paid from the purse is written off when the day is closed."""
    closed = shop.sell(20_000, ANA, {"cashback": 100})
    erase(shop.register, ANA, "owner")
    back = refund(shop.register, RefundOrder(closed.sale.receipt_number, operator="anna"))
    assert back.refund.money_back[0].amount == closed.sale.quote.due
    assert shop.store_value("SELECT sum(held) FROM balances") == 100
    assert forget_old(shop.register, Retention(), "owner", rest=lambda _: None) == Forgotten()
    assert shop.store_value("SELECT sum(held) FROM balances") == 0
    assert faults(shop) == []


def test_a_row_left_behind_is_a_fault(shop: Shop, zdenka: Holder) -> None:
    """Whoever writes something of an erased holder past the program is found out."""
    erase(shop.register, ANA, "owner")
    account = zdenka.member.account
    with closing(sqlite3.connect(shop.path)) as db:
        db.execute("INSERT INTO notes VALUES (?, 'still here', '2026-01-05T10:00:00.000Z', 'eve')", [account])
        db.commit()
    assert [fault.place for fault in verify_store(shop.store).faults] == [f"erasure {account}"]


# ---- what is held -------------------------------------------------------------------------------------------------------


def test_all_that_is_held_is_one_document(shop: Shop, zdenka: Holder) -> None:
    """Person, bills with their lines, purses, words and consents are in it; another holder is not; that it was made is noted."""
    pieces: list[str] = []
    count = export_held(shop.register, ANA, "owner", pieces.append)
    held = json.loads("".join(pieces))
    assert held["person"][0]["name"] == NAME
    assert [len(held[part]) for part in ("cards", "sales", "notes", "complaints", "consents")] == [1, 2, 1, 1, 1]
    assert held["sales"][0]["facts"]["quote"]["lines"][0]["item"]["name"] == "Goods"
    assert {row["account"] for row in held["postings"]} >= {"purse:cashback", "issued:cashback", "vat:20%"}
    assert [row["action"] for row in held["audit"]] == ["note", "complaint", "member-export"]
    assert count == sum(len(held[part]) for part in SECTIONS)
    assert "Boris" not in "".join(pieces)


def test_no_table_about_holders_is_forgotten() -> None:
    """Every table that points to an account is shown to its holder, or stands here with why not."""
    not_theirs = {
        "member_words": "the name and phone once more, as the search has them",
        "operators": "who works here: their own card is their own account",
    }
    pointing = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name in {"accounts", "members"} for key in table.foreign_keys)
    }
    shown = set(SECTIONS) - {"person", "account", "returns"} | {"members"}
    assert pointing - set(not_theirs) <= shown, pointing - set(not_theirs) - shown


# ---- how long it is kept ------------------------------------------------------------------------------------------------


def test_nothing_is_forgotten_unless_the_shop_says_so(shop: Shop, zdenka: Holder) -> None:
    """Without limits, years later everybody and every word is still there."""
    shop.clock.forward(days=4000)
    assert forget_old(shop.register, Retention(), "owner", rest=lambda _: None) == Forgotten()
    assert shop.store_value("SELECT count(*) FROM members") == 2


def test_who_stays_away_is_forgotten_once_nothing_waits_for_them(shop: Shop, zdenka: Holder) -> None:
    """Three years without a visit: Boris, who never came, goes on the very day; Zdenka only once her complaint is closed."""
    keep = Retention(Duration(36, "month"), None)
    joined = shop.clock.now - timedelta(days=20)
    shop.clock.now = joined.replace(year=2029) - timedelta(days=1)
    close_day(shop.register, operator="owner", rest=lambda _: None)
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten()
    shop.clock.forward(days=1)
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten(1, 0)
    assert shop.store_values("SELECT name FROM members") == [NAME]
    shop.clock.forward(days=20)
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten()
    with closing(sqlite3.connect(shop.path)) as db:
        db.execute("UPDATE complaints SET closed_at = opened_at, closed_by = 'anna', solution = 'sorry'")
        db.commit()
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten(1, 0)
    assert shop.store_values("SELECT name FROM members") == []
    assert shop.store_values("SELECT DISTINCT subject FROM audit WHERE action = 'erase'") == ["forget_after"]
    assert faults(shop) == []


def test_a_balance_is_never_forgotten_unasked(shop: Shop, zdenka: Holder) -> None:
    """Whoever can still spend something is not erased by the calendar."""
    with closing(sqlite3.connect(shop.path)) as db:
        db.execute("UPDATE complaints SET closed_at = opened_at, closed_by = 'anna', solution = 'sorry'")
        db.commit()
    shop.clock.forward(days=60)
    assert forget_old(shop.register, Retention(Duration(1, "month")), "owner", rest=lambda _: None) == Forgotten(1, 0)
    assert shop.store_values("SELECT name FROM members") == [NAME]


def test_old_words_go_and_open_complaints_stay(shop: Shop, zdenka: Holder) -> None:
    """A year later the note goes; the complaint is still open, so it stays until a year after it is closed."""
    keep = Retention(None, Duration(1, "year"))
    shop.clock.forward(days=364)
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten()
    shop.clock.forward(days=1)
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten(0, 1)
    assert shop.store_values("SELECT text FROM complaints") == [WORDS]
    assert forget_old(shop.register, keep, "owner", rest=lambda _: None) == Forgotten()
    assert Path(shop.path).exists()
