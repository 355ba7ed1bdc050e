"""Promise: the letter that a scanner puts before its data names the symbology and goes; what does not fit its
letter stays as it came.

Which letters a scanner sends is a matter of its host type or of its setting *Transmit Code ID*, so they are
taken off only where a preset or the settings say which ones come. AIM identifiers (`]E0`) are known anywhere
and need no setting: see `drivers.codes`.

The tables are the makers': "Terminal Specific Code ID Characters" (Zebra LI2208 guide, table 4-3; LI4278,
table 7-3) for the host types, and "Symbol Code Characters" (Zebra SP72 programming guide) for `symbol`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from drivers.codes import check_digit


@dataclass(frozen=True, slots=True)
class CodeId:
    """A letter before the data that names the symbology: `aim` is the same as an AIM identifier; `lengths`
    are the data lengths that it goes with, all of them digits (empty: any data); `counted`: two digits with
    the data's length stand behind it; `zeros_out`: the data is UPC-E, whose zeros are put back."""

    letter: str
    aim: str
    lengths: tuple[int, ...] = ()
    counted: bool = False
    zeros_out: bool = False

    def taken_off(self, text: str) -> str | None:
        """The text with its AIM identifier instead of this letter; None where it does not fit."""
        if not text.startswith(self.letter):
            return None
        data = text[len(self.letter) :]
        if self.counted:
            count, data = data[:2], data[2:]
            if not (count.isascii() and count.isdigit() and int(count) == len(data)):
                return None
        if self.lengths and (len(data) not in self.lengths or not data.isdigit()):
            return None
        if self.zeros_out:
            whole = upc_e_in_full(data)
            return None if whole is None else self.aim + whole
        return self.aim + data


def upc_e_in_full(digits: str) -> str | None:
    """The 13 digits of the article number that a UPC-E symbol stands for (GS1 General Specifications,
    5.2.3.4): 6 digits, 7 with the number system before them, 8 with the check digit as well. None where they
    are none."""
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 8):
        return None
    system, body = ("0", digits) if len(digits) == 6 else (digits[0], digits[1:7])
    if system not in "01":
        return None
    last = body[5]
    if last in "012":
        middle = body[:2] + last + "0000" + body[2:5]
    elif last == "3":
        middle = body[:3] + "00000" + body[3:5]
    elif last == "4":
        middle = body[:4] + "00000" + body[4]
    else:
        middle = body[:5] + "0000" + last
    number = "0" + system + middle
    whole = number + check_digit(number)
    return None if len(digits) == 8 and digits[7] != whole[-1] else whole


_UPC_E: Final = (6, 7, 8)

NIXDORF: Final = (
    CodeId("A", "]E0", lengths=(12, 13)),
    CodeId("C", "]E0", lengths=_UPC_E, zeros_out=True),
    CodeId("B", "]E4", lengths=(8,)),
    CodeId("K", "]C0"),
    CodeId("P", "]C1"),
    CodeId("M", "]A0"),
    CodeId("N", "]F0"),
    CodeId("I", "]I0"),
    CodeId("L", "]G0"),
    CodeId("H", "]S0"),
    CodeId("O", "]M0"),
    CodeId("E", "]e0"),
)
"""Wincor-Nixdorf modes A and B, OPOS and JPOS."""

OLIVETTI: Final = (
    CodeId("A", "]E0", lengths=(12, 13)),
    CodeId("C", "]E0", lengths=_UPC_E, zeros_out=True),
    CodeId("B", "]E4", lengths=(8,)),
    CodeId("K", "]C0", counted=True),
    CodeId("P", "]C1", counted=True),
    CodeId("M", "]A0", counted=True),
    CodeId("N", "]F0", counted=True),
    CodeId("I", "]I0", counted=True),
    CodeId("L", "]G0", counted=True),
    CodeId("H", "]S0", counted=True),
    CodeId("O", "]M0", counted=True),
)
"""The table says `<len>` behind these letters without its form; two digits are taken for it."""

ICL: Final = (
    CodeId("FF", "]E4", lengths=(8,)),
    CodeId("F", "]E0", lengths=(13,)),
    CodeId("A", "]E0", lengths=(12, 13)),
    CodeId("E", "]E0", lengths=_UPC_E, zeros_out=True),
    CodeId("L", "]C0", counted=True),
    CodeId("C", "]A0", counted=True),
    CodeId("N", "]F0", counted=True),
    CodeId("I", "]I0", counted=True),
    CodeId("H", "]S0", counted=True),
)
"""ICL and Omron. L stands for Code 128 and for GS1-128 alike; it is taken for the more common one."""

FUJITSU: Final = (
    CodeId("FF", "]E4", lengths=(8,)),
    CodeId("F", "]E0", lengths=(13,)),
    CodeId("A", "]E0", lengths=(12, 13)),
    CodeId("E", "]E0", lengths=_UPC_E, zeros_out=True),
)
"""Only goods' codes have a letter; a card in Code 128 comes bare."""

SYMBOL: Final = (
    CodeId("A", "]E0", lengths=(12, 13)),
    CodeId("A", "]E4", lengths=(8,)),
    CodeId("A", "]E0", lengths=(6, 7), zeros_out=True),
    CodeId("B", "]A0"),
    CodeId("C", "]F0"),
    CodeId("D", "]C0"),
    CodeId("E", "]G0"),
    CodeId("F", "]I0"),
    CodeId("G", "]S0"),
    CodeId("H", "]H0"),
    CodeId("J", "]M0"),
    CodeId("K", "]C1"),
    CodeId("L", "]X0"),
    CodeId("R", "]e0"),
    CodeId("z", "]z0"),
    CodeId("P00", "]d1"),
    CodeId("P01", "]Q1"),
    CodeId("P0G", "]d2"),
    CodeId("P0Q", "]Q3"),
)
"""Zebra's and Symbol's own letters, where *Transmit Code ID* is set to *Symbol*. A with eight digits is EAN-8
or UPC-E with all its digits; these cannot be told apart, and the digits are left as they are."""

CODE_IDS: Final[Mapping[str, tuple[CodeId, ...]]] = MappingProxyType(
    {"none": (), "symbol": SYMBOL, "icl": ICL, "fujitsu": FUJITSU, "nixdorf": NIXDORF, "olivetti": OLIVETTI}
)
"""By the name that the settings use."""
