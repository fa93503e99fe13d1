"""The header line, which providers are shown: it must not be a row of the table."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from htdbu.errors import DataError
from htdbu.generators.schema import distinct
from htdbu.solver.reading import level_text


def check_header_line(frame: pd.DataFrame) -> None:
    """Refuse a table whose header line is a row, as where a file begins without one: headers are shown to providers.

    Two headers, and half of them all, that are also cells of their own columns tell it.

    Raises:
        DataError: it seems to be one, or a header stands twice.
    """
    headers = [str(header) for header in frame.columns]
    twice = next((header for header, n in Counter(headers).items() if n > 1), None)
    if twice is not None:
        raise DataError(f'the data have the header "{twice}" twice', "rename one of the columns")
    alike = [header for header in frame.columns if _among_cells(str(header), frame[header])]
    if len(alike) >= 2 and 2 * len(alike) >= len(headers):
        raise DataError(
            f"the header line seems to be a row: {len(alike)} of {len(headers)} headers are also cells of their column",
            "put a line with the names of the columns before the first row, and have it only once",
        )


def _among_cells(header: str, series: pd.Series) -> bool:
    return header.strip() in {level_text(cell).strip() for cell in distinct(series, ())}
