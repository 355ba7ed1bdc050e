"""What a scanned code is, the catalogue, and bills put aside."""

from __future__ import annotations

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.till import cards, goods, scanning, suspending
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import Order, OrderLine, sell

GOODS = """sku,barcode,name,department,price,vat,unit,reduced
TEA,4006381333931,Чай,food,3.50,20%,pc,
APPLE,,Apples,food,2.99,9,kg,no
WINE,,Wine,food,,20%,pc,yes
"""


def test_every_kind_of_code_is_told_apart(shop: Shop) -> None:
    """A card, goods by barcode and SKU, goods without a price, a receipt, a misread and an unknown code are each told."""
    goods.import_csv(shop.register, GOODS)
    cards.issue(shop.register, ANA)
    receipt = shop.sell(100).sale.receipt_number
    met = {
        code: scanning.recognise(shop.register, code)
        for code in (
            ANA,
            BORIS,
            "4006381333931",
            "APPLE",
            "WINE",
            receipt,
            "2900000000019",
            "4006381333932",
            "5901234123457",
        )
    }
    assert [type(found).__name__ for found in met.values()] == [
        "CardScanned",
        "CardScanned",
        "GoodsScanned",
        "GoodsScanned",
        "PriceNeeded",
        "ReceiptScanned",
        "NotRecognised",
        "NotRecognised",
        "NotRecognised",
    ]
    assert met["4006381333931"].item == LineItem("Чай", 350, sku="TEA", department="food", vat=200_000)
    assert (met[ANA].known, met[BORIS].known) == (True, False)
    assert "check digit" in met["4006381333932"].message.template
    assert "check digit" in met["2900000000019"].message.template


def test_catalogue_fills_in_a_line_that_has_only_its_sku(shop: Shop) -> None:
    """A line that has only a SKU takes name, price, department and VAT from the catalogue; one it does not know is refused."""
    goods.import_csv(shop.register, GOODS)
    sale = sell(shop.register, Order((OrderLine(sku="APPLE", quantity=1_500_000),))).sale
    assert (sale.quote.lines[0].item.name, sale.quote.due) == ("Apples", 449)
    with pytest.raises(Refused) as refused:
        sell(shop.register, Order((OrderLine(sku="PEAR"),)))
    assert refused.value.code == "line-invalid"


def test_catalogue_with_a_wrong_row_is_not_taken_in(shop: Shop) -> None:
    """Every wrong row is named at once, and with one of them nothing of the file is stored."""
    text = (
        GOODS
        + "TEA,,Again,,1.00,,,\nX,,,,,,,\nY,4006381333932,Y,,1,,,\nZ,,Z,,1.2345,,,\nV,,V,,1,300%,,\nR,,R,,1,,,maybe\n"
    )
    _, problems = goods.import_csv(shop.register, text)
    assert [problem.row for problem in problems] == [5, 6, 7, 8, 9, 10]
    assert goods.listed(shop.register) == ()


def test_catalogue_taken_in_again_replaces_by_sku(shop: Shop) -> None:
    """Goods taken in again have the new price; a barcode that other goods have is refused."""
    goods.import_csv(shop.register, GOODS)
    _, problems = goods.import_csv(shop.register, GOODS.replace("3.50", "3.70"))
    assert problems == ()
    assert [item.price for item in goods.find(shop.register, "чай")] == [3_700_000]
    _, problems = goods.import_csv(shop.register, "sku,barcode,name\nCUP,4006381333931,Cup\n")
    assert [problem.row for problem in problems] == [2]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "sku\nX\n", 'sku,name\n"x,y\n', "sku,sku,name\n"])
def test_file_that_is_no_catalogue_says_so(shop: Shop, text: str) -> None:
    """An empty file, other columns and broken quoting are a sentence, not a crash."""
    _, problems = goods.import_csv(shop.register, text)
    assert problems


def test_suspended_bill_survives_and_is_recalled_once(shop: Shop) -> None:
    """A bill put aside comes back whole, card and all, to one register only, and left no trace in any purse."""
    cards.issue(shop.register, ANA)
    bill = Bill(shop.register.new_id(), (LineItem("Tea", 350, sku="T"),), ANA).with_spend("cashback", "max")
    suspending.suspend(shop.register, bill, "anna", "blue coat")
    (waiting,) = suspending.suspended(shop.register)
    assert (waiting.label, waiting.lines) == ("blue coat", 1)
    assert suspending.recall(shop.register, waiting.id) == bill
    with pytest.raises(Refused) as refused:
        suspending.recall(shop.register, waiting.id)
    assert refused.value.code == "bill-unknown"
    assert cards.show(shop.register, ANA).visits == 0


def test_like_goods_count_up_and_other_ones_do_not() -> None:
    """The same goods rung up again count up on their line; at another price, or discounted by hand, they stand apart."""
    tea = LineItem("Tea", 350, sku="T")
    bill = Bill("b").add(tea).add(LineItem("Cup", 900, sku="C")).add(tea)
    assert [(line.sku, line.quantity) for line in bill.lines] == [("T", 2_000_000), ("C", 1_000_000)]
    assert len(bill.add(LineItem("Tea", 360, sku="T")).lines) == 3
    assert bill.void(0).lines[0].sku == "C"
