"""Whatever comes from a scanner, a keyboard, a file or a caller: nothing is raised, nothing stalls, nothing is taken for a card."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import mutation
import parsers
import pytest
from hypothesis import HealthCheck, given, settings
from mutation import Stalled, almost_right, nearly, watch
from scenes import STORE, opened

from pos_loyalty.domain.card import look_of
from pos_loyalty.till.goods import read_csv

EXAMPLES = 300
SOAK = 1_000_000


@pytest.fixture(scope="module")
def shop(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[parsers.Shop]:
    """A register on a store with a history."""
    path = tmp_path_factory.mktemp("fuzzing") / STORE
    shutil.copyfile(base, path)
    with opened(path) as store:
        yield parsers.Shop.on(store)


# By name: the inputs that are right, whether they are texts (or bytes), the target, and what must become of some of them.
PARSERS: dict[str, tuple[list[str], bool, Callable[[parsers.Shop], parsers.Target], set[str]]] = {
    "serial": (parsers.framings(), False, lambda shop: parsers.framed, {"card", "scan", "noise"}),
    "packets": (parsers.packets(), False, lambda shop: parsers.packeted, {"card", "scan", "noise"}),
    "wedge": (parsers.typings(), True, lambda shop: parsers.keyed, {"card", "scan", "typed"}),
    "scanned": (parsers.CODES, True, lambda shop: shop.scanned, {"card", "receipt", "goods", "unknown"}),
    "card-number": (
        parsers.CODES,
        True,
        lambda shop: parsers.card_number,
        {"card", "wrong-check-digit, check-digit", "other"},
    ),
    "json": (parsers.JSON, False, lambda shop: shop.line, {"priced", "returned", "object", "refused"}),
    "csv": (parsers.CSV, True, lambda shop: parsers.csv_file, {"goods", "some refused", "refused"}),
    "programme": (parsers.PROGRAMMES, True, lambda shop: parsers.programme_file, {"programme", "refused"}),
}


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_almost_right(name: str, shop: parsers.Shop) -> None:
    """Hypothesis changes what is right, a few characters at a time: all that must hold of any input holds."""
    corpus, text, target_of, _ = PARSERS[name]
    target = target_of(shop)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(nearly(corpus, text=text))
    def attack(one: str) -> None:
        watch([one], target)

    attack()


@pytest.mark.parametrize("count", [2_000, pytest.param(SOAK, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", PARSERS)
def test_so_many_inputs(name: str, count: int, shop: parsers.Shop) -> None:
    """The same at random, in numbers; POS_LOYALTY_FUZZ_SEED gives others. Each kind of outcome must be among them."""
    corpus, text, target_of, wanted = PARSERS[name]
    if name == "programme" and count < SOAK:
        count = 400
    seed = int(os.environ.get("POS_LOYALTY_FUZZ_SEED", "1"))
    found = watch(almost_right(corpus, count, text=text, seed=zlib.crc32(name.encode()) + seed), target_of(shop))
    print(f"\n{name}: {found}")
    assert found.tried == count
    assert wanted <= set(found.became), "an outcome never came up: the inputs are not what they should be"


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_right_is_taken(name: str, shop: parsers.Shop) -> None:
    """The corpus itself, without a change, is not all refused: it is what the changes start from."""
    corpus, _, target_of, wanted = PARSERS[name]
    found = watch(corpus, target_of(shop))
    assert found.tried == len(corpus)
    assert set(found.became) & wanted


# ---- controls: the same harness sees a parser that is broken ----


def _raises(one: str) -> str:
    return "noise" if one.encode("latin-1").decode("ascii", "strict" if "\xff" in one else "ignore") else "nothing"


def _stalls(one: str) -> str:
    while "\x1d" in one:
        pass
    return "scan"


def _believes(one: str) -> str:
    digits = "".join(filter(str.isdigit, one))
    assert len(digits) != 13 or not digits.startswith("29") or parsers.is_card(digits), "a false card"
    return "card"


@pytest.mark.parametrize(
    ("broken", "error"),
    [(_raises, UnicodeDecodeError), (_stalls, Stalled), (_believes, AssertionError)],
    ids=["raises on 0xFF", "never ends", "does not look at the check digit"],
)
def test_control_broken_parser_is_caught(
    broken: parsers.Target, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser that raises on one byte, one that never ends on another, and one that takes any digits for a card
    are caught, with the input, by the numbers of the short form.
    """
    monkeypatch.setattr(mutation, "HANGS_AFTER", 0.5)
    with pytest.raises(error) as caught:
        watch(almost_right(parsers.framings(), 2_000, text=False), broken)
    assert "input " in caught.value.__notes__[0]


def test_control_slow_parser_is_caught() -> None:
    """One that ends, and takes the time of a hundred scans for it, is caught by the processor's clock."""

    def slow(one: str) -> str:
        return str(sum(range(60_000_000))) if "\x1d" in one else "scan"

    with pytest.raises(Stalled):
        watch(almost_right(parsers.framings(), 2_000, text=False), slow)


def test_control_false_card_is_caught(shop: parsers.Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check digit switched off in the program itself, the serial line, the keyboard and the scanned codes all say so."""
    monkeypatch.setattr("pos_loyalty.domain.card.ean_is_valid", lambda code: True)
    for name in ("serial", "packets", "wedge", "scanned", "card-number"):
        corpus, text, target_of, _ = PARSERS[name]
        with pytest.raises(AssertionError):
            watch(almost_right(corpus, 2_000, text=text), target_of(shop))


def test_hypothesis_finds_the_broken_byte() -> None:
    """The strategies reach it as well, not only the generator of numbers."""

    @settings(
        max_examples=10 * EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(nearly(parsers.framings(), text=False))
    def attack(one: str) -> None:
        watch([one], _raises)

    with pytest.raises(UnicodeDecodeError):
        attack()


def test_the_other_reckoning_of_check_digits_is_right() -> None:
    """The checks that cards are held against, on numbers from print: GS1's manual, a book's ISBN, Damm's own example 5724."""
    assert parsers.is_card("2900000000018")
    assert not parsers.is_card("2900000000019")
    assert parsers.is_card("L05724") is True
    assert not any(parsers.is_card(f"L0572{n}") for n in "012356789")


# ---- what was found ----


@pytest.mark.parametrize("head", ["sku,name", "na\x1b[2Jme", "sku,name,price", "sku,name,vat", "sku,name,reduced"])
def test_catalogue_says_nothing_to_a_terminal(head: str) -> None:
    """An escape sequence in a head, a name or a value is refused, and the sentence that says so does not repeat it."""
    _, problems = read_csv(f"{head}\nA,\x1b[2JTea,\x1b]0;x\x07\n")
    assert problems
    for problem in problems:
        parsers.said(problem.message)


def test_receipt_is_found_by_its_printed_number_only(shop: parsers.Shop) -> None:
    """till-1-000003 is a receipt; the same with more zeros was never printed."""
    assert shop.scanned("till-1-000003") == "receipt"
    assert shop.scanned("till-1-00000003") == "unknown"


def test_card_is_no_longer_than_a_card_can_be() -> None:
    """A long number with a right check digit behind our letter is no card of ours: none of that length was ever issued."""
    assert look_of("L" + "0" * 31, parsers.CARDS) == "card"
    assert look_of("L" + "0" * 32, parsers.CARDS) == "other"


def test_barcode_in_digits_of_another_script_is_what_a_scanner_sends() -> None:
    """Arabic-Indic digits of a catalogue are 0-9 in the store, as they are in every scan: or the goods would never be found."""
    ((_, item),), problems = read_csv("name,barcode\nشاي,٤٠٠٦٣٨١٣٣٣٩٣١\n")
    assert (item.barcode, item.sku, problems) == ("4006381333931", "4006381333931", ())
