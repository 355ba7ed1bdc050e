"""A backtest's answer as rows for people and programs: three values beside each other, and the sentences that belong to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pos_loyalty.domain.message import N_, Amount, Message
from pos_loyalty.domain.money import MILLION, Minor, half_up, plain, plain_rate
from pos_loyalty.domain.sale import BY_HAND
from pos_loyalty.language import Language
from pos_loyalty.till.backtest.outcome import BANDS, Backtest, Figures, HolderChange, Refusals

Kind: TypeAlias = Literal["money", "count", "rate", "units"]
SIDES = ("happened", "in_force", "draft")
"""What the values of a row are of, in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure and its three values (None: it has none there): minor units, millionths of a rate, or units of the purse `of`."""

    figure: str
    of: str
    title: Message
    kind: Kind
    values: tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title."""

    title: Message
    rows: tuple[Row, ...]


def sections(found: Backtest) -> Iterator[Section]:
    """All figures, side by side."""
    sides = (found.happened, found.in_force, found.draft)

    def row(figure: str, title: str, kind: Kind, value: Callable[[Figures], int | None]) -> Row:
        return Row(figure, "", Message(title), kind, (value(sides[0]), value(sides[1]), value(sides[2])))

    yield Section(
        Message(N_("Altogether")),
        (
            row("bills", N_("Bills"), "count", lambda side: side.bills),
            row("turnover", N_("Turnover after discounts"), "money", lambda side: side.turnover),
            row("cost", N_("Cost of the programme"), "money", lambda side: side.cost),
            row("cost_rate", N_("Cost, of turnover"), "rate", _rate),
            row("liability", N_("Owed to holders at the end"), "money", lambda side: side.liability),
            row("gifts", N_("Gifts given, at their price"), "money", lambda side: side.gifts),
            row("coupons", N_("Coupons given"), "count", lambda side: side.coupons),
            row("coupons_used", N_("Coupons used"), "count", lambda side: side.coupons_used),
        ),
    )
    yield _split(N_("Discounts by offer"), "discounts", "money", sides, lambda side: side.discounts)
    yield _split(N_("How often offers were used"), "uses", "count", sides, lambda side: side.uses)
    yield Section(Message(N_("Purses")), tuple(_purses(sides)))
    yield _split(N_("Holders by tier at the end"), "tiers", "count", sides, lambda side: side.tiers)


def _rate(side: Figures) -> int | None:
    return half_up(side.cost * MILLION, side.turnover) if side.turnover > 0 else None


def _split(
    title: str,
    figure: str,
    kind: Kind,
    sides: tuple[Figures, Figures, Figures],
    parts: Callable[[Figures], dict[str, int]],
) -> Section:
    names = dict.fromkeys(name for side in sides for name in parts(side))
    tiers = {tier: name for side in sides for tier, name in side.tier_names.items()} if figure == "tiers" else {}
    found = [parts(side) for side in sides]
    return Section(
        Message(title),
        tuple(
            Row(
                figure,
                name,
                _named(name, tiers),
                kind,
                (found[0].get(name, 0), found[1].get(name, 0), found[2].get(name, 0)),
            )
            for name in sorted(names)
        ),
    )


def _named(name: str, tiers: dict[str, str]) -> Message:
    if name == BY_HAND:
        return Message(N_("by hand"))
    if not name:
        return Message(N_("no tier"))
    return Message("{name}", name=tiers.get(name, name))


def _purses(sides: tuple[Figures, Figures, Figures]) -> Iterator[Row]:
    by_purse = [{one.purse: one for one in side.purses} for side in sides]
    for purse in dict.fromkeys(name for side in by_purse for name in side):
        for figure, title in (
            ("issued", N_("{purse}: earned")),
            ("adjusted", N_("{purse}: given by hand")),
            ("redeemed", N_("{purse}: redeemed")),
            ("expired", N_("{purse}: expired")),
            ("taken_back", N_("{purse}: taken back")),
            ("held", N_("{purse}: held at the end")),
        ):
            values = tuple(getattr(side[purse], figure) if purse in side else None for side in by_purse)
            yield Row(figure, purse, Message(title, purse=purse), "units", (values[0], values[1], values[2]))


def bands(found: Backtest) -> Iterator[tuple[int, Message, int]]:
    """Holders by how much they gain or lose: the band, its words, and how many; the greatest gain first."""
    unit = found.currency.code
    for size in (4, 3, 2, 1, 0, -1, -2, -3, -4):
        count = found.bands.get(size, 0)
        if size == 0:
            yield size, Message(N_("no change")), count
        elif abs(size) > len(BANDS):
            gain, loss = N_("gain more than {amount}"), N_("lose more than {amount}")
            yield size, Message(gain if size > 0 else loss, amount=Amount(BANDS[-1], unit)), count
        else:
            gain, loss = N_("gain up to {amount}"), N_("lose up to {amount}")
            yield size, Message(gain if size > 0 else loss, amount=Amount(BANDS[abs(size) - 1], unit)), count


def refusals(refused: Refusals) -> Iterator[Message]:
    """What a programme refused of what was sold, and why."""
    for code, count in sorted(refused.bills.items()):
        receipt, reason = refused.reasons[code]
        yield Message(
            N_("Bills that it refuses: {count}, such as {receipt}: {reason}"),
            count=count,
            receipt=receipt,
            reason=reason,
        )
    if refused.skipped:
        yield Message(
            N_("Returns, late cards and corrections of what is left out, left out with it: {count}."),
            count=refused.skipped,
        )
    for code, count in sorted(refused.others.items()):
        yield Message(
            N_("Returns, late cards, memberships and adjustments that it refuses: {count}: {reason}"),
            count=count,
            reason=refused.other_reasons[code],
        )
    if refused.short:
        yield Message(
            N_("Bills and adjustments on which less could be spent, taken or shown than then: {count}."),
            count=refused.short,
        )


def assumed(found: Backtest) -> Iterator[Message]:
    """What a backtest takes for granted, and what it cannot know."""
    yield Message(
        N_(
            "What it cannot know: whether people would have bought more, less, or other things. The baskets are those of then, at"
            " the prices of then; a better programme brings customers and a worse one loses them, and neither is in these figures."
        )
    )
    yield Message(
        N_(
            "It takes for granted that holders spend from a purse what they spent from it then, as far as it holds it, take the"
            " same rewards and show the same coupons, where they can. What a draft newly gives nobody spends here: it stands as"
            " owed. Who the holders are, and what gifts cost, is as known today; managers allow what the guard asks them."
        )
    )
    yield Message(
        N_(
            "Cost is what offers took off bills, gifts at their catalogue price, and what was earned or given by hand less what"
            " came back and expired, at what it can pay. Discounts by hand are none of it. A holder's change is what they paid"
            " less, and have more in purses and gifts, than under the programme in force, replayed over the same sales."
        )
    )
    if found.not_replayed:
        yield Message(
            N_("Prize draws are not replayed ({count}): only what happened has them."),
            count=found.not_replayed,
        )
    if found.left_out:
        yield Message(
            N_(
                "Holders with a bill that one of the two programmes refuses are neither winners nor losers here: {count}."
            ),
            count=found.left_out,
        )


CHANGES = (N_("Altogether"), N_("Paid less"), N_("Holds more"), N_("Gifts"))
"""What is said of a holder's change, as `amounts` has it."""


def amounts(change: HolderChange) -> tuple[Minor, Minor, Minor, Minor]:
    """A holder's change: altogether, and its parts."""
    return change.total, change.paid, change.held, change.gifts


def shown(row: Row, value: int | None, language: Language) -> str:
    """A value of a row as people read it."""
    if value is None:
        return "-"
    match row.kind:
        case "money":
            return language.amount(value)
        case "rate":
            return language.rate(value)
        case "units":
            return language.units(value, row.of)
        case _:
            return language.number(value)


def plain_value(row: Row, value: int | None, found: Backtest) -> str | int | None:
    """A value for programs: amounts with the decimals of their unit, rates in %."""
    if value is None or row.kind == "count":
        return value
    if row.kind == "rate":
        return plain_rate(value)
    return plain(value, _digits(row, found))


def _digits(row: Row, found: Backtest) -> int:
    if row.kind == "money":
        return found.currency.digits
    sides = (found.happened, found.in_force, found.draft)
    unit = next(one.unit for side in sides for one in side.purses if one.purse == row.of)
    return found.currency.digits if unit == found.currency.code else 0


def csv_of(found: Backtest) -> str:
    """All figures as CSV, for a spreadsheet: one a row, and holders by band."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("figure", "of", *SIDES))
    for section in sections(found):
        for row in section.rows:
            writer.writerow((row.figure, row.of, *(plain_value(row, value, found) for value in row.values)))
    for size, _, count in bands(found):
        writer.writerow(("holders_by_change", size, None, None, count))
    return text.getvalue()
