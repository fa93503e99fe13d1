"""How a block and the state of its search lie in two flat arrays of 64-bit integers, `code` and `work`.

Compiled functions pass these two and some numbers to each other: anything richer costs more than the work itself.
`code` is the block: a head, then records of variables, nodes and rules, then the lists that they point to by absolute
position. `work` is the search: the domains, the cheapest point in them, and what is needed to go back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

# The head of `code`.
N_VARS, N_NODES, N_RULES, N_MUTABLE = 0, 1, 2, 3
VARS, NODES, RULES, ORDER = 4, 5, 6, 7
"""Positions of the records, and of the mutable variables in the order of their declaration."""
ROOT = 8
"""Position of the domains that all rows start from."""
DOMAINS, POINT, BEST, CELLS, STATES, STATUS = 9, 10, 11, 12, 13, 14
"""Where in `work` lie: domains; the point and the best point in the same form; a row's cells; states of nodes; the
status of rules."""
QUEUE, CHANGED, TRAIL, RULE_TRAIL, STACK, SCALARS = 15, 16, 17, 18, 19, 20
"""Rules to look at; variables that were narrowed; what to put back; and the choices that are open."""
WORK_SIZE = 21
PURE = 22
"""Whether all rows start from the same domains, to which the rules were applied already: nothing is fixed, no texts."""
HEAD = 24

# A record of a variable.
V_LOW, V_HIGH = 0, 1
"""The ends of its box."""
V_MASKED = 2
"""Whether its domain is kept as a set: bit k of the mask is the value V_LOW + k."""
V_RANGES, V_N_RANGES = 3, 4
"""The ranges of its box."""
V_CHARGE, V_STEP, V_HALF, V_NULL = 5, 6, 7, 8
"""Prices: of a change and of each step of distance (0: every change costs V_HALF), and of a null that is made."""
V_MUTABLE, V_NULLABLE = 9, 10
V_WATCH, V_N_WATCH = 11, 12
"""The rules that read it."""
V_TEXT, V_LITERALS, V_FRESH = 13, 14, 15
"""For a text: whether it is one, how many literals there are, and the set of codes of texts that no data hold."""
V_SIZE = 16

# A record of a node.
OP, N_ARGS, ARGS, COEFS, RANGES, N_RANGES, X, Y = 0, 1, 2, 3, 4, 5, 6, 7
NODE_SIZE = 8
STATE_SIZE = 4

# A record of a rule.
R_CLAUSE = 0
"""Whether it is a plain clause: its steps are then atoms over variables, of which one must not be false."""
R_STEPS, R_N_STEPS, R_VARS, R_N_VARS, R_PRICE = 1, 2, 3, 4, 5
"""Its nodes, each after its operands, the root last; its variables; and what failing it costs (0: it is hard)."""
RULE_SIZE = 6

# A domain, or what a node may be.
LO, HI, ST, MASK = 0, 1, 2, 3
"""The hull of its values, `KNOWN` and `UNKNOWN` for whether a value or null is possible, and the set where masked."""
PRICE, STAMP, IS_CHANGED = 4, 5, 6
"""Of domains: the price of the cheapest value, the level at which they were last saved, and a mark."""
DOMAIN_SIZE = 8

KNOWN, UNKNOWN = 1, 2
"""What a number may be."""
TRUE, FALSE, OPEN = 1, 2, 4
"""What a condition may be; `OPEN` is Kleene's unknown."""

# The status of a rule.
S_STATE, S_BROKEN, S_QUEUED, S_STAMP = 0, 1, 2, 3
STATUS_SIZE = 4
ACTIVE, SETTLED, FREE, PAID = 0, 1, 2, 3
"""It must hold; it holds wherever the search may still go; a soft rule that is not decided; one that is paid for."""

# Scalars of the search.
LEVEL, TRAIL_TOP, RULE_TRAIL_TOP, N_CHANGED, TOTAL, FEES, CURRENT, EAGER = 0, 1, 2, 3, 4, 5, 6, 7
"""The stamp of this level; ends of lists; the price of the point, and of soft rules that are paid for; the rule that
is being imposed; whether rules that the point does not break are imposed too."""
N_SCALARS = 8

# An entry of the trail: a variable, its domain, its point; one of that of rules: a rule and its status.
TRAIL_SIZE = 9
RULE_ENTRY = 4
DEPTH = 256
"""How many choices may be open at a time."""

# A choice: a variable (or `~rule`), its parts, and where to go back to.
C_WHAT, C_PARTS, C_NEXT, C_TRAIL, C_RULE_TRAIL, C_TOTAL, C_FEES = 0, 1, 2, 3, 4, 5, 6
C_LIST = 8
"""Each part: the ends of the values that are left, and `KNOWN`, `UNKNOWN`, or `WITHOUT` for all values but one."""
WITHOUT = 4
CHOICE_SIZE = 20

PATIENCE = 12
"""How often each rule is looked at in one go on average, since bounds may creep; the search goes on without."""
WIDEST_MASK = 62
FAR = 2**61
"""Stands for an open end: beyond every value that is let in."""
BIG = 2**60
"""No value, no intermediate result and no price of a block that is compiled reaches this."""
