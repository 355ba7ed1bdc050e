"""Identifiers made at the till."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

from pos_loyalty.till.ids import uuid7

NOW = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))


def test_an_identifier_is_a_uuid_of_version_7_of_its_moment() -> None:
    """The example of RFC 9562, appendix A.6: its first 48 bits are 017F22E279B0, then version 7 and the standard variant."""
    made = uuid7(NOW)
    assert made.startswith("017f22e2-79b0-7")
    parsed = uuid.UUID(made)
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert str(parsed) == made


def test_identifiers_of_one_millisecond_keep_their_order_and_are_never_the_same() -> None:
    """Two thousand in a row at one moment are all different and sorted as they were made."""
    made = [uuid7(NOW) for _ in range(2_000)]
    assert len(set(made)) == 2_000
    assert made == sorted(made)


def test_a_clock_that_jumps_back_still_makes_new_identifiers() -> None:
    """They sort with the clock, and none comes twice, also past what the counter can count."""
    late = [uuid7(NOW + timedelta(seconds=1)) for _ in range(6_000)]
    early = [uuid7(NOW) for _ in range(6_000)]
    assert len({*late, *early}) == 12_000
    assert max(early) < min(late)


def test_a_moment_is_taken_with_its_zone() -> None:
    """The same moment in another zone has the same first 48 bits."""
    assert uuid7(NOW)[:13] == uuid7(NOW.astimezone(UTC))[:13]
