"""The metrics of `htdbu evaluate` beside sdmetrics, synthcity and a plain re-implementation, on the same rows.

Run: `python -m benchmarks.metrics_compared --peers peers/bin/python`, where that Python has sdmetrics and synthcity.
They pin older packages than this project needs, so give them an environment of their own: `python3.11 -m venv peers`
and `peers/bin/pip install sdmetrics synthcity "opacus<1.5"` (a newer opacus does not fit the PyTorch that synthcity
wants). Without `--peers` only the plain re-implementation is compared.

6,000 rows of the bank with headlines are learned from by two generators; 3,000 rows of each and 3,000 unseen rows are
compared. Results go to `results/metrics_compared.csv` and `.md`; docs/metrics.md shows the table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

import htdbu
from benchmarks import metrics_plain as plain
from benchmarks.bank_main import EXAMPLE, parts
from benchmarks.runs import markdown, write
from htdbu.evaluation.columns import code_tables
from htdbu.evaluation.embedding import embed, nearest_neighbour
from htdbu.evaluation.grading import grade
from htdbu.evaluation.learners import LEARNERS
from htdbu.evaluation.metrics.alpha_precision import alpha_precision
from htdbu.evaluation.metrics.beta_recall import beta_recall
from htdbu.evaluation.metrics.closeness import nearer_share
from htdbu.evaluation.metrics.copies import copied
from htdbu.evaluation.metrics.detection import detection_auc
from htdbu.evaluation.metrics.membership import attack_auc
from htdbu.evaluation.metrics.nndr import ratios
from htdbu.evaluation.metrics.shape import shape_error
from htdbu.evaluation.metrics.trend import BINS, trend_error
from htdbu.evaluation.metrics.xmodal import joint_distance
from htdbu.evaluation.parts import Trial
from htdbu.evaluation.tasks import class_task, labelled
from htdbu.solver.typed import typed_frame

HERE = Path(__file__).resolve().parent
REAL, ROWS, SEED, TARGET = 6_000, 3_000, 42, "y"
GENERATORS = ("bits", "independent")
JOINT = ["y", "sentiment", "job"]
SOURCES = ("htdbu", "plain", "sdmetrics", "synthcity")
Values = dict[str, float]


def ours(real: pd.DataFrame, test: pd.DataFrame, rows: pd.DataFrame) -> Values:
    """Every metric by the functions that `evaluate` calls, on all of the rows."""
    names = list(real.columns)
    coded = code_tables(names, BINS, real, rows)
    points, judged = embed(test, [rows], names)
    trial = Trial(real.iloc[:ROWS], test, rows)
    values = {
        "shape": shape_error(real, rows, names),
        "trend": trend_error(*coded.tables, coded.sizes),
        "xmodal of three columns": joint_distance(real, rows, JOINT),
        "c2st": detection_auc(test, rows, names, SEED),
        "alpha_precision": alpha_precision(points, judged),
        "beta_recall": beta_recall(points, nearest_neighbour(points), judged),
        "dcr_share": nearer_share(trial, names),
        "copied_rows": copied(real, rows, names),
        "nndr": float(np.percentile(ratios(rows, real, names), 5)),
        "mia_auc": attack_auc(trial, names),
    }
    features = [name for name in names if name != TARGET]
    classes, (lesson, exam) = labelled([rows, test], TARGET, features)
    task = class_task(classes, np.bincount(exam.truth.astype(np.int64), minlength=len(classes)))
    for learner in LEARNERS:
        answers = learner.classify(lesson.rows, lesson.truth.astype(np.int64), exam.rows, len(classes), SEED)
        scores = {} if answers is None else grade(answers, exam.truth.astype(np.int64), task)
        values |= {f"tstr {learner.name} {name}": float(scores[name] or 0) for name in ("f1", "auroc") if scores}
    return values


def plainly(real: pd.DataFrame, test: pd.DataFrame, rows: pd.DataFrame) -> Values:
    """The same by the plain re-implementation."""
    precision, recall = plain.faithful(*plain.embedded(test, rows))
    learned = {
        f"tstr {model} {name}": value
        for model in ("linear", "xgboost")
        for name, value in plain.learned(rows, test, TARGET, "true", model).items()
    }
    return {
        "shape": plain.shape(real, rows),
        "trend": plain.trend(real, rows),
        "xmodal of three columns": plain.variation(real[JOINT], rows[JOINT]),
        "c2st": plain.told_apart(test, rows),
        "alpha_precision": precision,
        "beta_recall": recall,
        "dcr_share": plain.nearer_share(real.iloc[:ROWS], test, rows),
        "copied_rows": plain.copies(real, rows),
        "nndr": plain.distance_ratio(real, rows),
        "mia_auc": plain.attack(real.iloc[:ROWS], test, rows),
        **learned,
    }


def peers(python: str, real: pd.DataFrame, test: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """What the peers say, in their own environment; the rows go there as files."""
    numbers = plain.numbers_of(real)
    kinds = {name: "numerical" if name in numbers else "categorical" for name in real}
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "columns.json").write_text(json.dumps({"kinds": kinds, "target": TARGET}), "utf-8")
        for name, table in {"real": real, "learned": real.iloc[:ROWS], "test": test, **tables}.items():
            table.to_csv(folder / f"{name}.csv", index=False)
        for name, table in tables.items():
            points = plain.embedded(test, table)
            np.savez(folder / f"{name}.npz", real=points[0], rows=points[1])
        command = [str(Path(python).absolute()), str(HERE / "metrics_peers.py"), str(folder), *tables]
        # There, since synthcity leaves a folder of its own where it runs.
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"{python} could not run the peers: {done.stderr[-2000:]}")
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def as_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Levels as the rules spell them, numbers as they are: what other programs read."""
    spelled = {name: table[name] if name in plain.numbers_of(table) else table[name].astype(str) for name in table}
    frame = pd.DataFrame(spelled)
    return frame.assign(**{name: frame[name].str.lower() for name in frame if set(frame[name]) == {"True", "False"}})


def measure(data: Path, python: str | None) -> tuple[pd.DataFrame, dict[str, object]]:
    """One line a table and measure, with what each source says; and what the peers had to tell."""
    program = htdbu.compile(EXAMPLE / "manual.htr")
    train, unseen = parts(data, "manual", SEED)
    real, test = train.sample(REAL, random_state=SEED), unseen.sample(ROWS, random_state=SEED)
    made = {name: htdbu.synthesize(program, real, ROWS, generator=name, random_state=SEED).data for name in GENERATORS}
    kept = [column.name for column in program.columns if not column.is_name]
    typed = {name: typed_frame(program, each)[kept] for name, each in {"real": real, "test": test, **made}.items()}
    spelled = {name: as_texts(table) for name, table in typed.items()}
    told: dict[str, object] = {"values": {}, "troubles": {}, "versions": {}}
    if python is not None:
        told = peers(python, spelled["real"], spelled["test"], {name: spelled[name] for name in GENERATORS})
    lines = []
    for name in GENERATORS:
        found = {"htdbu": ours(typed["real"], typed["test"], typed[name])}
        found["plain"] = plainly(spelled["real"], spelled["test"], spelled[name])
        others = dict(told["values"]).get(name, {})  # type: ignore[call-overload]
        for key, value in found["htdbu"].items():
            said = {"htdbu": value, "plain": found["plain"].get(key), **others.get(key, {})}
            lines.append({"generator": name, "measure": key, **{source: said.get(source) for source in SOURCES}})
    return pd.DataFrame(lines), told


def page(lines: pd.DataFrame, told: Mapping[str, object]) -> str:
    """The Markdown table."""
    versions = dict(told["versions"])  # type: ignore[call-overload]
    heads = [f"{source} {versions[source]}" if versions.get(source) else source for source in SOURCES]
    cells = [
        [line["measure"], line["generator"], *("" if pd.isna(line[s]) else f"{line[s]:.4f}" for s in SOURCES)]
        for line in lines.to_dict("records")
    ]
    troubles = [f"\n- {peer}: {why}" for peer, why in dict(told["troubles"]).items()]  # type: ignore[call-overload]
    return "\n".join([markdown(["measure", "generator", *heads], cells, left=2), *troubles])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when it is written."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    data = HERE.parent / os.environ.get("HTDBU_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=data, help="folder of the real data (default: HTDBU_DATA)")
    parser.add_argument("--peers", help="a Python with sdmetrics and synthcity")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "results", help="folder of the results")
    given = parser.parse_args(argv)
    try:
        lines, told = measure(given.data, given.peers)
    except (htdbu.HtdbuError, RuntimeError, OSError) as error:
        print(f"metrics_compared.py: {error}", file=sys.stderr)
        return 2
    text = lines.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    write(given.output / "metrics_compared.csv", text)
    write(given.output / "metrics_compared.md", page(lines, told) + "\n")
    print(page(lines, told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
