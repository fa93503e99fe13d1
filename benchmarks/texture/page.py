"""The results as pages: the means with a verdict for every bound, and the list of all runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.pages import rendered
from benchmarks.runs import Figures, Results, Run, markdown, means
from benchmarks.texture.part import Bound, Part
from benchmarks.texture.parts import PARTS

TEMPLATE = Path(__file__).with_name("page.md.jinja")
Runs = Sequence[tuple[Run, Figures]]


def page(results: Results) -> str:
    """Every part with what must hold, the means over the seeds, and whether it holds."""
    parts = [(part, results.of(part.name)) for part in PARTS.values()]
    return rendered(
        TEMPLATE,
        parts=[
            {
                "title": part.title,
                "wanted": part.wanted,
                "says": part.says,
                "table": averages(part, runs),
                "verdicts": list(verdicts(part, runs)) if runs else [],
            }
            for part, runs in parts
        ],
        cores=" or ".join(sorted({str(f["cores"]) for _, runs in parts for _, f in runs if "cores" in f})),
        bounds=sum(len(judged) > 0 for _, judged in _all(parts)),
        missed=[f"{part.title}: {said}" for part, runs in parts for said in verdicts(part, runs) if "missed" in said],
    )


def _all(parts: Sequence[tuple[Part, Runs]]) -> Iterator[tuple[Bound, list[tuple[Run, float]]]]:
    for part, runs in parts:
        yield from ((bound, bound.judged(runs)) for bound in part.bounds)


def averages(part: Part, runs: Runs) -> str:
    """The means over the seeds, by case and generator."""
    if not runs:
        return "Not measured yet."
    found = means(runs)
    shown = [column for column in part.shown if any(column.figure in figures for figures in found.values())]
    rows = [
        [case, generator, f"{made:,}", *(column.cell(figures) for column in shown)]
        for (case, generator, made), figures in found.items()
    ]
    return markdown(["", "generator", "rows", *(column.head for column in shown)], rows, left=2)


def verdicts(part: Part, runs: Runs) -> Iterator[str]:
    """For each bound whether all runs keep it, with the worst of them."""
    for bound in part.bounds:
        judged = bound.judged(runs)
        if not judged:
            yield f"{bound.says}, {bound.wanted}: not measured"
            continue
        run, worst = judged[0]
        wrong = sum(not bound.holds(value) for _, value in judged)
        mean = sum(value for _, value in judged) / len(judged)
        kept = f"**missed** in {wrong} of" if wrong else "holds in all"
        yield (
            f"{bound.says}, {bound.wanted}: {kept} {len(judged)} runs "
            f"(mean {mean:.4g}; worst {worst:.4g}, {run.case}, {run.generator}, seed {run.seed})"
        )


def listing(results: Results) -> str:
    """Every run with the figures that its part shows."""
    lines = ["# Texture: every run", "", "Made by `python -m benchmarks.texture`; every digit is in `texture.csv`."]
    for part in PARTS.values():
        runs = results.of(part.name)
        shown = [column for column in part.shown if any(column.figure in figures for _, figures in runs)]
        head = ["", "generator", "seed", "rows", *(column.head for column in shown)]
        rows = [
            [run.case, run.generator, str(run.seed), f"{run.rows:,}", *(column.cell(figures) for column in shown)]
            for run, figures in runs
        ]
        lines += ["", f"## {part.title}", "", markdown(head, rows, left=2) if rows else "Not measured yet."]
    return "\n".join(lines) + "\n"


def missed(results: Results, parts: Sequence[Part]) -> bool:
    """Whether some run misses a bound of one of these parts."""
    judged = _all([(part, results.of(part.name)) for part in parts])
    return any(not bound.holds(value) for bound, values in judged for _, value in values)
