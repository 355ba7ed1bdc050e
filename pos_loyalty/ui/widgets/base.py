"""What every widget of ours knows of the app that it stands in, and how it repaints only the lines that changed.

A scan changes lines all over the screen, and the compositor then asks every widget between the first and the last of them for its
lines again. So painted lines are kept here until they change: the way of Textual, which must know of borders and titles that no
widget of ours has, takes longer than all the rest of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from typing import Self

    from pos_loyalty.language import Language
    from pos_loyalty.ui.app import TillApp
    from pos_loyalty.ui.direction import Mode


class Painted(Widget, can_focus=False):
    """A widget that paints lines of text itself; its COMPONENT_CLASSES are the kinds of lines that it has."""

    changed = False
    """Whether something of it waits to be painted."""
    _base: Style | None = None
    _painted_for: tuple[Size, Spacing] | None = None

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        self._strips: dict[int, Strip] = {}
        super().__init__(id=id, classes=classes)

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
        """Paint some lines: those that did not change since they were painted last are kept."""
        size, padding = self.outer_size, self.styles.padding
        if self._painted_for != (size, padding):
            self._painted_for = (size, padding)
            self._strips.clear()
        if self._base is None:
            self._base = self.rich_style
        strips = [self._strips.get(y) or self._painted_line(y, size, padding) for y in crop.line_range]
        if crop.column_span != (0, size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _painted_line(self, y: int, size: Size, padding: Spacing) -> Strip:
        base = self.base
        if padding.top <= y < size.height - padding.bottom:
            left, right = Segment(" " * padding.left, base), Segment(" " * padding.right, base)
            strip = Strip([left, *self.render_line(y - padding.top), right], size.width)
        else:
            strip = Strip.blank(size.width, base)
        filters = self.get_line_filters()
        if filters:
            background = self.background_colors[1]
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
        self._strips[y] = strip
        self.changed = False
        return strip

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint these lines of the content anew, or all of them."""
        self.changed = self.changed or repaint
        if repaint and regions:
            top = self.styles.padding.top
            for region in regions:
                for y in region.line_range:
                    self._strips.pop(y + top, None)
        elif repaint:
            self._strips.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """The style sheet, or a class of this widget, has changed."""
        self._base = None
        self._strips.clear()
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
