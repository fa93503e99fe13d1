"""The page: sections put together under one heading.

It loads nothing, runs no script and holds no time of day: the same tables and scores give the same bytes. Unless real
rows are asked for, it shows cells of synthetic rows only; of real rows it shows counts, shares and quantiles.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from htdbu import __version__
from htdbu.compiler.program import Program
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.sections import SECTIONS
from htdbu.evaluation.scores import Scores
from htdbu.generators.result import SynthesisReport
from htdbu.solver.frames import to_pandas


def render_report(
    program: Program,
    real: Any,
    synthetic: Any,
    scores: Scores,
    *,
    synthesis: SynthesisReport | Mapping[str, Any] | None = None,
    rounds: Sequence[Mapping[str, Any]] = (),
    rules_text: str | None = None,
    rules_file: str | None = None,
    title: str | None = None,
    seed: int | None = None,
    nulls: Sequence[str] = (),
    show_real: bool = False,
) -> str:
    """The report as the text of an HTML file.

    Args:
        program: the rules.
        real, synthetic: the tables as they were given to `evaluate` (pandas, polars or Arrow).
        scores: what was measured on them.
        synthesis: how the rows came about, where that is known; adds the plan and the origin of the rows.
        rounds: the log of the feedback loop, a mapping a round: `round`, `action`, `scores` (by measure its `value`,
            `floor` and whether it lies `within`), `causes` (each with `kind`, `name`, `evidence`), `patch`, `accepted`.
        rules_text: the rule file, to be shown as it stands, with how each rule fared beside it.
        rules_file: the name under which it was compiled; only needed where it imports others.
        title: the heading; else the name of the rules.
        seed: the seed to show; else that of the synthesis or of the scores.
        nulls: further texts that mean null.
        show_real: whether real rows may be shown as examples.

    Raises:
        DataError: a table lacks declared columns.
    """
    made = synthesis.to_dict() if isinstance(synthesis, SynthesisReport) else synthesis
    material = Material(
        program=program,
        real=to_pandas(real),
        synthetic=to_pandas(synthetic),
        scores=scores.to_dict(),
        synthesis=made,
        rounds=rounds,
        rules_text=rules_text,
        rules_file=rules_file,
        seed=seed,
        nulls=tuple(nulls),
        show_real=show_real,
    )
    return _page(material, title or f"Synthetic {program.name or 'table'}")


def _page(material: Material, title: str) -> str:
    """Frame, style and the sections that have something to show."""
    environment = Environment(
        loader=PackageLoader("htdbu.evaluation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("style.css").render()
    built = ((section, section.build(material)) for section in SECTIONS)
    sections = [
        {"key": section.key, "link": section.link, "title": section.title(material), "body": body}
        for section, body in built
        if body is not None
    ]
    page: str = environment.get_template("page.html.j2").render(
        title=title,
        doc=material.program.doc,
        rows=material.rows,
        sections=sections,
        style=Markup(style),
        # The page says itself that nothing may be loaded and no script run; only this style is let through.
        policy=f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'",
        version=__version__,
    )
    return page
