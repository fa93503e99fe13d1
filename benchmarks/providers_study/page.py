"""The page: who takes part, what the results show, and for every reading validity, use, likeness and agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.pages import rendered
from benchmarks.paper_experiment.page import Shown
from benchmarks.paper_experiment.readings import READINGS as PAIRED
from benchmarks.providers_study.agreement import MEASURES
from benchmarks.providers_study.collected import Collected, collect, spread
from benchmarks.providers_study.findings import findings
from benchmarks.providers_study.measuring import LABELS
from benchmarks.providers_study.plan import READINGS
from benchmarks.providers_study.pool import KINDS, MODELS, MOST_SPOILED
from benchmarks.providers_study.subjects import REPLAYED, shipped
from benchmarks.runs import Figures, Results, markdown

TEMPLATE = Path(__file__).with_name("page.md.jinja")
SEEDS = 3
"""With how many seeds the study is whole."""
USE = (
    Shown("lr_accuracy", "accuracy", more=True),
    Shown("lr_f1", "F1", more=True),
    Shown("lr_auroc", "AUROC", more=True),
    Shown("xgb_f1", "XGB F1", more=True),
    Shown("xgb_auroc", "XGB AUROC", more=True),
    Shown("xmodal", "XModal", ".4f"),
    Shown("shape", "Shape, %", ".2f", 100),
    Shown("trend", "Trend, %", ".2f", 100),
    Shown("xgb_auc", "XGB-AUC"),
)
REAL = tuple(
    Shown(f"{model}_real_{score}", "")
    for model, score in (("lr", "f1"), ("lr", "auroc"), ("xgb", "f1"), ("xgb", "auroc"))
)
GROUPED = (
    Shown("reference_rate", "break the reference, %", ".2f", 100),
    Shown("lr_f1", "F1"),
    Shown("lr_auroc", "AUROC"),
    Shown("xmodal", "XModal", ".4f"),
    Shown("trend", "Trend, %", ".2f", 100),
    Shown("xgb_auc", "XGB-AUC"),
)


def page(results: Results) -> str:
    """The page as Markdown."""
    every = [collect(results, reading) for reading in READINGS]
    return rendered(
        TEMPLATE,
        models=" and ".join(f"`{name}`" for name in MODELS),
        most_spoiled=MOST_SPOILED,
        unknown=[line for found in every for line in _unmeasured(found)],
        subjects=_subjects(every),
        replayed=any(
            str(figures.get("says", "")).startswith(REPLAYED)
            for found in every
            for by_seed in found.rules.values()
            for figures in by_seed.values()
        ),
        readings=[_reading(found) for found in every if found.subjects],
    )


def _unmeasured(found: Collected) -> Iterator[str]:
    """What is missing of the whole study, in words."""
    names = list(dict.fromkeys([*(subject.name for subject in shipped()), *found.subjects]))
    for generator in dict.fromkeys([*MODELS, *found.rows]):
        short: dict[int, list[str]] = {}
        for name in names:
            short.setdefault(found.seeds_of(generator, name), []).append(name)
        short.pop(SEEDS, None)
        if [*short] == [0] and len(short[0]) == len(names):
            yield f"{found.reading}, `{generator}`: nothing yet"
        elif short:
            told = (f"{count} of {SEEDS} seeds of {', '.join(each)}" for count, each in sorted(short.items()))
            yield f"{found.reading}, `{generator}`: {'; '.join(told)}"
    if found.other_sizes:
        yield f"{found.reading}: {found.other_sizes} runs of another number of rows than {found.n_rows:,} are left out"


def _subjects(every: Sequence[Collected]) -> str:
    """Who takes part; where the rules of a provider differ from seed to seed, their least and largest number."""
    kinds = ("hard", "soft", "factors", "targets")
    head = ["", "subject", *LABELS, "what it is", *kinds]
    rows = []
    for number, name in enumerate(dict.fromkeys(name for found in every for name in found.subjects), start=1):
        runs = [figures for found in every for figures in found.rules.get(name, {}).values()]
        known = next((figures for figures in runs if "says" in figures), {})
        rows.append(
            [
                str(number),
                _cell(name),
                *(_cell(str(known.get(label, ""))) for label in LABELS),
                _cell(str(known.get("says", ""))),
                *(_range(runs, kind) for kind in kinds),
            ]
        )
    return markdown(head, rows, left=6)


def _range(runs: Sequence[Figures], figure: str) -> str:
    counts = sorted({int(figures[figure]) for figures in runs if figure in figures})
    return "" if not counts else str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _reading(found: Collected) -> dict[str, object]:
    return {
        "title": f"Rows of the {found.reading} reading",
        "paired": PAIRED[found.reading],
        "reference": found.reading,
        "rows": f"; {found.n_rows:,} rows a run" if found.n_rows else "",
        "findings": findings(found),
        "validity": _validity(found),
        "use": [(generator, _real(found, generator), _use(found, generator)) for generator in found.rows],
        "agreement": _matrix(found),
        "groups": [
            (dimension, _agreement_of_groups(found, dimension), _rows_of_groups(found, dimension))
            for dimension in LABELS
            if found.groups(dimension)
        ],
    }


def _validity(found: Collected) -> str:
    own = (
        Shown("raw", "raw, %", ".2f", 100),
        Shown("own", "own", ".0f"),
        Shown("reference_rate", "reference, %", ".2f", 100),
    )
    rules = (
        Shown("alarm", "false alarms, %", ".3f", 100),
        *(Shown(f"rejected_{kind}", f"{kind} rejected, %", ".1f", 100) for kind in KINDS[1:]),
    )
    head = ["subject", *(column.head for column in rules)]
    head += [f"`{generator}` {column.head}" for generator in found.rows for column in own]
    rows = []
    for name in found.subjects:
        cells = [column.cell([*found.rules.get(name, {}).values()]) for column in rules]
        for by_subject in found.rows.values():
            cells += [column.cell([*by_subject.get(name, {}).values()]) for column in own]
        rows.append([_cell(name), *cells])
    return markdown(head, rows)


def _use(found: Collected, generator: str) -> str:
    rows = []
    for name, by_seed in found.rows[generator].items():
        drawn = [figures for figures in by_seed.values() if "own" in figures]
        rows.append([_cell(name), str(len(drawn)) if drawn else "no rows", *(column.cell(drawn) for column in USE)])
    return markdown(["subject", "seeds", *(column.head for column in USE)], rows)


def _real(found: Collected, generator: str) -> str:
    """What as many real rows reach, which no rule file changes."""
    runs = {
        seed: figures for each in found.rows[generator].values() for seed, figures in each.items() if "own" in figures
    }
    if not runs:
        return ""
    lr_f1, lr_auroc, xgb_f1, xgb_auroc = (shown.cell([*runs.values()], worst=False) for shown in REAL)
    said = f"As many real training rows reach an F1 of {lr_f1} and an AUROC of {lr_auroc}"
    separable = lr_f1 == lr_auroc == "1.000"
    hint = " Real rows get full marks, so full marks say little here." if separable else ""
    return f"{said} (XGBoost {xgb_f1} and {xgb_auroc}).{hint}"


def _matrix(found: Collected) -> str:
    """Above the diagonal the share of rows with the same verdict, below it the Jaccard index of the rejected ones."""
    rows = []
    for i, one in enumerate(found.subjects):
        cells = []
        for j, other in enumerate(found.subjects):
            each = found.agreement(one, other)
            value = None if each is None else each.same if i < j else each.jaccard
            cells.append("" if value is None else f"{100 * value:.1f}")
        rows.append([f"{i + 1} {_cell(one)}", *cells])
    return markdown(["", *(str(i + 1) for i in range(len(found.subjects)))], rows)


def _agreement_of_groups(found: Collected, dimension: str) -> str:
    head = [dimension, "subjects", "false alarms, %"]
    head += [f"{whom}: {name}" for whom in ("with the reference", "among themselves") for name in MEASURES]
    rows, alarms = [], found.of_rules("alarm")
    for group, subjects in found.groups(dimension).items():
        cells = [_spread([alarms[name] for name in subjects if name in alarms], Shown("", "", ".2f", 100))]
        with_reference = [found.agreement(found.reading, name) for name in subjects if name != found.reading]
        within = [found.agreement(one, other) for i, one in enumerate(subjects) for other in subjects[i + 1 :]]
        for pairs in (with_reference, within):
            for measure in MEASURES:
                cells.append(_spread([getattr(each, measure) for each in pairs if each is not None], Shown("", "")))
        rows.append([_cell(group), str(len(subjects)), *cells])
    return markdown(head, rows)


def _rows_of_groups(found: Collected, dimension: str) -> str:
    rows = []
    for group, subjects in found.groups(dimension).items():
        for generator in found.rows:
            cells = []
            for column in GROUPED:
                values = found.of_rows(generator, column.figure)
                cells.append(_spread([values[name] for name in subjects if name in values], column))
            if any(cells):
                drawn = found.of_rows(generator, "own")
                rows.append([_cell(group), f"`{generator}`", str(sum(name in drawn for name in subjects)), *cells])
    head = [dimension, "generator", "subjects with rows", *(column.head for column in GROUPED)]
    return markdown(head, rows, left=2) if rows else ""


def _spread(values: Sequence[float], column: Shown) -> str:
    found = spread(values)
    return "" if found is None else found.written(column.form, column.times)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
