"""The results as the page needs them: by subject, with the agreement of all pairs, and means by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, pstdev

from benchmarks.providers_study.agreement import Agreement, Pair, agreements, mean_agreement
from benchmarks.providers_study.plan import rows_part, rules_part
from benchmarks.providers_study.pool import unpacked
from benchmarks.runs import TROUBLE, Figures, Results, Run

BySubject = Mapping[str, float]


@dataclass(frozen=True)
class Spread:
    """Some values: how many, their mean, least and largest, and their standard deviation (of all, not of a sample)."""

    count: int
    mean: float
    low: float
    high: float
    deviation: float

    def written(self, form: str, times: float = 1) -> str:
        """The mean, and where there are several values the deviation and the range."""
        mean, low, high, deviation = (
            f"{times * value:{form}}" for value in (self.mean, self.low, self.high, self.deviation)
        )
        return mean if self.count == 1 else f"{mean} ± {deviation} [{low}, {high}]"


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of some values, None of none."""
    held = list(values)
    return Spread(len(held), fmean(held), min(held), max(held), pstdev(held)) if held else None


@dataclass(frozen=True)
class Collected:
    """The runs of one reading.

    Attributes:
        rules: by subject and seed what was measured of the rule file.
        rows: by generator, subject and seed what was measured of the rows.
        other_sizes: runs that are left out, since most drew another number of rows.
    """

    reading: str
    rules: Mapping[str, Mapping[int, Figures]]
    rows: Mapping[str, Mapping[str, Mapping[int, Figures]]]
    n_rows: int
    other_sizes: int

    @cached_property
    def subjects(self) -> list[str]:
        """The names of all, in the order in which they were first measured."""
        names = [*self.rules, *(name for found in self.rows.values() for name in found)]
        return list(dict.fromkeys(names))

    def label(self, dimension: str, subject: str) -> str:
        """The provider, the prompt or the granularity of a subject; empty where it is not stated."""
        found = [figures.get(dimension, "") for figures in self.rules.get(subject, {}).values()]
        return str(next((each for each in found if each != ""), ""))

    def groups(self, dimension: str) -> dict[str, list[str]]:
        """The subjects by provider, prompt or granularity, without those that do not state it."""
        found: dict[str, list[str]] = {}
        for subject in self.subjects:
            found.setdefault(self.label(dimension, subject), []).append(subject)
        found.pop("", None)
        return found

    def of_rules(self, figure: str) -> BySubject:
        """The mean over the seeds of a figure of the rule files."""
        return _means(self.rules, figure)

    def of_rows(self, generator: str, figure: str) -> BySubject:
        """The mean of a figure of the rows of a generator, over the seeds that all subjects with rows have.

        A subject with fewer seeds would else differ from the others by its seeds, and not by its rules.
        """
        drawn = {
            name: {seed: figures for seed, figures in by_seed.items() if figure in figures}
            for name, by_seed in self.rows.get(generator, {}).items()
        }
        drawn = {name: by_seed for name, by_seed in drawn.items() if by_seed}
        common = set.intersection(*(set(by_seed) for by_seed in drawn.values())) if drawn else set()
        if common:
            drawn = {name: {seed: by_seed[seed] for seed in common} for name, by_seed in drawn.items()}
        return _means(drawn, figure)

    @cached_property
    def pairs(self) -> dict[Pair, Agreement]:
        """How far any two subjects agree, the mean over the seeds in which both judged the same pool."""
        found: dict[Pair, list[Agreement]] = {}
        seeds = dict.fromkeys(seed for each in self.rules.values() for seed in each)
        for seed in seeds:
            judged = {name: each[seed] for name, each in self.rules.items() if "verdicts" in each.get(seed, {})}
            for pool in dict.fromkeys(figures["pool"] for figures in judged.values()):
                verdicts = {
                    name: unpacked(str(figures["verdicts"]))
                    for name, figures in judged.items()
                    if figures["pool"] == pool
                }
                for pair, each in agreements(verdicts).items():
                    found.setdefault(pair, []).append(each)
        return {pair: mean_agreement(each) for pair, each in found.items()}

    def agreement(self, one: str, other: str) -> Agreement | None:
        """How far two subjects agree, in whatever order; None where that was not measured."""
        return self.pairs.get((one, other), self.pairs.get((other, one)))

    def refusals(self) -> dict[str, Counter[str]]:
        """By subject why there is nothing to measure, with the number of runs."""
        found: dict[str, Counter[str]] = {}
        for by_subject in (self.rules, *self.rows.values()):
            for name, by_seed in by_subject.items():
                for figures in by_seed.values():
                    if TROUBLE in figures:
                        found.setdefault(name, Counter())[str(figures[TROUBLE])] += 1
        return found

    def seeds_of(self, generator: str, subject: str) -> int:
        """With how many seeds rows were drawn or refused."""
        return len(self.rows.get(generator, {}).get(subject, ()))


def collect(results: Results, reading: str) -> Collected:
    """The results of a reading, from all runs of it that drew as many rows as most do."""
    rows = results.of(rows_part(reading))
    sizes = Counter(run.rows for run, _ in rows)
    size = sizes.most_common(1)[0][0] if sizes else 0
    of_size = [(run, figures) for run, figures in rows if run.rows == size]
    return Collected(
        reading=reading,
        rules=_by_subject(results.of(rules_part(reading))),
        rows={
            name: _by_subject([(run, figures) for run, figures in of_size if run.generator == name])
            for name in dict.fromkeys(run.generator for run, _ in of_size)
        },
        n_rows=size,
        other_sizes=len(rows) - len(of_size),
    )


def _by_subject(runs: Sequence[tuple[Run, Figures]]) -> dict[str, dict[int, Figures]]:
    found: dict[str, dict[int, Figures]] = {}
    for run, figures in runs:
        found.setdefault(run.case, {})[run.seed] = figures
    return found


def _means(by_subject: Mapping[str, Mapping[int, Figures]], figure: str) -> dict[str, float]:
    values = {
        name: [float(figures[figure]) for figures in by_seed.values() if figure in figures]
        for name, by_seed in by_subject.items()
    }
    return {name: fmean(each) for name, each in values.items() if each}
