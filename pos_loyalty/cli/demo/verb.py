"""`demo`: makes the demo shop in a store of its own, and opens the terminal on it with a simulated scanner."""

from __future__ import annotations

import csv
import gc
import io
from dataclasses import replace
from datetime import datetime
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.scan_socket import NoScannerListening, send
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.cli.demo.making import STAFF, Plan, demo_programme, goods_text
from pos_loyalty.cli.demo.place import Made, ready
from pos_loyalty.cli.demo.stars import TITLES
from pos_loyalty.cli.terminal import check_screen
from pos_loyalty.config import Settings, ShopSettings
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.till.operators import ROLE_NAMES

MOST_CARDS = 100_000
MOST_DAYS = 730
"""Two years: past it the first purses have expired twice and nothing new is to be seen."""
SHOWN = (
    "JACKET",
    "CAPPUCCINO",
    "CROISSANT",
    "MUG",
    "APPLES",
    "NOVEL-PAPERBACK",
    "CIGARETTES-RED",
    "DEPOSIT",
    "SHIRT",
    "HONEY",
)
"""Goods of every kind: dear and cheap, by weight, of another rate of VAT, and such as are only paid for."""
SELLER = "Anna"
SHOP = ShopSettings("Corner Shop", ("1 Main Street", "Sofia"), ("Thank you, and see you soon!",))


def run(call: Call) -> int:
    """Make the demo shop if it is not there, and open the terminal on it unless --no-terminal says not to."""
    options = call.options
    _check("--cards", options.cards, MOST_CARDS)
    _check("--days", options.days, MOST_DAYS)
    if not options.no_terminal:
        check_screen()
    path = _path(options.store) if options.store else call.settings.demo_store
    settings = _settings(call.settings, path)
    _refuse_second(settings)
    today = datetime.now(ZoneInfo(demo_programme().time_zone)).date()
    plan = Plan(options.cards, options.days, options.seed, today, settings.register, settings.cards)
    title = call.language.text(N_("Making the demo shop"))
    made, new = ready(path, plan, lambda percent: call.out.progress(f"{title} {percent} %"), fresh=options.fresh)
    call.out.end_progress()
    call.say(
        N_("The demo shop is made: {file}") if new else N_("The demo shop is the one made on {day}: {file}"),
        file=str(path),
        day=made.today,
    )
    paper = path.with_name("receipts.txt")
    _introduce(call, made, paper, fresh_today=made.today == today)
    call.out.flush()
    if options.no_terminal:
        return DONE
    gc.disable()  # as `cli.terminal` does
    from pos_loyalty import terminal  # noqa: PLC0415 - only when a screen is wanted

    card, product = cycle(star.number for star in made.stars), cycle(goods_to_show())
    demo = terminal.Demo(lambda: next(card), lambda: next(product), settings.demo_socket, paper)
    return terminal.run(settings, demo)


def _check(option: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise CallWrong(Message(N_("{option} is a whole number from 1 to {most}."), option=option, most=most))


def _path(store: str) -> Path:
    """--store of a demo: a path, or the address of an SQLite file."""
    plain = store.removeprefix("sqlite:///")
    if "://" in plain or not plain:
        raise CallWrong(Message(N_("The demo keeps its shop in an SQLite file: give --store a path.")))
    return Path(plain).absolute()


def _settings(settings: Settings, path: Path) -> Settings:
    """The register's settings with the demo's store; the demo has a scanner of its own, shows receipts on the screen, and a cashier
    is signed in.
    """
    shop = settings.shop if settings.shop.name else SHOP
    # Who looks at the demo is not locked out of it while they read; Ctrl+L shows the lock.
    seller = settings.operator or SELLER
    return replace(settings, store=str(path), shop=shop, scanners=(), printer=None, operator=seller, lock_minutes=0)


def _refuse_second(settings: Settings) -> None:
    try:
        send(settings.demo_socket, [])
    except NoScannerListening:
        return
    raise Refused("demo-runs", Message(N_("A demo is running already: close it first, or scan into it.")))


def goods_to_show() -> list[str]:
    """The barcodes that the demo's key for goods scans, one after the other."""
    barcodes = {row["sku"]: row["barcode"] for row in csv.DictReader(io.StringIO(goods_text()))}
    return [barcodes[sku] for sku in SHOWN]


def _introduce(call: Call, made: Made, paper: Path, *, fresh_today: bool) -> None:
    call.say(N_("Cards to try:"))
    for star in made.stars:
        if star.kind == "birthday" and not fresh_today:
            continue
        title = call.language.text(TITLES.get(star.kind, star.kind))
        call.out.line(f"  {star.number}  {title}{f': {star.holder}' if star.holder else ''}")
    call.say(N_("Goods to try: {codes}"), codes=", ".join([*goods_to_show()[:2], *SHOWN[2:4]]))
    call.say(N_("Anna sells. PINs to sign in with (Ctrl+L), and to allow what a cashier may not:"))
    for name, role, pin in STAFF:
        call.out.line(f"  {pin:6}  {name}, {call.language.text(ROLE_NAMES[role])}")
    if made.receipt is not None:
        call.say(N_("A receipt to take goods back of: {number}"), number=made.receipt)
    call.say(N_("Scan them from another terminal: pos-loyalty scan {code}"), code=made.stars[0].number)
    if not call.options.no_terminal:
        call.say(N_("The demo's printer writes to {file}."), file=str(paper))
