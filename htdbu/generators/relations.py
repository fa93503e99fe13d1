"""Sums and orders of columns that the real rows keep, told or not, and how many new rows keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import ColumnType
from htdbu.generators.arrays import Floats, Mask
from htdbu.generators.identities import COMPARED_ROWS, Identity, find_identities, frequent_cells
from htdbu.generators.lines import Line, points_of
from htdbu.generators.table import Table
from htdbu.generators.texture import Texture
from htdbu.solver.table import EncodedTable

_FEWEST_ROWS = 200
"""An order that fewer rows keep may be chance."""
_COUNTED = {"int": "number", "decimal": "number", "date": "date", "datetime": "datetime"}


def relations(texture: Texture, real: EncodedTable, made: EncodedTable) -> list[dict[str, Any]]:
    """Each as a text, with the share of the rows that hold all its cells and keep it; no order that others imply."""
    columns = counted(texture)
    tables = [texture.frame(table, columns) for table in (real, made)]
    cells = [_floats(frame) for frame in tables]
    named = [texture.program.columns[i] for i in columns]
    found = [(_spelled(each, [c.name for c in named], [c.type for c in named]), each) for each in sums(tables[0])]
    lines = [{"relation": text, "kind": "sum", **_shares(each, cells)} for text, each in found]
    pairs = list(orders([c.type for c in named], cells[0]))
    between = {(a, c) for a, b in pairs for d, c in pairs if b == d}
    for a, b in (pair for pair in pairs if pair not in between):
        shares = [_share((rows[:, a] <= rows[:, b])[_there(rows, a, b)]) for rows in cells]
        told = {"relation": f"{named[a].name} <= {named[b].name}", "kind": "order"}
        lines.append({**told, "real_share": shares[0], "share": shares[1]})
    return lines


def counted(texture: Texture) -> list[int]:
    """The columns that can be added or compared."""
    return [i for i in texture.columns if texture.program.columns[i].type.kind in _COUNTED]


def unlike(texture: Texture, real: EncodedTable, made: EncodedTable) -> Mask:
    """The rows that break an order which all real ones keep."""
    columns = counted(texture)
    rows, own = (_floats(texture.frame(table, columns)) for table in (made, real))
    broken = np.zeros(made.n_rows, bool)
    for a, b in orders([texture.program.columns[i].type for i in columns], own):
        broken |= rows[:, a] > rows[:, b]
    return broken


def sums(frame: pd.DataFrame) -> tuple[Identity, ...]:
    """The identities of a frame of numbers, see `find_identities`."""
    if not frame.shape[1]:
        return ()
    table, ranks = Table.learn(frame.sample(min(len(frame), COMPARED_ROWS), random_state=0))
    lines = [Line.of(column) for column in table.columns]
    return find_identities(lines, points_of(lines, ranks), frequent_cells(table.columns, ranks))


def orders(types: Sequence[ColumnType], rows: Floats) -> Iterator[tuple[int, int]]:
    """Columns that are nowhere greater than another one, though their ranges overlap.

    Args:
        rows: (rows, columns), NaN where a cell is missing.
    """
    kinds = [_COUNTED[each.kind] for each in types]
    for a, b in permutations(range(len(types)), 2):
        there = _there(rows, a, b) if kinds[a] == kinds[b] else np.zeros(0, bool)
        if there.sum() < _FEWEST_ROWS:
            continue
        one, other = rows[there, a], rows[there, b]
        if (one <= other).all() and one.max() > other.min() and (one < other).any():
            yield a, b


def _there(rows: Floats, a: int, b: int) -> Mask:
    there: Mask = np.isfinite(rows[:, a]) & np.isfinite(rows[:, b])
    return there


def _floats(frame: pd.DataFrame) -> Floats:
    columns = [frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in frame]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))


def _shares(identity: Identity, cells: Sequence[Floats]) -> dict[str, float | None]:
    there = (np.isfinite(rows[:, list(identity.columns)]).all(axis=1) for rows in cells)
    shares = [_share(identity.holds(rows)[kept]) for rows, kept in zip(cells, there, strict=True)]
    return {"real_share": shares[0], "share": shares[1]}


def _share(held: Mask) -> float | None:
    """How many of some rows keep a relation; None of no rows."""
    return float(held.mean()) if held.size else None


def _spelled(identity: Identity, names: Sequence[str], types: Sequence[ColumnType]) -> str:
    """The identity as a rule would say it: a column on the left, the others on the right."""
    pairs = dict(zip(identity.columns, identity.signs, strict=True))
    left = max(pairs, key=lambda at: (sum(sign != pairs[at] for sign in pairs.values()), at))
    turn = -pairs.pop(left)
    ordered = sorted(pairs.items(), key=lambda pair: (pair[1] != turn, pair[0]))
    text = "".join(f" {'+' if sign == turn else '-'} {names[at]}" for at, sign in ordered).removeprefix(" + ")
    rest = Decimal(str(identity.total)).normalize() * -turn
    constant = "" if not rest else f" {'+' if rest > 0 else '-'} {abs(rest):f}{_unit(types[left])}"
    return f"{names[left]} == {text}{constant}"


def _unit(type_: ColumnType) -> str:
    return {"date": "d", "datetime": "s"}.get(type_.kind, "")
