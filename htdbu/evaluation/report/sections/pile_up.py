"""Pile-up: rows heaped at the bounds that rules set, the mark of cells that were pushed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.limits import STRAYS
from htdbu.evaluation.report.html import Heads, Part, join, marked, numbers, percent, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

MOST_BOUNDS = 60


def build(material: Material) -> Markup | None:
    """A line a bound, the largest change first; nothing where that was not measured."""
    found = material.scores.get("pile_up")
    if found is None:
        return None
    if not found:
        return soft("No rule sets a bound to a column.")
    lines = sorted(found, key=lambda line: -abs((line["synthetic"] or 0.0) - (line["real"] or 0.0)))
    words = "The share of rows at, or next to, a bound that a rule sets. More of them than of real rows tells of cells "
    words += "pushed there. The floor is how far the share of rows drawn from the real table strays on average."
    heads: Heads = ["Column", "Bound", "Rule", *numbers("Real", "Synthetic", "Floor")]
    rest = len(lines) - MOST_BOUNDS
    more = soft(f"{rest:,} more bounds, with smaller changes, are not listed.") if rest > 0 else None
    return join([soft(words), table("Pile-up at bounds", heads, map(_line, lines[:MOST_BOUNDS])), more])


def _line(line: Mapping[str, Any]) -> list[Part]:
    real, synthetic, floor = line["real"], line["synthetic"], line["floor"]
    beyond = None not in (real, synthetic, floor) and synthetic - real > STRAYS * floor
    spelled: Part = marked(f"{percent(synthetic)} (beyond)", "mixed") if beyond else percent(synthetic)
    return [str(line["column"]), str(line["bound"]), str(line["rule"]), percent(real), spelled, percent(floor)]


SECTION = Section("pile-up", "Pile-up", build, lambda _: "Pile-up at the bounds of rules")
