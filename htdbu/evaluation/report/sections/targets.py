"""The targets: what was wanted of the table as a whole, and what it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.html import MISSING, Heads, Part, el, join, marked, numbers, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import shown


def build(material: Material) -> Markup | None:
    """A line a target; nothing where the rules have none."""
    targets, raw = material.violations["targets"], material.raw_violations
    if not targets:
        return None
    docs = {target.name: target.doc for target in material.program.targets}
    before = {} if raw is None else {target["name"]: target["value"] for target in raw["targets"]}
    heads: Heads = ["Target", "Wanted", *numbers("Value", *([] if raw is None else ["As sampled"])), "Met"]
    lines = [
        [
            join([name := target["name"], el("span", docs[name], cls="doc") if docs.get(name) else None]),
            wanted(target),
            shown(target["value"], 4),
            *([] if raw is None else [shown(before.get(name), 4)]),
            _met(target),
        ]
        for target in targets
    ]
    words = (
        "Properties of the table as a whole. For a distribution the value is its distance from the one that is wanted."
    )
    return join([soft(words), table("Targets", heads, lines)])


def wanted(target: Mapping[str, Any]) -> str:
    """The range of a target in words."""
    low, high = ("" if end is None else f"{end:g}" for end in (target["low"], target["high"]))
    if low and high:
        return f"{low} to {high}" if low != high else low
    return f"at least {low}" if low else f"at most {high}" if high else MISSING


def _met(target: Mapping[str, Any]) -> Part:
    if target["met"] is None:
        return el("span", "not judged", cls="soft")
    return marked("yes", "good") if target["met"] else marked("no", "bad")


SECTION = Section("targets", "Targets", build)
