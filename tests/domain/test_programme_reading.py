"""A programme file that is right becomes the programme that it says, and what is left out becomes the default."""

from __future__ import annotations

import string
import tomllib
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.money import Currency, plain, plain_rate
from pos_loyalty.domain.programme.reading import MAX_PURSES, MAX_TIERS, Reading, read
from pos_loyalty.domain.programme.rules import (
    Duration,
    Exclude,
    Lifetime,
    Offer,
    Programme,
    Purse,
    Returns,
    Spend,
    Tier,
    Tiers,
)

EXAMPLE = Path(__file__).parents[2] / "docs" / "programme-example.toml"

SMALLEST = """
[programme]
name = "Club"
currency = "EUR"
time_zone = "Europe/Sofia"
"""


def test_the_example_in_the_docs_reads_without_a_problem() -> None:
    """What an owner copies from the documentation works, and means what its comments say."""
    reading = read(EXAMPLE.read_text(encoding="utf-8"))
    assert reading == Reading(
        Programme(
            name="Corner Shop Club",
            currency=Currency("EUR", 2),
            time_zone="Europe/Sofia",
            day_starts=time(4),
            maximum_discount=500_000,
            cash_rounding=1,
            exclude=(
                Exclude(departments=frozenset({"tobacco", "deposits"})),
                Exclude(departments=frozenset({"books"}), reduced=True),
            ),
            purses=(Purse("cashback", Duration(14, "day"), Duration(12, "month"), Spend(100, 1_000_000, "discount")),),
            tiers=Tiers(
                (
                    Tier("basic", "Basic", 0, 50_000, 10_000),
                    Tier("gold", "Gold", 500_00, 100_000, 30_000),
                    Tier("vip", "VIP", 2000_00, 200_000, 50_000, named_only=True),
                ),
                window=Duration(12, "month"),
                kept_for=Duration(12, "month"),
                step_down="one",
            ),
            offers=(
                Offer("tier:basic:discount", "basic", discount=50_000, group="card"),
                Offer("tier:basic:cashback", "basic", earn=10_000, purse="cashback"),
                Offer("tier:gold:discount", "gold", discount=100_000, group="card"),
                Offer("tier:gold:cashback", "gold", earn=30_000, purse="cashback"),
                Offer("tier:vip:discount", "vip", discount=200_000, group="card"),
                Offer("tier:vip:cashback", "vip", earn=50_000, purse="cashback"),
            ),
            returns=Returns("owe", Duration(30, "day")),
        ),
        (),
    )


def test_the_smallest_programme_has_every_default() -> None:
    """Three keys are a programme; all else has the default that the documentation names."""
    programme = read(SMALLEST).programme
    assert programme == Programme("Club", Currency("EUR", 2), "Europe/Sofia")
    assert programme is not None
    assert (programme.day_starts, programme.maximum_discount, programme.cash_rounding) == (time(0), 1_000_000, 1)
    assert (programme.purses, programme.tiers, programme.offers) == ((), None, ())
    assert programme.returns == Returns("owe", Duration(0, "day"))


def test_tiers_and_purses_have_defaults_of_their_own() -> None:
    """A tier counts the spend of a lifetime; a purse is spent at once, wholly, as a discount."""
    reading = read(SMALLEST + '[[tier]]\nid="a"\nname="A"\nspend="0"\n[purse.p]\nunit="money"\nexpires="never"\n')
    assert reading.problems == ()
    assert reading.programme is not None
    assert reading.programme.tiers == Tiers((Tier("a", "A", 0),), "lifetime", Duration(0, "day"), "one")
    assert reading.programme.purses == (Purse("p", Duration(0, "day"), None, Spend(0, 1_000_000, "discount")),)


def test_rates_of_zero_make_no_offer() -> None:
    """A tier that gives nothing leaves nothing on a bill, and needs no purse."""
    reading = read(SMALLEST + '[[tier]]\nid="a"\nname="A"\nspend="0"\ndiscount="0%"\ncashback="0.0%"\n')
    assert reading.problems == ()
    assert reading.programme is not None
    assert reading.programme.offers == ()


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [("EUR", "0.05", 5), ("JPY", "5", 5), ("KWD", "0.005", 5), ("EUR", "1", 100), ("EUR", "0.5", 50)],
)
def test_amounts_are_in_the_minor_units_of_the_currency(currency: str, written: str, minor: int) -> None:
    """A yen has no decimals, a dinar three, and fewer than there are may be written."""
    text = SMALLEST.replace("EUR", currency) + f'cash_rounding = "{written}"\n'
    programme = read(text).programme
    assert programme is not None
    assert programme.cash_rounding == minor


def test_an_editor_may_begin_the_file_with_a_byte_order_mark_and_end_lines_as_windows_does() -> None:
    """A file saved in another editor is the same programme."""
    assert read("\ufeff" + SMALLEST.replace("\n", "\r\n")) == read(SMALLEST)


# Programmes at random, written to TOML and read back.

ids = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=32).filter(
    lambda text: text[0] not in "-_"
)
names = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=80
).filter(lambda text: bool(text.strip()))
rates = st.integers(0, 1_000_000)
durations = st.one_of(
    st.builds(Duration, st.integers(0, 36_525), st.just("day")),
    st.builds(Duration, st.integers(0, 1_200), st.just("month")),
    st.builds(Duration, st.integers(0, 100), st.just("year")),
)
amounts = st.integers(0, 10**13)
excludes = st.builds(
    Exclude,
    st.frozensets(names, max_size=4),
    st.frozensets(names, max_size=4),
    st.sampled_from((None, True, False)),
).filter(lambda exclude: exclude != Exclude())
purses = st.builds(
    Purse,
    id=ids,
    hold=durations,
    expires=st.one_of(durations, st.sampled_from((None, "end of year"))),
    spend=st.builds(Spend, amounts, rates, st.sampled_from(("discount", "tender"))),
)


@st.composite
def ladders(draw: st.DrawFn, cashback: bool) -> Tiers | None:
    """An ordered ladder, or none."""
    spends = sorted(draw(st.sets(st.integers(1, 10**13), max_size=MAX_TIERS - 1)))
    if not spends and draw(st.booleans()):
        return None
    count = len(spends) + 1
    tier_ids = draw(st.lists(ids, min_size=count, max_size=count, unique_by=str.lower))
    ladder = tuple(
        Tier(
            tier_id,
            draw(names),
            spend,
            draw(rates),
            draw(rates) if cashback else 0,
            draw(st.booleans()) and spend > 0,
        )
        for tier_id, spend in zip(tier_ids, [0, *spends], strict=True)
    )
    return Tiers(
        ladder,
        draw(st.one_of(durations.filter(lambda d: d.count > 0), st.sampled_from(("calendar year", "lifetime")))),
        draw(durations),
        draw(st.sampled_from(("one", "to-fit", "never"))),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A programme with anything in it that this release knows."""
    held = draw(st.lists(purses, max_size=MAX_PURSES - 1, unique_by=lambda purse: purse.id.lower()))
    held = [purse for purse in held if purse.id.lower() != "cashback"]
    cashback = draw(st.booleans())
    if cashback:
        held.append(Purse("cashback", Duration(1, "day")))
    tiers = draw(ladders(cashback))
    offers = []
    for tier in () if tiers is None else tiers.ladder:
        if tier.discount:
            offers.append(Offer(f"tier:{tier.id}:discount", tier.id, discount=tier.discount, group="card"))
        if tier.cashback:
            offers.append(Offer(f"tier:{tier.id}:cashback", tier.id, earn=tier.cashback, purse="cashback"))
    return Programme(
        draw(names),
        Currency.of(draw(st.sampled_from(("EUR", "JPY", "KWD", "BGN")))),
        draw(st.sampled_from(("Europe/Sofia", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"))),
        time(draw(st.integers(0, 23)), draw(st.integers(0, 59))),
        draw(rates),
        draw(st.integers(1, 10**13)),
        tuple(draw(st.lists(excludes, max_size=3))),
        tuple(held),
        tiers,
        tuple(offers),
        draw(st.builds(Returns, st.sampled_from(("owe", "withhold", "forgive")), durations)),
    )


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lasting(lifetime: Lifetime | str) -> str:
    """A length of time, or the words in its place, as a programme writes it."""
    if isinstance(lifetime, Duration):
        return f'"{lifetime.count} {lifetime.unit}{"" if lifetime.count == 1 else "s"}"'
    return '"never"' if lifetime is None else f'"{lifetime}"'


def as_toml(programme: Programme) -> str:
    """The file that says this programme, with every key written out."""

    def amount(minor: int) -> str:
        return f'"{plain(minor, programme.currency.digits)}"'

    rows = [
        "[programme]",
        f"name = {quoted(programme.name)}",
        f'currency = "{programme.currency.code}"',
        f'time_zone = "{programme.time_zone}"',
        f'day_starts = "{programme.day_starts:%H:%M}"',
        f'maximum_discount = "{plain_rate(programme.maximum_discount)}"',
        f"cash_rounding = {amount(programme.cash_rounding)}",
    ]
    for exclude in programme.exclude:
        rows.append("[[exclude]]")
        for key, listed in (("departments", exclude.departments), ("skus", exclude.skus)):
            if listed:
                rows.append(f"{key} = [{', '.join(map(quoted, sorted(listed)))}]")
        if exclude.reduced is not None:
            rows.append(f"reduced = {str(exclude.reduced).lower()}")
    for purse in programme.purses:
        spend = purse.spend
        rows += [
            f"[purse.{purse.id}]",
            'unit = "money"',
            f"hold = {lasting(purse.hold)}",
            f"expires = {lasting(purse.expires)}",
            f'spend = {{ minimum = {amount(spend.minimum)}, up_to = "{plain_rate(spend.up_to)}",'
            f' counts_as = "{spend.counts_as}" }}',
        ]
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
                f"spend = {amount(tier.spend)}",
                f'discount = "{plain_rate(tier.discount)}"',
                f'cashback = "{plain_rate(tier.cashback)}"',
                f"named_only = {str(tier.named_only).lower()}",
            ]
    rows += [
        "[returns]",
        f'when_spent = "{programme.returns.when_spent}"',
        f"restored_for = {lasting(programme.returns.restored_for)}",
    ]
    return "\n".join(rows) + "\n"


@given(programmes())
def test_a_programme_written_to_a_file_reads_back_equal(programme: Programme) -> None:
    """Nothing that a file says is lost or changed on the way in; at most it is worth a warning."""
    text = as_toml(programme)
    assert tomllib.loads(text)
    reading = read(text)
    assert [problem for problem in reading.problems if problem.severity == "error"] == []
    assert reading.programme == programme
