"""SDV's synthesizer with our rules as a constraint: it learns valid rows, draws new ones, and rejects what is broken.

In an environment of its own. SDV's own constraints state few of these rules, so its programmable constraint is given
our exact check as `is_valid`, which is how SDV rejects rows. What one column says of others is computed, not drawn, as
its documentation advises: the total of the representative rule set, and whether a loan is secured.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd
from sdv.cag import SingleTableProgrammableConstraint
from sdv.metadata import Metadata
from sdv.single_table import GaussianCopulaSynthesizer

import htdbu
from benchmarks.repair.contestants.requests import DRAWN, ROWS, read_request, write_figures
from benchmarks.repair.contestants.timing import timed
from htdbu.api import Program

TABLE = "table"


class Rules(SingleTableProgrammableConstraint):
    """Rows that break no hard rule; `drawn` and `kept` count what was asked of it, `most` is the most asked at once."""

    def __init__(self, program: Program, columns: pd.Index) -> None:
        self.program = program
        self.computed = [column for column in ("total", "secured") if column in columns]
        self.drawn = self.kept = 0
        self.most = pd.DataFrame()

    def transform(self, data: pd.DataFrame) -> pd.DataFrame:
        """Leave out what is computed."""
        return data.drop(columns=self.computed)

    def get_updated_metadata(self, metadata: Metadata) -> Metadata:
        """The same of the metadata."""
        left = metadata.to_dict()
        for column in self.computed:
            del left["tables"][TABLE]["columns"][column]
        return Metadata.load_from_dict(left)

    def reverse_transform(self, transformed_data: pd.DataFrame) -> pd.DataFrame:
        """Compute it; dates lose the time of day that SDV gives them."""
        data = transformed_data.copy()
        for column in data.select_dtypes("datetime"):
            data[column] = data[column].dt.floor("D")
        if "total" in self.computed:
            data["total"] = (data["income"] + data["bonus"]).round(2)
        if "secured" in self.computed:
            data["secured"] = data["collateral"].notna()
        return data

    def is_valid(self, synthetic_data: pd.DataFrame) -> pd.Series:
        """Which rows break no hard rule."""
        valid = np.ones(len(synthetic_data), dtype=bool)
        valid[self.program.check(synthetic_data.reset_index(drop=True)).violating] = False
        if len(synthetic_data) > len(self.most):
            self.most = synthetic_data
        self.drawn += len(valid)
        self.kept += int(valid.sum())
        return pd.Series(valid, index=synthetic_data.index)


def main() -> None:
    """Learn the table, and draw as many rows."""
    warnings.simplefilter("ignore")
    request, folder = read_request()
    program = htdbu.compile(request.rules)
    frame = pd.read_parquet(request.table)
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].astype("datetime64[ns]")  # SDV 2.0 takes coarser ones for nanoseconds
    real = frame.head(request.options["learn"])
    rules = Rules(program, real.columns)
    begun = time.perf_counter()
    synthesizer = GaussianCopulaSynthesizer(described(real))
    synthesizer.add_constraints([rules])
    synthesizer.fit({TABLE: real})
    setup = time.perf_counter() - begun

    def run(rows: int) -> pd.DataFrame:
        rules.drawn = rules.kept = 0
        return synthesizer.sample(num_rows=rows)[TABLE]

    timing = timed(run, len(frame), request.seconds)
    timing.result.to_parquet(folder / ROWS, index=False)
    rules.most.to_parquet(folder / DRAWN, index=False)
    figures = {"setup_seconds": setup, "drawn": rules.drawn, "kept": rules.kept, "delivered": len(timing.result)}
    write_figures(folder, {**timing.to_dict(), **figures})


def described(frame: pd.DataFrame) -> Metadata:
    """SDV's description of a table, where its detection guesses wrongly put right."""
    metadata = Metadata.detect_from_dataframes({TABLE: frame})
    for column, dtype in frame.dtypes.items():
        metadata.update_column(column_name=column, sdtype=_sdtype(dtype), table_name=TABLE)
    return metadata


def _sdtype(dtype: object) -> str:
    if isinstance(dtype, pd.CategoricalDtype):
        return "categorical"
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean"
    return "datetime" if pd.api.types.is_datetime64_any_dtype(dtype) else "numerical"


if __name__ == "__main__":
    main()
