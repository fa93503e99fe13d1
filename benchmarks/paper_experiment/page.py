"""The page: tables of every reading, the paper's figures beside ours, the ablation, and the bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.pages import rendered
from benchmarks.paper_experiment import published
from benchmarks.paper_experiment.checks import Check, checks
from benchmarks.paper_experiment.contestants import ABLATION, CONDITIONING, MAIN, POOLED, TRAINING_ROWS
from benchmarks.paper_experiment.plan import COMPARED, GRID, TABLE, WITH, WITHOUT, case
from benchmarks.paper_experiment.readings import READINGS
from benchmarks.runs import Figures, Results, markdown
from htdbu.generators.registry import DEFAULT

TEMPLATE = Path(__file__).with_name("page.md.jinja")
Runs = Mapping[tuple[str, str], Sequence[Figures]]
"""The runs by case and generator, one a seed."""


@dataclass(frozen=True)
class Shown:
    """A column: the figure, its heading, how it is written, its factor, and whether more is better."""

    figure: str
    head: str
    form: str = ".3f"
    times: float = 1
    more: bool = False

    def cell(self, runs: Sequence[Figures], worst: bool = True) -> str:
        """The mean over the seeds, and where there are several the worst one."""
        values = [self.times * float(figures[self.figure]) for figures in runs if self.figure in figures]
        if not values:
            return ""
        mean, last = f"{fmean(values):{self.form}}", f"{(min if self.more else max)(values):{self.form}}"
        return f"{mean} ({last})" if worst and len(values) > 1 else mean


USE = (
    Shown("raw", "raw, %", ".2f", 100),
    Shown("rate", "left, %", ".2f", 100),
    Shown("lr_accuracy", "accuracy", more=True),
    Shown("lr_f1", "F1", more=True),
    Shown("lr_auroc", "AUROC", more=True),
    Shown("xgb_accuracy", "XGB accuracy", more=True),
    Shown("xgb_f1", "XGB F1", more=True),
    Shown("xgb_auroc", "XGB AUROC", more=True),
    Shown("xmodal", "XModal", ".5f"),
    Shown("xmodal_whole", "XModal, whole", ".4f"),
    Shown("xmodal_cells", "XModal, cells", ".4f"),
)
LIKE = (
    Shown("xgb_auc", "XGB-AUC"),
    Shown("shape", "Shape, %", ".2f", 100),
    Shown("shape_test", "Shape unseen, %", ".2f", 100),
    Shown("trend", "Trend, %", ".2f", 100),
    Shown("trend_test", "Trend unseen, %", ".2f", 100),
    Shown("nearest", "nearest"),
    Shown("copies", "copies", ".0f"),
    Shown("seconds", "seconds", ".0f"),
)
REAL = tuple(
    Shown(f"{model}_real_{score}", score, ".4f", more=True)
    for model in ("lr", "xgb")
    for score in ("accuracy", "f1", "auroc")
)
BESIDE = tuple(
    Shown(figure, head, ".4f", more=figure != "xmodal_cells")
    for figure, head in (
        ("lr_accuracy", "accuracy"),
        ("lr_f1", "F1"),
        ("lr_auroc", "AUROC"),
        ("xmodal_cells", "XModal"),
    )
)


def page(results: Results) -> str:
    """The page as Markdown."""
    runs, grid = _grouped(results, TABLE), _grouped(results, GRID)
    return rendered(
        TEMPLATE,
        default=DEFAULT,
        pooled=POOLED,
        unknown=_unmeasured(runs),
        checks=[_bullet(check) for check in checks(results) if check.asked],
        stricter=[_bullet(check) for check in checks(results) if not check.asked],
        readings=[
            {
                **_reading(name, said, runs),
                "checks": [_bullet(check) for check in checks(results, name)] if name != "manual" else [],
            }
            for name, said in READINGS.items()
        ],
        beside=[(name, _beside(name, runs)) for name in COMPARED],
        readings_by_xmodal=_which_reading(runs),
        ablation=[(name, _ablation(name, grid)) for name in COMPARED],
    )


def _grouped(results: Results, part: str) -> Runs:
    found: dict[tuple[str, str], list[Figures]] = {}
    for run, figures in results.of(part):
        found.setdefault((run.case, run.generator), []).append(figures)
    return found


def _bullet(check: Check) -> str:
    state = check.state if check.state == "holds" else f"**{check.state}**"
    return f"{check.says}: {state}" + (f" ({check.detail})" if check.detail else "")


def _unmeasured(runs: Runs) -> list[str]:
    """What is missing from the table, in words."""
    most = max((len(each) for each in runs.values()), default=0)
    lines = []
    for reading in READINGS:
        for skeleton in (False, True):
            names = [name for name in MAIN if not (skeleton and name == POOLED)]
            counts = {name: len(runs.get((case(reading, skeleton), name), ())) for name in names}
            short = [f"{name} ({count} of {most} seeds)" for name, count in counts.items() if count < most]
            if short:
                nothing = not any(counts.values())
                lines.append(f"{case(reading, skeleton)}: {'nothing yet' if nothing else ', '.join(short)}")
    return lines


def _reading(name: str, said: str, runs: Runs) -> dict[str, str]:
    held = [
        figures for (of, _), each in runs.items() if of in (case(name, True), case(name, False)) for figures in each
    ]
    reached = {shown.figure: shown.cell(held) for shown in REAL}
    floor = Shown("xmodal_floor", "", ".4f").cell(held, worst=False)
    return {
        "title": said[0].upper() + said[1:],
        "real": _real(reached, floor) if held else "",
        "use": _table(name, USE, runs),
        "like": _table(name, LIKE, runs),
    }


def _real(reached: Mapping[str, str], floor: str) -> str:
    lr, xgb = (
        " / ".join(reached[f"{model}_real_{score}"] for score in ("accuracy", "f1", "auroc")) for model in ("lr", "xgb")
    )
    return (
        f"As many real training rows reach {lr} (accuracy / F1 / AUROC, logistic regression) and {xgb} (XGBoost); "
        f"drawn at random they have an XModal of {floor}."
    )


def _table(reading: str, shown: Sequence[Shown], runs: Runs) -> str:
    rows = [
        [generator, WITH if skeleton else WITHOUT, str(len(found)), *(column.cell(found) for column in shown)]
        for skeleton in (True, False)
        for generator in MAIN
        if (found := runs.get((case(reading, skeleton), generator)))
    ]
    head = ["generator", "", "seeds", *(column.head for column in shown)]
    return markdown(head, rows, left=2) if rows else "Not measured yet."


def _beside(reading: str, runs: Runs) -> str:
    """The paper's table, and ours in its measures."""
    head = ["generator"]
    head += [f"{whose} {column.head}" for whose in ("paper", WITHOUT, WITH) for column in BESIDE]
    return markdown(head, [*_beside_rows(reading, runs)])


def _beside_rows(reading: str, runs: Runs) -> Iterator[list[str]]:
    for generator in (name for name in MAIN if name != POOLED):
        paper = _published(published.TABLE[reading].get(generator))
        ours = [
            column.cell(runs.get((case(reading, skeleton), generator), ()), worst=False)
            for skeleton in (False, True)
            for column in BESIDE
        ]
        yield [generator, *paper, *ours]
    for generator, row in published.RERUN[reading].items():
        yield [f"{generator}, the authors' later run", *_published(row), *[""] * (2 * len(BESIDE))]
    held = [figures for (of, _), each in runs.items() if of == case(reading, False) for figures in each]
    real = [column.cell(held, worst=False) for column in REAL[:3]]
    yield ["real rows", *_published(published.REAL[reading]), *real, "", *[""] * len(BESIDE)]


def _published(row: published.Published | None, unknown: str = "") -> list[str]:
    """Accuracy, F1, AUROC and XModal as the paper gives them."""
    if row is None:
        return [unknown] * 4
    return [f"{value:.4f}" if value is not None else "" for value in (row.accuracy, row.f1, row.auroc, row.xmodal)]


def _which_reading(runs: Runs) -> str:
    """XModal of the independent generator in every reading and formula, beside the paper's."""
    paper = {"strict": published.TABLE["strict"]["independent"].xmodal}
    formulas = (Shown("xmodal_cells", "", ".4f"), Shown("xmodal_whole", "", ".4f"))
    rows = []
    for reading in READINGS:
        found = [runs.get((case(reading, False), name), ()) for name in ("independent", POOLED)]
        given = paper.get(reading, published.TABLE["manual"]["independent"].xmodal)
        cells = [formula.cell(each, worst=False) for each in found for formula in formulas]
        rows.append([reading if reading != "manual" else "A", f"{given:.4f}", *cells])
    head = ["reading", "paper", "column, cells", "column, joint", "whole pool, cells", "whole pool, joint"]
    return markdown(head, rows)


def _ablation(reading: str, runs: Runs) -> str:
    head = ["training rows", "columns"]
    head += [f"{whose} {column.head}" for whose in ("paper", WITHOUT, WITH) for column in BESIDE]
    rows = []
    for setting in ((rows, columns) for rows in TRAINING_ROWS for columns in CONDITIONING):
        paper = _published(published.ABLATION[reading].get(setting), "not known here")
        ours = [
            column.cell(runs.get((case(reading, skeleton), ABLATION[setting].name), ()), worst=False)
            for skeleton in (False, True)
            for column in BESIDE
        ]
        rows.append([f"{setting[0]:,}", str(setting[1]), *paper, *ours])
    return markdown(head, rows, left=0)
