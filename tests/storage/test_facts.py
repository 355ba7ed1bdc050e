"""Bills as text: whatever the domain can hold comes back exactly, and the text of a value never changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.message import Amount, Message, Rate
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.facts import UNREADABLE, canonical, moment, read_moment, read_refund, read_sale, written

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.sampled_from(["amount", "title", "missing", "day"])
ints = st.integers(-(2**63), 2**63 - 1)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1971, 1, 1), datetime(9990, 1, 1), timezones=zones)
days = st.dates()
plain = st.one_of(texts, ints, days, st.builds(Amount, ints, texts), st.builds(Rate, ints))
messages = st.recursive(
    st.builds(lambda template, values: Message(template, **values), texts, st.dictionaries(names, plain, max_size=3)),
    lambda inner: st.builds(
        lambda template, values: Message(template, **values),
        texts,
        st.dictionaries(names, st.one_of(plain, inner), max_size=3),
    ),
    max_leaves=3,
)
for kind, strategy in {str: texts, int: ints, datetime: moments, date: days, Message: messages}.items():
    st.register_type_strategy(kind, strategy)
slow = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@given(st.from_type(Sale))
@slow
def test_every_sale_reads_back_as_it_was(sale: Sale) -> None:
    """Any sale that the types allow, with messages within messages, dates and amounts, is equal after storing."""
    assert read_sale(written(sale)) == sale


@given(st.from_type(Refund))
@slow
def test_every_refund_reads_back_as_it_was(refund: Refund) -> None:
    """Any refund likewise, and writing it again gives the same text, so that its hash can be worked out anew."""
    text = written(refund)
    assert read_refund(text) == refund
    assert written(read_refund(text)) == text


@given(st.from_type(Sale), messages)
@slow
def test_the_kinds_of_a_message_s_values_are_kept(sale: Sale, message: Message) -> None:
    """A number stays a number and a date a date: the reader's language decides how each is written."""
    found = read_sale(written(replace(sale, warnings=(message,)))).warnings[0]
    assert found == message
    assert [type(value) for value in found.values.values()] == [type(value) for value in message.values.values()]


@given(moments)
def test_a_moment_is_cut_to_milliseconds_and_never_written_as_later(at: datetime) -> None:
    """What is read back is the same moment to the millisecond, at most 999 microseconds before, in UTC."""
    found = read_moment(moment(at))
    assert timedelta() <= at - found < timedelta(milliseconds=1)
    assert found.tzinfo == UTC
    assert len(moment(at)) == 24


@given(moments, moments)
def test_moments_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    """Both databases may order them as texts."""
    if moment(one) < moment(other):
        assert one < other


def test_a_moment_is_written_so() -> None:
    """The form is fixed: it is part of every hash."""
    assert (
        moment(datetime(2026, 11, 22, 10, 15, 0, 999_999, timezone(timedelta(hours=1)))) == "2026-11-22T09:15:00.999Z"
    )


def test_a_moment_needs_a_time_zone() -> None:
    """A clock without a zone is a fault of the program."""
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 11, 22))


def test_the_canonical_bytes_are_fixed() -> None:
    """No spaces, UTF-8 as it is, null for nothing: another version of this program must come to the same hash."""
    values: list[Any] = ["till-1", 1, None, [["purse:cashback", -47]], "Łódź — Ёлка", 'a"b\n']
    assert canonical(values) == '["till-1",1,null,[["purse:cashback",-47]],"Łódź — Ёлка","a\\"b\\n"]'.encode()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"id": 1}', "\x00", '{"id":"x"', "null"])
def test_a_text_that_is_no_bill_is_said_to_be_none(text: str) -> None:
    """Reading raises one of the errors that are named for it, never another."""
    with pytest.raises(UNREADABLE):
        read_sale(text)
    with pytest.raises(UNREADABLE):
        read_refund(text)


@given(st.from_type(Sale), st.data())
@slow
def test_a_changed_bill_is_read_as_something_or_said_to_be_unreadable(sale: Sale, data: st.DataObject) -> None:
    """Whatever one character of the text becomes, reading raises nothing but the named errors."""
    text = written(sale)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + text[at + 1 :]
    try:
        read_sale(changed)
    except UNREADABLE:
        return
