"""The scores of a synthetic table: what every metric found, in the form of `evaluate --format json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from htdbu.evaluation.comparison import Comparison
from htdbu.evaluation.metrics import METRICS

_TOP = ("tstr", "trtr", "utility", "xmodal", "xmodal_floor", "violations", "drift", "pile_up")
"""The values with a field of their own; what another metric puts at the top goes to `extra`."""


@dataclass(frozen=True)
class Setup:
    """What was compared.

    Attributes:
        target: the column that a model learned to predict.
        joint: the columns of XModal.
        rows: how many rows each table has: `real`, `synthetic`, and `test` (None where none was given).
        seed: the seed of everything that was drawn.
    """

    target: str
    joint: tuple[str, ...]
    rows: dict[str, int | None]
    seed: int | None


@dataclass(frozen=True)
class Scores:
    """Every measure of a synthetic table; None stands where one could not be taken, and `notes` say why.

    Attributes:
        tstr, trtr: accuracy, f1 and auroc of a linear model learned from synthetic and from as many real rows; rmse and
            r2 where the target is a number.
        utility: the same of every kind of model, `linear` and `xgboost`, each with `tstr`, `trtr` and `floor`.
        xmodal, xmodal_floor: distance of the joint of target and sentiment, and what drawn real rows score.
        violations: the check of the synthetic rows; `raw_violations` that of the rows before any rule was enforced.
        fidelity: likeness of marginals, pairs and whole rows, with noise floors.
        privacy: closeness to single real rows.
        drift: by column, how its marginal moved.
        pile_up: by bound that rules set, the share of real and of synthetic rows that stand at it.
        notes: why a measure is missing, or how to read it.
        setup: what was compared.
    """

    setup: Setup
    tstr: dict[str, float | None]
    trtr: dict[str, float | None]
    utility: dict[str, dict[str, dict[str, float | None]]]
    xmodal: float | None
    xmodal_floor: float | None
    violations: dict[str, Any]
    fidelity: dict[str, float | None]
    privacy: dict[str, float | None]
    drift: dict[str, dict[str, Any]] | None
    pile_up: list[dict[str, Any]] | None
    raw_violations: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The contract's `evaluate --format json`."""
        whole = asdict(self)
        setup, extra = whole.pop("setup"), whole.pop("extra")
        return {**whole, **extra, "notes": list(self.notes), "setup": {**setup, "joint": list(self.setup.joint)}}


def take_scores(comparison: Comparison, raw_violations: Mapping[str, Any] | None) -> Scores:
    """Every registered metric on one comparison."""
    top: dict[str, Any] = {}
    fidelity: dict[str, Any] = {}
    privacy: dict[str, Any] = {}
    places = {None: top, "fidelity": fidelity, "privacy": privacy}
    notes: list[str] = []
    for metric in METRICS:
        measured = metric.measure(comparison)
        places[metric.section].update(measured.values)
        notes += measured.notes
    known = {name: top.pop(name) for name in _TOP}
    return Scores(
        setup=_setup(comparison),
        raw_violations=None if raw_violations is None else dict(raw_violations),
        notes=tuple(notes),
        extra=top,
        fidelity=fidelity,
        privacy=privacy,
        **known,
    )


def _setup(comparison: Comparison) -> Setup:
    test = comparison.test
    rows = {
        "real": len(comparison.real),
        "synthetic": len(comparison.synthetic),
        "test": None if test is None else len(test),
    }
    return Setup(comparison.target, comparison.joint, rows, comparison.random_state)


def floor_of(name: str) -> str:
    """The name of the floor of a measure: `shape_floor_unseen` of `shape_error_unseen`."""
    unseen = "_unseen" if name.endswith("_unseen") else ""
    stem = name.removesuffix("_unseen")
    for ending in ("_error", "_auc", "_share"):
        stem = stem.removesuffix(ending)
    return f"{stem}_floor{unseen}"
