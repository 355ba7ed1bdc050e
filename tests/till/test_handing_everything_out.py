"""Everything handed out in open formats: of one moment, whole or not at all, and holders that come back as they were."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from histories import History, empty_store
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.goods import import_csv
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.export import export_everything
from pos_loyalty.till.transfer.holders import Wish, Words, take_in
from pos_loyalty.till.transfer.subjects import ABOUT

WORDS = Words("Opening balance", "Agreed before")


@pytest.fixture
def shop(store_url: str) -> Iterator[Shop]:
    """A shop with two holders who bought, on each kind of database."""
    clock = Clock()
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    import_csv(register, "sku,name,price,vat\nTEA,=Tea,1.5,20%\n")
    enrol(register, Enrolment("=HYPERLINK()", card=ANA, phone="+359888123456"))
    enrol(register, Enrolment("Борис", card=BORIS))
    made = Shop(register, clock, store, "")
    made.sell(10_000, ANA)
    made.sell(5_000)
    yield made
    store.close()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def read(folder: Path, subject: str) -> list[dict[str, str]]:
    return rows_of((folder / f"{subject}.csv").read_bytes().decode())


def test_every_subject_is_a_file(shop: Shop, tmp_path: Path) -> None:
    """A folder that only its owner may read, with a CSV by subject, the programme as it was activated, and a page on all of it."""
    target = tmp_path / "out"
    told: list[tuple[int, int]] = []
    exported = export_everything(shop.register, target, "owner", lambda _, done, total: told.append((done, total)))
    assert {path.stem for path in target.glob("*.csv")} == {*ABOUT, "revisions"} == set(exported.rows)
    assert {name: len(read(target, name)) for name in ABOUT} == {name: exported.rows[name] for name in ABOUT}
    assert tomllib.loads((target / "programme" / "0001.toml").read_text(encoding="utf-8")) == tomllib.loads(PROGRAMME)
    assert all(f"## {name}.csv" in (target / "README.md").read_text(encoding="utf-8") for name in ABOUT)
    assert oct(target.stat().st_mode)[-3:] == "700"
    assert {oct(path.stat().st_mode)[-3:] for path in target.glob("*.*")} == {"600"}
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    (line, _) = read(target, "sale_lines")
    assert (line["gross"], line["discount"], line["paid"], line["quantity"], line["vat_rate"]) == (
        *("100.00", "5.00", "95.00", "1"),
        "20%",
    )
    postings = read(target, "postings")
    assert sum(round(float(row["amount"]) * 100) for row in postings) == 0
    assert len(read(target, "operators")) == 0
    assert [row["action"] for row in read(target, "audit")][-1] == "export"
    assert "request" not in read(target, "sales")[0]


def test_cells_are_no_formulas_and_come_back(shop: Shop, tmp_path: Path) -> None:
    """A name that a spreadsheet would run has an apostrophe before it, and is the name again once it is taken in."""
    export_everything(shop.register, tmp_path / "out", "owner")
    names = {row["name"] for row in read(tmp_path / "out", "holders")}
    assert names == {"'=HYPERLINK()", "Борис"}
    assert [row["name"] for row in read(tmp_path / "out", "catalogue")] == ["'=Tea"]


def test_a_zip_is_the_same(shop: Shop, tmp_path: Path) -> None:
    """A target that ends in .zip is one file, for its owner alone."""
    export_everything(shop.register, tmp_path / "out.zip", "owner")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert {f"{name}.csv" for name in ABOUT} | {"README.md", "programme/0001.toml"} <= set(archive.namelist())
        assert len(rows_of(archive.read("sales.csv").decode())) == 2
    assert oct((tmp_path / "out.zip").stat().st_mode)[-3:] == "600"


def test_what_is_sold_meanwhile_is_not_in_it(shop: Shop, tmp_path: Path) -> None:
    """All files are of the moment at which it began: entries, postings and sales fit one another."""
    told: list[int] = []

    def told_and_sold(_: str, done: int, __: int) -> None:
        if not told:
            shop.sell(700, ANA)
        told.append(done)

    export_everything(shop.register, tmp_path / "out", "owner", told_and_sold)
    assert len(read(tmp_path / "out", "sales")) == len(read(tmp_path / "out", "entries")) == 2
    assert {row["entry_id"] for row in read(tmp_path / "out", "postings")} == {
        row["id"] for row in read(tmp_path / "out", "entries")
    }


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_an_export_that_breaks_off_leaves_nothing(shop: Shop, tmp_path: Path, name: str) -> None:
    """Neither a folder nor a draft of one; one that is there already, or cannot be made, is refused and stays."""

    class BrokenOff(Exception):
        pass

    def told(_: str, done: int, __: int) -> None:
        if done > 3:
            raise BrokenOff

    folder = tmp_path / "here"
    folder.mkdir()
    with pytest.raises(BrokenOff):
        export_everything(shop.register, folder / name, "owner", told)
    assert list(folder.iterdir()) == []
    (folder / name).write_text("mine", encoding="utf-8")
    for target, code in ((folder / name, "file-exists"), (folder / "none" / name, "file-unusable")):
        with pytest.raises(Refused) as caught:
            export_everything(shop.register, target, "owner")
        assert caught.value.code == code
    assert (folder / name).read_text(encoding="utf-8") == "mine"


def state(store: Store, today: str) -> list[Any]:
    """Every holder by their cards: who they are, the state of each card, and what each purse holds, by day, and owes."""
    found = []
    with store.read() as books:
        consents: dict[str, dict[str, int]] = {}
        for account, purpose, given in books.consents_by_account():
            consents.setdefault(account, {})[purpose] = given
        for account, *_ in list(books.everything("accounts")):
            member, own = books.member(account), books.cards_of(account)
            if member is None and not own:
                continue
            lots: dict[tuple[Any, ...], int] = {}
            for purse, open_lots in books.open_lots(account).items():
                for lot in open_lots:
                    if lot.expires is None or lot.expires.isoformat() >= today:
                        key = (purse, lot.available, lot.expires)
                        lots[key] = lots.get(key, 0) + lot.remaining
            found.append(
                (
                    sorted((card.number, card.kind, card.status, card.replaced_by or "") for card in own),
                    member and (member.name, member.phone, member.email, member.birthday, member.language),
                    books.joined_on(account),
                    sorted(lots.items(), key=str),
                    sorted((purse, holding.owed) for purse, holding in books.holdings(account).items() if holding.owed),
                    sorted(purpose for purpose, given in consents.get(account, {}).items() if given),
                )
            )
    return sorted(found, key=str)


@pytest.mark.parametrize("seed", range(201, 211))
def test_holders_come_back_as_they_were(seed: int, tmp_path: Path) -> None:
    """Random shops under random programmes, after days of selling, returning, joining, losing and erasing: exported and taken in by
    an empty store, every holder has the same cards and balances, and that store verifies.
    """
    history = History(seed, tmp_path)
    history.run(25)
    export_everything(history.register, tmp_path / "out", "owner")
    today = history_day(history)
    before = state(history.store, today)
    history.store.close()
    path = tmp_path / "other.db"
    path.write_bytes(empty_store(tmp_path).read_bytes())
    store = open_store(str(path))
    register = Register("till-1", store, lambda: history.now, lambda: uuid7(history.now))
    newest = max(int(row["number"]) for row in read(tmp_path / "out", "revisions"))
    activate(
        register, (tmp_path / "out" / "programme" / f"{newest:04d}.toml").read_text(encoding="utf-8"), None, "owner"
    )
    bad: list[Any] = []
    with (tmp_path / "out" / "holders.csv").open("rb") as file:
        outcome = take_in(register, file, Wish("owner", WORDS), bad.append)
    assert bad == []
    assert outcome.taken == len(before) > 0
    assert state(store, today) == before
    assert verify_store(store).faults == ()
    store.close()


def history_day(history: History) -> str:
    """The business day on which a history ended."""
    from pos_loyalty.till.programmes import current

    return current(history.register).programme.business_day(history.now).isoformat()
