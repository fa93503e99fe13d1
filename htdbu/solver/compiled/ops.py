"""The operations of compiled nodes."""

from __future__ import annotations

VAR, CONST, LINEAR, PRODUCT, FLOOR_DIV, ROUND_DIV, ABS, MIN, MAX = 0, 1, 2, 3, 4, 5, 6, 7, 8
CHOOSE, COALESCE, COUNT, INDICATOR, YEAR, MONTH, DAY, TABLE = 9, 10, 11, 12, 13, 14, 15, 16
TRUTH, WITHIN, IS_NULL, IS_OPEN, AND, OR, NOT, IFF = 20, 21, 22, 23, 24, 25, 26, 27
VAR_IN_MASK, VAR_WITHIN, SUM_WITHIN, VAR_IS_NULL, VAR_IS_VALUE = 28, 29, 30, 31, 32
"""The commonest atoms in one step each: a variable in a set, in ranges, a sum in ranges, a null, a value."""
