"""What is known of all pieces together: drafts of repairs, put aside, which are settled once the last has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.faults import Fault
from htdbu.solver.streaming.draft import Draft, Sketch, widened
from htdbu.solver.streaming.invented import FreshNames, Marks
from htdbu.solver.streaming.several import Ledgers, TwoStates, Verdict, failing_rows
from htdbu.solver.streaming.spill import Spill
from htdbu.solver.table import Indices


class Book:
    """The drafts of all pieces.

    Args:
        folder: where the file for many drafts lies.
        last: what stands for texts that were made up for the whole table, after all others.
    """

    def __init__(self, program: Program, folder: Path | None = None, last: Sequence[str] = ()) -> None:
        self._program, self._last = program, last
        self._several = TwoStates(program)
        self._drafts: Spill[Draft] = Spill(folder)
        self._marks: list[Marks] = []
        self._repeats = False
        self._taken: NDArray[np.int64] = np.zeros(0, np.int64)

    def add(self, sketch: Sketch) -> None:
        """Enter the next piece."""
        draft = sketch.draft
        before, after = self._several.add(sketch.before, sketch.after, draft.n_rows)
        self._repeats |= any(verdict.fail is not None and verdict.fail.size > 0 for verdict in after)
        self._drafts.append(replace(draft, before=before, after=after))
        self._marks.append(draft.marks)
        self._taken = np.union1d(self._taken, sketch.taken)

    @property
    def drafts(self) -> Iterable[Draft]:
        """The drafts as they are."""
        return self._drafts

    @property
    def is_broken(self) -> bool:
        """Whether the repaired table breaks a rule over several rows."""
        return self._repeats or any(ledger.rule.right and not ledger.holds for ledger in self.after.all)

    @property
    def after(self) -> Ledgers:
        """What rules over several rows know of the repaired table."""
        return self._several.after

    def settled(self) -> Iterator[Draft]:
        """The drafts, with all that the other pieces decide of them."""
        names = FreshNames(self._marks, self._last, self._taken)
        kept = [state.kept() for state in (self._several.before, self._several.after)]
        for draft in self._drafts:
            found, left = (
                self._several_faults(verdicts, pairs)
                for verdicts, pairs in zip((draft.before, draft.after), kept, strict=True)
            )
            rows = np.concatenate([np.zeros(0, np.int64), *(fault.rows for fault in (*found, *left))])
            wide = widened(_named(draft, names), np.unique(rows))
            yield replace(
                wide,
                found=[*wide.found, *_placed(found, wide.rows)],
                left=[*wide.left, *_placed(left, wide.rows)],
            )

    def _several_faults(self, verdicts: Sequence[Verdict], kept: Sequence[NDArray[np.bool_] | None]) -> list[Fault]:
        """The rules over several rows, with the rows of a piece that fail them."""
        faults = []
        for ledger, verdict, pairs in zip(self._several.before.all, verdicts, kept, strict=True):
            rule, rows = ledger.rule, failing_rows(verdict, pairs)
            faults.append(Fault(rule.name, rule.kind, frozenset(rule.columns), rows))
        return faults

    def close(self) -> None:
        """Forget everything."""
        self._drafts.close()


def _placed(faults: Sequence[Fault], rows: Indices) -> list[Fault]:
    return [replace(fault, rows=np.searchsorted(rows, fault.rows)) for fault in faults]


def _named(draft: Draft, names: FreshNames) -> Draft:
    """A draft in which made-up texts have their names."""
    for table in (draft.outcome.table, *draft.made.values()):
        table.texts.words[:] = [names.of(word) for word in table.texts.words]
    return draft
