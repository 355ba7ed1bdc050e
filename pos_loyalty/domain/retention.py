"""How long a shop keeps what it knows of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_loyalty.domain.programme.duration import Duration


@dataclass(frozen=True, slots=True)
class Retention:
    """After `forget_after` without a visit a holder is erased; after `words_after` notes, closed complaints and words of feedback
    are (None: never by themselves).
    """

    forget_after: Duration | None = None
    words_after: Duration | None = None
