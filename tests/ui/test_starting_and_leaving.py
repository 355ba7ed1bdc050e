"""From the first frame to the last: the store opens behind it, help is on every screen, and leaving is asked."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from shops import ANA, PROGRAMME, Clock
from tills import TEA, Till, running

from pos_loyalty.config import Settings, ShopSettings
from pos_loyalty.domain.message import Message
from pos_loyalty.language import LANGUAGES
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.terminal import make
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.ui.commands import Command
from pos_loyalty.ui.screens.base import TillScreen


def test_the_first_frame_waits_for_no_library() -> None:
    """Until the first frame is painted neither the database's libraries, nor those that draw or hold words and figures of many
    languages, nor the drivers, the reader of settings files, the till's rules or any screen but the first are loaded.
    """
    code = """
import sys
from pos_loyalty.cli import boundary, terminal
from pos_loyalty.config import load
from pos_loyalty.terminal import make
from pos_loyalty.ui.app import TillApp

class Looked(TillApp):
    def begin(self):
        print(*sorted(sys.modules), sep=chr(10), file=sys.stderr)
        self.exit(0)

app = make(load({}, store="nowhere.db", scanner="nowhere"))
app.__class__ = Looked
app.run(headless=True)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(result.stderr.split())
    rooms = (
        "drivers",
        "pos_loyalty.till",
        "pos_loyalty.receipt",
        "pos_loyalty.storage.",
        "pos_loyalty.domain.programme.",
    )
    ours = {module for module in loaded if module.startswith(rooms)}
    screens = {module for module in loaded if module.startswith("pos_loyalty.ui.screens.")}
    assert ours == {"pos_loyalty.storage.faults"}
    assert screens == {"pos_loyalty.ui.screens.base", "pos_loyalty.ui.screens.starting"}
    libraries = {
        "sqlalchemy",
        "alembic",
        "sqlite3",
        "psycopg",
        "PIL",
        "barcode",
        "bidi",
        "babel",
        "msgspec",
        "serial",
        "tomllib",
    }
    assert not loaded & (libraries | {"pos_loyalty.config_file"})


def test_only_the_till_at_rest_looks_for_garbage(tmp_path: Path, shop_file: bytes) -> None:
    """The call for the terminal stops the collector while it loads; once it can sell it runs again, past what was loaded."""
    path = tmp_path / "shop.db"
    path.write_bytes(shop_file)
    code = f"""
import gc, sys
gc.disable()
from pos_loyalty.config import load
from pos_loyalty.terminal import make
from pos_loyalty.ui.app import TillApp

class Looked(TillApp):
    def _load_the_rest(self):
        before = gc.isenabled(), gc.get_freeze_count()
        super()._load_the_rest()
        print(before, gc.isenabled(), gc.get_freeze_count() > 50_000, file=sys.stderr)
        self.call_from_thread(self.exit, 0)

app = make(load({{}}, store={str(path)!r}))
app.__class__ = Looked
app.run(headless=True)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "(False, 0) True True"


async def test_a_missing_store_says_what_to_do_and_is_tried_again(tmp_path: Path, shop_file: bytes) -> None:
    """Where there is no store the first screen says so; Enter tries again, and then it sells."""
    path = tmp_path / "shop.db"
    app = make(Settings(store=str(path), data=tmp_path, operator="anna"))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: "✖" in till.text)
        till.see("Starting", "Nothing can be sold until then. Enter tries again.")
        path.write_bytes(shop_file)
        till.strike("enter")
        await till.until(lambda: till.screen == "SaleScreen" and app.at_rest)
        till.see("till-1 · anna")
        till.desk.register.store.close()


async def test_a_store_without_a_programme_says_what_to_do(tmp_path: Path, sqlite_url: str) -> None:
    """A store in which no programme was activated cannot sell, and says how to activate one."""
    app = make(Settings(store=sqlite_url, data=tmp_path, operator="anna"))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: "No programme is in force" in till.text)
        till.see("activate one with `pos-loyalty programme", "Enter tries again.")


async def test_a_register_of_no_partner_says_which_key_to_set(tmp_path: Path, sqlite_url: str) -> None:
    """Where partners honour one purse, a register that names none of them sells nothing, and says so before the first bill."""
    store = open_store(sqlite_url)
    partners = '[partners]\npurse = "cashback"\nmembers = ["corner-shop", "fit-club"]\n'
    activate(Register("till-1", store, Clock(), lambda: "0"), PROGRAMME + partners, None, "owner")
    store.close()
    app = make(Settings(store=sqlite_url, data=tmp_path, operator="anna", shop=ShopSettings(member="bakery")))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: "✖" in till.text)
        till.see("no partner bakery", "corner-shop", "Enter tries again.")
    app = make(Settings(store=sqlite_url, data=tmp_path, operator="anna", shop=ShopSettings(member="fit-club")))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: till.screen == "SaleScreen" and app.at_rest)
        assert till.desk.register.shop == "fit-club"
        till.desk.register.store.close()


async def test_leaving_is_asked_and_ends_with_zero(till: Till) -> None:
    """Ctrl+Q asks; F12 leaves with exit status 0."""
    await till.press("ctrl+q")
    till.see("Leave the till?", "No bill is open.")
    till.strike("f12")
    await till.pilot.pause(0.2)
    assert till.app.return_value == 0


async def test_a_closed_screen_leaves_nothing_behind(till: Till) -> None:
    """Screens that were closed are gone from memory with all that they painted, so that a day of bills fits where one did."""
    painted: list[weakref.ref[object]] = []
    # What is there when all is loaded is kept for good, and no collection looks at it again.
    await till.until(lambda: all(work.is_finished for work in till.app.workers if work.group == "loading"))

    def look() -> None:
        for widget in till.app.screen.walk_children(with_self=True):
            painted.extend((weakref.ref(widget), weakref.ref(widget._styles_cache)))

    for _ in range(3):
        await till.scan(TEA)
        await till.press("f12")
        look()
        await till.press("f12")
        look()
        await till.next_customer()
    first = painted[: len(painted) // 3]
    assert len(first) > 40

    def gone() -> bool:
        gc.collect()
        return all(ref() is None for ref in first)

    await till.until(gone)


async def test_a_restart_loses_the_open_bill_alone(till: Till, shop_url: str) -> None:
    """A till that is started anew has an empty counter, and nothing half stored: every receipt that was closed is there."""
    await till.scan(TEA)
    await till.press("f12", "f12")
    await till.scan("JACKET")
    async with running(shop_url) as after:
        assert after.due == "0.00"
        await after.press("f8")
        after.see("till-1-000001")
        after.see_not("till-1-000002")


async def test_help_names_every_key_of_its_screen(till: Till) -> None:
    """F1 lists all keys of the screen that it was asked on, with a sentence each."""
    await till.scan(TEA)
    for keys in ((), ("f12",), ("f8",), ("f9",)):
        await till.press(*keys, "f1")
        from pos_loyalty.ui.widgets.rows import Page

        written = "\n".join(row.left for row in till.app.screen.query_one("#help", Page).rows)
        await till.press("escape")
        below = till.app.screen
        assert isinstance(below, TillScreen)
        assert all(command.face in written for command in below.commands())
        if keys:
            await till.press("escape")


def every_screen() -> list[type[TillScreen[object]]]:
    """All kinds of screens."""
    import importlib
    import pkgutil

    from pos_loyalty.ui import screens

    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"pos_loyalty.ui.screens.{module.name}")
    found, kinds = [], [TillScreen]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.NAME:
            found.append(kind)
    return found


@pytest.mark.parametrize("kind", every_screen(), ids=lambda kind: kind.__name__)
def test_every_key_has_its_words(kind: type[TillScreen[object]]) -> None:
    """Every screen has a name; each of its keys has a short word, a sentence, and an action that is there."""
    assert kind.KEYS
    for command in kind.KEYS:
        assert isinstance(command, Command)
        assert command.help.endswith(".")
        assert command.label
        assert len(command.label) <= 14
        if command.action and "." not in command.action:
            assert hasattr(kind, f"action_{command.action.partition('(')[0]}")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_paints_the_sale(shop_url: str, language: str) -> None:
    """Each language paints the sale, a refusal, the payment and the receipt; totals and amounts stand whole."""
    async with running(shop_url, language=language) as till:
        await till.scan("JACKET", TEA, ANA)
        assert till.due == till.desk.money(475332).replace("\xa0", " ")
        await till.scan("404")
        assert till.bar.startswith(("✖", "404")) or "404" in till.bar
        await till.press("f12", "f12")
        till.amount("outcome-amount")
        assert till.screen == "ReceiptScreen"


async def test_a_fault_of_the_program_keeps_the_bill(till: Till) -> None:
    """A write that fails by a fault of the program says so; the bill is still on the counter, and it can be sold after it."""
    await till.scan(TEA)
    till.app.store(lambda: 1 // 0, print)
    await till.until(lambda: "The program failed" in till.text)
    assert till.due == "3.50"
    await till.press("f12", "f2")
    assert till.screen == "ReceiptScreen"


async def test_a_refusal_rings(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is heard as well as seen."""
    rung: list[bool] = []
    monkeypatch.setattr(till.app, "bell", lambda: rung.append(True))
    assert isinstance(till.app.screen, TillScreen)
    till.app.screen.refuse(Message("No."))
    assert rung == [True]


async def test_goods_with_the_numbers_of_cards_are_told_of_at_the_start(shop_url: str) -> None:
    """A range of cards that was set later than the goods: the sale begins with a sentence that names one and says what to do."""
    store = open_store(shop_url)
    with store.write() as books:
        books.put_items([CatalogueItem("HAM-1", "Ham", barcode="2900000012349")])
    store.close()
    async with running(shop_url) as till:
        await till.until(lambda: till.bar.startswith("✖ Goods of the catalogue have the code 2900000012349"))
        till.see("set another range of cards.")
