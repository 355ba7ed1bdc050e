"""A programme written as the file that says it, with every key spelled out: what reading is held against."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pos_loyalty.domain.money import MILLION, plain, plain_millionths, plain_rate
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    Audience,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Gift,
    Goods,
    Limit,
    Multiply,
    Needs,
    Offer,
    PercentOff,
    SetOff,
    When,
)
from pos_loyalty.domain.programme.rules import Club, Exclude, Programme, Purse
from pos_loyalty.domain.programme.times import WEEKDAYS


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lasting(lifetime: Duration | str | None) -> str:
    """A length of time, or the words in its place, as a programme writes it."""
    if isinstance(lifetime, Duration):
        return f'"{lifetime.count} {lifetime.unit}{"" if lifetime.count == 1 else "s"}"'
    return '"never"' if lifetime is None else f'"{lifetime}"'


def as_toml(programme: Programme) -> str:
    """The file that says this programme."""
    return "\n".join(_Writer(programme).rows()) + "\n"


def _true(value: bool) -> str:
    return str(value).lower()


def _listed(texts: Collection[str]) -> str:
    return f"[{', '.join(map(quoted, sorted(texts)))}]"


def _table(values: Mapping[str, str | None]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in values.items() if value is not None) + " }"


def _named(values: Mapping[str, str | None]) -> list[str]:
    return [f"{key} = {value}" for key, value in values.items() if value is not None]


class _Writer:
    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def amount(self, minor: int | None) -> str | None:
        return None if minor is None else f'"{plain(minor, self.programme.currency.digits)}"'

    def units(self, units: Mapping[str, int]) -> str | None:
        if not units:
            return None
        money = {purse.id for purse in self.programme.purses if purse.unit == "money"}
        return _table({purse: self.amount(n) if purse in money else str(n) for purse, n in units.items()})

    def rows(self) -> list[str]:
        programme = self.programme
        rows = [
            "[programme]",
            f"name = {quoted(programme.name)}",
            f'currency = "{programme.currency.code}"',
            f'time_zone = "{programme.time_zone}"',
            f'day_starts = "{programme.day_starts:%H:%M}"',
            f'maximum_discount = "{plain_rate(programme.maximum_discount)}"',
            f"cash_rounding = {self.amount(programme.cash_rounding)}",
        ]
        for exclude in programme.exclude:
            rows += ["[[exclude]]", *_named(_goods(exclude))]
        for purse in programme.purses:
            rows += self.purse(purse)
        if programme.tiers is not None:
            rows += [
                "[tiers]",
                f"window = {lasting(programme.tiers.window)}",
                f"kept_for = {lasting(programme.tiers.kept_for)}",
                f'step_down = "{programme.tiers.step_down}"',
            ]
            for tier in programme.tiers.ladder:
                rows += [
                    "[[tier]]",
                    f"id = {quoted(tier.id)}",
                    f"name = {quoted(tier.name)}",
                    f"spend = {self.amount(tier.spend)}",
                    f'discount = "{plain_rate(tier.discount)}"',
                    f'cashback = "{plain_rate(tier.cashback)}"',
                    f"named_only = {_true(tier.named_only)}",
                ]
        for club in programme.clubs:
            rows += self.club(club)
        for offer in programme.offers:
            if offer.tier is None:
                rows += self.offer(offer)
        return rows + self.rest()

    def purse(self, purse: Purse) -> list[str]:
        spend = purse.spend
        pays = purse.unit == "money" or purse.worth is not None
        least = self.amount(spend.minimum) if purse.unit == "money" else str(spend.minimum) if spend.minimum else None
        how = {"minimum": least, "up_to": f'"{plain_rate(spend.up_to)}"', "counts_as": f'"{spend.counts_as}"'}
        return [
            f"[purse.{purse.id}]",
            *_named(
                {
                    "unit": f'"{purse.unit}"',
                    "hold": lasting(purse.hold),
                    "expires": lasting(purse.expires),
                    "worth": None if purse.worth is None else f'"{plain_millionths(purse.worth)}"',
                    "spend": _table(how) if pays else None,
                }
            ),
        ]

    def club(self, club: Club) -> list[str]:
        join = {
            "spend": self.amount(club.spend),
            "within": None if club.within is None else lasting(club.within),
            "fee": self.amount(club.fee),
            "by_hand": "true" if club.spend is None and club.fee is None else None,
        }
        return [
            "[[club]]",
            *_named(
                {
                    "id": quoted(club.id),
                    "title": quoted(club.title),
                    "join": _table(join),
                    "lasts": None if club.lasts is None else lasting(club.lasts),
                }
            ),
        ]

    def offer(self, offer: Offer) -> list[str]:
        return [
            "[[offer]]",
            *_named(
                {
                    "id": quoted(offer.id),
                    "title": quoted(offer.title),
                    "for": None if offer.audience == Audience() else _table(_audience(offer.audience)),
                    "on": None if offer.goods is None else _table(_goods(offer.goods)),
                    "when": None if offer.when == When() else _table(_when(offer.when)),
                    "needs": None if offer.needs == Needs() else _table(self.needs(offer.needs)),
                    "costs": self.units(offer.costs),
                    "give": _table(self.give(offer)),
                    "limit": None if offer.limit == Limit() else _table(self.limit(offer.limit)),
                    "group": None if offer.group is None else quoted(offer.group),
                    "automatic": _true(offer.automatic),
                    "control_group": f'"{plain_rate(offer.control_group)}"',
                }
            ),
        ]

    def needs(self, needs: Needs) -> dict[str, str | None]:
        return {
            "spend": self.amount(needs.spend or None),
            "items": str(needs.items) if needs.items else None,
            "coupon": "true" if needs.coupon else None,
        }

    def limit(self, limit: Limit) -> dict[str, str | None]:
        counts = ("a_bill", "each", "each_referrer", "total")
        return {
            **{key: None if getattr(limit, key) is None else str(getattr(limit, key)) for key in counts},
            "within": None if limit.within is None else lasting(limit.within),
            "budget": self.amount(limit.budget),
        }

    def give(self, offer: Offer) -> dict[str, str | None]:
        return {**self.given(offer), "referrer": self.units(offer.referrer)}

    def given(self, offer: Offer) -> dict[str, str | None]:
        match offer.give:
            case PercentOff(rate, items):
                return {"discount": f'"{plain_rate(rate)}"', "items": None if items is None else str(items)}
            case AmountOff(amount):
                return {"discount": self.amount(amount)}
            case SetOff(of, free, None):
                return {"free": str(free), "of": str(of)}
            case SetOff(of, _, price):
                return {"price": self.amount(price), "of": str(of)}
            case Gift(sku):
                return {"gift": quoted(sku)}
            case CouponGiven(coupon, valid):
                return {"coupon": quoted(coupon), "valid": None if valid is None else lasting(valid)}
            case EarnRate(purse, rate):
                return {"earn": _table({purse: f'"{plain_rate(rate)}"'})}
            case EarnUnits(units, every):
                step = '"item"' if every == "item" else self.amount(every)
                return {"earn": self.units(units), "every": step}
            case Multiply(factors):
                whole = {
                    purse: n // MILLION if n % MILLION == 0 else quoted(plain_millionths(n))
                    for purse, n in factors.items()
                }
                return {"multiply": _table({purse: str(n) for purse, n in whole.items()})}
            case None:
                return {}

    def rest(self) -> list[str]:
        programme = self.programme
        rows: list[str] = []
        if programme.certificates is not None:
            amounts = ", ".join(str(self.amount(one)) for one in programme.certificates.amounts)
            rows += [
                "[gift_certificate]",
                f"expires = {lasting(programme.certificates.expires)}",
                *([f"amounts = [{amounts}]"] if amounts else []),
            ]
        for draw in programme.draws:
            rows += [
                "[[draw]]",
                f"id = {quoted(draw.id)}",
                f"title = {quoted(draw.title)}",
                f"purse = {quoted(draw.purse)}",
                f"closes = {draw.closes.isoformat()}",
                f"prizes = [{', '.join(map(quoted, draw.prizes))}]",
            ]
        guard = programme.guard
        rows += ["[guard]", f'own_card = "{guard.own_card}"', f'late_card = "{guard.late_card // 60} minutes"']
        if guard.bills_per_card_per_day is not None:
            rows.append(f"bills_per_card_per_day = {guard.bills_per_card_per_day}")
        if programme.partners is not None:
            rows += [
                "[partners]",
                f"purse = {quoted(programme.partners.purse)}",
                f"members = [{', '.join(map(quoted, programme.partners.members))}]",
            ]
        return [
            *rows,
            "[returns]",
            f'when_spent = "{programme.returns.when_spent}"',
            f"restored_for = {lasting(programme.returns.restored_for)}",
        ]


def _goods(goods: Goods | Exclude) -> dict[str, str | None]:
    named = {
        "departments": goods.departments,
        "skus": goods.skus,
        **(
            {"except_departments": goods.except_departments, "except_skus": goods.except_skus}
            if isinstance(goods, Goods)
            else {}
        ),
    }
    return {
        **{key: _listed(texts) if texts else None for key, texts in named.items()},
        "reduced": None if goods.reduced is None else _true(goods.reduced),
    }


def _audience(audience: Audience) -> dict[str, str | None]:
    bought = audience.bought
    return {
        "everyone": "true" if audience.everyone else None,
        "tiers": _listed(audience.tiers) if audience.tiers else None,
        "clubs": _listed(audience.clubs) if audience.clubs else None,
        "cards": None if audience.cards is None else quoted(audience.cards),
        "birthday_within": None if audience.birthday_within is None else lasting(audience.birthday_within),
        "not_seen_for": None if audience.not_seen_for is None else lasting(audience.not_seen_for),
        "first_visit": "true" if audience.first_visit else None,
        "referred": "true" if audience.referred else None,
        "bought": None
        if bought is None
        else _table(
            {
                **_goods(bought.goods),
                "times": str(bought.times),
                "within": None if bought.within is None else lasting(bought.within),
            }
        ),
    }


def _when(when: When) -> dict[str, str | None]:
    return {
        "weekdays": _listed([WEEKDAYS[day] for day in when.weekdays]) if when.weekdays else None,
        "hours": None if when.hours is None else f'"{when.hours[0]:%H:%M}-{when.hours[1]:%H:%M}"',
        "from": None if when.first is None else when.first.isoformat(),
        "until": None if when.until is None else when.until.isoformat(),
    }
