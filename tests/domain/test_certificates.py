"""Gift certificates: what may be sold, what one may pay, and what a return gives back to it, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from bills import DAY, at, eur, goods, holder, lot, months, programme, refund_of, sale_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.bookkeeping import certificate_expiry_postings, refund_postings, sale_postings
from pos_loyalty.domain.certificate import (
    NUMBERS,
    Certificate,
    canonical,
    certificate_line,
    checked_number,
    concerned,
    given_back,
    look_of,
    nth_number,
    pay,
    void_by,
)
from pos_loyalty.domain.clawback import Terms
from pos_loyalty.domain.ledger import Posting
from pos_loyalty.domain.message import Amount, Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.rules import GiftCertificates, Programme
from pos_loyalty.domain.reversal import reverse, wanted_back
from pos_loyalty.domain.sale import CertificateLeft, CertificateSold, Quote, Refund, Sale, Tender, VatLine

UNITS = {"cashback": "EUR"}
TERMS = GiftCertificates(months(24), (eur("10"), eur("25")))
ONE, TWO = nth_number(1), nth_number(2)


def shop(terms: GiftCertificates | None = TERMS) -> Programme:
    return replace(programme("10", "5"), certificates=terms)


def numbered(priced: Quote, *numbers: str) -> Quote:
    pairs = zip(priced.certificates, numbers, strict=True)
    return replace(priced, certificates=tuple(replace(sold, number=number) for sold, number in pairs))


def selling(*amounts: str, more: tuple[LineItem, ...] = (), tenders: tuple[Tender, ...] | None = None) -> Sale:
    """A bill that sells certificates of these amounts, the first numbered 1."""
    lines = (*(certificate_line(eur(amount)) for amount in amounts), *more)
    priced = quote(lines, shop(None if not amounts else GiftCertificates()), DAY)
    return sale_of(
        numbered(priced, *map(nth_number, range(1, len(amounts) + 1))), shop(), account=None, tenders=tenders
    )


def balance(postings: tuple[Posting, ...]) -> dict[str, int]:
    """The sums by account; they must come to nothing."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount
    assert sum(sums.values()) == 0
    return sums


# ---- numbers ----


def test_a_number_is_a_g_thirteen_digits_and_their_check_digit() -> None:
    """Damm: of 572 the check digit is 4 (the example of the algorithm's inventor); leading zeros do not change it."""
    assert nth_number(572) == "G00000000005724"
    assert nth_number(NUMBERS - 1).startswith("G9999999999999")
    for outside in (-1, NUMBERS):
        with pytest.raises(ValueError, match=str(outside)):
            nth_number(outside)


@given(st.integers(0, NUMBERS - 1), st.integers(1, 14), st.integers(1, 9))
def test_one_wrong_digit_is_seen(n: int, place: int, more: int) -> None:
    """Whichever digit is wrong, and in whatever case the letter was typed."""
    number = nth_number(n)
    assert look_of(number) == look_of(f" {number.lower()} ") == "certificate"
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert look_of(wrong) == "wrong-check-digit"
    with pytest.raises(Refused, match="wrong check digit") as refused:
        checked_number(wrong)
    assert refused.value.code == "certificate-invalid"


@pytest.mark.parametrize(
    "code", ["", "G", "G123", "2900000000018", "H00000000005724", "G000000000057240", "G٠0000000005724"]
)
def test_other_codes_are_no_certificates(code: str) -> None:
    """A card, something too short or too long, and digits of another script."""
    assert look_of(code) == "other"


def test_a_number_is_kept_in_one_way() -> None:
    """As it was sold, whatever was typed."""
    assert canonical(" g00000000005724\n") == "G00000000005724"
    with pytest.raises(Refused, match="by its number"):
        checked_number(None)


# ---- sold ----


def test_a_certificate_is_only_paid_for() -> None:
    """25.00 beside goods of 100.00: 10 % off and 5 % cashback on the goods alone, VAT 0 %, and its last day in 24 months."""
    rules = shop()
    priced = quote((certificate_line(eur("25")), goods("100.00")), rules, DAY, holder(), {"cashback": "max"})
    line = priced.lines[0]
    assert (line.gross, line.discount, line.paid, line.vat, line.earning, line.excluded) == (2500, 0, 2500, 0, 0, True)
    assert priced.discounts[0].lines == (0, eur("10"))
    assert priced.earned[0].lines == (0, eur("4.50"))
    assert priced.qualifying == eur("90")
    assert priced.due == eur("115")
    assert priced.vat[0] == VatLine(0, eur("25"), 0)
    assert priced.certificates == (CertificateSold(1, eur("25"), None, date(2028, 11, 22)),)


def test_no_purse_pays_for_a_certificate() -> None:
    """50.00 of cashback are to be had, and 25.00 of goods: no more than that is spent."""
    priced = quote(
        (certificate_line(eur("25")), goods("25.00")),
        replace(shop(), offers=()),
        DAY,
        holder(lot(amount="50.00")),
        {"cashback": "max"},
    )
    assert [spent.lines for spent in priced.spent] == [(0, eur("25"))]
    assert priced.due == eur("25")


def test_without_a_word_on_expiry_it_lives_for_ever() -> None:
    """The programme names amounts alone; with neither, any amount is sold."""
    line = certificate_line(eur("10"))
    assert quote((line,), shop(replace(TERMS, expires=None)), DAY).certificates[0].expires is None
    assert quote((certificate_line(1),), shop(GiftCertificates()), DAY).due == 1


@pytest.mark.parametrize(
    ("terms", "amount", "why"),
    [(None, "10", "sells no gift"), (TERMS, "11", "are sold for"), (GiftCertificates(), "0", "above zero")],
)
def test_what_the_programme_does_not_sell_is_refused(terms: GiftCertificates | None, amount: str, why: str) -> None:
    """No certificates at all, another amount than those named, or nothing; the line is named."""
    with pytest.raises(Refused, match=why) as refused:
        quote((goods("1.00"), certificate_line(eur(amount))), shop(terms), DAY)
    assert refused.value.code == "certificate-invalid"
    assert refused.value.message.values["number"] == 2


def test_the_amounts_that_are_sold_are_named() -> None:
    """Each as an amount, for the reader's language to write."""
    with pytest.raises(Refused) as refused:
        quote((certificate_line(eur("11")),), shop(), DAY)
    amounts = refused.value.message.values["amounts"]
    assert getattr(amounts, "values", None) == {"a0": Amount(1000, "EUR"), "a1": Amount(2500, "EUR")}
    assert getattr(amounts, "template", None) == "{a0}, {a1}"


@pytest.mark.parametrize("change", [{"quantity": 2 * MILLION}, {"vat": 200_000}, {"by_hand": ByHand(rate=100_000)}])
def test_a_certificate_is_one_piece_at_its_price(change: dict[str, object]) -> None:
    """Neither two on one line, nor with VAT, nor with a discount by hand."""
    with pytest.raises(Refused) as refused:
        quote((replace(certificate_line(eur("10")), **change),), shop(), DAY)  # type: ignore[arg-type]
    assert refused.value.code == "line-invalid"


def test_a_certificate_sold_is_owed_and_no_revenue() -> None:
    """120.00 with VAT of 20.00 and a certificate of 25.00: cash 145.00 stands against 100 + 20 and 25 owed."""
    sale = selling("25", more=(goods("120.00"),))
    assert balance(sale_postings(sale, UNITS)) == {
        "tender:cash": eur("145"),
        "vat:20%": -eur("20"),
        "sales": -eur("100"),
        f"certificate:{ONE}": -eur("25"),
    }


# ---- paid with ----


def held(number: str = ONE, remaining: str = "25", **more: object) -> dict[str, Certificate]:
    return {number: Certificate(number, eur("25"), eur(remaining), **more)}  # type: ignore[arg-type]


def paying(*tenders: Tender, due: str = "30.00", known: dict[str, Certificate]) -> tuple[CertificateLeft, ...]:
    return pay(quote((goods(due),), shop(None), DAY), tenders, known, DAY, "EUR")


def test_it_pays_in_parts_and_several_pay_together() -> None:
    """25.00 less 4.00 and 6.00 on one bill leaves 15.00; another gives all of its 12.50; cash beside them is nothing of theirs."""
    known = held() | held(TWO, "12.50", expires=DAY)
    left = paying(
        Tender("certificate", 400, ONE.lower()),
        Tender("cash", 5000),
        Tender("certificate", 1250, TWO),
        Tender("certificate", 600, ONE),
        known=known,
    )
    assert left == (CertificateLeft(ONE, 1500), CertificateLeft(TWO, 0, DAY))


def test_more_than_is_on_it_is_refused_with_what_is() -> None:
    """Also where two tenders of one certificate come to more only together."""
    for parts in ((2501,), (1500, 1001)):
        with pytest.raises(Refused) as refused:
            paying(*(Tender("certificate", part, ONE) for part in parts), known=held())
        assert refused.value.code == "balance-too-low"
        assert refused.value.message.values["left"] == Amount(2500, "EUR")


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, "not known"),
        (held(void=True, remaining="0"), "void"),
        (held(expires=DAY - timedelta(days=1)), "expired on"),
        (held(remaining="0"), "Nothing is left"),
    ],
)
def test_what_can_pay_nothing_is_refused_with_the_reason(known: dict[str, Certificate], why: str) -> None:
    """A number never sold, one that was returned, one a day past its last day, and one that is spent; none is shown whole."""
    with pytest.raises(Refused, match=why) as refused:
        paying(Tender("certificate", 1, ONE), known=known)
    assert refused.value.code == "certificate-invalid"
    assert ONE not in map(str, refused.value.message.values.values())


def test_its_last_day_counts() -> None:
    """On its last day it pays, on the next it holds nothing that could be spent, though the books still do."""
    certificate = held(expires=DAY)[ONE]
    assert (certificate.left(DAY), certificate.status(DAY)) == (2500, "valid")
    later = DAY + timedelta(days=1)
    assert (certificate.left(later), certificate.status(later)) == (0, "expired")
    assert replace(certificate, remaining=0).status(DAY) == "spent"
    assert replace(certificate, void=True).left(DAY) == 0


def test_a_certificate_does_not_pay_for_a_certificate() -> None:
    """It would give the money a later last day: of goods at 10.00 and a new one of 25.00 it pays the goods, not a cent more."""
    priced = quote((goods("10.00"), certificate_line(eur("25"))), shop(GiftCertificates()), DAY)
    assert pay(priced, [Tender("certificate", 1000, ONE)], held(), DAY, "EUR") == (CertificateLeft(ONE, 1500),)
    with pytest.raises(Refused) as refused:
        pay(priced, [Tender("certificate", 1001, ONE)], held(), DAY, "EUR")
    assert refused.value.code == "limit-reached"
    assert refused.value.message.values["most"] == Amount(1000, "EUR")


def test_paying_takes_from_what_is_owed() -> None:
    """120.00 paid with 25.00 of a certificate and the rest in cash: all of it is revenue, and all of it earns."""
    priced = quote((goods("120.00"),), shop(), DAY, holder())
    tenders = [Tender("certificate", eur("25"), ONE), Tender("cash", eur("100"))]
    sale = sale_of(priced, shop(), tenders=tenders)
    sums = balance(tuple(p for p in sale_postings(sale, UNITS) if not p.account.startswith(("purse", "issued"))))
    assert sums == {f"certificate:{ONE}": 2500, "tender:cash": 8300, "vat:20%": -1800, "sales": -9000}
    assert priced.earned[0].amount == eur("5.40")


# ---- come back ----


def returned(sale: Sale, before: list[Refund], asked: list[tuple[int, int]] | None = None) -> Refund:
    """What comes back of a sale without a card."""
    terms = Terms(shop(), "owe")
    back = reverse(sale, before, wanted_back(sale, before, asked), terms, DAY, at(DAY), f"back-{len(before)}", {}, {})
    balance(refund_postings(sale, back, {}, UNITS))
    return refund_of(sale, back, refund_id=f"back-{len(before)}")


def test_certificates_have_theirs_back_first_in_the_order_in_which_they_were_given() -> None:
    """100.00 as 30 in cash, 20 + 10 on one certificate, 40 on another, by pieces of 25.00."""
    tenders = (
        Tender("cash", 3000),
        Tender("certificate", 2000, TWO),
        Tender("certificate", 4000, ONE),
        Tender("certificate", 1000, TWO),
    )
    sale = sale_of(quote((goods("25.00", "4"),), shop(None), DAY), shop(), account=None, tenders=tenders)
    refunds: list[Refund] = []
    for _ in range(4):
        refunds.append(returned(sale, refunds, [(1, MILLION)]))
    assert [refund.money_back for refund in refunds] == [
        (Tender("certificate", 2500, TWO),),
        (Tender("certificate", 500, TWO), Tender("certificate", 2000, ONE)),
        (Tender("certificate", 2000, ONE), Tender("cash", 500)),
        (Tender("cash", 2500),),
    ]


def test_what_comes_back_can_be_spent() -> None:
    """Living on for 30 days at least; what runs out later, or never, keeps its last day; what had run out stays lost."""
    until = DAY + timedelta(days=30)
    back = [Tender("certificate", 500, ONE), Tender("cash", 100)]
    for expires, left, last in (
        (None, 1500, None),
        (until + timedelta(days=1), 1500, until + timedelta(days=1)),
        (DAY, 1500, until),
        (DAY - timedelta(days=1), 500, until),
    ):
        (state,) = given_back(back, held(remaining="10", expires=expires), DAY, until)
        assert state == CertificateLeft(ONE, left, last)
    with pytest.raises(Refused, match="not known"):
        given_back(back, {}, DAY, until)


def test_a_certificate_that_comes_back_is_void_and_its_money_goes_to_the_tenders() -> None:
    """25.00 bought with 20.00 by card: the card has its own back, the rest is cash, and what was owed on it is gone."""
    sale = selling("25", tenders=(Tender("card", 2000), Tender("cash", 500)))
    refund = returned(sale, [])
    assert refund.money_back == (Tender("card", 2000), Tender("cash", 500))
    assert void_by(sale, [1], held(), DAY, "EUR") == (ONE,)
    assert refund.vat == (VatLine(0, 2500, 0),)


def test_only_what_comes_back_is_void() -> None:
    """Of two sold on one bill the second comes back; goods beside them are no certificate."""
    sale = selling("25", "10", more=(goods("5.00"),))
    known = held() | {TWO: Certificate(TWO, 1000, 1000)}
    assert void_by(sale, [2, 3], known, DAY, "EUR") == (TWO,)
    assert concerned(sale) == (ONE, TWO)
    assert balance(_postings_of(sale, [(2, MILLION)])) == {"tender:cash": -1000, f"certificate:{TWO}": 1000}


def _postings_of(sale: Sale, asked: list[tuple[int, int]]) -> tuple[Posting, ...]:
    back = reverse(sale, [], wanted_back(sale, [], asked), Terms(shop(), "owe"), DAY, at(DAY), "back", {}, {})
    return refund_postings(sale, back, {}, UNITS)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (held(remaining="24.99"), "has paid already"),
        (held(remaining="0"), "has paid already"),
        (held(expires=DAY - timedelta(days=1)), "expired on"),
        ({}, "not known"),
    ],
)
def test_one_that_has_paid_stays_sold(known: dict[str, Certificate], why: str) -> None:
    """Even a cent of it; and one whose last day has passed is worth nothing any more."""
    with pytest.raises(Refused, match=why) as refused:
        void_by(selling("25"), [1], known, DAY, "EUR")
    assert refused.value.code == "certificate-invalid"


def test_no_half_certificate_comes_back() -> None:
    """It is whole or not at all."""
    sale = selling("25")
    with pytest.raises(Refused, match="comes back whole") as refused:
        wanted_back(sale, [], [(1, MILLION // 2)])
    assert refused.value.code == "line-invalid"


def test_what_ran_out_is_breakage() -> None:
    """What is left on each; nothing of what is spent."""
    lapsed = [held(remaining="10")[ONE], held(TWO, "0")[TWO]]
    assert certificate_expiry_postings("EUR", lapsed) == (
        Posting(f"certificate:{ONE}", "EUR", 1000),
        Posting("breakage:certificates", "EUR", -1000),
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_piece_by_piece_each_certificate_has_its_own_back(data: st.DataObject) -> None:
    """A bill of goods and a certificate, paid with two certificates, a card and cash: any pieces come to what all at once does."""
    number = data.draw(st.integers(1, 5))
    lines = (goods(f"{data.draw(st.integers(1, 999)) / 100:.2f}", str(number)), certificate_line(eur("10")))
    priced = numbered(quote(lines, shop(GiftCertificates()), DAY), nth_number(9))
    left, tenders = priced.lines[0].paid, []
    for kind, by in (("certificate", ONE), ("certificate", TWO), ("card", None), ("certificate", ONE)):
        part = data.draw(st.integers(0, left))
        if part:
            tenders.append(Tender(kind, part, by))  # type: ignore[arg-type]
        left -= part
    tenders.append(Tender("cash", left + eur("10")))
    sale = sale_of(priced, shop(), account=None, tenders=tenders)
    pieces = data.draw(st.permutations([(1, MILLION)] * number + [(2, MILLION)]))
    refunds: list[Refund] = []
    for piece in pieces:
        refunds.append(returned(sale, refunds, [piece]))

    def sums(given: list[Refund]) -> dict[str, int]:
        found: dict[str, int] = {}
        for refund in given:
            for tender in refund.money_back:
                key = tender.number or tender.kind
                found[key] = found.get(key, 0) + tender.amount
        return found

    assert sums(refunds) == sums([returned(sale, [])])
    for certificate in (ONE, TWO):
        assert sums(refunds).get(certificate, 0) == sum(t.amount for t in tenders if t.number == certificate)
