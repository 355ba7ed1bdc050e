"""What a holder's page says of them, row by row: who they are, their cards, what waits for them, what they and others said."""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.consent import PURPOSES
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.entry_rows import Change, EntryLine
from pos_loyalty.storage.records import Complaint
from pos_loyalty.till.cards import STATUS_NAMES, CardView
from pos_loyalty.till.holder_page import NO_CARD, HolderPage, bill_of
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.wording import offer_title, until, worded

KIND_NAMES = {
    "sale": N_("sale"),
    "refund": N_("return"),
    "expiry": N_("ran out"),
    "adjustment": N_("adjusted"),
    "club": N_("club"),
    "late-card": N_("card added late"),
    "merge": N_("records joined"),
}
PURPOSE_NAMES: dict[str, str] = {purpose.id: purpose.title for purpose in PURPOSES}


def who_rows(desk: Desk, view: CardView) -> Iterator[Row]:
    """Who they are, their card, since when, and their tier with what is missing to the next."""
    text, language = desk.language.text, desk.language
    member = view.member
    yield Row(member.name if member else text("Bearer card, no name yet"), style="strong", lines=2)
    if view.number == NO_CARD:
        yield Row(text("No card yet"), text("F8 hands one out"), style="warn")
    else:
        yield _card_row(desk, view)
    if member and member.phone:
        yield Row(text("Phone"), masked(member.phone))
    if member and member.email:
        yield Row(text("E-mail"), _masked_email(member.email))
    if member and member.birthday:
        yield Row(text("Birthday"), language.day(member.birthday))
    if view.joined:
        yield Row(text("Holder since"), language.day(view.joined))
    last = language.day(view.last_visit) if view.last_visit else text("never")
    yield Row(text("Last visit"), last)
    yield Row(text("Visits"), language.number(view.visits))
    if view.known.sent_by:
        yield Row(text("Sent by"), view.known.sent_by)
    if view.tier is not None:
        yield Row()
        yield Row(text("Tier {tier}", tier=view.tier.name), style="strong")
        yield Row(text("since"), language.day(view.tier.since), indent=2)
        if view.tier.kept_until is not None:
            yield Row(text("kept until at least"), language.day(view.tier.kept_until), indent=2)
        yield Row(text("spent that counts"), desk.money(view.tier.spend), indent=2)
        if view.tier.next is not None:
            missing = desk.money(view.tier.next.missing)
            yield Row(text("to reach {tier}", tier=view.tier.next.tier.name), missing, indent=2)


def _card_row(desk: Desk, view: CardView) -> Row:
    text = desk.language.text
    kind = text("named card") if view.kind == "named" else text("bearer card")
    status = Message(N_("{kind}, {status}"), kind=kind, status=Message(STATUS_NAMES[view.status]))
    return Row(text("Card {card}", card=masked(view.number)), desk.language.say(status))


def _masked_email(email: str) -> str:
    name, _, place = email.partition("@")
    return f"{name[:1]}***@{place}"


def waiting_rows(desk: Desk, view: CardView) -> Iterator[Row]:
    """Clubs, coupons with their numbers, and prizes."""
    text = desk.language.text
    if view.clubs:
        yield Row()
        yield Row(text("Clubs"), style="strong")
    for club, last in view.clubs.items():
        yield Row(desk.club(club), until(desk, last) or text("for ever"), indent=2, lines=2)
    if view.coupons:
        yield Row()
        yield Row(text("Coupons"), style="strong")
    for coupon in view.coupons:
        yield Row(offer_title(desk, coupon.coupon), until(desk, coupon.valid) or text("for ever"), indent=2, lines=2)
        yield Row(coupon.number, style="dim", indent=4)
    if view.prizes:
        yield Row()
        yield Row("★ " + text("Prizes that wait"), text("F6 hands one out"), style="strong")
    for prize in view.prizes:
        ticket = text("ticket {ticket}", ticket=str(prize.ticket))
        yield Row(f"{prize.prize} · {prize.title}", ticket, indent=2, lines=2)


def word_rows(desk: Desk, view: CardView) -> Iterator[Row]:
    """Complaints, the note, favourites."""
    text, language, known = desk.language.text, desk.language, view.known
    for complaint in known.complaints:
        yield Row()
        since = language.day(desk.local(complaint.opened_at).date())
        yield Row("! " + text("Complaint"), text("{day}, {operator}", day=since, operator=complaint.opened_by), "warn")
        yield Row(complaint.text, indent=2, lines=0)
        if complaint.wish:
            yield Row(text("wishes: {words}", words=complaint.wish), indent=2, lines=0)
        if complaint.promised:
            yield Row(text("promised by {day}", day=complaint.promised), style="warn", indent=2)
    if known.note is not None:
        yield Row()
        day = language.day(desk.local(known.note.at).date())
        yield Row("✎ " + text("Note"), text("{day}, {operator}", day=day, operator=known.note.operator), "strong")
        yield Row(known.note.text, indent=2, lines=0)
    if known.favourites:
        yield Row()
        yield Row("♥ " + text("Favourites of the last year"), style="strong")
    for favourite in known.favourites:
        times = language.plural("bought once", "bought {n} times", favourite.times)
        yield Row(favourite.name, times, indent=2, lines=2)


def purse_rows(desk: Desk, view: CardView) -> Iterator[Row]:
    """Each purse, and the lots that it is made of with their days."""
    text, language = desk.language.text, desk.language
    for purse, held in view.purses.items():
        units = language.units
        yield Row()
        yield Row(
            text("{purse}: to spend", purse=desk.purse(purse)),
            worded(desk, held.balance.available, purse),
            style="strong",
        )
        if held.balance.pending:
            yield Row(text("to come"), units(held.balance.pending, purse), indent=2)
        if held.balance.owed:
            yield Row(text("owed by the holder"), units(held.balance.owed, purse), style="warn", indent=2)
        for lot in held.lots:
            if lot.expires is None:
                days = text("from {first}", first=lot.available)
            else:
                days = text("from {first} until {last}", first=lot.available, last=lot.expires)
            yield Row(days, units(lot.remaining, purse), style="dim", indent=2)


def card_cells(desk: Desk, page: HolderPage) -> list[tuple[str, ...]]:
    """All cards, the newest first: number, state, kind, since, and which took its place."""
    text = desk.language.text
    return [
        (
            card.number,
            text(STATUS_NAMES[card.status]),
            text("named card") if card.kind == "named" else text("bearer card"),
            desk.language.day(desk.local(card.issued_at).date()),
            card.replaced_by or "",
        )
        for card in page.cards
    ]


def entry_cells(desk: Desk, entry: EntryLine) -> tuple[str, ...]:
    """One entry: when, what, its bill or why it was made, and what it changed in which purse."""
    text = desk.language.text
    words = bill_of(entry) or entry.words or ""
    if entry.undone_by is not None:
        words = text("taken back: {words}", words=words) if words else text("taken back")
    changes = ", ".join(_change(desk, change) for change in entry.changes) or text("nothing")
    return (desk.language.day(entry.day), text(KIND_NAMES.get(entry.kind, entry.kind)), words, changes)


def _change(desk: Desk, change: Change) -> str:
    said = []
    name = "" if desk.is_money(change.purse) else f"{desk.purse(change.purse)} "
    if change.held:
        said.append(name + desk.language.signed_units(change.held, change.purse))
    if change.owed:
        owed = desk.language.signed_units(change.owed, change.purse)
        said.append(desk.language.text("{amount} owed", amount=f"{name}{owed}"))
    return ", ".join(said)


def said_rows(desk: Desk, page: HolderPage) -> Iterator[Row]:
    """Consents, complaints of all times, and feedback."""
    text, language = desk.language.text, desk.language
    yield Row(text("Consent"), style="strong")
    now = {consent.purpose: consent for consent in page.consents}
    if not now:
        yield Row(text("They were not asked, or have said neither yes nor no."), style="dim", indent=2)
    for consent in now.values():
        purpose = text(PURPOSE_NAMES.get(consent.purpose, consent.purpose))
        answer = f"✓ {text('yes')}" if consent.given else f"✖ {text('no')}"
        day = language.day(desk.local(consent.at).date())
        yield Row(f"{purpose}: {answer}", text("{day}, {operator}", day=day, operator=consent.operator), indent=2)
        yield Row(consent.wording, style="dim", indent=4, lines=2)
    yield Row()
    yield Row(text("Complaints"), style="strong")
    if not page.complaints:
        yield Row(text("none"), style="dim", indent=2)
    for complaint in page.complaints:
        yield from _complaint_rows(desk, complaint)
    yield Row()
    yield Row(text("Feedback"), style="strong")
    if not page.feedback:
        yield Row(text("none"), style="dim", indent=2)
    for one in page.feedback:
        marks = []
        if one.satisfaction is not None:
            marks.append(text("content {n} of 5", n=one.satisfaction))
        if one.recommendation is not None:
            marks.append(text("would recommend {n} of 10", n=one.recommendation))
        yield Row(" · ".join(marks), language.day(desk.local(one.at).date()), indent=2)
        if one.text:
            yield Row(one.text, indent=4, lines=0)


def _complaint_rows(desk: Desk, complaint: Complaint) -> Iterator[Row]:
    text, language = desk.language.text, desk.language
    mark = "!" if complaint.closed_at is None else "✓"
    day = language.day(desk.local(complaint.opened_at).date())
    by = text("{day}, {operator}", day=day, operator=complaint.opened_by)
    yield Row(f"{mark} {complaint.text}", by, style="warn" if complaint.closed_at is None else "", indent=2, lines=0)
    if complaint.closed_at is not None:
        closed = language.day(desk.local(complaint.closed_at).date())
        yield Row(text("closed on {day}: {words}", day=closed, words=complaint.solution or ""), indent=4, lines=0)
