"""What a section of the report is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from htdbu.evaluation.report.material import Material


@dataclass(frozen=True)
class Section:
    """A part of the page, as its file offers it.

    Attributes:
        key: its anchor on the page, the same in every report, so that links to it stay good.
        link: its name in the navigation.
        build: its body below the heading; None where there is nothing to show, and the section is left out.
        heading: its heading, where that is not the link.
    """

    key: str
    link: str
    build: Callable[[Material], Markup | None]
    heading: Callable[[Material], str] | None = None

    def title(self, material: Material) -> str:
        """The heading on the page."""
        return self.link if self.heading is None else self.heading(material)
