"""Where widgets stand side by side or one above the other.

Nothing is seen of a place itself but its background, so it is painted as such: what Textual works out for borders and titles would
take longer than the lines that a scan changes.
"""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Horizontal, Vertical


class Across(Horizontal):
    """Side by side."""

    BLANK: ClassVar[bool] = True


class Down(Vertical):
    """One above the other."""

    BLANK: ClassVar[bool] = True
