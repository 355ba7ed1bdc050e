"""`verify_store` sees what was changed past the program's back, says where, and finds nothing in a store that is whole."""

# ruff: noqa: S608 - what is put into statements here stands in this file
from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tampering import tamper

from pos_loyalty.domain.ledger import Draw, Posting
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.records import Revision
from pos_loyalty.storage.verify import verify_store

FIRST, SECOND, THIRD, RETURN = (f"019b0000-0000-7000-8000-{n:012d}" for n in (2, 3, 4, 5))
ANA = "019b0000-0000-7000-8000-000000000001"


@pytest.fixture
def history(shop: Any) -> Any:
    """A year at two tills: sales with and without a card, a spending, returns, an expiry, one part of it excused."""
    account = shop.holder()
    first = shop.sell(account)
    with shop.store.write() as books:
        assert books.offer_total("tier:basic:cashback", locked=True) == (1, 1_000)
    second = shop.sell(account, draws=[Draw(f"{first.id}/1", 400)])
    third = shop.sell()
    back = shop.refund(first)
    assert (account, first.id, second.id, third.id, back.id) == (ANA, FIRST, SECOND, THIRD, RETURN)
    shop.register = "till-2"
    late = shop.sell(account, gross=300_000)
    shop.now += timedelta(days=366)
    shop.expire(account)
    shop.refund(late, (Draw(f"{late.id}/1", 600),))
    shop.sell(account)
    return shop


def places(shop: Any) -> set[str]:
    """Where faults are."""
    return {fault.place for fault in verify_store(shop.store).faults}


def test_a_whole_store_has_no_fault_and_all_of_it_was_looked_at(history: Any) -> None:
    """Two registers, seven bills and an expiry, one holder: counted, each, and nothing wrong."""
    found = verify_store(history.store)
    assert found.faults == ()
    checked = dict(found.checked)
    assert checked.pop("file", 1) == 1
    assert checked.pop("postings") > 20
    assert checked.pop("laws") >= 19
    assert checked == {
        "revisions": 1,
        "entries": 8,
        "lots": 4,
        "balances": 1,
        "merges": 0,
        "adjustments": 0,
        "shifts": 0,
        "audit": 0,
        "sales": 5,
        "refunds": 2,
        "spends": 6,
        "purchases": 4,
        "memberships": 0,
        "late cards": 0,
        "receipts": 7,
        "offers": 6,
        "partners": 0,
        "draws": 0,
        "coupons": 0,
        "notes": 0,
        "consents": 0,
        "erasures": 0,
        "certificates": 0,
        "search": 1,
        "card orders": 0,
        "accounts": 1,
    }


def test_an_empty_store_is_whole(store: Any) -> None:
    """Nothing was looked at, nothing is wrong."""
    assert verify_store(store).faults == ()


CHANGES = {
    "an amount": (
        f"UPDATE postings SET amount = amount + 1 WHERE entry_id = '{FIRST}' AND account = 'sales'",
        {f"entry {FIRST}"},
    ),
    "an amount that is no purse's, and its counterpart": (
        f"UPDATE postings SET amount = amount + (CASE n WHEN 1 THEN 1 ELSE -1 END) WHERE entry_id = '{THIRD}' AND n < 3",
        {f"entry {THIRD}"},
    ),
    "who did it": (
        f"UPDATE entries SET operator = 'petra' WHERE id = '{SECOND}'",
        {f"entry {SECOND}", "till-1-000002"},
    ),
    "when it was": (f"UPDATE entries SET at = '2020' WHERE id = '{THIRD}'", {f"entry {THIRD}", "till-1-000003"}),
    "what was corrected": (
        f"UPDATE entries SET corrects = '{THIRD}' WHERE id = '{RETURN}'",
        {f"entry {RETURN}", "till-1-000004"},
    ),
    "what filled a lot": (
        f"UPDATE lots SET amount = amount + 1 WHERE id = '{FIRST}/1'",
        {f"entry {FIRST}", f"lot {FIRST}/1"},
    ),
    "when a lot runs out": (f"UPDATE lots SET expires = '2099-01-01' WHERE id = '{FIRST}/1'", {f"entry {FIRST}"}),
    "whose a lot is": (f"UPDATE lots SET sale = '{SECOND}' WHERE id = '{FIRST}/1'", {f"entry {FIRST}"}),
    "what a lot holds": (f"UPDATE lots SET remaining = remaining + 1 WHERE id = '{FIRST}/1'", {f"lot {FIRST}/1"}),
    "what a lot lost by expiring": (
        f"UPDATE lots SET expired = expired + 1 WHERE id = '{FIRST}/1'",
        {f"lot {FIRST}/1"},
    ),
    "what a purse holds": ("UPDATE balances SET held = held + 1", {f"balance {ANA} cashback"}),
    "what is owed": ("UPDATE balances SET owed = 0", {f"balance {ANA} cashback"}),
    "a balance that goes": ("DELETE FROM balances", {f"balance {ANA} cashback"}),
    "a balance of nothing": (
        f"INSERT INTO balances (account_id, purse, held, owed) VALUES ('{ANA}', 'points', 5, 0)",
        {f"balance {ANA} points"},
    ),
    "a bill's total": (
        f"UPDATE sales SET facts = replace(facts, '\"gross\":10000', '\"gross\":10001') WHERE id = '{FIRST}'",
        {f"entry {FIRST}", "till-1-000001"},
    ),
    "a reason on a bill": (
        f"UPDATE sales SET facts = replace(facts, 'tote', 'tute') WHERE id = '{THIRD}'",
        {f"entry {THIRD}"},
    ),
    "a bill into nonsense": (
        f"UPDATE sales SET facts = '{{' WHERE id = '{THIRD}'",
        {f"entry {THIRD}", "till-1-000003"},
    ),
    "a return's bill": (
        f"UPDATE refunds SET facts = replace(facts, '\"earning\":10000', '\"earning\":1') WHERE id = '{RETURN}'",
        {f"entry {RETURN}", "till-1-000004"},
    ),
    "a return's bill into nonsense": (
        f"UPDATE refunds SET facts = '' WHERE id = '{RETURN}'",
        {f"entry {RETURN}", "till-1-000004"},
    ),
    "a column beside a bill": (f"UPDATE sales SET due = due - 1 WHERE id = '{THIRD}'", {"till-1-000003"}),
    "the day beside a bill": (
        f"UPDATE sales SET day = '2026-11-23' WHERE id = '{SECOND}'",
        {"till-1-000002", f"spend {ANA} 2026-11-22"},
    ),
    "a receipt's number": (
        f"UPDATE sales SET number = 9 WHERE id = '{THIRD}'",
        {"till-1-000009", "till-1-000004", "register till-1"},
    ),
    "a bill that goes": (f"DELETE FROM sales WHERE id = '{THIRD}'", {f"entry {THIRD}", "till-1-000004"}),
    "an entry that goes": (
        f"DELETE FROM entries WHERE id = '{THIRD}'",
        {f"entry {RETURN}", f"posting {THIRD}", f"sale {THIRD}"},
    ),
    "a lot's posting that goes": (
        f"DELETE FROM postings WHERE lot = '{FIRST}/1' AND entry_id = '{RETURN}'",
        {f"entry {RETURN}", f"lot {FIRST}/1", f"balance {ANA} cashback"},
    ),
    "a posting of no entry": (
        "INSERT INTO postings (entry_id, n, account, unit, amount) VALUES ('nothing', 1, 'sales', 'EUR', 5)",
        {"posting nothing"},
    ),
    "a posting that names no lot": (
        f"UPDATE postings SET lot = NULL WHERE entry_id = '{SECOND}' AND lot = '{FIRST}/1'",
        {f"entry {SECOND}", f"lot {FIRST}/1"},
    ),
    "a posting of another purse": (
        f"UPDATE postings SET account = 'purse:points' WHERE entry_id = '{SECOND}' AND lot = '{FIRST}/1'",
        {f"entry {SECOND}", f"lot {FIRST}/1", f"balance {ANA} cashback", f"balance {ANA} points"},
    ),
    "where the chain ends": ("UPDATE registers SET head = 'x' WHERE name = 'till-2'", {"register till-2"}),
    "how long the chain is": ("UPDATE registers SET last_entry = 99 WHERE name = 'till-2'", {"register till-2"}),
    "the last receipt": ("UPDATE registers SET last_receipt = 99 WHERE name = 'till-2'", {"register till-2"}),
    "spend that counts": (f"UPDATE spends SET amount = amount + 1 WHERE entry_id = '{SECOND}'", {"till-1-000002"}),
    "spend that goes": (f"DELETE FROM spends WHERE entry_id = '{SECOND}'", {"till-1-000002"}),
    "spend of nothing": (
        f"INSERT INTO spends (account_id, day, entry_id, amount) VALUES ('{ANA}', '2026-11-22', '{THIRD}', 9)",
        {f"spend {ANA} 2026-11-22"},
    ),
    "how often an offer was used": (
        f"UPDATE offer_uses SET uses = 2 WHERE entry_id = '{FIRST}'",
        {"till-1-000001", "offer tier:basic:cashback"},
    ),
    "what an offer gave": (
        f"UPDATE offer_uses SET given = given + 1 WHERE entry_id = '{SECOND}'",
        {"till-1-000002", "offer tier:basic:cashback"},
    ),
    "who had an offer": (f"UPDATE offer_uses SET account_id = NULL WHERE entry_id = '{FIRST}'", {"till-1-000001"}),
    "when an offer was had": (
        f"UPDATE offer_uses SET day = '2026-11-21' WHERE entry_id = '{FIRST}'",
        {"till-1-000001"},
    ),
    "who was kept from an offer": (
        f"UPDATE offer_uses SET held_out = 1 WHERE entry_id = '{FIRST}'",
        {"till-1-000001"},
    ),
    "a use that goes": (
        f"DELETE FROM offer_uses WHERE entry_id = '{FIRST}'",
        {"till-1-000001", "offer tier:basic:cashback"},
    ),
    "a use too many": (
        f"INSERT INTO offer_uses VALUES ('{THIRD}', 'come-back', NULL, '2026-11-22', 1, 0, 0)",
        {"till-1-000003"},
    ),
    "what a return gave back": (
        f"UPDATE offer_uses SET given = given - 1 WHERE entry_id = '{RETURN}'",
        {"till-1-000004", "offer tier:basic:cashback"},
    ),
    "how often all holders had an offer": (
        "UPDATE offer_totals SET uses = uses - 1",
        {"offer tier:basic:cashback"},
    ),
    "what an offer gave all holders": (
        "UPDATE offer_totals SET given = given + 1",
        {"offer tier:basic:cashback"},
    ),
    "visits": ("UPDATE accounts SET visits = visits + 1", {f"account {ANA}"}),
    "the last visit": ("UPDATE accounts SET last_visit = '2026-11-23'", {f"account {ANA}"}),
    "a tier": ("UPDATE accounts SET tier = 'vip', tier_since = '2027-11-22'", {f"account {ANA}"}),
    "a tier that goes": ("UPDATE accounts SET tier = NULL", {f"account {ANA}"}),
    "the rules": ("UPDATE revisions SET text = replace(text, '2000.00', '200.00')", {"revision 1"}),
}


@pytest.mark.parametrize(("statement", "where"), CHANGES.values(), ids=CHANGES.keys())
def test_what_was_changed_is_found_where_it_was(history: Any, statement: str, where: set[str]) -> None:
    """Each change is seen at its place. What follows from it may be named too; nothing that is untouched is."""
    tamper(history, statement)
    found = places(history)
    assert where <= found
    known = {part for place in where for part in place.split()}
    assert all(
        known & set(place.split()) or place in ("entries", "spends", "sales", "lots", "refunds", "postings")
        for place in found
    )


def test_entries_that_changed_places_are_found(history: Any) -> None:
    """The second and third entry of a register swapped, each otherwise untouched: both, and the one behind, break the chain."""
    tamper(
        history,
        f"UPDATE entries SET seq = -2 WHERE id = '{SECOND}'",
        f"UPDATE entries SET seq = 2 WHERE id = '{THIRD}'",
        f"UPDATE entries SET seq = 3 WHERE id = '{SECOND}'",
    )
    assert places(history) == {f"entry {id_}" for id_ in (SECOND, THIRD, RETURN)}


def test_a_journal_cut_short_is_found(history: Any) -> None:
    """The last entry gone with all that belongs to it: its register knows that there was one more."""
    last = history.sold.popitem()[1].id
    tables = {"lots": "entry_id", "postings": "entry_id", "sales": "id", "spends": "entry_id", "entries": "id"}
    tamper(history, *(f"DELETE FROM {table} WHERE {column} = '{last}'" for table, column in tables.items()))
    assert {"register till-2", f"balance {ANA} cashback", f"account {ANA}"} <= places(history)


def test_erasing_who_a_holder_was_is_no_fault(history: Any) -> None:
    """The chain does not hold names or cards: it is whole after they are blanked."""
    from sqlalchemy import text

    with history.store.write() as books:
        books.run(text("UPDATE sales SET card = NULL, holder = NULL"))
    assert verify_store(history.store).faults == ()


def test_every_fault_is_named_at_once(history: Any) -> None:
    """One run names all that is wrong, in every part."""
    tamper(
        history,
        "UPDATE balances SET held = held + 1",
        "UPDATE accounts SET visits = 0",
        "UPDATE registers SET head = 'x' WHERE name = 'till-1'",
        f"UPDATE sales SET due = due - 1 WHERE id = '{THIRD}'",
    )
    assert places(history) == {f"balance {ANA} cashback", f"account {ANA}", "register till-1", "till-1-000003"}


def test_a_change_of_the_rules_on_a_day_with_sales_is_no_fault(shop: Any) -> None:
    """A sale before noon stands under the rules of the morning, whatever the afternoon's would have made of it."""
    from hashlib import sha256

    account = shop.holder()
    shop.sell(account, gross=150_000)
    easier = RULES_OF(shop).replace('spend = "2000.00"', 'spend = "1000.00"')
    with shop.store.write() as books:
        later = shop.now + timedelta(hours=1)
        books.add_revision(Revision(2, later, later, "owner", sha256(easier.encode()).hexdigest(), easier))
    assert verify_store(shop.store).faults == ()


def RULES_OF(shop: Any) -> str:
    """The text of the rules that the shop opened with."""
    with shop.store.read() as books:
        text: str = books.revisions()[0].text
    return text


def test_rules_that_cannot_be_read_are_a_fault_and_no_more(shop: Any) -> None:
    """The rest of the store is still looked at."""
    with shop.store.write() as books:
        books.add_revision(Revision(2, shop.now, shop.now, "owner", "0" * 64, "no programme"))
    shop.sell(shop.holder())
    assert {"revision 2"} == places(shop)


def test_progress_is_told_by_part(history: Any) -> None:
    """Who waits can see what is looked at, and how much of it."""
    told: list[tuple[str, int]] = []
    verify_store(history.store, lambda part, count: told.append((part, count)))
    assert ("entries", 8) in told
    assert [part for part, _ in told][-1] == "accounts"


def test_an_adjustment_needs_no_bill(shop: Any) -> None:
    """An entry of another kind stands for itself."""
    with shop.store.write() as books:
        books.post(
            "till-1", shop.entry("adjustment", shop.id(), None, [Posting("a", "EUR", 1), Posting("b", "EUR", -1)])
        )
    assert verify_store(shop.store).faults == ()


@pytest.fixture
def damage(sqlite_shop: Any, tmp_path: Path) -> Callable[[int, int], Path]:
    """A maker of copies of a store of some sales, with one bit of one byte turned over."""
    account = sqlite_shop.holder()
    for _ in range(8):
        sqlite_shop.refund(sqlite_shop.sell(account))
        sqlite_shop.sell(account)
    sqlite_shop.store.idle()
    whole = bytearray((tmp_path / "store.db").read_bytes())
    copy = tmp_path / "copy.db"

    def make(at: int, bit: int) -> Path:
        turned = bytearray(whole)
        turned[at % len(whole)] ^= 1 << bit
        copy.write_bytes(turned)
        return copy

    return make


def _said(path: Path) -> tuple[bool, list[str]]:
    """Whether a file opens and is found whole; and all that can be read from it, to see whether a bit mattered."""
    try:
        store = open_store(str(path))
    except Refused:
        return False, []
    whole = verify_store(store).faults == ()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        try:
            return whole, list(connection.iterdump())
        except (sqlite3.Error, UnicodeDecodeError):
            return whole, []


def test_one_bit_that_turned_over_is_found(damage: Callable[[int, int], Path]) -> None:
    """Of two hundred flips all over the file none ends in a traceback, and none that changes a fact stays unseen.

    What no fact says cannot be derived from one: who a holder is, and on a sale the name and card that erasing blanks.
    """
    chance = random.Random(7)
    plain = _said(damage(0, 0).with_name("store.db"))[1]
    effective = 0
    unseen: list[str] = []
    for _ in range(200):
        whole, dump = _said(damage(chance.randrange(1 << 30), chance.randrange(8)))
        effective += dump != plain
        if whole and dump != plain:
            unseen += sorted(set(dump) - set(plain))
    assert effective > 10
    said_elsewhere = ("members", "member_words", "cards")
    assert [row for row in unseen if not row.startswith(tuple(f'INSERT INTO "{t}"' for t in said_elsewhere))] == []


def test_a_law_that_was_taken_away_is_found(sqlite_shop: Any) -> None:
    """A trigger dropped, one made to do nothing, one too many, and an index dropped, though every figure is right."""
    sqlite_shop.sell(sqlite_shop.holder())
    with closing(sqlite3.connect(sqlite_shop.store.database.path)) as connection:
        connection.execute("DROP TRIGGER lots_final_update")
        connection.execute("DROP TRIGGER sales_lawful")
        connection.execute("CREATE TRIGGER sales_lawful BEFORE INSERT ON sales BEGIN SELECT 1; END")
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON sales BEGIN UPDATE balances SET held = held + 1; END")
        connection.execute("DROP INDEX ix_lots_open")
    assert places(sqlite_shop) == {
        "trigger lots_final_update",
        "trigger sales_lawful",
        "trigger quiet",
        "index ix_lots_open",
    }


def test_a_law_of_postgresql_that_was_taken_away_is_found(postgres_store: Store, postgres_url: str) -> None:
    """A trigger dropped, and one switched off."""
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        connection.execute("DROP TRIGGER lots_final ON lots")
        connection.execute("ALTER TABLE sales DISABLE TRIGGER sales_lawful")
    faults = verify_store(postgres_store).faults
    assert {fault.place for fault in faults} == {"trigger lots_final", "trigger sales_lawful"}
