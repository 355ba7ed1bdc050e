"""What every widget of ours knows of the app that it stands in, and how it repaints only the lines that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from pos_loyalty.language import Language
    from pos_loyalty.ui.app import TillApp
    from pos_loyalty.ui.direction import Mode


class Painted(Widget, can_focus=False):
    """A widget that paints lines of text itself; its COMPONENT_CLASSES are the kinds of lines that it has."""

    _base: Style | None = None

    @property
    def till(self) -> TillApp:
        """The app."""
        return cast("TillApp", self.app)

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.till.language

    @property
    def mode(self) -> Mode:
        """Who puts right-to-left words in order."""
        return self.till.rtl

    @property
    def mirrored(self) -> bool:
        """Whether the reader's language starts at the right."""
        return self.till.language.rtl

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint some lines. Their common style is kept: to work it out takes as long as the lines themselves."""
        if self._base is None:
            self._base = self.rich_style
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        """The style sheet, or a class of this widget, has changed."""
        self._base = None
        super().notify_style_update()

    @property
    def base(self) -> Style:
        """The style of a line of no kind."""
        return self._base or self.rich_style

    def style_of(self, name: str) -> Style:
        """The style of a kind of line; "" is the widget's own."""
        return self.base + self.get_component_rich_style(name) if name else self.base

    def repaint(self, before: Sequence[object], after: Sequence[object], top: int = 0) -> None:
        """Paint the lines that differ anew; line 0 of both stands in line `top` of the widget's content."""
        longest = max(len(before), len(after))
        changed = [
            Region(0, top + y, self.size.width, 1)
            for y in range(longest)
            if y >= len(before) or y >= len(after) or before[y] != after[y]
        ]
        if changed:
            self.refresh(*changed)
