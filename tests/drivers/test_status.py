"""A printer's answers about itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.status import Status, read_status, says_printed


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"\x12\x12\x12", Status(None, paper_low=False)),
        (b"\x12\x12\x1e", Status(None, paper_low=True)),
        (b"\x1a\x32\x7e", Status("printer.paper_out", paper_low=True)),
        (b"\x1a\x16\x12", Status("printer.cover_open", paper_low=False)),
        (b"\x1a\x52\x12", Status("printer.fault", paper_low=False)),
        (b"\x1a\x12\x12", Status("printer.offline", paper_low=False)),
        (b"", None),
        (b"\x12\x12", None),
        (b"\x00\xff?", None),
    ],
)
def test_measured_answers_are_understood(answer: bytes, status: Status | None) -> None:
    """The answers that were measured at a printer, and none."""
    assert read_status(answer) == status


def test_a_late_status_byte_is_not_taken_for_printed() -> None:
    """0x12 is an answer to DLE EOT; 0x00 and 0x0c are answers to GS r, with paper and with little of it."""
    assert not says_printed(b"\x12\x1e\x7e\x11\x13")
    assert says_printed(b"\x12\x00")
    assert says_printed(b"\x0c")


@given(st.binary(max_size=20))
def test_no_answer_raises(answer: bytes) -> None:
    """A printer may send anything."""
    read_status(answer)
    says_printed(answer)
