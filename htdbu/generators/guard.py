"""What is asked of rows beside the real ones, and how it is held: no copies, and no more near rows than a share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from htdbu.errors import UsageError
from htdbu.generators.arrays import Ints, Mask
from htdbu.generators.base import Generator
from htdbu.generators.copies import UniqueRows
from htdbu.generators.drawing import Drawing
from htdbu.generators.halves import Halves, two_of
from htdbu.generators.limit import hold_share, memorised
from htdbu.generators.texture import Texture
from htdbu.solver.table import EncodedTable


@dataclass(frozen=True)
class Privacy:
    """What is asked; see `synthesize`."""

    no_copies: bool = False
    max_dcr_share: float | None = None

    def __post_init__(self) -> None:
        share = self.max_dcr_share
        if share is not None and not 0.5 <= share <= 1:
            raise UsageError(
                f"the largest share of near rows is {share}", "give 0.5 (no nearer than to unseen rows) to 1"
            )


@dataclass(frozen=True, eq=False)
class Guard:
    """Holds what is asked, beside the real rows that it knows.

    Attributes:
        unique: the real rows that a copy could be of; None where nothing is asked.
        halves: the two halves of the real rows that are learned apart; None where no share is asked for.
    """

    asked: Privacy
    texture: Texture
    unique: UniqueRows | None = None
    halves: Halves | None = None

    @classmethod
    def of(
        cls, asked: Privacy, texture: Texture, real: EncodedTable, seeds: Iterator[int], threads: int | None
    ) -> Guard:
        """Look at the real rows as far as it takes."""
        limited = asked.max_dcr_share is not None
        unique = UniqueRows(real, texture.columns) if asked.no_copies or limited else None
        halves = Halves.of(texture.program, real, next(seeds), threads) if limited else None
        return cls(asked, texture, unique, halves)

    @property
    def refused(self) -> UniqueRows | None:
        """Real rows that no row may equal."""
        return self.unique if self.asked.no_copies else None

    def fitted(self, model: Generator) -> tuple[Generator, ...]:
        """The model, having learned all real rows; or two of its kind, each of which has learned one half."""
        if self.halves is None:
            model.fit(self.texture.real)
            return (model,)
        models = two_of(model)
        self.halves.learned(models, self.texture)
        return models

    def memorised(self, table: EncodedTable, halves: Ints) -> Mask:
        """Which rows of a pool, learned from these halves, are better left out."""
        if self.halves is None or self.asked.max_dcr_share is None:
            return np.zeros(table.n_rows, bool)
        return memorised(table, halves, self.halves, self.asked.max_dcr_share)

    def held(
        self, drawing: Drawing, real: EncodedTable, seeds: Iterator[int], threads: int | None
    ) -> dict[str, Any] | None:
        """Make settled rows keep the share; what was measured of them, None where nothing is asked.

        Raises:
            InfeasibleError: where they cannot.
        """
        limit, share = self.asked.max_dcr_share, None
        if self.halves is not None and limit is not None and drawing.table.n_rows:
            share = hold_share(drawing, self.halves, limit, real, seeds, threads)
        if self.unique is None:
            return None
        return {"dcr_share": share, "limit": limit, "copied_rows": int(self.unique.copied(drawing.table).sum())}
