"""The report: what is known about a synthetic table as one HTML file that needs no other.

It loads nothing, runs no script and holds no time of day: the same tables and scores give the same bytes. It shows
cells of synthetic rows only; of real rows it shows shares, quantiles and the ends of axes.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from htdbu import __version__
from htdbu.compiler.program import Program
from htdbu.evaluation.marginals import Joint, joint_table, marginal_chart
from htdbu.evaluation.scores import Scores
from htdbu.evaluation.svg import heat_map, stacked_bar
from htdbu.evaluation.verdict import percent, shown, verdicts
from htdbu.generators.result import SynthesisReport
from htdbu.solver.frames import to_pandas
from htdbu.solver.typed import typed_frame

EXAMPLE_ROWS = 5
_MOST_CELLS_OF_PLAN = 100
_LONGEST_CELL = 120
_STATED = ("hard", "soft", "key", "unique", "fd", "target")
_WAYS = {
    "sampled": "kept as the generator first drew them",
    "redrawn": "drawn again inside what the rules and the plan allow",
    "steered": "drawn column by column, past the values that no valid row could follow",
    "completed": "drawn so too, with the nearest valid value where no drawn one could be kept",
    "repaired": "changed by the solver in as few cells as possible",
    "copied": "taken over from another valid synthetic row",
}


def render_report(
    program: Program,
    real: Any,
    synthetic: Any,
    scores: Scores,
    *,
    synthesis: SynthesisReport | Mapping[str, Any] | None = None,
    rules_text: str | None = None,
    title: str | None = None,
    seed: int | None = None,
    nulls: Sequence[str] = (),
) -> str:
    """The report as the text of an HTML file.

    Args:
        program: the rules.
        real, synthetic: the tables as they were given to `evaluate` (pandas, polars or Arrow).
        scores: what was measured on them.
        synthesis: how the rows came about, where that is known; adds the plan and the origin of the rows.
        rules_text: the rule file, to be shown as it stands.
        title: the heading; else the name of the rules.
        seed: the seed to show; else that of the synthesis or of the scores.
        nulls: further texts that mean null.

    Raises:
        DataError: a table lacks declared columns.
    """
    made = synthesis.to_dict() if isinstance(synthesis, SynthesisReport) else synthesis
    typed = typed_frame(program, real, nulls), typed_frame(program, synthetic, nulls)
    raw = scores.raw_violations if scores.raw_violations is not None else made and made["raw_violations"]
    return _template().render(
        title=title or f"Synthetic {program.name or 'table'}",
        doc=program.doc,
        scores=scores,
        verdicts=verdicts(scores),
        rules=_rules(program, scores.violations, raw or None),
        targets=_targets(program, scores.violations, raw or None),
        raw_known=raw is not None,
        joint=_joint(scores, *typed),
        synthesis=None if made is None else _synthesis(made),
        marginals=_marginals(program, *typed),
        drift=_drift(scores),
        examples=_examples(to_pandas(synthetic)),
        rules_text=rules_text,
        environment=_environment(),
        seed=_seed(seed, made, scores),
    )


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("htdbu.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, shown=shown, count=lambda number: f"{number:,}")
    template: Template = environment.get_template("report.html.j2")
    return template


def _rules(program: Program, found: Mapping[str, Any], raw: Mapping[str, Any] | None) -> dict[str, Any]:
    """The rules as lines of a table; those that columns bring along only where some row broke one."""
    docs = {rule.name: rule.doc for rule in program.rules}
    before = {} if raw is None else {rule["name"]: rule for rule in raw["rules"]}
    lines = [{**rule, "raw": before.get(rule["name"]), "doc": docs.get(rule["name"])} for rule in found["rules"]]
    broken = {rule["name"] for rule in (*found["rules"], *before.values()) if rule["fail"]}
    spoken = [line for line in lines if line["kind"] in _STATED or line["name"] in broken]
    return {"lines": spoken, "quiet": len(lines) - len(spoken)}


def _targets(program: Program, found: Mapping[str, Any], raw: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    docs = {target.name: target.doc for target in program.targets}
    before = {} if raw is None else {target["name"]: target["value"] for target in raw["targets"]}
    return [
        {**line, "raw": before.get(line["name"]), "doc": docs.get(line["name"]), "wanted": _wanted(line)}
        for line in found["targets"]
    ]


def _wanted(target: Mapping[str, Any]) -> str:
    """The range of a target in words."""
    low, high = ("" if end is None else f"{end:g}" for end in (target["low"], target["high"]))
    if low and high:
        return f"{low} to {high}" if low != high else low
    return f"at least {low}" if low else f"at most {high}" if high else "–"


def _joint(scores: Scores, real: pd.DataFrame, synthetic: pd.DataFrame) -> dict[str, Any] | None:
    """The charts and the table of the joint that XModal compares; None where there is none."""
    names = scores.setup.joint
    if len(names) < 2:
        return None
    joint = joint_table(real, synthetic, names)
    top = float(max(joint.real.max(initial=0.0), joint.synthetic.max(initial=0.0)))
    charts = [
        (kind, Markup(heat_map(f"joint-{kind}", _joint_title(names, kind), joint.rows, joint.columns, shares, top)))
        for kind, shares in (("real", joint.real.tolist()), ("synthetic", joint.synthetic.tolist()))
    ]
    return {"names": names, "charts": charts, "cells": _joint_cells(joint)}


def _joint_title(names: Sequence[str], kind: str) -> str:
    return f"{names[0]} by {names[1]}, {kind} rows"


def _joint_cells(joint: Joint) -> list[dict[str, Any]]:
    return [
        {"row": row, "column": column, "real": joint.real[i, j], "synthetic": joint.synthetic[i, j]}
        for i, row in enumerate(joint.rows)
        for j, column in enumerate(joint.columns)
    ]


def _synthesis(made: Mapping[str, Any]) -> dict[str, Any]:
    """The plan against the outcome, its largest cells first, and the origin of the rows."""
    plan = sorted(made["plan"], key=lambda cell: -cell["planned"])
    ways = [
        {"name": name, "rows": rows, "part": k, "meaning": _WAYS.get(name, "")}
        for k, (name, rows) in enumerate(made["ways"].items())
    ]
    bar = stacked_bar("ways", "Where the rows came from", [(way["name"], way["rows"]) for way in ways])
    return {
        "generator": made["generator"],
        "rounds": made["rounds"],
        "rows": made["rows"],
        "columns": list(plan[0]["cell"]) if plan else [],
        "plan": plan[:_MOST_CELLS_OF_PLAN],
        "cells": len(plan),
        "kept": sum(cell["planned"] == cell["got"] for cell in plan),
        "ways": ways,
        "steps": made.get("steps", ()),
        "bar": Markup(bar),
    }


def _marginals(program: Program, real: pd.DataFrame, synthetic: pd.DataFrame) -> list[dict[str, Any]]:
    """A chart for every column but texts."""
    return [
        {
            "name": column.name,
            "kind": column.type.kind,
            "derived": column.derived is not None,
            "key": column.key,
            "doc": column.doc,
            "missing": [float(side[column.name].isna().mean()) if len(side) else 0.0 for side in (real, synthetic)],
            "chart": Markup(marginal_chart(f"column-{k}", column.name, real[column.name], synthetic[column.name])),
        }
        for k, column in enumerate(program.columns)
        if column.type.kind != "text"
    ]


def _drift(scores: Scores) -> list[dict[str, Any]]:
    """The columns, the one that moved farthest first."""
    lines = [
        {"name": name, "distance": found.get("ks", found.get("tv")), "how": _moved(found), **found}
        for name, found in (scores.drift or {}).items()
    ]
    return sorted(lines, key=lambda line: -line["distance"])


def _moved(found: Mapping[str, Any]) -> str:
    """What moved most in a column, in words."""
    if found["kind"] == "number":
        shift = found["mean_shift"]
        return "–" if shift is None else f"mean {shift:+.2f} sd"
    return "–" if found["level"] is None else f"{found['level']} {100 * found['level_shift']:+.2f} pp"


def _examples(synthetic: pd.DataFrame) -> dict[str, Any]:
    head = synthetic.head(EXAMPLE_ROWS)
    rows = [[_cell(value) for value in row] for row in head.itertuples(index=False, name=None)]
    return {"headers": [str(header) for header in head.columns], "rows": rows}


def _cell(value: Any) -> str | None:
    """A cell as text, None where it is missing."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _seed(seed: int | None, made: Mapping[str, Any] | None, scores: Scores) -> int | None:
    if seed is not None:
        return seed
    made_with: int | None = None if made is None else made["seed"]
    return scores.setup.seed if made_with is None else made_with


def _environment() -> list[tuple[str, str]]:
    """The versions of everything that decides the figures."""
    return [
        ("htdbu", __version__),
        ("python", platform.python_version()),
        *((name, version(name)) for name in ("numpy", "pandas", "ortools")),
    ]
