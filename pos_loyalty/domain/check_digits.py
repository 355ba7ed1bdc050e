"""Check digits, by python-stdnum: EAN (GS1, modulo 10), Damm and Luhn.

The library is loaded when a number is first checked: it takes a tenth of the time from start to first frame.
"""

from __future__ import annotations


def ean_is_valid(number: str) -> bool:
    """Whether an EAN-8, -12 (UPC-A), -13 or -14 has the right check digit."""
    from stdnum import ean  # noqa: PLC0415

    return bool(ean.is_valid(number))


def ean_digit(body: str) -> str:
    """The check digit that an EAN without one needs."""
    from stdnum import ean  # noqa: PLC0415

    return str(ean.calc_check_digit(body))


def damm_is_valid(number: str) -> bool:
    """Whether a number ends with its Damm check digit, which misses neither a wrong digit nor two that changed places."""
    from stdnum import damm  # noqa: PLC0415

    return bool(damm.is_valid(number))


def damm_digit(body: str) -> str:
    """The Damm check digit that a number without one needs."""
    from stdnum import damm  # noqa: PLC0415

    return str(damm.calc_check_digit(body))


def luhn_is_valid(number: str) -> bool:
    """Whether a number ends with its Luhn check digit, which misses no wrong digit, and of changed places those of 0 and 9."""
    from stdnum import luhn  # noqa: PLC0415

    return bool(luhn.is_valid(number))


def luhn_digit(body: str) -> str:
    """The Luhn check digit that a number without one needs."""
    from stdnum import luhn  # noqa: PLC0415

    return str(luhn.calc_check_digit(body))
