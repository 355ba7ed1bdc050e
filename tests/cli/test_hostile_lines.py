"""Whatever bytes stand on a line of `sell`, it is answered with one line of JSON and nothing is raised."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_loyalty.cli.json_lines import parsed
from pos_loyalty.cli.orders import BACK_KEYS, LINE_KEYS, REFUND_KEYS, SALE_KEYS, TENDER_KEYS, refund_order, sale_order
from pos_loyalty.domain.message import Refused

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.decimals().map(str),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*SALE_KEYS, *LINE_KEYS, *TENDER_KEYS, *REFUND_KEYS, *BACK_KEYS, "x"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)
LIKELY = st.fixed_dictionaries(
    {
        "lines": st.lists(
            st.fixed_dictionaries({"name": st.text(max_size=5) | ANY, "unit_price": ANY | st.just("1.00")})
        )
        | ANY
    },
    optional={key: ANY for key in SALE_KEYS if key != "lines"},
)


HOSTILE = st.binary(max_size=60).filter(lambda line: b"\n" not in line and bool(line.strip()))


def _code(read: Callable[[], object]) -> str | None:
    """What reading was refused with, if it was; anything else that it raises fails the test."""
    try:
        read()
    except Refused as refused:
        return refused.code
    return None


def _read(line: bytes) -> None:
    code = _code(lambda: parsed(line))
    if code is not None:
        assert code == "request-invalid"
        return
    found = parsed(line)
    sale = _code(lambda: sale_order(found, lambda _: 2, "", lambda at: at.astimezone()))
    refund = _code(lambda: refund_order(found, "", lambda at: at.astimezone()))
    assert all(code is None or code.endswith("-invalid") for code in (sale, refund))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(line: bytes) -> None:
    """Random bytes never raise anything but a refusal."""
    _read(line)


@settings(max_examples=300)
@given(LIKELY | ANY)
def test_any_json_is_read_or_refused(value: Any) -> None:
    """Any JSON value, however near to an order, is an order or a refusal."""
    _read(json.dumps(value).encode())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HOSTILE | LIKELY.map(lambda value: json.dumps(value).encode()), max_size=8))
def test_every_line_is_answered(shop: Any, lines: list[bytes]) -> None:
    """A run over hostile lines answers each with one JSON object and ends with 0 or 1."""
    ran = shop("sell", "--quote", stdin=b"\n".join(lines))
    assert len(ran.lines) == len(lines)
    assert ran.status in (0, 1)


@pytest.mark.parametrize("number", [0.1, 1e300, -0.0, math.pi])
def test_a_fraction_is_never_taken(number: float) -> None:
    """A bare number with a fraction is refused wherever an amount, rate or quantity stands, and is shown as it was written."""
    for key in ("unit_price", "quantity", "vat", "by_hand"):
        found = parsed(json.dumps({"lines": [{"name": "A", key: number}]}).encode())
        with pytest.raises(Refused) as caught:
            sale_order(found, lambda _: 2, "", lambda at: at)
        assert caught.value.code == "line-invalid"
