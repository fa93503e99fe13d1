"""The cheapest repair of every row of a block at once: a min-plus transform, one axis at a time.

Let own[t] be the code of row t (see `Plan`): its soft rules and its targets, or `NONE`. The code of repairing row s to
t is own[t] plus, for every mutable column i, what the change from s[i] to t[i] adds: its price, less its bit of the
mask, or 0 where the cell stays. These parts separate, so that

    min over t of (own[t] + sum of part_i(s[i], t[i]))
        = min over t[1] of (part_1(s[1], t[1]) + min over t[2] of (part_2(s[2], t[2]) + ... own[t]))

in any order of the axes: adding the same number to several codes does not change which is the least. No two rows t
share a code, since the lowest bits are the target itself and nothing is ever added to them; so the least code names
the one repair, and no ties are left that an order could decide. All codes are exact integers: `plan_of` has proved that
those of repairs stay below 2**61, and that `NONE` plus all that is added stays below 2**63.
"""

from __future__ import annotations

import numpy as np

from htdbu.solver.nearest.axes import Axis, Numbers
from htdbu.solver.nearest.plan import NONE, Plan


def cheapest(plan: Plan, own: Numbers) -> Numbers:
    """The least code for every row before a repair, in the order of sources; `NONE` or more where there is none.

    Args:
        own: the codes of the rows after a repair, in the order of targets.
    """
    codes = own
    for axis in reversed(plan.axes):
        # The last axis comes to the front, so that after all of them the order is the first again.
        codes = np.ascontiguousarray(codes.reshape(-1, axis.targets).T)
        codes = _changed(plan, axis, codes) if axis.free else _kept(axis, codes)
    return codes.reshape(-1)


def _kept(axis: Axis, codes: Numbers) -> Numbers:
    """From targets to sources of a fixed column, along the first axis."""
    found = np.full((axis.sources, codes.shape[1]), NONE)
    found[: axis.targets] = codes
    return found


def _changed(plan: Plan, axis: Axis, codes: Numbers) -> Numbers:
    """From targets to sources of a mutable column, along the first axis.

    A change to the value that is there already is let in too: it is dearer than none, so it changes no result.
    """
    i, prices, start = axis.position, plan.prices, int(axis.nullable)
    found = np.empty((axis.sources, codes.shape[1]), np.int64)
    values, kept = codes[start:], found[start : axis.targets]
    lost = values.min(axis=0) + plan.changed(i, prices.half(i))
    if axis.graded:
        near = _nearest(values, (axis.values - axis.values[0]) * plan.paid(prices.step[i]))
        near += plan.changed(i, prices.changed[i])
        found[axis.lost + 1 :] = near[axis.ends]
        np.minimum(values, near, out=kept)
    else:
        np.minimum(values, lost, out=kept)
    found[axis.lost] = lost
    if axis.nullable:
        made = codes[0] + plan.changed(i, prices.null(i))
        np.minimum(found[start:], made, out=found[start:])
        np.minimum(codes[0], lost, out=found[0])
    return found


def _nearest(codes: Numbers, places: Numbers) -> Numbers:
    """For every place x along the first axis the least of codes[y] + |places[x] - places[y]|; places ascend."""
    column = places[:, None]
    below = np.minimum.accumulate(codes - column, axis=0) + column
    above = np.minimum.accumulate((codes + column)[::-1], axis=0)[::-1] - column
    return np.minimum(below, above, out=below)
