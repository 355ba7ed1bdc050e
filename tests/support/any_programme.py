"""Whole programmes at random, with anything in them that the language has: for properties that must hold under all of them."""

from __future__ import annotations

import string
from datetime import date, time

from hypothesis import strategies as st

from pos_loyalty.domain.money import MILLION, Currency
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    Audience,
    Bought,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Gift,
    Give,
    Goods,
    Limit,
    Multiply,
    Needs,
    Offer,
    PercentOff,
    SetOff,
    When,
)
from pos_loyalty.domain.programme.rules import (
    Club,
    Draw,
    Exclude,
    GiftCertificates,
    Guard,
    Partners,
    Programme,
    Purse,
    Returns,
    Spend,
    Tier,
    Tiers,
)

ids = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=32).filter(
    lambda text: text[0] not in "-_" and not text.lower().startswith("by_hand")
)
names = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=80
).filter(lambda text: bool(text.strip()))
rates = st.integers(0, MILLION)
parts = st.integers(1, MILLION)
durations = st.one_of(
    st.builds(Duration, st.integers(0, 36_525), st.just("day")),
    st.builds(Duration, st.integers(0, 1_200), st.just("month")),
    st.builds(Duration, st.integers(0, 100), st.just("year")),
)
some_time = durations.filter(lambda length: length.count > 0)
amounts = st.integers(0, 10**13)
prices = st.integers(1, 10**13)
counts = st.integers(1, 1_000_000)
flags = st.booleans()
labels = st.frozensets(names, max_size=3)
reduced = st.sampled_from((None, True, False))
excludes = st.builds(Exclude, labels, labels, reduced).filter(lambda exclude: exclude != Exclude())
goods = st.builds(Goods, labels, labels, labels, labels, reduced).filter(lambda named: named != Goods())
bought = st.builds(
    Bought,
    st.builds(Goods, labels, labels).filter(lambda named: named != Goods()),
    counts,
    st.one_of(st.none(), some_time),
)
whens = st.builds(
    When,
    st.frozensets(st.integers(0, 6), max_size=3),
    st.one_of(
        st.none(),
        st.tuples(st.times(), st.times())
        .map(lambda both: tuple(at.replace(second=0, microsecond=0) for at in both))
        .filter(lambda both: both[0] != both[1]),
    ),
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
).filter(lambda when: when.first is None or when.until is None or when.first <= when.until)


@st.composite
def purses(draw: st.DrawFn, purse_id: str, unit: str) -> Purse:
    """A purse of a unit."""
    worth = draw(st.one_of(st.none(), st.integers(1, 10**9))) if unit in {"points", "stamps"} else None
    pays = unit == "money" or worth is not None
    least = amounts if unit == "money" else st.integers(0, 1_000_000)
    spend = draw(st.builds(Spend, least, rates, st.sampled_from(("discount", "tender")))) if pays else Spend()
    expires = draw(st.one_of(durations, st.sampled_from((None, "end of year"))))
    return Purse(purse_id, draw(durations), expires, spend, unit, worth)  # type: ignore[arg-type]


@st.composite
def ladders(draw: st.DrawFn, cashback: bool) -> Tiers | None:
    """An ordered ladder, or none."""
    spends = sorted(draw(st.sets(st.integers(1, 10**13), max_size=4)))
    if not spends and draw(flags):
        return None
    count = len(spends) + 1
    tier_ids = draw(st.lists(ids, min_size=count, max_size=count, unique_by=str.lower))
    ladder = tuple(
        Tier(own, draw(names), spend, draw(rates), draw(rates) if cashback else 0, draw(flags) and spend > 0)
        for own, spend in zip(tier_ids, [0, *spends], strict=True)
    )
    window = st.one_of(some_time, st.sampled_from(("calendar year", "lifetime")))
    return Tiers(ladder, draw(window), draw(durations), draw(st.sampled_from(("one", "to-fit", "never"))))


@st.composite
def clubs(draw: st.DrawFn) -> tuple[Club, ...]:
    """A few clubs, each joined in one way."""
    read = []
    for own in draw(st.lists(ids, max_size=2, unique_by=str.lower)):
        way = draw(st.sampled_from(("spend", "fee", "by_hand")))
        within = draw(st.one_of(st.none(), some_time)) if way == "spend" else None
        read.append(
            Club(
                own,
                draw(names),
                draw(prices) if way == "spend" else None,
                within,
                draw(prices) if way == "fee" else None,
                draw(st.one_of(st.none(), some_time)),
            )
        )
    return tuple(read)


@st.composite
def units(draw: st.DrawFn, held: list[Purse]) -> dict[str, int]:
    """So much of some purses, at least one."""
    chosen = draw(st.lists(st.sampled_from(held), min_size=1, max_size=2, unique_by=lambda purse: purse.id))
    return {purse.id: draw(prices if purse.unit == "money" else counts) for purse in chosen}


@st.composite
def gives(draw: st.DrawFn, held: list[Purse], coupons: list[str], costly: bool) -> Give:
    """What an offer gives; `costly`: for something from a purse."""
    ways = ["percent", "amount", "price", "free", "gift"]
    money = [purse for purse in held if purse.unit == "money"]
    ways += ["coupon"] if coupons else []
    ways += ["earn"] if held else []
    ways += ["rate"] if money and not costly else []
    ways += ["multiply"] if held and not costly else []
    match draw(st.sampled_from(ways)):
        case "percent":
            return PercentOff(draw(parts), draw(st.one_of(st.none(), counts)))
        case "amount":
            return AmountOff(draw(prices))
        case "price":
            return SetOff(draw(counts), price=draw(prices))
        case "free":
            of = draw(st.integers(2, 1_000_000))
            return SetOff(of, free=draw(st.integers(1, of - 1)))
        case "gift":
            return Gift(draw(names))
        case "coupon":
            return CouponGiven(draw(st.sampled_from(coupons)), draw(st.one_of(st.none(), durations)))
        case "earn":
            steps = st.none() if costly else st.one_of(st.none(), st.just("item"), prices)
            return EarnUnits(draw(units(held)), draw(steps))
        case "rate":
            return EarnRate(draw(st.sampled_from(money)).id, draw(parts))
        case _:
            chosen = draw(st.lists(st.sampled_from(held), min_size=1, max_size=2, unique_by=lambda purse: purse.id))
            return Multiply({purse.id: draw(st.integers(MILLION + 1, 1_000 * MILLION)) for purse in chosen})


@st.composite
def audiences(draw: st.DrawFn, tiers: Tiers | None, joined: tuple[Club, ...]) -> Audience:
    """Whom an offer is for."""
    if draw(flags):
        return Audience(everyone=draw(flags))
    ladder = [tier.id for tier in tiers.ladder] if tiers else []
    return Audience(
        tiers=draw(st.frozensets(st.sampled_from(ladder), max_size=2)) if ladder else frozenset(),
        clubs=draw(st.frozensets(st.sampled_from([club.id for club in joined]))) if joined else frozenset(),
        cards=draw(st.sampled_from((None, "named", "bearer"))),
        birthday_within=draw(st.one_of(st.none(), st.builds(Duration, st.integers(0, 182), st.just("day")))),
        not_seen_for=draw(st.one_of(st.none(), some_time)),
        first_visit=draw(flags),
        referred=draw(flags),
        bought=draw(st.one_of(st.none(), bought)),
    )


@st.composite
def limits(draw: st.DrawFn, referrer: bool, budget: bool) -> Limit:
    """How often an offer is given."""
    count = st.one_of(st.none(), counts)
    each = draw(count)
    return Limit(
        draw(count),
        each,
        draw(st.one_of(st.none(), some_time)) if each else None,
        draw(count) if referrer else None,
        draw(count),
        draw(st.one_of(st.none(), prices)) if budget else None,
    )


@st.composite
def offers(
    draw: st.DrawFn, own: str, coupons: list[str], held: list[Purse], tiers: Tiers | None, joined: tuple[Club, ...]
) -> Offer:
    """An offer of the shop's own; `coupons` are the offers that need one."""
    costs = draw(units(held)) if held and draw(flags) else {}
    give = draw(gives(held, coupons, bool(costs)))
    audience = draw(audiences(tiers, joined))
    referrer = {}
    if held and audience.referred and isinstance(give, EarnUnits | EarnRate) and draw(flags):
        referrer = draw(units(held))
    offer = Offer(
        own,
        draw(names),
        give,
        audience,
        draw(st.one_of(st.none(), goods)),
        draw(whens),
        Needs(draw(st.one_of(st.just(0), prices)), draw(st.one_of(st.just(0), counts)), own in coupons),
        costs,
        draw(limits(bool(referrer), isinstance(give, PercentOff | AmountOff | SetOff | Gift))),
        referrer,
        None,
        draw(flags) and bool(costs),
        draw(st.integers(0, 10_000)) * 100,
    )
    group = draw(st.sampled_from((None, offer.kind, "card" if offer.kind == "discount" else None)))
    return Offer(**{key: getattr(offer, key) for key in Offer.__slots__} | {"group": group})


def tier_offers(tiers: Tiers | None) -> list[Offer]:
    """What the tiers give, as offers."""
    found = []
    for tier in tiers.ladder if tiers else ():
        who = Audience(tiers=frozenset({tier.id}))
        if tier.discount:
            off = PercentOff(tier.discount)
            found.append(Offer(f"tier:{tier.id}:discount", tier.name, off, who, group="card", tier=tier.id))
        if tier.cashback:
            earn = EarnRate("cashback", tier.cashback)
            found.append(Offer(f"tier:{tier.id}:cashback", tier.name, earn, who, tier=tier.id))
    return found


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A programme with anything in it that the language has."""
    purse_ids = draw(st.lists(ids, max_size=4, unique_by=str.lower))
    held = [
        draw(purses(own, draw(st.sampled_from(("money", "points", "stamps", "tickets")))))
        for own in purse_ids
        if own.lower() != "cashback"
    ]
    cashback = draw(flags)
    if cashback:
        held.append(draw(purses("cashback", "money")))
    tiers = draw(ladders(cashback))
    joined = draw(clubs())
    offer_ids = draw(st.lists(ids, max_size=4, unique_by=str.lower))
    coupons = [own for own in offer_ids if draw(flags)]
    tickets = [purse.id for purse in held if purse.unit == "tickets"]
    money = [purse.id for purse in held if purse.unit == "money"]
    draw_ids = draw(st.lists(ids, max_size=2, unique_by=str.lower)) if tickets else []
    prizes = st.lists(names, min_size=1, max_size=3).map(tuple)
    shops = st.lists(ids, min_size=2, max_size=3, unique_by=str.lower).map(tuple)
    sold = st.lists(prices, max_size=3, unique=True).map(tuple)
    return Programme(
        draw(names),
        Currency.of(draw(st.sampled_from(("EUR", "JPY", "KWD", "BGN")))),
        draw(st.sampled_from(("Europe/Sofia", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"))),
        time(draw(st.integers(0, 23)), draw(st.integers(0, 59))),
        draw(rates),
        draw(prices),
        tuple(draw(st.lists(excludes, max_size=2))),
        tuple(held),
        tiers,
        (*tier_offers(tiers), *(draw(offers(own, coupons, held, tiers, joined)) for own in offer_ids)),
        draw(st.builds(Returns, st.sampled_from(("owe", "withhold", "forgive")), durations)),
        joined,
        draw(st.one_of(st.none(), st.builds(GiftCertificates, st.one_of(st.none(), some_time), sold))),
        tuple(
            Draw(own, draw(names), draw(st.sampled_from(tickets)), draw(st.dates()), draw(prizes)) for own in draw_ids
        ),
        Guard(
            draw(st.one_of(st.none(), counts)),
            draw(st.sampled_from(("allow", "warn", "refuse"))),
            draw(st.integers(0, 31 * 24 * 60)) * 60,
        ),
        Partners(draw(st.sampled_from(money)), draw(shops)) if money and draw(flags) else None,
    )
