"""The pairs of columns that depend most on one another, real beside synthetic."""

from __future__ import annotations

from markupsafe import Markup

from htdbu.evaluation.report.compare import beside
from htdbu.evaluation.report.dependence import strongest_pairs
from htdbu.evaluation.report.html import el, join, soft
from htdbu.evaluation.report.joints import joint_table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

MOST_PAIRS = 6
MOST_LEVELS = 10


def build(material: Material) -> Markup | None:
    """A pair of charts a pair of columns; nothing where no two columns can be compared."""
    free = [column.name for column in material.program.columns if not column.is_name and column.derived is None]
    found = strongest_pairs(material.typed_real, free, MOST_PAIRS)
    if not found:
        return None
    words = (
        "The pairs of columns that depend most on one another in the real rows, no column in more than two of them. "
    )
    words += "Darker cells hold more rows; both charts of a pair have the same scale. Numbers are cut into bins that "
    words += "hold about equally many real rows. Cramér's V is 0 for independence and 1 where one tells the other."
    return join([soft(words), *(_pair(material, k, names, v) for k, (names, v) in enumerate(found))])


def _pair(material: Material, k: int, names: tuple[str, str], strength: float) -> Markup:
    joint = joint_table(material.typed_real, material.typed_synthetic, names, MOST_LEVELS)
    heading = el("h3", " × ".join(names), " ", el("span", f"V = {strength:.2f}", cls="soft"))
    return el("div", heading, beside(f"pair-{k}", names, joint, level="h4"), cls="block")


SECTION = Section("pairs", "Pairs", build, lambda _: "Pairs of columns")
