"""The chain age -> income -> credit limit -> drawn -> arrears, with nulls, dates and sums: what each step mends.

Run: `python -m benchmarks.loans_chain`. Every generator that needs no other package learns the loan book of the
examples, whose truth is known, and is held to its rules. Measured are the share of rows that break a hard rule as first
sampled and after every further step, rule by rule, the seconds of the synthesis, and how far the marginal of every
column has drifted from the real one. Beside them stands another book drawn from the same truth. The results go to
`results/loans_chain.csv` and `results/loans_chain.md`; runs that are there are not repeated.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import htdbu
from benchmarks.runs import Figures, Results, Run, Task, Value, markdown, means, measure_all, show_progress, write
from htdbu.datasets import load_loans, loans_rules

HERE = Path(__file__).resolve().parent
PART = "loans"
SEEDS = (42, 123, 2024)
REAL = "another real book"
OPTIONAL = {"ctgan", "tvae"}
"""Generators that need packages which are not installed by default."""
STEPS = ("sampled", "redrawn", "chosen", "repaired", "finished")
CHAIN = ("income_ceiling", "limit_ceiling", "student_limit", "drawn_in_limit", "arrears_ceiling")


def measure(generator: str, seed: int, rows: int, book: int) -> Figures:
    """One run: the rates after each step, the raw rates of the rules, the drift of the columns."""
    program = htdbu.compile_text(loans_rules())
    real, test = load_loans(book), load_loans(rows, random_state=1)
    started = time.perf_counter()
    if generator == REAL:
        data, steps, ways = load_loans(rows, random_state=seed), [], {}
    else:
        made = htdbu.synthesize(program, real, rows, generator=generator, random_state=seed, progress=show_progress)
        data, steps, ways = made.data, made.report.steps, made.report.ways
    seconds = time.perf_counter() - started
    scores = htdbu.evaluate(program, real, data, "defaulted", test=test, random_state=seed).to_dict()
    return {
        "seconds": seconds,
        **{f"step {step['step']}": step["violation_rate"] for step in steps},
        **{f"way {name}": count for name, count in ways.items()},
        **_raw_rules(program, steps),
        **{f"drift {name}": _drift(found) for name, found in scores["drift"].items()},
        "violations": scores["violations"]["violating_rows"],
        "shape": scores["fidelity"]["shape_error"],
        "xgb_auc": scores["fidelity"]["c2st_auc"],
    }


def _raw_rules(program: htdbu.Program, steps: Sequence[Mapping[str, Any]]) -> Figures:
    """The share of rows that broke each stated rule when first sampled."""
    names = [rule.name for rule in program.rules if rule.kind == "hard" and rule.origin != "factor"]
    return {f"rule {name}": step["fails"].get(name, 0) / step["rows"] for step in steps[:1] for name in names}


def _drift(found: Mapping[str, Any]) -> float:
    """Total variation of a category, Kolmogorov-Smirnov of a number, with missing cells as its lowest value."""
    return float(found["ks"] if found["kind"] == "number" else found["tv"])


def page(results: Results) -> str:
    """The results as Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    runs = results.of(PART)
    found = {generator: figures for (_, generator, _), figures in means(runs).items()}
    made = [generator for generator in found if generator != REAL]
    yield "# The chain of the loan book, step by step\n"
    seeds = ", ".join(str(seed) for seed in sorted({run.seed for run, _ in runs}))
    yield "Made by `python -m benchmarks.loans_chain`, which says what is measured. Means over the seeds"
    yield f"{seeds}; every figure is in `loans_chain.csv`.\n"
    yield "## Rows that break a hard rule after each step, in percent\n"
    yield "Sampled and redrawn are five times the rows that are wanted; of those that obey the best are chosen. XGB-AUC"
    yield "is how well XGBoost tells synthetic rows from those of a book that no generator saw (0.5: not at all).\n"
    head = ["generator", *STEPS, "violations left", "repaired or copied", "seconds", "XGB-AUC"]
    yield markdown(head, [_steps_line(generator, found[generator]) for generator in found])
    yield "\n## Rules broken by rows as first sampled, in percent\n"
    yield f"The chain is {', '.join(CHAIN)}; the others are below it. A rule that no generator broke is left out.\n"
    yield _table("rule ", "rule", found, made)
    yield "\n## Drift of every marginal in the result, in percent\n"
    yield "Total variation distance of categories and bools, Kolmogorov-Smirnov statistic of numbers and dates (a"
    yield "missing cell is the lowest value), against the book learned from. Another real book shows chance alone.\n"
    yield _table("drift ", "column", found, list(found))


def _steps_line(generator: str, figures: Figures) -> list[str]:
    mended = sum(float(figures.get(f"way {way}", 0)) for way in ("repaired", "copied"))
    steps = [_percent(figures.get(f"step {step}")) for step in STEPS]
    last = [f"{mended:,.1f}", f"{figures['seconds']:.1f}"] if "step sampled" in figures else ["", ""]
    return [generator, *steps, f"{figures['violations']:,.0f}", *last, f"{figures['xgb_auc']:.3f}"]


def _table(prefix: str, what: str, found: Mapping[str, Figures], generators: Sequence[str]) -> str:
    """A line for every figure of a kind, a column for every generator; the chain first."""
    names = {name: None for generator in generators for name in found[generator] if name.startswith(prefix)}
    shown = [name for name in names if prefix != "rule " or any(found[g].get(name) for g in generators)]
    first = {f"{prefix}{name}": k for k, name in enumerate(CHAIN)}
    shown.sort(key=lambda name: first.get(name, len(first)))
    rows = [[name.removeprefix(prefix), *(_percent(found[g].get(name)) for g in generators)] for name in shown]
    return markdown([what, *generators], rows)


def _percent(value: Value | None) -> str:
    return "" if value is None else f"{100 * float(value):.2f}"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    usual = [name for name in htdbu.generators.names() if name not in OPTIONAL]
    parser.add_argument("--generators", nargs="+", default=[REAL, *usual])
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--rows", type=int, default=10_000, help="rows to make")
    parser.add_argument("--book", type=int, default=20_000, help="rows to learn from")
    parser.add_argument("--force", action="store_true", help="repeat runs that are in the results already")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "results", help="folder of the results")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when no row breaks a rule at the end, 1 when one does, 2 when it cannot run."""
    given = arguments(argv)
    results = Results(given.output / "loans_chain.csv")
    tasks: list[Task] = [
        (
            Run(PART, f"book of {given.book}", generator, seed, given.rows),
            lambda generator=generator, seed=seed: measure(generator, seed, given.rows, given.book),
        )
        for generator in given.generators
        for seed in given.seeds
    ]

    def told(_: Run, figures: Figures) -> str:
        rates = " -> ".join(_percent(figures.get(f"step {step}")) for step in STEPS)
        return f"synthesis {figures['seconds']:.1f} s, violating % {rates}"

    try:
        measure_all(results, tasks, given.force, told)
        write(given.output / "loans_chain.md", page(results))
    except (htdbu.HtdbuError, OSError) as error:
        print(f"loans_chain: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("loans_chain: interrupted; finished runs are kept", file=sys.stderr)
        return 130
    return int(any(figures["violations"] for _, figures in results.of(PART)))


if __name__ == "__main__":
    sys.exit(main())
