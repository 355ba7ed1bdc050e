"""What a holder may agree to: each purpose with the sentence that is put to them.

A card works without any: keeping its purses and bills is what the contract of the card itself needs (GDPR, article 6(1)(b)). What
goes beyond it rests on consent (article 6(1)(a)): given by purpose, never beforehand, and taken back as easily (article 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from pos_loyalty.domain.message import N_

PurposeId: TypeAlias = Literal["mailing", "profile"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: its id, its name, and the wording that the holder agrees to (templates to translate)."""

    id: PurposeId
    title: str
    wording: str


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "mailing",
        N_("Offers by e-mail, text message or post"),
        N_(
            "I agree that the shop sends me offers and news by e-mail, text message or post. I can take this back at any time."
        ),
    ),
    Purpose(
        "profile",
        N_("Looking at what they buy"),
        N_(
            "I agree that the shop looks at what I buy, beyond what my card needs, to make me offers that fit."
            " I can take this back at any time."
        ),
    ),
)
"""Every purpose that is asked for, in the order in which it is asked."""

PURPOSE_IDS: tuple[PurposeId, ...] = get_args(PurposeId)


def purpose_of(purpose_id: str) -> Purpose:
    """The purpose of that id; KeyError if there is none."""
    for purpose in PURPOSES:
        if purpose.id == purpose_id:
            return purpose
    raise KeyError(purpose_id)
