"""What the tests of metrics share: comparisons of small tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import pytest

from htdbu import compile_text
from htdbu.evaluation.comparison import Comparison, RawTables
from htdbu.solver import typed_frame

Cells = Mapping[str, Sequence[object]]
Compare = Callable[..., Comparison]


@pytest.fixture(scope="session")
def compare() -> Compare:
    """A function from the columns of a table (as a rule file says them) and its cells to a comparison."""

    def made(
        columns: str,
        real: Cells,
        synthetic: Cells,
        test: Cells | None = None,
        target: str = "y",
        joint: tuple[str, ...] = (),
        random_state: int = 0,
    ) -> Comparison:
        program = compile_text(f"table t {{ {columns} }}")
        frames = [pd.DataFrame(cells, dtype=object) for cells in (real, synthetic)]
        return Comparison(
            program=program,
            raw=RawTables(frames[0], frames[1]),
            real=typed_frame(program, frames[0]),
            synthetic=typed_frame(program, frames[1]),
            test=None if test is None else typed_frame(program, pd.DataFrame(test, dtype=object)),
            target=target,
            joint=joint,
            random_state=random_state,
        )

    return made
