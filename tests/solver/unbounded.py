"""The compiled search on Python's own integers, with every number that it writes down watched.

`NUMBA_DISABLE_JIT=1 python -m tests.solver.unbounded RULES SEED` fails where one would not fit into 64 bits.
"""

from __future__ import annotations

import random
import sys
from typing import Any

from htdbu.solver.compiled import layout as at
from htdbu.solver.compiled import search
from htdbu.solver.compiled.tape import tape_of
from tests.solver import differential

LIMIT = 2**63


class Watched(list[int]):
    """A list that takes no number beyond 64 bits."""

    def __setitem__(self, key: Any, value: Any) -> None:
        assert -LIMIT <= value < LIMIT, value
        super().__setitem__(key, value)


def main(rules: int, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(rules):
        for block in differential.blocks(differential.rule_set(rng)) or []:
            tape = tape_of(block)
            if tape is None:
                continue
            code, work = Watched(tape.code.tolist()), Watched(tape.work.tolist())
            search.prime(code, work)
            search._rewind(code, work)
            problems = differential.noise(block, rng, 5)
            for k in range(problems.size):
                for i, cell in enumerate(problems.row(k)):
                    work[code[at.CELLS] + 2 * i], work[code[at.CELLS] + 2 * i + 1] = int(cell.mode), cell.value
                search.solve_row(code, work, 200)
                search.restore(code, work, 0)
                search.restore_rules(code, work, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
