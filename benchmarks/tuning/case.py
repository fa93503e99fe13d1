"""One case: spoil, tune, and see whether the right cause was named and how far the rows recovered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks.tuning.bases import TABLES, TARGETS, Base, base
from benchmarks.tuning.faults import FAULTS, Fault
from htdbu.evaluation.tuning.likeness import STATISTICS
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.result import Tuning
from htdbu.evaluation.tuning.settle import settle

DEVELOPED, REPORTED = 1, 2_001
"""The first seeds of the rows that the algorithm was developed on, and of those that are reported."""
DRAWS = 3
"""So many draws of each table serve the faults; healthy set-ups have one each."""

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class Case:
    """A fault, the table, the seed of its rows, and the seed of the fault."""

    fault: str
    table: str
    seed: int
    number: int

    @property
    def name(self) -> str:
        """What tells it apart."""
        return f"{self.fault} #{self.number}"

    def row(self, data: Path) -> Row:
        """Run it."""
        started = time.process_time()
        here = base(data, self.table, self.seed)
        rng = np.random.default_rng([self.seed, crc32(self.name.encode())])
        healthy = Fault(here.rules, Recipe.of(None, {}))
        fault = FAULTS[self.fault][0](here, healthy, rng)
        tuning = settle(here.setup(fault.text, fault.recipe), here.evidence, TARGETS[self.table])
        return {
            "case": self.name,
            "table": self.table,
            "seed": self.seed,
            "fault": self.fault,
            "what": "; ".join(fault.details),
            **_judged(fault, tuning),
            **_recovered(here, tuning),
            "rounds": len(tuning.rounds),
            "ending": tuning.ending,
            "seconds": round(time.process_time() - started, 1),
        }


def _judged(fault: Fault, tuning: Tuning) -> Row:
    """Whether exactly what was spoiled is named, and whether a rule was changed though none was spoiled."""
    named = {"model" if cause.kind == "model" else f"{cause.kind} {cause.name}" for cause in tuning.causes}
    sound = not any(cause.startswith(("rule", "plan")) for cause in fault.causes)
    return {
        "wanted": "; ".join(sorted(fault.causes)) or "nothing",
        "named": "; ".join(sorted(named)) or "nothing",
        "right": int(named == fault.causes),
        "touched": int(sound and tuning.patch is not None),
        "changes": "; ".join(each.action for each in tuning.rounds[1:]),
    }


def _recovered(here: Base, tuning: Tuning) -> Row:
    """The statistics of the final rows before and after, and of the healthy set-up; -1 where no rows could be made."""
    kept = [each for each in tuning.rounds if each.accepted]
    healthy = here.evidence.final(here.healthy).likeness
    found: Row = {}
    for name in STATISTICS:
        before, after = (each.scores[name]["value"] for each in (kept[0], kept[-1]))
        found[f"{name}_before"] = -1 if before is None else round(before, 4)
        found[f"{name}_after"] = -1 if after is None else round(after, 4)
        found[f"{name}_healthy"] = -1 if healthy is None else round(healthy.values[name], 4)
    return found


def cases(first: int, faults: list[str]) -> list[Case]:
    """All cases, those on the same rows together, as what is measured of rows is kept while they are in use."""
    made = []
    for fault in FAULTS:
        for k in range(FAULTS[fault][1] if fault in faults else 0):
            shift = list(FAULTS).index(fault) + k
            table = TABLES[shift % len(TABLES)]
            draw = 100 + k if fault == "healthy" else shift // len(TABLES) % DRAWS
            made.append(Case(fault, table, first + draw, k))
    return sorted(made, key=lambda case: (case.seed, case.table))
