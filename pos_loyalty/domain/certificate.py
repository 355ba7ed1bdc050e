"""Gift certificates: what may be sold, what one may pay on a day and why not more, and what a return gives back to it.

Who holds the number holds the money, so it has digits of chance and is shown masked but where it is sold. A certificate pays in
parts until nothing is left on it or its last day has passed, gives no change, and is void once it came back itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.check_digits import damm_digit, damm_is_valid
from pos_loyalty.domain.message import N_, Amount, Message, Refused, Value
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import CertificateLeft, CertificateSold, Quote, Sale, Tender

NAME = N_("Gift certificate")
"""What its line on a bill is called; paper and screens say it in their language."""
NUMBERS = 10**13
"""How many numbers there are: of a million sold, a guessed one is right once in ten million times."""
_NUMBER = re.compile(r"G[0-9]{14}", re.ASCII)

Look: TypeAlias = Literal["certificate", "wrong-check-digit", "other"]
Status: TypeAlias = Literal["valid", "spent", "expired", "void"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A gift certificate that was sold for `amount`, in minor units; `expires` is its last day (None: ever).

    `remaining` is what the books hold for it, also once its last day has passed and nobody has posted that yet.
    """

    number: str
    amount: Minor
    remaining: Minor
    expires: date | None = None
    void: bool = False

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.expires is not None and self.expires < day

    def left(self, day: date) -> Minor:
        """What it can pay on that day."""
        return 0 if self.void or self.is_over(day) else self.remaining

    def status(self, day: date) -> Status:
        """What it is on that day."""
        if self.void:
            return "void"
        if self.is_over(day):
            return "expired"
        return "valid" if self.remaining else "spent"


def nth_number(n: int) -> str:
    """The number of that place below NUMBERS: a G, thirteen digits, and their Damm check digit. ValueError outside."""
    if not 0 <= n < NUMBERS:
        raise ValueError(n)
    body = f"{n:013d}"
    return f"G{body}{damm_digit(body)}"


def canonical(text: str) -> str:
    """A number as it is kept, however it was typed or scanned."""
    return text.strip().upper()


def look_of(code: str) -> Look:
    """Whether a code has the shape of a certificate's number, and if so whether its check digit is right."""
    number = canonical(code)
    if not _NUMBER.fullmatch(number):
        return "other"
    return "certificate" if damm_is_valid(number[1:]) else "wrong-check-digit"


def checked_number(text: str | None) -> str:
    """A number as it is kept. Refused with certificate-invalid where it is missing or mistyped."""
    if not text:
        raise Refused("certificate-invalid", Message(N_("A gift certificate pays by its number: scan it, or type it.")))
    if look_of(text) == "wrong-check-digit":
        raise _invalid(
            text, N_("Certificate {certificate} has a wrong check digit: scan it again, or type its number anew.")
        )
    return canonical(text)


def unknown(number: str) -> Refused:
    """The refusal of a number that was never sold here."""
    return _invalid(
        number, N_("Certificate {certificate} is not known here: look at its number, or take another payment.")
    )


# ---- sold ----


def certificate_line(amount: Minor) -> LineItem:
    """The line that sells one for so much."""
    return LineItem(name=NAME, unit_price=amount, certificate=True)


def certificates_sold(lines: Sequence[LineItem], programme: Programme, day: date) -> tuple[CertificateSold, ...]:
    """The certificates that a bill sells, without their numbers. Refused with certificate-invalid, naming the line."""
    return tuple(
        CertificateSold(number, _for_sale(line.unit_price, number, programme), expires=_last_day(programme, day))
        for number, line in enumerate(lines, 1)
        if line.certificate
    )


def _for_sale(amount: Minor, line: int, programme: Programme) -> Minor:
    terms, code = programme.certificates, programme.currency.code
    if terms is None:
        raise Refused(
            "certificate-invalid",
            Message(
                N_("Line {number}: the programme in force sells no gift certificates: take the line off."), number=line
            ),
        )
    if amount <= 0:
        raise Refused(
            "certificate-invalid",
            Message(N_("Line {number}: a gift certificate is for an amount above zero."), number=line),
        )
    if terms.amounts and amount not in terms.amounts:
        # A list of amounts is no sentence: each is written as the reader's language writes it.
        places = ", ".join(f"{{a{n}}}" for n in range(len(terms.amounts)))
        amounts: dict[str, Value] = {f"a{n}": Amount(one, code) for n, one in enumerate(terms.amounts)}
        raise Refused(
            "certificate-invalid",
            Message(
                N_("Line {number}: gift certificates are sold for {amounts}, not for {amount}."),
                number=line,
                amounts=Message(places, **amounts),
                amount=Amount(amount, code),
            ),
        )
    return amount


def _last_day(programme: Programme, day: date) -> date | None:
    terms = programme.certificates
    return None if terms is None or terms.expires is None else terms.expires.after(day)


# ---- paid with ----


def numbers_of(tenders: Iterable[Tender]) -> tuple[str, ...]:
    """The certificates among tenders, each once, in the order in which they were given."""
    return tuple(
        dict.fromkeys(tender.number for tender in tenders if tender.kind == "certificate" and tender.number is not None)
    )


def pay(
    priced: Quote, tenders: Sequence[Tender], certificates: Mapping[str, Certificate], day: date, currency: str
) -> tuple[CertificateLeft, ...]:
    """What is left on each certificate among the tenders once they have paid.

    Refused with certificate-invalid (unknown, void, expired, nothing left), with balance-too-low for more than is on one, and with
    limit-reached where they would pay for another certificate, which would give the money a later last day.
    """
    paid: dict[str, Minor] = {}
    for tender in tenders:
        if tender.kind == "certificate":
            number = checked_number(tender.number)
            paid[number] = paid.get(number, 0) + tender.amount
    states = tuple(_drawn(number, amount, certificates, day, currency) for number, amount in paid.items())
    if priced.certificates and sum(paid.values()) > _payable(priced):
        raise _too_much(priced, currency)
    return states


def tender_of(certificate: Certificate, priced: Quote, tenders: Sequence[Tender], day: date, currency: str) -> Tender:
    """All that a certificate can pay of what these tenders leave. Refused as paying with it is, and where that is nothing."""
    refuse_spent(certificate, day)
    given = [tender for tender in tenders if tender.kind == "certificate"]
    left = certificate.remaining - sum(tender.amount for tender in given if tender.number == certificate.number)
    if left <= 0:
        raise _invalid(certificate.number, N_("Certificate {certificate} pays all that is on it already."))
    payable = _payable(priced) - sum(tender.amount for tender in given)
    part = min(left, payable, priced.due - sum(tender.amount for tender in tenders))
    if part <= 0:
        raise _too_much(priced, currency)
    return Tender("certificate", part, certificate.number)


def _payable(priced: Quote) -> Minor:
    """What certificates can pay of a bill: not what other certificates cost."""
    return max(priced.due - sum(sold.amount for sold in priced.certificates), 0)


def _too_much(priced: Quote, currency: str) -> Refused:
    return Refused(
        "limit-reached",
        Message(
            N_("Certificates can pay {most} of this bill: one that is sold on it is paid for in another way."),
            most=Amount(_payable(priced), currency),
        ),
    )


def _drawn(
    number: str, amount: Minor, certificates: Mapping[str, Certificate], day: date, currency: str
) -> CertificateLeft:
    certificate = certificates.get(number)
    if certificate is None:
        raise unknown(number)
    refuse_spent(certificate, day)
    if amount > certificate.remaining:
        raise Refused(
            "balance-too-low",
            Message(
                N_("{left} is left on certificate {certificate}, not {asked}: take the rest in another way."),
                left=Amount(certificate.remaining, currency),
                certificate=masked(number),
                asked=Amount(amount, currency),
            ),
        )
    return CertificateLeft(number, certificate.remaining - amount, certificate.expires)


def refuse_spent(certificate: Certificate, day: date) -> None:
    """Refuse (certificate-invalid) a certificate that can pay nothing on that day, saying why."""
    number = certificate.number
    match certificate.status(day):
        case "void":
            raise _invalid(number, N_("Certificate {certificate} is void: it was returned. Take another payment."))
        case "expired":
            last = certificate.expires or day
            raise _invalid(number, N_("Certificate {certificate} expired on {day}: take another payment."), day=last)
        case "spent":
            raise _invalid(number, N_("Nothing is left on certificate {certificate}: take another payment."))
        case "valid":
            return


# ---- come back ----


def void_by(
    sale: Sale, lines: Iterable[int], certificates: Mapping[str, Certificate], day: date, currency: str
) -> tuple[str, ...]:
    """The certificates that come back with these lines (numbered from 1) of the sale that sold them, and are void then.

    Refused with certificate-invalid where one has paid and did not get all of it back, or where its last day has passed.
    """
    back = set(lines)
    numbers: list[str] = []
    for sold in sale.quote.certificates:
        if sold.line not in back or sold.number is None:
            continue
        certificate = certificates.get(sold.number)
        if certificate is None:
            raise unknown(sold.number)
        if certificate.is_over(day):
            refuse_spent(certificate, day)
        if certificate.remaining != certificate.amount:
            raise _invalid(
                sold.number,
                N_("Line {line}: certificate {certificate} has paid already, {left} is left on it: it stays sold."),
                line=sold.line,
                left=Amount(certificate.remaining, currency),
            )
        numbers.append(sold.number)
    return tuple(numbers)


def given_back(
    money_back: Iterable[Tender], certificates: Mapping[str, Certificate], day: date, at_least: date
) -> tuple[CertificateLeft, ...]:
    """The certificates that a return gives money back to, as they are then: each lives to `at_least`, so that it can be spent.

    What had run out before stays so; what is still on it lives as long as what came back, since it has one last day.
    """
    states = []
    for tender in money_back:
        if tender.kind != "certificate" or tender.number is None:
            continue
        certificate = certificates.get(tender.number)
        if certificate is None:
            raise unknown(tender.number)
        expires = certificate.expires
        last = None if expires is None else max(expires, at_least)
        states.append(CertificateLeft(tender.number, certificate.left(day) + tender.amount, last))
    return tuple(states)


def concerned(sale: Sale) -> tuple[str, ...]:
    """Every certificate that a return of this sale may touch: those that paid, and those that were sold."""
    sold = (one.number for one in sale.quote.certificates if one.number is not None)
    return tuple(dict.fromkeys((*numbers_of(sale.settlement.tenders), *sold)))


def _invalid(number: str, template: str, /, **values: Value) -> Refused:
    return Refused("certificate-invalid", Message(template, certificate=masked(canonical(number)[:40]), **values))
