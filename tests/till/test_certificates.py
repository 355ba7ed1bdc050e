"""Gift certificates on a real store: sold, paid with in parts, given back to, taken back, run out, and never spent twice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from shops import ANA, PROGRAMME, Clock, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.certificate import certificate_line, nth_number
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import CertificateLeft, Refund, Sale, Tender
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.certificates import expire_certificates, show
from pos_loyalty.till.checkout import price, sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, preview, refund
from pos_loyalty.till.scanning import CertificateScanned, NotRecognised, recognise
from pos_loyalty.till.tendering import by_certificate

RULES = f"""{PROGRAMME}
[gift_certificate]
expires = "24 months"
amounts = ["10.00", "25.00"]
"""
ONE, TWO = nth_number(1), nth_number(2)
GOODS = LineItem("Goods", 10_000, sku="GOODS", department="food", vat=200_000)


@pytest.fixture
def shop(make_shop: Callable[..., Shop]) -> Iterator[Shop]:
    """A register that sells certificates numbered 1, 2, …; whatever a test did, the books are whole afterwards."""
    made = make_shop(RULES)
    numbers = iter(range(1, 100))
    made.register = replace(made.register, new_secret=lambda below: next(numbers))
    yield made
    assert verify_store(made.store).faults == ()


def ring(shop: Shop, *lines: LineItem, tenders: tuple[Tender, ...] | None = None, card: str | None = None) -> Sale:
    return sell(shop.register, Bill(shop.register.new_id(), lines, card).order("anna", tenders)).sale


def sold(shop: Shop, amount: int = 2_500) -> str:
    """The number of a certificate that was sold."""
    number = ring(shop, certificate_line(amount)).quote.certificates[0].number
    assert number is not None
    return number


def left(shop: Shop, number: str = ONE) -> tuple[int, str]:
    view = show(shop.register, number)
    return view.left, view.status


def back(shop: Shop, sale: Sale, *lines: tuple[int, int]) -> Refund:
    return refund(shop.register, RefundOrder(sale.id, lines=lines or None, operator="anna")).refund


def by(number: str, amount: int) -> Tender:
    return Tender("certificate", amount, number)


# ---- sold ----


def test_a_certificate_is_sold_without_a_card_for_two_years(shop: Shop) -> None:
    """25.00 in cash: a number of its own, owed on the certificate and no revenue, and on its last day it is worth all."""
    sale = ring(shop, certificate_line(2_500))
    (one,) = sale.quote.certificates
    assert (one.number, one.amount, one.expires) == (ONE, 2_500, date(2028, 1, 5))
    assert (sale.account, sale.quote.due, sale.quote.earned) == (None, 2_500, ())
    postings = shop.store_values("SELECT account || ' ' || amount FROM postings ORDER BY n")
    assert postings == ["tender:cash 2500", f"certificate:{ONE} -2500"]
    shop.clock.forward(days=730)
    assert left(shop) == (2_500, "valid")
    shop.clock.forward(days=1)
    assert left(shop) == (0, "expired")


def test_a_quote_has_no_number_yet(shop: Shop) -> None:
    """Pricing a bill draws no number and stores nothing."""
    bill = Bill("", ()).add_certificate(1_000)
    (one,) = price(shop.register, bill.order("anna")).sale.quote.certificates
    assert (one.number, one.amount) == (None, 1_000)
    assert shop.store_value("SELECT count(*) FROM certificates") == 0


def test_a_number_that_is_taken_is_drawn_again(shop: Shop) -> None:
    """By an earlier sale or by the line above: 1 is taken, 2 is drawn for the first line and again for the second."""
    sold(shop)
    drawn = iter((1, 2, 2, 1, 3))
    shop.register = replace(shop.register, new_secret=lambda below: next(drawn))
    sale = ring(shop, certificate_line(1_000), GOODS, certificate_line(2_500))
    assert [(one.line, one.number) for one in sale.quote.certificates] == [(1, TWO), (3, nth_number(3))]


def test_numbers_are_by_chance() -> None:
    """Who makes a register without a word gets a source that nobody can guess, over all thirteen digits."""
    drawn = {Register.__dataclass_fields__["new_secret"].default(10**13) for _ in range(50)}
    assert len(drawn) == 50
    assert max(drawn) > 10**12


def test_the_same_id_again_is_the_same_certificate(shop: Shop) -> None:
    """Asked twice, one is sold; its number is that of the first answer."""
    bill = Bill(shop.register.new_id(), (certificate_line(2_500),))
    first, again = (sell(shop.register, bill.order("anna")) for _ in range(2))
    assert again.repeated
    assert again.sale == first.sale


def test_what_the_programme_does_not_sell_is_refused(shop: Shop, make_shop: Callable[..., Shop]) -> None:
    """Another amount than those named; and once the programme sells none, those sold before still pay."""
    with pytest.raises(Refused, match="are sold for") as refused:
        ring(shop, certificate_line(1_100))
    assert refused.value.code == "certificate-invalid"
    number = sold(shop)
    activate(shop.register, PROGRAMME, None, "owner")
    with pytest.raises(Refused, match="sells no gift certificates"):
        ring(shop, certificate_line(1_000))
    ring(shop, GOODS, tenders=(by(number, 2_500), Tender("cash", 7_500)))
    assert left(shop) == (0, "spent")


# ---- paid with ----


def test_it_pays_in_parts_until_nothing_is_left(shop: Shop) -> None:
    """25.00: first 10.00 typed small, then 15.00 beside another certificate and cash; the bills say what is left on each."""
    sold(shop)
    sold(shop)
    first = ring(shop, GOODS, tenders=(by(ONE.lower(), 1_000), Tender("cash", 9_000)))
    assert first.settlement.tenders[0].number == ONE
    assert first.certificates_left == (CertificateLeft(ONE, 1_500, date(2028, 1, 5)),)
    second = ring(shop, GOODS, tenders=(by(ONE, 1_500), by(TWO, 500), Tender("cash", 8_000)))
    assert second.certificates_left == (
        CertificateLeft(ONE, 0, date(2028, 1, 5)),
        CertificateLeft(TWO, 2_000, date(2028, 1, 5)),
    )
    assert (left(shop, ONE), left(shop, TWO)) == ((0, "spent"), (2_000, "valid"))
    with pytest.raises(Refused, match="Nothing is left"):
        ring(shop, GOODS, tenders=(by(ONE, 1), Tender("cash", 9_999)))
    assert [(move.kind, move.amount, move.receipt) for move in show(shop.register, ONE).moves] == [
        ("sale", 2_500, "till-1-000001"),
        ("sale", -1_000, "till-1-000003"),
        ("sale", -1_500, "till-1-000004"),
    ]


def test_goods_paid_with_it_earn_like_any_other(shop: Shop) -> None:
    """100.00 less 5 % earn 1 % of 95.00, though 25.00 of it were by certificate."""
    cards.issue(shop.register, ANA)
    sold(shop)
    sale = ring(shop, GOODS, tenders=(by(ONE, 2_500), Tender("cash", 7_000)), card=ANA)
    assert (sale.quote.due, sale.quote.earned[0].amount, sale.quote.qualifying) == (9_500, 95, 9_500)


@pytest.mark.parametrize(
    ("tender", "code", "why"),
    [
        (by(ONE, 2_501), "balance-too-low", "is left on certificate"),
        (by(TWO, 100), "certificate-invalid", "not known"),
        (by(ONE[:-1] + str((int(ONE[-1]) + 1) % 10), 100), "certificate-invalid", "check digit"),
        (Tender("certificate", 100), "certificate-invalid", "by its number"),
        (by("hello", 100), "certificate-invalid", "not known"),
    ],
)
def test_what_cannot_pay_is_refused_and_nothing_is_stored(shop: Shop, tender: Tender, code: str, why: str) -> None:
    """More than is on it, a number never sold or mistyped, and none at all; a quote says so too."""
    sold(shop)
    bill = Bill(shop.register.new_id(), (GOODS,)).order("anna", (tender, Tender("cash", 10_000)))
    for ask in (sell, price):
        with pytest.raises(Refused, match=why) as refused:
            ask(shop.register, bill)
        assert refused.value.code == code
    assert shop.store_value("SELECT count(*) FROM entries") == 1
    assert left(shop) == (2_500, "valid")


def test_it_gives_no_change(shop: Shop) -> None:
    """25.00 for goods of 20.00: only cash gives change."""
    sold(shop)
    with pytest.raises(Refused, match="only cash gives change"):
        ring(shop, replace(GOODS, unit_price=2_000), tenders=(by(ONE, 2_500),))


def test_a_certificate_does_not_buy_another(shop: Shop) -> None:
    """It would begin its two years anew; beside goods it pays for those alone."""
    sold(shop)
    with pytest.raises(Refused) as refused:
        ring(shop, certificate_line(2_500), tenders=(by(ONE, 2_500),))
    assert refused.value.code == "limit-reached"
    goods = replace(GOODS, unit_price=500)
    ring(shop, certificate_line(2_500), goods, tenders=(by(ONE, 500), Tender("cash", 2_500)))
    assert left(shop) == (2_000, "valid")


def test_a_scanned_certificate_pays_all_that_it_can(shop: Shop) -> None:
    """Of 100.00 with 90.00 given its 25.00 pay 10.00; of 100.00 with nothing given all of it; never what another one costs."""
    sold(shop)
    sold(shop, 1_000)
    bill = Bill("", (GOODS,)).add_certificate(1_000)
    quote = price(shop.register, bill.order("anna")).sale.quote

    def asked(number: str, *given: Tender) -> Tender:
        return by_certificate(show(shop.register, number), quote, given, "EUR")

    assert asked(ONE.lower()) == by(ONE, 2_500)
    assert asked(ONE, Tender("card", 10_000)) == by(ONE, 1_000)
    assert asked(TWO, by(ONE, 2_500)) == by(TWO, 1_000)
    assert asked(ONE, by(ONE, 600)) == by(ONE, 1_900)
    for given, why in (
        ((by(ONE, 2_500),), "all that is on it already"),
        ((Tender("cash", 11_000),), "Certificates can pay"),
        ((by(nth_number(9), 10_000),), "Certificates can pay"),
    ):
        with pytest.raises(Refused, match=why):
            asked(ONE, *given)


# ---- given back to ----


def test_money_comes_back_to_the_certificate_first(shop: Shop) -> None:
    """Four at 25.00 paid 60 in cash, 25 + 15 on two certificates: piece by piece those have theirs back, then cash."""
    sold(shop)
    sold(shop)
    four = replace(GOODS, unit_price=2_500, quantity=4 * MILLION)
    sale = ring(shop, four, tenders=(Tender("cash", 6_000), by(ONE, 2_500), by(TWO, 1_500)))
    backs = [back(shop, sale, (1, MILLION)) for _ in range(4)]
    assert [one.money_back for one in backs] == [
        (by(ONE, 2_500),),
        (by(TWO, 1_500), Tender("cash", 1_000)),
        (Tender("cash", 2_500),),
        (Tender("cash", 2_500),),
    ]
    assert backs[0].certificates_left == (CertificateLeft(ONE, 2_500, date(2028, 1, 5)),)
    assert (left(shop, ONE), left(shop, TWO)) == ((2_500, "valid"), (2_500, "valid"))


def test_what_comes_back_to_one_that_has_run_out_can_be_spent(shop: Shop) -> None:
    """10.00 of 25.00 paid; two years on 15.00 are lost for good, and the 10.00 given back then live for 30 days."""
    sold(shop)
    sale = ring(shop, GOODS, tenders=(by(ONE, 1_000), Tender("cash", 9_000)))
    shop.clock.forward(days=800)
    assert left(shop) == (0, "expired")
    would = preview(shop.register, RefundOrder(sale.id)).refund
    done = back(shop, sale)
    until = date(2026, 1, 5) + timedelta(days=830)
    assert done.certificates_left == would.certificates_left == (CertificateLeft(ONE, 1_000, until),)
    assert left(shop) == (1_000, "valid")
    assert [(move.kind, move.amount) for move in show(shop.register, ONE).moves] == [
        ("sale", 2_500),
        ("sale", -1_000),
        ("expiry", -1_500),
        ("refund", 1_000),
    ]
    shop.clock.forward(days=30)
    ring(shop, GOODS, tenders=(by(ONE, 400), Tender("cash", 9_600)))
    shop.clock.forward(days=1)
    assert left(shop) == (0, "expired")


def test_one_that_would_run_out_before_long_lives_on_whole(shop: Shop) -> None:
    """With ten days to go 10.00 come back to the 15.00 left: all 25.00 can be spent for 30 days more, since it has one last day."""
    sold(shop)
    sale = ring(shop, GOODS, tenders=(by(ONE, 1_000), Tender("cash", 9_000)))
    shop.clock.forward(days=720)
    back(shop, sale)
    shop.clock.forward(days=30)
    assert left(shop) == (2_500, "valid")
    shop.clock.forward(days=1)
    assert left(shop) == (0, "expired")


# ---- taken back ----


def test_a_certificate_that_comes_back_is_void(shop: Shop) -> None:
    """25.00 by card go back to the card; it pays no more, and cannot come back again."""
    sale = ring(shop, certificate_line(2_500), tenders=(Tender("card", 2_500),))
    done = back(shop, sale)
    assert (done.money_back, done.certificates_void) == ((Tender("card", 2_500),), (ONE,))
    assert left(shop) == (0, "void")
    with pytest.raises(Refused, match="is void"):
        ring(shop, GOODS, tenders=(by(ONE, 100), Tender("cash", 9_900)))
    with pytest.raises(Refused, match="already come back"):
        back(shop, sale)


def test_one_that_has_paid_stays_sold_until_all_of_it_came_back(shop: Shop) -> None:
    """A cent is enough; the goods on its bill come back without it. Once the cent is back on it, nothing was paid with it."""
    sale = ring(shop, certificate_line(2_500), GOODS)
    paid = ring(shop, GOODS, tenders=(by(ONE, 1), Tender("cash", 9_999)))
    for lines in (None, ((1, MILLION),)):
        with pytest.raises(Refused, match="has paid already") as refused:
            refund(shop.register, RefundOrder(sale.id, lines=lines))
        assert refused.value.code == "certificate-invalid"
    assert left(shop) == (2_499, "valid")
    back(shop, sale, (2, MILLION))
    back(shop, paid)
    assert back(shop, sale).certificates_void == (ONE,)


def test_one_that_has_run_out_cannot_come_back(shop: Shop) -> None:
    """Neither before nor after the books say that it ran out."""
    sale = ring(shop, certificate_line(2_500))
    shop.clock.forward(days=731)
    for _ in range(2):
        with pytest.raises(Refused, match="expired on"):
            back(shop, sale)
        with shop.store.write() as books:
            expire_certificates(books, shop.register, date(2028, 1, 6))


# ---- run out ----


def test_what_ran_out_is_posted_once(shop: Shop) -> None:
    """At the end of a day: what is left on those whose last day is past, as one entry; of the others nothing."""
    sold(shop)
    ring(shop, GOODS, tenders=(by(ONE, 1_000), Tender("cash", 9_000)))
    sold(shop, 1_000)
    shop.clock.forward(days=100)
    sold(shop)
    shop.clock.forward(days=631)
    day = date(2028, 1, 6)
    for day_, lost in ((day - timedelta(days=1), 0), (day, 2_500), (day, 0)):
        with shop.store.write() as books:
            assert expire_certificates(books, shop.register, day_, "anna") == lost
    assert shop.store_values("SELECT amount FROM postings WHERE account = 'breakage:certificates'") == [-1_500, -1_000]
    assert shop.store_value("SELECT count(*) FROM entries WHERE kind = 'expiry' AND operator = 'anna'") == 1
    assert [left(shop, nth_number(n)) for n in (1, 2, 3)] == [(0, "expired"), (0, "expired"), (2_500, "valid")]


# ---- scanned ----


def test_a_scan_knows_a_certificate_by_its_look(shop: Shop) -> None:
    """In any case, sold here or not; one with a wrong check digit is said to be that, and shown by its end alone."""
    for code in (ONE, ONE.lower()):
        assert recognise(shop.register, code) == CertificateScanned(ONE)
    wrong = recognise(shop.register, ONE[:-1] + str((int(ONE[-1]) + 1) % 10))
    assert isinstance(wrong, NotRecognised)
    assert "check digit" in wrong.message.template
    assert str(wrong.message.values["certificate"]).startswith("****")


# ---- many hands ----


@pytest.mark.parametrize("own_url", ["sqlite_url", "postgres_url"])
def test_one_certificate_in_many_hands(request: pytest.FixtureRequest, own_url: str) -> None:
    """Four tills pay with one certificate of 25.00 at once, in other parts each, until nothing is left: 25.00 were paid."""
    url: str = request.getfixturevalue(own_url)
    clock = Clock()
    store = open_store(url)
    first = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(first, RULES, None, "owner")
    numbers = [
        sell(first, Bill(first.new_id(), (certificate_line(2_500),)).order("anna")).sale.quote.certificates[0].number
        for _ in range(2)
    ]
    one, two = (number or "" for number in numbers)
    paid = [0] * 4
    refused: list[str] = []
    start = threading.Barrier(len(paid))

    def spend(till: int) -> None:
        own = open_store(url)
        register = Register(f"till-{till + 2}", own, clock, lambda: uuid7(clock.now))
        part, hands = 7 + 3 * till, random.Random(till)
        # Half of the tills name the certificates the other way round: in that order they would wait for each other.
        pair = (one, two) if till % 2 else (two, one)
        start.wait()
        while part:
            tenders = (*(by(number, part) for number in pair), Tender("cash", 10_000))
            bill = Bill(register.new_id(), (GOODS,)).order("anna", tenders)
            try:
                sell(register, bill)
            except Refused as no:
                if no.code in ("balance-too-low", "certificate-invalid"):
                    part -= 1
                elif no.code != "store-busy":
                    refused.append(no.code)
                    break
            else:
                paid[till] += part
            time.sleep(hands.random() / 200)  # a cashier's: SQLite lets whoever never pauses have everything
        own.close()

    tills = [threading.Thread(target=spend, args=(till,)) for till in range(len(paid))]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert refused == []
    assert sum(paid) == 2_500
    assert sum(map(bool, paid)) >= 2, "one till did all the paying: the test saw no contention"
    assert [show(first, number).left for number in (one, two)] == [0, 0]
    assert verify_store(store).faults == ()
    store.close()


# ---- by chance ----


@dataclass
class Held:
    """What a certificate should hold, reckoned without the program: cents, the last day, and whether it is void."""

    amount: int
    left: int
    last: date
    void: bool = False

    def on(self, day: date) -> int:
        return 0 if self.void or day > self.last else self.left


@pytest.mark.parametrize("seed", range(4))
def test_random_days_agree_with_reckoning_by_hand(shop: Shop, seed: int) -> None:
    """Sold, paid with, given back, taken back and run out over four years: to the cent what a second reckoning says."""
    chance = random.Random(seed)
    certificates: dict[str, Held] = {}
    sellings: dict[str, Sale] = {}
    paid: list[tuple[Sale, int]] = []  # with how many of its four pieces are still out
    seen: set[str] = set()

    def today() -> date:
        return shop.clock.now.date()

    def sell_one() -> None:
        sale = ring(shop, certificate_line(2_500))
        number = sale.quote.certificates[0].number or ""
        certificates[number] = Held(2_500, 2_500, today().replace(year=today().year + 2))
        sellings[number] = sale

    def pay_with(numbers: list[str]) -> None:
        parts = [chance.randint(1, 3_500) for _ in numbers]
        fits = all(part <= certificates[one].on(today()) for one, part in zip(numbers, parts, strict=True))
        tenders = (*map(by, numbers, parts), Tender("cash", 10_000))
        line = replace(GOODS, unit_price=2_501, quantity=4 * MILLION)
        try:
            paid.append((ring(shop, line, tenders=tenders), 4))
        except Refused as refused:
            assert not fits, refused  # noqa: PT017
            seen.add(refused.code)
            return
        assert fits
        for one, part in zip(numbers, parts, strict=True):
            certificates[one].left -= part

    def take_goods_back() -> None:
        index = chance.randrange(len(paid))
        sale, out = paid[index]
        pieces = chance.randint(1, out)
        paid[index] = (sale, out - pieces)
        if out == pieces:
            del paid[index]
        came, before = 10_004 * (4 - out + pieces) // 4, 10_004 * (4 - out) // 4
        for tender in sale.settlement.tenders:
            part = min(came, tender.amount) - min(before, tender.amount)
            came, before = max(came - tender.amount, 0), max(before - tender.amount, 0)
            if tender.number and part:
                one = certificates[tender.number]
                one.left = one.on(today()) + part
                one.last = max(one.last, today() + timedelta(days=30))
        back(shop, sale, (1, pieces * MILLION))

    def take_certificate_back(number: str) -> None:
        one = certificates[number]
        free = not one.void and one.on(today()) == one.amount
        try:
            back(shop, sellings[number])
        except Refused as refused:
            assert not free, refused  # noqa: PT017
            seen.add(refused.code)
            return
        assert free
        one.void, one.left = True, 0

    for _ in range(120):
        shop.clock.forward(days=chance.choice((0, 0, 1, 5, 40)), minutes=1)
        known = list(certificates)
        match chance.choice(("sell", "pay", "pay", "pay", "goods", "goods", "certificate", "expire")):
            case "sell":
                sell_one()
            case "pay" if known:
                pay_with(chance.sample(known, min(len(known), chance.choice((1, 1, 2)))))
            case "goods" if paid:
                take_goods_back()
            case "certificate" if known:
                take_certificate_back(chance.choice(known))
            case "expire":
                with shop.store.write() as books:
                    expire_certificates(books, shop.register, today())
        for number, one in certificates.items():
            assert left(shop, number)[0] == one.on(today())
    assert {"balance-too-low", "certificate-invalid"} <= seen
