"""What must hold of the default generator, judged from the results: against the paper's table, and in the same run.

Means over seeds are compared, against a generator of the same run over the seeds that both were measured with; beside
each stands in how many of these the default generator is ahead. A bound that some generator was not measured for is
judged by the others, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from benchmarks.paper_experiment.plan import TABLE, case
from benchmarks.paper_experiment.published import GENERATORS
from benchmarks.paper_experiment.published import TABLE as PAPER
from benchmarks.runs import Figures, Results
from htdbu.generators.registry import DEFAULT

State = Literal["holds", "does not hold", "not measured"]
BySeed = Mapping[int, float]
MOST_BEHIND = 0.002
MOST_APART = 0.005


@dataclass(frozen=True)
class Check:
    """A bound: what it asks, what became of it, the figures behind that; and whether it is one that must hold."""

    says: str
    state: State
    detail: str
    asked: bool = True


def checks(results: Results, reading: str = "manual") -> list[Check]:
    """All bounds in one reading; those against the paper's table only where the paper has figures for its rules.

    What is not asked for is how a stricter reader would put the same bound.
    """
    found = Measured(results, reading)
    against = list(_against_paper(found, PAPER[reading])) if reading in PAPER else []
    return [*against, *_in_the_same_run(found)]


class Measured:
    """The figures of the main table in one reading."""

    def __init__(self, results: Results, reading: str) -> None:
        self.runs: dict[tuple[str, str, int], Figures] = {
            (run.case, run.generator, run.seed): figures for run, figures in results.of(TABLE)
        }
        self.reading = reading

    def of(self, skeleton: bool, generator: str, figure: str) -> BySeed:
        """The values of a figure by seed."""
        wanted = case(self.reading, skeleton), generator
        return {
            seed: float(figures[figure])
            for (name, made_by, seed), figures in self.runs.items()
            if (name, made_by) == wanted and figure in figures
        }


def _against_paper(found: Measured, table: Mapping[str, object]) -> Iterator[Check]:
    for figure, said in (("f1", "F1"), ("auroc", "AUROC")):
        best = _best(table, figure, max)
        yield _against(found.of(True, DEFAULT, f"lr_{figure}"), f"{said} above every row of the paper's table", best, 1)
    accuracy = _best(table, "accuracy", max)
    says = f"accuracy at most {MOST_BEHIND} below the best row of the paper's table"
    yield _against(found.of(True, DEFAULT, "lr_accuracy"), says, accuracy, 1, MOST_BEHIND)
    lowest = _best(table, "xmodal", min)
    for figure, said in (("xmodal_whole", "joint"), ("xmodal_cells", "cells, as the authors' code")):
        says = f"XModal ({said}) below every row of the paper's table"
        yield _against(found.of(True, DEFAULT, figure), says, lowest, -1)


def _best(table: Mapping[str, object], figure: str, choose: Callable[..., str]) -> tuple[str, float]:
    name = choose(table, key=lambda name: getattr(table[name], figure))
    return name, float(getattr(table[name], figure))


def _against(ours: BySeed, says: str, best: tuple[str, float], sign: int, slack: float = 0.0) -> Check:
    """A bound against one row of the paper's table: `sign` is 1 where more is better, -1 where less is."""
    says = f"{says}, with S"
    if not ours:
        return Check(says, "not measured", "")
    mean, worst = fmean(ours.values()), min(ours.values(), key=lambda value: sign * value)
    margin = sign * (mean - best[1]) + slack
    detail = f"mean {mean:.4f}, worst seed {worst:.4f}; the paper's best {best[1]:.4f}, {best[0]}"
    return Check(says, "holds" if (margin >= 0 if slack else margin > 0) else "does not hold", detail)


def _in_the_same_run(found: Measured) -> Iterator[Check]:
    generators = "all six generators of the paper"
    yield _below(found, True, "xgb_auc", f"XGB-AUC below that of {generators}, with S")
    yield stricter(_below(found, True, "xgb_auc", f"XGB-AUC nearer to 0.5 than {generators}, with S", _from_half))
    yield _below(found, True, "trend", f"Trend (training rows) below that of {generators}, with S")
    yield stricter(_below(found, True, "trend_test", f"Trend (unseen rows) below that of {generators}, with S"))
    yield _below(found, False, "xmodal", f"XModal (joint) below that of {generators}, without S")
    yield stricter(_below(found, False, "xmodal_cells", f"XModal (cells) below that of {generators}, without S"))
    yield _near_real(found)


def stricter(check: Check) -> Check:
    """The same as one that nobody asked for."""
    return replace(check, asked=False)


def _from_half(value: float) -> float:
    return abs(value - 0.5)


def _below(found: Measured, skeleton: bool, figure: str, says: str, taken: Callable[[float], float] = float) -> Check:
    """Whether the default generator's mean is below that of each of the paper's."""
    values = {
        name: {seed: taken(value) for seed, value in found.of(skeleton, name, figure).items()}
        for name in (DEFAULT, *GENERATORS)
    }
    ours = values.pop(DEFAULT)
    told, behind, missing = [], [], []
    for name, theirs in values.items():
        seeds = sorted(ours.keys() & theirs.keys())
        if not seeds:
            missing.append(name)
            continue
        means = fmean(ours[seed] for seed in seeds), fmean(theirs[seed] for seed in seeds)
        if means[0] >= means[1]:
            behind.append(name)
        ahead = sum(ours[seed] < theirs[seed] for seed in seeds)
        told.append((means[1], f"{name} {means[1]:.5f} ({ahead} of {len(seeds)})"))
    if not told:
        return Check(says, "not measured", "")
    detail = f"{DEFAULT} {fmean(ours.values()):.5f}; {'; '.join(text for _, text in sorted(told))}"
    detail += f"; behind {', '.join(behind)}" if behind else ""
    detail += f"; not measured: {', '.join(missing)}" if missing else ""
    return Check(says, "does not hold" if behind else "holds", detail)


def _near_real(found: Measured) -> Check:
    says = f"AUROC at most {MOST_APART} from that of as many real rows, with S, in every seed"
    ours, real = (found.of(True, DEFAULT, figure) for figure in ("lr_auroc", "lr_real_auroc"))
    apart = {seed: abs(ours[seed] - real[seed]) for seed in sorted(ours.keys() & real.keys())}
    if not apart:
        return Check(says, "not measured", "")
    worst = max(apart, key=lambda seed: apart[seed])
    detail = f"mean {fmean(apart.values()):.4f}, worst {apart[worst]:.4f} (seed {worst})"
    return Check(says, "holds" if apart[worst] <= MOST_APART else "does not hold", detail)


def missed(found: Sequence[Check]) -> bool:
    """Whether some bound that must hold was measured and does not."""
    return any(check.asked and check.state == "does not hold" for check in found)
