"""All metrics of a synthetic table, as a flat list of measurements over one context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.evaluation.context import Context
from htdbu.evaluation.drift import drift
from htdbu.evaluation.fidelity import fidelity
from htdbu.evaluation.privacy import privacy
from htdbu.evaluation.utility import utility
from htdbu.evaluation.xmodal import xmodal
from htdbu.solver import check, typed_frame

Metric = Callable[[Context], dict[str, Any]]

METRICS: dict[str, Metric] = {
    "utility": utility,
    "xmodal": xmodal,
    "fidelity": fidelity,
    "privacy": privacy,
    "drift": drift,
}
"""Every metric; `fidelity` and `privacy` keep their name in the scores, the others give their figures at the top."""

_NESTED = frozenset({"fidelity", "privacy"})


@dataclass(frozen=True)
class Scores:
    """The figures of an evaluation; `notes` says what could not be measured."""

    figures: dict[str, Any]
    violations: dict[str, Any]
    raw_violations: dict[str, Any] | None
    notes: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The contract's `evaluate --format json`."""
        more = {} if self.raw_violations is None else {"raw_violations": self.raw_violations}
        return {**self.figures, "violations": self.violations, **more, "notes": list(self.notes)}


def evaluate(
    program: Program,
    real: Any,
    synthetic: Any,
    target: str,
    test: Any = None,
    text_sentiment: str | None = None,
    random_state: int = 0,
    nulls: Sequence[str] = (),
    raw_violations: dict[str, Any] | None = None,
) -> Scores:
    """Measure a synthetic table against the real one.

    Args:
        program: the rules.
        real: the rows that the generator learned from.
        synthetic: the rows to judge.
        target: the column that a model learns to predict.
        test: real rows that no generator saw; without them TRTR is measured on a part of the real rows.
        text_sentiment: the column beside the target in XModal; by default the label of the first text with a pool, a
            category called `sentiment`, or the first attribute of a factor on the target.
        random_state: seed of splits and samples.
        nulls: further texts that mean null.
        raw_violations: the check of the sample before any rule was enforced, to be reported beside the final one.

    Raises:
        DataError: where a table misses declared columns.
        UsageError: where the target or the sentiment column is not declared.
    """
    for name in [target, *([text_sentiment] if text_sentiment else [])]:
        if name not in program.column_index:
            raise UsageError(f"there is no column `{name}`", did_you_mean(name, program.column_index))
    context = Context(
        program=program,
        real=typed_frame(program, real, nulls),
        synthetic=typed_frame(program, synthetic, nulls),
        test=None if test is None else typed_frame(program, test, nulls),
        target=target,
        sentiment=_sentiment(program, target, text_sentiment),
        random_state=random_state,
    )
    figures: dict[str, Any] = {}
    for name, metric in METRICS.items():
        found = metric(context)
        figures.update({name: found} if name in _NESTED else found)
    violations = check(program, synthetic, real, nulls=nulls).to_dict()
    return Scores(figures, violations, raw_violations, tuple(context.notes))


def _sentiment(program: Program, target: str, given: str | None) -> tuple[str, ...]:
    pools = [column.pool_by for column in program.columns if column.pool_by is not None]
    named = [c.name for c in program.columns if c.name == "sentiment" and c.type.kind == "category"]
    factors = [a.column for f in program.factors if f.column == target for b in f.branches for a in b.attributes]
    candidates = [given] if given else [*pools, *named, *factors]
    return next(((name,) for name in candidates if name and name != target), ())
