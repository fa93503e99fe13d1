"""Rules over several rows that a row would break if its cells were other, beside the rows of all pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from htdbu.compiler.program import Program
from htdbu.solver.outcomes import Mask
from htdbu.solver.streaming.several import Ledgers, rule_keys
from htdbu.solver.table import EncodedTable, Indices


@dataclass(frozen=True)
class BesideAll:
    """Judges rows of one piece; the counterpart of `htdbu.solver.beside.newly_failing`.

    Attributes:
        ledgers: what is known of the repaired table.
        table: rows of it, by which the rows of a trial are numbered.
    """

    program: Program
    ledgers: Ledgers
    table: EncodedTable

    def __call__(self, trial: EncodedTable, rows: Indices, moved: frozenset[int]) -> Iterator[tuple[str, Mask]]:
        """The rules that rows break as they are in the trial, and not as they are in the table."""
        own = self.table.take(rows)
        for ledger in self.ledgers.all:
            if not moved.isdisjoint(ledger.rule.columns):
                tried = ledger.crowd(rule_keys(self.program, trial, ledger.rule), rows.size)
                kept = ledger.crowd(rule_keys(self.program, own, ledger.rule), rows.size, least=1)
                yield ledger.rule.name, tried.clashes(kept) & ~kept.clashes(kept)
