"""What every widget of ours knows of the app that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from pos_loyalty.language import Language
    from pos_loyalty.ui.app import TillApp
    from pos_loyalty.ui.direction import Mode


class Painted(Widget, can_focus=False):
    """A widget that paints lines of text itself; its COMPONENT_CLASSES are the kinds of lines that it has."""

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

    def style_of(self, name: str) -> Style:
        """The style of a kind of line; "" is the widget's own."""
        return self.get_component_rich_style(name) if name else self.rich_style
