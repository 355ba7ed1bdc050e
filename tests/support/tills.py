"""A terminal in front of a test: keys and scans go in, and what the screen shows comes out, on a real store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shops import ANA, BORIS, PROGRAMME, Clock
from textual import events
from textual.pilot import Pilot

from pos_loyalty.language import Language
from pos_loyalty.storage.engine import Store
from pos_loyalty.ui.app import TillApp
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.devices import Devices, KeySorter, NoDevices, Outfit
from pos_loyalty.ui.direction import Mode
from pos_loyalty.ui.messages import Scanned
from pos_loyalty.ui.screens.receipt import READ_FIRST, ReceiptScreen
from pos_loyalty.ui.screens.starting import StartingScreen
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.bar import Bar
from pos_loyalty.ui.workbench import Workbench

TEA = "4006381333931"
GOODS = f"""sku,barcode,name,department,price,vat,unit
TEA,{TEA},Green tea 20 bags,food,3.50,20%,pc
JACKET,,Winter jacket,clothes,5000.00,20%,pc
HAM,,Ham sliced thin from the mountain village of Elena,food,12.99,20%,kg
GIFT,,Something without a price,misc,,20%,pc
CIGS,,Cigarettes,tobacco,6.10,20%,pc
"""
BLOCKED = "2900000000032"
PATIENCE = 10.0
"""Seconds that a test waits for something; only a failing test waits that long."""


CHARACTERS = {"enter": "\r", "tab": "\t", "space": " ", "plus": "+", "minus": "-", "slash": "/", "asterisk": "*"}
NAMES = {character: name for name, character in CHARACTERS.items()}


@dataclass
class Till:
    """One terminal, running."""

    app: TillApp
    pilot: Pilot[int]
    clock: Clock

    @property
    def desk(self) -> Desk:
        """Its desk; the store is open."""
        assert self.app.desk is not None
        return self.app.desk

    # ---- in -----------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Wait until all keys and scans have been handled, nothing is being stored, and the screen is painted."""
        await self.until(lambda: self.app.at_rest)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so, and the screen is painted."""
        end = time.monotonic() + PATIENCE
        await self.pilot._wait_for_screen()
        while not seen():
            assert time.monotonic() < end, f"it never became so:\n{self.text}"
            await asyncio.sleep(0.002)
        await self.pilot.pause(0)
        await self.pilot.pause(0)

    def strike(self, *keys: str) -> None:
        """Press keys without waiting for what they do."""
        for key in keys:
            character = key if len(key) == 1 else CHARACTERS.get(key)
            self.app.post_message(events.Key(NAMES.get(key, key), character))

    async def press(self, *keys: str) -> None:
        """Press keys one after another, by Textual's names or as characters. (Pilot's own way takes a tenth of a second a key.)"""
        self.strike(*keys)
        await self.settle()

    async def type(self, text: str, end: str = "enter") -> None:
        """Type a text, and Enter."""
        await self.press(*text, *([end] if end else []))

    async def scan(self, *codes: str) -> None:
        """Scan codes, as a scanner's thread hands them over."""
        for code in codes:
            self.app.post_message(Scanned(code))
        await self.settle()

    async def next_customer(self) -> None:
        """Read the receipt that has just appeared for as long as Enter does not leave it, without waiting so long, and go on."""
        await self.until(lambda: self.screen == "ReceiptScreen")
        receipt = self.app.screen
        assert isinstance(receipt, ReceiptScreen)
        receipt.shown_at -= READ_FIRST
        await self.press("enter")

    # ---- out ----------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """What the screen shows, line by line, as the terminal would."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines)

    @property
    def bar(self) -> str:
        """What the bar of the screen that is up says, on one line."""
        bar = self.app.screen.query_one(Bar)
        return " ".join(" ".join(row.left for row in bar.rows).split())

    def amount(self, id: str) -> str:
        """An amount in big digits; it must stand whole on the screen."""
        widget = self.app.screen.query_one(f"#{id}", Amount)
        width, height = self.app.size
        assert widget.region.right <= width
        assert widget.region.bottom <= height
        assert widget.get_content_width(widget.size, widget.size) <= widget.size.width
        return widget.value

    @property
    def due(self) -> str:
        """The total on the sale screen."""
        return self.amount("due-amount")

    def see(self, *words: str) -> None:
        """All these words stand on the screen, each within one line."""
        for word in words:
            assert any(word in line for line in self.lines), f"{word!r} is not on the screen:\n{self.text}"

    def see_not(self, *words: str) -> None:
        """None of these words stands on the screen."""
        for word in words:
            assert word not in self.text, f"{word!r} is on the screen:\n{self.text}"

    @property
    def screen(self) -> str:
        """The name of the screen that is up."""
        return type(self.app.screen).__name__


def open_desk(store_url: str, clock: Clock, language: str = "en", name: str = "till-1") -> Desk:
    """A desk on a store; the first one puts the programme, goods and holders of the tests into it."""
    from pos_loyalty.domain.message import Refused
    from pos_loyalty.receipt import Shop
    from pos_loyalty.storage.engine import open_store
    from pos_loyalty.till.card_life import block
    from pos_loyalty.till.goods import import_csv
    from pos_loyalty.till.holders import Enrolment, enrol
    from pos_loyalty.till.ids import uuid7
    from pos_loyalty.till.programmes import activate, current
    from pos_loyalty.till.register import Register

    store = open_store(store_url)
    register = Register(name, store, clock, lambda: uuid7(clock.now))
    try:
        rules = current(register)
    except Refused:
        activate(register, PROGRAMME, None, "owner")
        rules = current(register)
        count, problems = import_csv(register, GOODS)
        assert (count, problems) == (5, ())
        enrol(register, Enrolment("Ana Kovač", card=ANA, phone="+359888123456", birthday=date(1990, 1, 8)))
        enrol(register, Enrolment("محمد علي", card=BORIS))
        enrol(register, Enrolment("Blocked Bo", card=BLOCKED))
        block(register, BLOCKED)
    shop = Shop("Corner Shop", ("1 Main Street",), ("Thank you!",))
    programme = rules.programme
    return Desk(register, Language(language, programme.currency, purses=rules.units), shop, "anna", programme)


@asynccontextmanager
async def running(
    store_url: str,
    *,
    size: tuple[int, int] = (80, 24),
    language: str = "en",
    devices: Devices | None = None,
    sorter: KeySorter | None = None,
    rtl: Mode = "app",
    clock: Clock | None = None,
    name: str = "till-1",
    workbench: Callable[[], Workbench] | None = None,
) -> AsyncIterator[Till]:
    """A terminal on a store, ready to sell."""
    clock = clock or Clock(datetime(2026, 1, 5, 10, 0, tzinfo=UTC))
    stores: list[Store] = []

    def opening() -> Desk:
        desk = open_desk(store_url, clock, language, name)
        stores.append(desk.register.store)
        return desk

    outfit = Outfit(devices or NoDevices(), sorter, workbench=workbench)
    app = TillApp(opening, Language(language), outfit=lambda: outfit, rtl=rtl, title="Corner Shop")
    try:
        async with app.run_test(size=size) as pilot:
            till = Till(app, pilot, clock)
            await till.until(lambda: not isinstance(app.screen, StartingScreen) and app.at_rest)
            yield till
    finally:
        for store in stores:
            store.close()


async def enter_room(till: Till, title: str) -> None:
    """Open a screen of the owner's side from the sale, by its title in the menu."""
    from pos_loyalty.ui.screens.office import ROOMS

    (index,) = [n for n, room in enumerate(ROOMS) if room.title == title]
    await till.press("ctrl+o", *["down"] * index, "enter")
