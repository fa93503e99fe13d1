"""Drift: how far each column moved, beside how far rows drawn from the real table itself would stray."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from htdbu.evaluation.chance import ks_noise, tv_noise
from htdbu.evaluation.limits import STRAYS
from htdbu.evaluation.report.html import MISSING, Heads, Part, join, marked, numbers, points, soft, table
from htdbu.evaluation.report.levels import level_shares
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import shown
from htdbu.solver.typed_cells import level_codes


def build(material: Material) -> Markup:
    """A line for every column but keys and texts, the one that moved farthest first."""
    found = material.scores["drift"] or {}
    if not found:
        return soft("Not measured.")
    lines = sorted(((_distance(moved), name, moved) for name, moved in found.items()), key=lambda line: -line[0])
    words = "How far each column moved, the farthest first: 0 is the same distribution, 1 an entirely different one. "
    words += "The floor is how far as many rows drawn from the real table would stray on average; what lies more than "
    words += "three standard deviations above it is marked."
    heads: Heads = ["Column", *numbers("Distance", "Floor", "What moved most", "Missing cells")]
    left = [column.name for column in material.program.columns if column.name not in found]
    end = "Numbers and dates: Kolmogorov–Smirnov statistic; other columns: total variation distance. "
    end += "sd: standard deviations of the real column; pp: percentage points."
    end += f" Not compared, as keys and texts: {', '.join(left)}." if left else ""
    return join(
        [soft(words), table("Drift of each column", heads, [_line(material, *line) for line in lines]), soft(end)]
    )


def _distance(moved: Mapping[str, Any]) -> float:
    distance: float = moved["ks"] if moved["kind"] == "number" else moved["tv"]
    return distance


def _line(material: Material, distance: float, name: str, moved: Mapping[str, Any]) -> list[Part]:
    floor, limit = _noise(material, name, moved)
    value = shown(distance)
    spelled: Part = marked(f"{value} (beyond)", "mixed") if distance > limit else value
    missing = points(moved["missing_shift"]) if moved["missing_shift"] else MISSING
    return [name, spelled, shown(floor), _most(moved), missing]


def _noise(material: Material, name: str, moved: Mapping[str, Any]) -> tuple[float, float]:
    """The floor of a column, measured where the scores have one, and the last distance that chance explains."""
    rows, measured = material.rows["synthetic"] or 1, moved.get("floor")
    if moved["kind"] == "number":
        floor, limit = ks_noise(rows)
    else:
        levels, (codes,) = level_codes(material.typed_real[name])
        floor, limit = tv_noise(np.asarray(level_shares(codes, len(levels))), rows)
    if measured is None:
        return floor, limit
    # Kolmogorov's distribution is wide of the mark for a column of few values: the measured floor bounds it as well.
    return measured, min(limit, STRAYS * measured) if moved["kind"] == "number" else limit


def _most(moved: Mapping[str, Any]) -> str:
    """What moved most in a column, in words."""
    if moved["kind"] == "number":
        shift = moved["mean_shift"]
        return MISSING if shift is None else f"mean {shift:+.2f} sd"
    return MISSING if moved["level"] is None else f"{moved['level']} {points(moved['level_shift'])}"


SECTION = Section("drift", "Drift", build)
