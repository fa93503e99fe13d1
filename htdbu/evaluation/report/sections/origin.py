"""Where each row came from, what the rules said after each step, and what else the synthesis tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.bars import stacked_bar
from htdbu.evaluation.report.html import (
    MISSING,
    Heads,
    Part,
    count,
    el,
    figure,
    figures,
    join,
    numbers,
    percent,
    soft,
    swatch,
    table,
)
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

_WAYS = {
    "sampled": "kept as the generator first drew them",
    "redrawn": "drawn again inside what the rules and the plan allow",
    "steered": "drawn column by column, past the values that no valid row could follow",
    "completed": "drawn so too, with the nearest valid value where no drawn one could be kept",
    "repaired": "changed by the solver in as few cells as possible",
    "copied": "taken over from another valid synthetic row",
}
_STEPS = {
    "sampled": "all rows as first drawn, more than are asked for",
    "redrawn": "the same, refused rows drawn again where rows are lacking",
    "chosen": "those that together look most like the real ones",
    "repaired": "what still broke a rule moved to the nearest valid row",
    "finished": "keys, texts and derived columns filled in",
}


def build(material: Material) -> Markup | None:
    """Ways, steps, relations kept, privacy and warnings; nothing where the synthesis is not known."""
    made = material.synthesis
    if made is None:
        return None
    words = f"{count(made['rows'], 'row')} from the generator "
    rounds = f", in {count(made['rounds'], 'round')} of drawing again" if made["rounds"] else ""
    trained = f"; {count(made['trained'], 'model')} of single columns trained for them" if made.get("trained") else ""
    return join(
        [
            el("p", words, el("b", made["generator"]), f"{rounds}{trained}."),
            *(el("p", marked_warning(text)) for text in made.get("warnings", ())),
            _learned(made),
            _ways(made),
            _steps(made),
            _relations(made),
            _privacy(made),
        ]
    )


def marked_warning(text: str) -> Markup:
    """A warning of the synthesis."""
    return join([el("b", "Warning: ", cls="mixed"), text])


def _learned(made: Mapping[str, Any]) -> Markup | None:
    """How many of the rows that were learned from break the rules."""
    real = made.get("real_violations")
    if not real or not real["violating_rows"]:
        return None
    share = f"{real['violating_rows']:,} of {real['rows']:,} real rows ({percent(real['violation_rate'])})"
    return el("p", f"Learned from all real rows, though {share} break a hard rule.")


def _ways(made: Mapping[str, Any]) -> Markup:
    """A bar of the ways, and what each is."""
    ways, rows = made["ways"], made["rows"]
    bar = stacked_bar("ways", "Where the rows came from", list(ways.items()))
    lines = (
        (
            join([swatch(f"part-{k}"), name, f": {_WAYS[name]}" if name in _WAYS else None]),
            count(number),
            percent(number / rows if rows else None),
        )
        for k, (name, number) in enumerate(ways.items())
    )
    return figure("The way of each row", bar, figures(lines))


def _steps(made: Mapping[str, Any]) -> Markup | None:
    """What the rules say of all rows after each step."""
    if not made.get("steps"):
        return None
    heads: Heads = ["After the step", *numbers("Rows", "Breaking a hard rule", "Rate"), "Broken most"]
    lines = [
        [
            join([name := step["step"], el("span", _STEPS[name], cls="doc") if name in _STEPS else None]),
            count(step["rows"]),
            count(step["violating_rows"]),
            percent(step["violation_rate"]),
            _most(step["fails"]),
        ]
        for step in made["steps"]
    ]
    return el("div", table("Violations after each step", heads, lines), cls="block")


def _most(fails: Mapping[str, int]) -> str:
    worst = sorted(fails, key=lambda rule: -fails[rule])[:3]
    return ", ".join(f"{rule} ({fails[rule]:,})" for rule in worst) or MISSING


def _relations(made: Mapping[str, Any]) -> Markup | None:
    """Sums and orders of columns that real rows keep."""
    if not made.get("relations"):
        return None
    lines = [[line["relation"], percent(line["real_share"]), percent(line["share"])] for line in made["relations"]]
    heads: Heads = ["Relation found in the real rows", *numbers("Real rows", "Synthetic rows")]
    return el("div", table("Relations of columns", heads, lines), cls="block")


def _privacy(made: Mapping[str, Any]) -> Markup:
    """What was asked of the rows beside the real ones, and what came of it."""
    found = made.get("privacy")
    if found is None:
        asked = "Nothing was asked about copies of real rows or nearness to them; --no-copies and --max-dcr-share do."
        return el("div", el("h3", "Privacy asked for"), soft(asked), cls="block")
    lines: list[tuple[Part, Part, Part]] = [
        ("copies of real rows that are the only ones of their kind", count(found["copied_rows"]), "")
    ]
    if found["dcr_share"] is not None:
        limit = "" if found["limit"] is None else f"limit {percent(found['limit'])}"
        lines.append(("nearer to the rows learned from than to unseen ones", percent(found["dcr_share"]), limit))
    return el("div", el("h3", "Privacy asked for"), figures(lines), cls="block card")


SECTION = Section("origin", "Origin", build, lambda _: "Where each row came from")
