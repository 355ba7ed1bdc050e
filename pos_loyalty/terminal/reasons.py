"""What devices have to tell a person, as messages that the reader's language says."""

from __future__ import annotations

from drivers.reasons import SENTENCES, Reason
from pos_loyalty.domain.message import Message

REPEAT = "scan.repeat"
"""The same read came twice: it is counted once, and nobody need be told."""


def message_of(reason: Reason) -> Message:
    """A driver's reason as a sentence that the reader's language says."""
    return Message(SENTENCES[reason.code], **reason.values)
