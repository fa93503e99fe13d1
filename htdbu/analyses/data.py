"""What data say of a rule set: rules that they break, premises that they never meet, values that are not declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.analyses.margins import MarginEvaluator
from htdbu.analyses.premises import dead, premises
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import htr701_data_breaks_rule, htr702_never_exercised, htr703_data_breaks_domain
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.program import Program
from htdbu.solver.beyond import beyond
from htdbu.solver.check import CheckReport, RuleReport, check
from htdbu.solver.encoding import encode
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import CHUNK
from htdbu.solver.table import EncodedTable

TOLERATED = 0.01
"""A hard rule that a greater share of the rows break is a finding."""
_CLOSEST = 3
_EXAMPLES = 6


@dataclass(frozen=True)
class RuleCoverage:
    """What data tell of a rule.

    Attributes:
        fired: rows whose premise is true.
        decided: those of them in which the rule is not unknown.
        fail: rows that break it.
        closest: the rows that keep it with the least margin, and that margin (see `margins`).
    """

    name: str
    fired: int
    decided: int
    fail: int
    closest: tuple[tuple[int, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """For `compile --format json`."""
        closest = [{"row": row, "margin": margin} for row, margin in self.closest]
        return {"name": self.name, "fired": self.fired, "decided": self.decided, "fail": self.fail, "closest": closest}


@dataclass(frozen=True)
class DataReport:
    """The findings of data, and how they exercise each rule."""

    findings: tuple[Diagnostic, ...]
    coverage: tuple[RuleCoverage, ...]


def judge_data(program: Program, data: Any, nulls: Sequence[str] = ()) -> DataReport:
    """Compare a rule set with data that are meant to follow it.

    Raises:
        DataError: where declared columns are missing.
    """
    subject, report = Subject(program), check(program, data, nulls=nulls)
    table = encode(program, report.data, nulls)
    if not table.n_rows:
        return DataReport((), ())
    found = [*_broken(subject, report), *_unmet(subject, table), *_undeclared(subject, report)]
    return DataReport(tuple(found), tuple(_coverage(subject, report, table)))


def _broken(subject: Subject, report: CheckReport) -> Iterator[Diagnostic]:
    places = {rule.name: rule.span for rule in subject.program.rules}
    places |= {unique.name: unique.span for unique in subject.program.uniques}
    places |= {dependency.name: dependency.span for dependency in subject.program.dependencies}
    places |= {f"key({column.name})": column.span for column in subject.program.columns}
    for column in subject.program.columns:
        places |= {f"{column.name}.null": column.span, f"{column.name}.derived": column.span}
    for rule in report.rules:
        if rule.kind not in ("soft", "domain") and rule.rate > TOLERATED:
            example = None if rule.kind == "null" else _example(report, rule)
            place = places[rule.name]
            yield htr701_data_breaks_rule.breaks(rule.name, place, rule.fail, report.n_rows, example, rule.kind)


def _example(report: CheckReport, rule: RuleReport) -> dict[str, object]:
    row, columns = int(rule.rows[0]), (report.program.columns[i] for i in rule.columns)
    return {c.name: report.data[c.header].iloc[row] for c in columns if c.header in report.data.columns}


def _undeclared(subject: Subject, report: CheckReport) -> Iterator[Diagnostic]:
    for rule in report.rules:
        if rule.kind == "domain" and rule.fail:
            column = subject.column(rule.columns[0])
            cells = report.data[column.header].iloc[rule.rows]
            values = [str(value) for value in dict.fromkeys(cells.iloc[:1_000].tolist())][:_EXAMPLES]
            yield htr703_data_breaks_domain.breaks_domain(column.name, column.span, rule.fail, report.n_rows, values)


def _unmet(subject: Subject, table: EncodedTable) -> Iterator[Diagnostic]:
    written = [rule for rule in subject.program.rules if rule.origin != "factor"]
    chains = premises(subject, written)
    never = {premise.goal for chain in chains for premise in chain}
    for evaluator in _evaluators(subject, table):
        never = {goal for goal in never if not evaluator.truth(goal.node)[0].any()}
    for premise in dead(chains, never):
        yield htr702_never_exercised.never_exercised(premise.rules, premise.span, table.n_rows)


def _evaluators(subject: Subject, table: EncodedTable) -> Iterator[Evaluator]:
    for start in range(0, table.n_rows, CHUNK):
        part = table.slice(start, min(start + CHUNK, table.n_rows))
        yield Evaluator(subject.normal, part, beyond(subject.program))


def _coverage(subject: Subject, report: CheckReport, table: EncodedTable) -> Iterator[RuleCoverage]:
    reports = {rule.name: rule for rule in report.rules}
    boxes = [column.box for column in subject.normal.columns]
    lowered = {rule.name: rule for rule in subject.normal.rules}
    parts: dict[str, list[tuple[int, NDArray[np.float64]]]] = {name: [] for name in lowered}
    decided = dict.fromkeys(lowered, 0)
    for evaluator in _evaluators(subject, table):
        margins = MarginEvaluator(evaluator, boxes)
        for name, rule in lowered.items():
            true, false = evaluator.truth(rule.outcome)
            fired = np.ones(len(true), bool) if rule.premise is None else evaluator.truth(rule.premise)[0]
            decided[name] += int((fired & (true | false)).sum())
            parts[name].append((int(fired.sum()), margins.margin(rule.outcome)))
    for name in lowered:
        joined = np.concatenate([margin for _, margin in parts[name]])
        fired_rows = sum(count for count, _ in parts[name])
        yield RuleCoverage(name, fired_rows, decided[name], reports[name].fail, _least(joined))


def _least(margins: NDArray[np.float64]) -> tuple[tuple[int, float], ...]:
    kept = np.flatnonzero(margins > 0)
    order = kept[np.argsort(margins[kept], kind="stable")][:_CLOSEST]
    return tuple((int(row), round(float(margins[row]), 6)) for row in order)
