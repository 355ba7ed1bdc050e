"""`card print`: to files, to a list for who makes the cards, and on the receipt printer."""

from __future__ import annotations

import csv
import io
import socket
import threading

import pytest
import zxingcpp
from PIL import Image

ANA = "2900000000018"


def issue(shop, count: int) -> list[str]:
    """Bearer cards, by the program itself."""
    return [card["number"] for card in shop("card", "issue", "--bearer", "--count", str(count), "--json").json]


def read(data: bytes) -> list[str]:
    """The codes of a picture, sorted."""
    return sorted(code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(data))))


def test_one_card_is_a_card_alone(shop) -> None:
    """A holder's card as PNG is as large as a card and can be scanned; SVG and PDF are written likewise."""
    for suffix in ("png", "svg", "pdf"):
        file = shop.folder / f"ana.{suffix}"
        ran = shop("card", "print", "--holder", ANA, "--out", str(file), "--json")
        assert ran.json == {"cards": [ANA], "files": [str(file)]}
    assert read((shop.folder / "ana.png").read_bytes()) == [ANA]
    with Image.open(shop.folder / "ana.png") as picture:
        assert picture.size == (1011, 638)
    assert "Ana Kovač" in (shop.folder / "ana.svg").read_text(encoding="utf-8")
    assert (shop.folder / "ana.pdf").read_bytes().startswith(b"%PDF-")
    blank = shop.folder / "blank.svg"
    assert shop("card", "print", "--holder", ANA, "--blank", "--out", str(blank)).status == 0
    assert "Ana" not in blank.read_text(encoding="utf-8")


def test_several_cards_are_sheets(shop) -> None:
    """Twelve cards are two sheets: two pictures, numbered, or one PDF; each card is on one of them."""
    numbers = issue(shop, 12)
    file = shop.folder / "box.png"
    ran = shop("card", "print", "--from", numbers[0], "--count", "12", "--out", str(file), "--dpi", "203")
    assert ran.out.splitlines() == [f"{shop.folder}/box-1.png is written.", f"{shop.folder}/box-2.png is written."]
    sheets = [(shop.folder / f"box-{n}.png").read_bytes() for n in (1, 2)]
    assert [read(sheet) for sheet in sheets] == [sorted(numbers[:10]), sorted(numbers[10:])]
    listed = "\n".join(numbers)
    pdf = shop.folder / "box.pdf"
    assert shop("card", "print", "-", "--out", str(pdf), stdin=listed).status == 0
    assert pdf.read_bytes().count(b"/Type /Page\n") == 2


def test_an_order_is_a_list_that_goes_out_once(shop) -> None:
    """The CSV names each new card; asked again, also after a crash, it is the same file and nothing new is issued."""
    file = shop.folder / "order.csv"
    argv = ("card", "print", "--order", "winter", "--count", "30", "--out", str(file))
    assert shop(*argv, "--json").json["new"] is True
    first = file.read_bytes()
    rows = list(csv.DictReader(io.StringIO(first.decode())))
    assert len({row["number"] for row in rows}) == 30
    assert rows[0] == {
        "number": "2900000000025",
        "symbology": "ean-13",
        "barcode": "2900000000025",
        "digits": "2900 0000 0002 5",
        "programme": "Corner Shop Club",
        "tier": "",
        "holder": "",
    }
    file.unlink()
    again = shop(*argv)
    assert again.out.startswith("The order winter was made before")
    assert file.read_bytes() == first
    assert issue(shop, 1) == ["2900000000322"]
    other = shop("card", "print", "--order", "winter", "--count", "31", "--out", str(file))
    assert (other.status, other.err.count("\n")) == (1, 1)


def test_an_order_may_be_of_another_range_and_in_a_tiers_design(shop) -> None:
    """--range names one of the settings' ranges, --tier one of the programme's tiers."""
    settings = shop.folder / "register.toml"
    ranges = '[[cards.range]]\nprefix = "29"\n[[cards.range]]\nprefix = "KA"\ncheck = "luhn"\ndigits = 6\n'
    settings.write_text(ranges + '[cards.colours]\nvip = "#123456"\n')
    file = shop.folder / "vip.svg"
    ran = shop(
        *("card", "print", "--order", "vip", "--range", "KA", "--tier", "vip", "--out", str(file), "--json"),
        *("--config", str(settings)),
    )
    assert ran.json["cards"] == ["KA0000018"]
    assert 'fill="#123456"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--holder", ANA],
        ["--holder", ANA, "--from", ANA, "--out", "a.pdf"],
        ["--holder", ANA, "--out", "a.gif"],
        ["--holder", ANA, "--out", "a.pdf", "--paper"],
        ["--holder", ANA, "--paper"],
        ["--holder", ANA, "--range", "29", "--out", "a.pdf"],
        ["--holder", ANA, "--dpi", "100", "--out", "a.pdf"],
        ["--order", "big", "--count", "2001", "--out", "a.pdf"],
        ["-", "--out", "a.pdf"],
    ],
)
def test_a_call_that_cannot_be_understood_is_one_sentence(shop, argv: list[str]) -> None:
    """No cards or two kinds of them, nowhere to print, a file of no kind, a printer that there is not: exit status 2."""
    ran = shop("card", "print", *argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert issue(shop, 1) == ["2900000000025"]


@pytest.mark.parametrize(
    "argv",
    [
        ["--holder", "2900000009998"],
        ["--from", "2900000000019"],
        ["--order", "a/b"],
        ["--order", "a", "--tier", "platinum"],
    ],
)
def test_cards_that_there_are_not_are_refused(shop, argv: list[str]) -> None:
    """Exit status 1, one sentence, and no file."""
    ran = shop("card", "print", *argv, "--out", str(shop.folder / "a.pdf"))
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert not (shop.folder / "a.pdf").exists()
    assert issue(shop, 1) == ["2900000000025"]


def test_a_number_too_long_for_a_card_is_refused(shop) -> None:
    """Thirty-two letters of another maker fit a card at 300 dots an inch, and not at 203."""
    number, file = "A" * 32, shop.folder / "a.png"
    assert shop("card", "issue", "--bearer", "--number", number).status == 0
    argv = ("card", "print", "--holder", number, "--out", str(file), "--dpi")
    ran = shop(*argv, "203")
    assert (ran.status, ran.err.count("\n"), file.exists()) == (1, 1, False)
    assert shop(*argv, "300").status == 0
    assert read(file.read_bytes()) == [number]


def test_a_folder_that_is_not_there_is_one_sentence(shop) -> None:
    """An order whose file could not be written is there the next time."""
    argv = ("card", "print", "--order", "one", "--out")
    ran = shop(*argv, str(shop.folder / "none" / "a.csv"))
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert shop(*argv, str(shop.folder / "a.csv")).out.startswith("The order one was made before")


def test_a_card_of_paper_goes_to_the_receipt_printer(shop) -> None:
    """Each card is a job of its own, with its number as a barcode; one that cannot be printed says how many were."""
    jobs: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    job = b""
                    while data := connection.recv(4096):
                        job += data
                    jobs.append(job)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        target = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        (number,) = issue(shop, 1)
        ran = shop("card", "print", "-", "--paper", "--printer", target, stdin=f"{ANA}\n{number}\n")
        thread.join(10)
    assert (ran.status, ran.out) == (0, "2 cards were printed.\n")
    assert [ANA.encode() in jobs[0], number.encode() in jobs[1]] == [True, True]
    off = shop("card", "print", "--holder", ANA, "--paper", "--printer", target)
    assert off.status == 1
    assert off.err.startswith("pos-loyalty: 0 of 1 cards were printed.")
