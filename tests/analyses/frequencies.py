"""How many random files have each finding, and what the oracle takes: `python -m tests.analyses.frequencies 1000`."""

from __future__ import annotations

import sys
import time
from collections import Counter

from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from tests.analyses import z3_oracle
from tests.analyses.random_rules import random_program_text

QUESTIONS = (
    "infeasible", "empty_domains", "always_true", "always_false", "never_fires", "dead_premises", "redundant",
    "duplicates", "fixed_columns", "unreachable_levels", "tight_bounds", "dead_soft", "hopeless_soft",
    "untaken_branches", "untaken_factor_branches", "lookup_gaps",
)  # fmt: skip
"""The functions of the oracle."""

_PRECISE = {
    "redundant, no 401/403/504": lambda p: (
        z3_oracle.redundant(p)
        - z3_oracle.always_true(p)
        - z3_oracle.never_fires(p)
        - {later for later, _ in z3_oracle.duplicates(p)}
    ),
    "dead_soft, by hard rules": lambda p: z3_oracle.dead_soft(p) - z3_oracle.always_true(p),
    "hopeless_soft, likewise": lambda p: z3_oracle.hopeless_soft(p) - z3_oracle.always_false(p),
    "duplicates that can fail": lambda p: {
        pair for pair in z3_oracle.duplicates(p) if not {*pair} & (z3_oracle.always_true(p) | z3_oracle.always_false(p))
    },
}
"""Answers that other findings do not stand for."""


def random_program(seed: int) -> Program:
    """The program of a seed."""
    return compile_source(Source(f"{seed}.htr", random_program_text(seed))).checked()


def main(seeds: int) -> None:
    """Print a table of the findings over all files and over the feasible ones, and the time by question."""
    every, feasible, taken, slowest = Counter(), Counter(), Counter(), []
    for seed in range(seeds):
        program = random_program(seed)
        begin = time.perf_counter()
        found = []
        for question in QUESTIONS:
            start = time.perf_counter()
            if getattr(z3_oracle, question)(program):
                found.append(question)
            taken[question] += time.perf_counter() - start
        found += [name for name, only in _PRECISE.items() if only(program)]
        every.update(found)
        feasible.update(found if "infeasible" not in found else [])
        slowest.append((time.perf_counter() - begin, seed))
    rows = seeds - every["infeasible"]
    for question in (*QUESTIONS, *_PRECISE):
        share, of_feasible = every[question] / seeds, feasible[question] / rows
        print(f"{question:26} {share:6.1%} of all {of_feasible:6.1%} of feasible {taken[question] / seeds:8.4f} s/file")
    print(f"{sum(taken.values()) / seeds:.3f} s a file; slowest {sorted(slowest)[-3:]}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
