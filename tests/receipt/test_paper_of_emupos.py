"""The whole way from a receipt to the paper of a simulator that is not ours (emupos); its paper is read by zxing-cpp."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import emupos_bench
import pytest
import zxingcpp
from emupos_bench import Bench

from drivers.drawer import Drawer
from drivers.printer import open_printer
from drivers.printing import Printed
from pos_loyalty.config import PrinterSettings
from pos_loyalty.domain.money import Currency
from pos_loyalty.language import Language
from pos_loyalty.receipt import PROFILES, Receipt, Text, as_escpos, sale_receipt
from pos_loyalty.terminal import printing
from pos_loyalty.terminal.printing import SpooledPrinter
from pos_loyalty.ui.messages import DeviceSaid, PrinterHealth, PrinterState

EUR = Currency.of("EUR")
PATIENCE = 20.0

pytestmark = pytest.mark.skipif(
    emupos_bench.program() is None,
    reason="emupos is not here: it needs Python 3.13 (tests/support/emupos_bench.py says how)",
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One printer for all of these tests."""
    with emupos_bench.bench(tmp_path_factory.mktemp("emupos")) as one:
        yield one


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[Any]:
    """What the till is told."""
    monkeypatch.setattr(printing, "LOOK_EVERY", 0.2)
    return queue.Queue()


def wait_for(states: queue.Queue[Any], wanted: type, **like: object) -> Any:
    """The next state of a kind with these values."""
    while True:
        event = states.get(timeout=PATIENCE)
        state = event.state if isinstance(event, DeviceSaid) else None
        if isinstance(state, wanted) and all(getattr(state, name) == value for name, value in like.items()):
            return state


def _newest(bench: Bench, before: int) -> str:
    bench.until(lambda: len(bench.receipts()) > before)
    newest = bench.receipts()[-1]
    assert newest["boundary"] == "cut"
    return str(newest["id"])


@pytest.mark.parametrize("profile", ["default", "epson-tm-t20", "58mm", "graphic", "graphic-bands"])
@pytest.mark.parametrize("code", ["en", "bg", "ru", "ar", "pl", "bs"])
def test_a_receipt_in_every_language(full, bench: Bench, profile: str, code: str) -> None:
    """The printer confirms it, knows every command and code page in it, and the receipt's number scans from its paper."""
    receipt = sale_receipt(full.sale, "Ана محمد", full.shop, Language(code, EUR), local=full.local)
    before = len(bench.receipts())
    job = as_escpos(receipt, replace(PROFILES[profile], cutter=True))
    assert open_printer(bench.target).send(job) == Printed(confirmed=True)
    paper = bench.paper(_newest(bench, before))
    found = [code.text for code in zxingcpp.read_barcodes(paper)]
    assert found == [full.sale.receipt_number]
    assert bench.complaints() == []
    assert "?" not in bench.text(bench.receipts()[-1]["id"])


def test_the_three_picture_commands_look_the_same_on_paper(bench: Bench) -> None:
    """Dot by dot, but for the blank paper below."""
    papers = []
    for command in ("raster", "graphics", "column"):
        before = len(bench.receipts())
        profile = replace(PROFILES["graphic"], image=command)
        open_printer(bench.target).send(as_escpos(Receipt((Text("قميص", "5.00"),) * 11), profile))
        papers.append(bench.paper(_newest(bench, before)).convert("L"))
    boxes = [paper.point(lambda dot: 255 - dot).getbbox() for paper in papers]
    assert boxes[0] is not None
    assert boxes[1:] == boxes[:-1]
    inks = [paper.crop(box).tobytes() for paper, box in zip(papers, boxes, strict=True)]
    assert inks[1:] == inks[:-1]


@pytest.mark.parametrize(
    ("fault", "said"),
    [("paper-out", "printer.paper_out"), ("cover-open", "printer.cover_open"), ("offline", "printer.offline")],
)
def test_a_fault_holds_the_receipt_and_not_the_drawer(
    bench: Bench, tmp_path: Path, states: queue.Queue[Any], fault: str, said: str
) -> None:
    """It is shown before and while a receipt waits; nothing of that comes out meanwhile, and once the printer is well it comes
    once. The drawer opens at once all the same, where the printer does that.
    """
    from drivers.reasons import SENTENCES

    bench.close_drawer()
    bench.fault(fault, on=True)
    before = len(bench.receipts())
    settings = PrinterSettings(bench.target, drawer=Drawer(open_level="high"))
    printer = SpooledPrinter(settings, states.put, tmp_path / "queue")
    printer.start()
    try:
        health = wait_for(states, PrinterHealth)
        assert health.message.template == SENTENCES[said]
        printer.put("r1", Receipt((Text("waits for paper"),)), open_drawer=True, title="till-1-000001")
        waits = wait_for(states, PrinterState, job="r1", state="waiting")
        assert waits.message.template == SENTENCES[said]
        wait_for(states, PrinterHealth, drawer_open=True)
        assert bench.drawer_open
        bench.close_drawer()
        wait_for(states, PrinterHealth, drawer_open=False)
        assert len(bench.receipts()) == before
        bench.fault(fault, on=False)
        wait_for(states, PrinterHealth, message=None)
        bench.until(lambda: len(bench.receipts()) > before)
        assert "waits for paper" in bench.text(_newest(bench, before))
    finally:
        bench.fault(fault, on=False)
        printer.close()
    assert len(bench.receipts()) == before + 1


def test_a_roll_near_its_end_is_told_and_prints(bench: Bench, states: queue.Queue[Any]) -> None:
    """The cashier has time to fetch a roll."""
    bench.fault("paper-near-end", on=True)
    printer = SpooledPrinter(PrinterSettings(bench.target), states.put)
    printer.start()
    try:
        assert wait_for(states, PrinterHealth).paper_low
        printer.put("r1", Receipt((Text("the last of the roll"),)), open_drawer=False)
        assert wait_for(states, PrinterState, job="r1", state="printed").paper_low
        bench.fault("paper-near-end", on=False)
        assert not wait_for(states, PrinterHealth).paper_low
    finally:
        bench.fault("paper-near-end", on=False)
        printer.close()


def test_the_drawer_on_either_pin(bench: Bench) -> None:
    """The pulse is seen as one, on the pin that was set."""
    for pin in (2, 5):
        bench.close_drawer()
        open_printer(bench.target).kick(Drawer(pin=pin))  # type: ignore[arg-type]
        bench.until(lambda: bench.drawer_open)
        assert f"drawer opened (pin {pin})" in bench.log.read_text()


def test_a_logo_on_the_paper(bench: Bench, tmp_path: Path, states: queue.Queue[Any]) -> None:
    """A picture of a QR code over the receipt can be scanned from the paper."""
    logo = tmp_path / "logo.png"
    barcode = zxingcpp.create_barcode("https://shop.example", zxingcpp.BarcodeFormat.QRCode)
    from PIL import Image

    Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=8)).save(logo)
    before = len(bench.receipts())
    printer = SpooledPrinter(PrinterSettings(bench.target, logo=logo), states.put)
    printer.start()
    try:
        printer.put("r1", Receipt((Text("below the picture"),)), open_drawer=False)
        wait_for(states, PrinterState, job="r1", state="printed")
        paper = bench.paper(_newest(bench, before))
    finally:
        printer.close()
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == ["https://shop.example"]
