"""The sections of the report: each is one file here, and one line in the list below, in the order of the page."""

from htdbu.evaluation.report.section import Section
from htdbu.evaluation.report.sections import (
    broken,
    columns,
    drift,
    environment,
    examples,
    joint,
    measures,
    notes,
    origin,
    pairs,
    pile_up,
    plan,
    rounds,
    rule_file,
    rules,
    targets,
    verdict,
)

SECTIONS: tuple[Section, ...] = (
    verdict.SECTION,
    rules.SECTION,
    targets.SECTION,
    broken.SECTION,
    plan.SECTION,
    joint.SECTION,
    columns.SECTION,
    pairs.SECTION,
    drift.SECTION,
    pile_up.SECTION,
    origin.SECTION,
    examples.SECTION,
    measures.SECTION,
    rule_file.SECTION,
    rounds.SECTION,
    environment.SECTION,
    notes.SECTION,
)

__all__ = ["SECTIONS"]
