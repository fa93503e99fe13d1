"""The log of the feedback loop: what each round measured, blamed and did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.html import Heads, Part, details, el, join, marked, numbers, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import shown


def build(material: Material) -> Markup | None:
    """A block a round; nothing where there was no loop."""
    if not material.rounds:
        return None
    return join([soft("What the feedback loop did, round by round."), *map(_round, material.rounds)])


def _round(entry: Mapping[str, Any]) -> Markup:
    number = entry["round"]
    verdict = marked("accepted", "good") if entry["accepted"] else marked("not accepted", "mixed")
    return el(
        "article",
        el("h3", f"Round {number}: {entry['action']}"),
        el("p", verdict),
        _causes(entry.get("causes") or ()),
        _scores(number, entry.get("scores") or {}),
        _patch(number, entry.get("patch")),
        cls="card block",
    )


def _causes(causes: Iterable[Mapping[str, Any]]) -> Markup | None:
    lines = [el("li", el("b", _cause(cause)), f": {cause['evidence']}") for cause in causes]
    return el("ul", *lines) if lines else None


def _cause(cause: Mapping[str, Any]) -> str:
    name = cause.get("name")
    return cause["kind"] if name in (None, "", cause["kind"]) else f"{cause['kind']} {name}"


def _scores(number: int, scores: Mapping[str, Mapping[str, Any]]) -> Markup | None:
    if not scores:
        return None
    within = {True: "within", False: marked("beyond", "mixed"), None: None}
    lines: list[list[Part]] = [
        [name, shown(score["value"]), shown(score["floor"]), within[score["within"]]] for name, score in scores.items()
    ]
    heads: Heads = ["Measure", *numbers("Value", "Floor"), "Against it"]
    return details("Scores", table(f"Scores of round {number}", heads, lines), shown=True)


def _patch(number: int, patch: str | None) -> Markup | None:
    if not patch:
        return None
    region = el("pre", el("code", patch), role="region", tabindex="0", aria_label=f"Patch of round {number}")
    return details("The change to the rule file", region, shown=True)


SECTION = Section("rounds", "Feedback loop", build)
