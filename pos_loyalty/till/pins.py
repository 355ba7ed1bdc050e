"""PINs as they are kept: Argon2id hashes, from which nobody reads a PIN back but by trying all of them.

The parameters are OWASP's minimum for Argon2id (Password Storage Cheat Sheet: 19 MiB, two rounds, one lane). A check takes some
40 ms of one core here and less than 100 ms on a till half as quick; it lets other threads run meanwhile. Four digits remain four
digits: who steals the whole store tries them all in minutes, which is why the number of tries at the till is limited.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROUNDS = 2
MEMORY = 19 * 1024
"""KiB."""
LANES = 1


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - the first frame and most verbs need no PIN

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY, parallelism=LANES)


@cache
def nobodys() -> str:
    """The hash of a PIN that nobody has: checked for a name that is not known, so that it takes as long as one that is."""
    return _hasher().hash("no digits at all")


def hashed(pin: str) -> str:
    """The hash of a PIN, with a salt of its own."""
    return _hasher().hash(pin)


def is_pin(kept: str, pin: str) -> bool:
    """Whether a PIN is the one of this hash."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

    try:
        return _hasher().verify(kept, pin)
    except (VerificationError, InvalidHashError):  # another PIN; a hash that was written from outside opens for nobody
        return False


def is_old(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)
