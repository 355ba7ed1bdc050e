"""What devices have to tell a person, as messages that the reader's language says."""

from __future__ import annotations

from drivers.reasons import SENTENCES, Reason
from pos_loyalty.domain.message import Message

REPEAT = "scan.repeat"
"""The same read came twice: it is counted once, and nobody need be told."""


LONGEST_VALUE = 36
"""Characters of a port's name in a sentence: names under /dev/serial/by-id have twice as many, and would push out what to do."""


def message_of(reason: Reason) -> Message:
    """A driver's reason as a sentence that the reader's language says; of long names of ports the end, which tells them apart."""
    return Message(SENTENCES[reason.code], **{name: shortened(value) for name, value in reason.values.items()})


def shortened(value: str) -> str:
    """The end of a long name."""
    return value if len(value) <= LONGEST_VALUE else f"…{value[1 - LONGEST_VALUE :]}"
