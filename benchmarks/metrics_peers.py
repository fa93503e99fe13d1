"""What sdmetrics and synthcity say of tables that `metrics_compared.py` wrote; runs in an environment of their own.

It imports nothing of this project, since both pin older versions of what it needs. Given a folder with `real.csv`,
`test.csv`, `columns.json` and for every table `NAME.csv` and `NAME.npz` (the embedded rows), it prints one line of
JSON: by table and measure the value of each peer, and what could not be measured and why.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def sdmetrics_values(folder: Path, name: str) -> dict[str, Callable[[], float]]:
    """The measures of sdmetrics, as errors and shares in our direction."""
    from sdmetrics.reports.single_table import QualityReport
    from sdmetrics.single_table import BinaryLogisticRegression, DCROverfittingProtection, NewRowSynthesis

    columns = json.loads((folder / "columns.json").read_text("utf-8"))
    metadata = {"columns": {column: {"sdtype": kind} for column, kind in columns["kinds"].items()}}
    real, test, table = (pd.read_csv(folder / f"{each}.csv") for each in ("real", "test", name))
    learned = pd.read_csv(folder / "learned.csv")

    def quality(part: str) -> float:
        report = QualityReport()
        report.generate(real, table, metadata, verbose=False)
        scores = report.get_properties().set_index("Property")["Score"]
        return 1 - float(scores[part])

    def nearer() -> float:
        found = DCROverfittingProtection.compute_breakdown(learned, table, test, {"tables": {"rows": metadata}}, "rows")
        return float(found["synthetic_data_percentages"]["closer_to_training"])

    def copies() -> float:
        return (1 - float(NewRowSynthesis.compute(real, table, metadata, numerical_match_tolerance=0))) * len(table)

    def learned_f1() -> float:
        return float(BinaryLogisticRegression.compute(test, table, metadata, target=columns["target"]))

    return {
        "shape": lambda: quality("Column Shapes"),
        "trend": lambda: quality("Column Pair Trends"),
        "dcr_share": nearer,
        "copied_rows": copies,
        "tstr linear f1": learned_f1,
    }


def synthcity_values(folder: Path, name: str) -> dict[str, Callable[[], float]]:
    """The measures of synthcity."""
    from synthcity.metrics.eval_detection import SyntheticDetectionXGB
    from synthcity.metrics.eval_statistical import AlphaPrecision
    from synthcity.plugins.core.dataloader import GenericDataLoader

    points = np.load(folder / f"{name}.npz")
    columns = json.loads((folder / "columns.json").read_text("utf-8"))
    levels = [column for column, kind in columns["kinds"].items() if kind != "numerical"]
    tables = [pd.read_csv(folder / f"{each}.csv") for each in ("test", name)]
    both = pd.concat(tables, ignore_index=True)
    for column in levels:
        both[column] = pd.factorize(both[column], sort=True)[0]
    loaders = [GenericDataLoader(part) for part in (both.iloc[: len(tables[0])], both.iloc[len(tables[0]) :])]

    def faithful(place: int) -> float:
        return float(AlphaPrecision(use_cache=False).metrics(points["real"], points["rows"])[place])

    def told_apart() -> float:
        return float(SyntheticDetectionXGB(use_cache=False).evaluate(*loaders)["mean"])

    return {"alpha_precision": lambda: faithful(3), "beta_recall": lambda: faithful(4), "c2st": told_apart}


PEERS = {"sdmetrics": sdmetrics_values, "synthcity": synthcity_values}


def main(folder: Path, names: list[str]) -> dict[str, Any]:
    """The values of every peer that is installed."""
    values: dict[str, dict[str, dict[str, float]]] = {name: {} for name in names}
    troubles: dict[str, str] = {}
    for peer, measures in PEERS.items():
        for name in names:
            try:
                taken = measures(folder, name)
            except Exception as error:  # a peer may fail in any way, and the others shall be heard
                troubles[peer] = f"{type(error).__name__}: {error}"
                continue
            for measure, take in taken.items():
                try:
                    values[name].setdefault(measure, {})[peer] = take()
                except Exception as error:  # and so may one of its measures
                    troubles[f"{peer}, {measure}"] = f"{type(error).__name__}: {error}"
    return {"values": values, "troubles": troubles, "versions": {peer: _version(peer) for peer in PEERS}}


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2:])))
