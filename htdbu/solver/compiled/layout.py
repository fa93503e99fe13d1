"""How a block and the state of its search lie in two flat arrays of 64-bit integers, `code` and `work`.

Compiled functions pass these two and some numbers to each other: anything richer costs more than the work itself.
`code` is the block: a head, then records of variables, nodes and rules, then the lists that they point to by absolute
position. `work` is the search: what the nodes of a rule are narrowed to, and a stack of frames, each with the domain of
every variable and the state of every rule.
"""

from __future__ import annotations

# The head of `code`.
N_VARS, N_NODES, N_RULES, N_MUTABLE = 0, 1, 2, 3
VARS, NODES, RULES, ORDER = 4, 5, 6, 7
"""Positions of the records, and of the mutable variables in the order of their declaration."""
ROOT = 8
"""Position of the first frame's content, which all rows share."""
STATES, POINT, BEST, CELLS, QUEUE, FRAMES = 9, 10, 11, 12, 13, 14
"""Where in `work` lie: states of nodes; a point, as a frame; the best point, its prices; a row's cells; rules to look
at (a flag each, then a ring of them); and the stack of frames."""
FRAME_SIZE, N_FRAMES, WORK_SIZE = 15, 16, 17
HEAD = 20

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

# A record of a rule.
R_ROOT, R_STEPS, R_N_STEPS, R_VARS, R_N_VARS, R_PRICE = 0, 1, 2, 3, 4, 5
"""Its root; its nodes, each after its operands; its variables; and what failing it costs (0: it is hard)."""
RULE_SIZE = 6

# A domain in `work`.
LO, HI, ST, MASK = 0, 1, 2, 3
"""The hull of its values, `KNOWN` and `UNKNOWN` for whether a value or null is possible, and the set where masked."""
DOMAIN_SIZE = 4

KNOWN, UNKNOWN = 1, 2
"""What a number may be."""
TRUE, FALSE, OPEN = 1, 2, 4
"""What a condition may be; `OPEN` is Kleene's unknown."""

# States of a rule in a frame.
ACTIVE, SETTLED, FREE, PAID = 0, 1, 2, 3
"""It must hold; it holds wherever the search may still go; a soft rule that is not decided; one that is paid for."""

# Behind the domains and the states of rules in a frame.
F_PAID, F_CAUSE = 0, 1
"""What is paid for soft rules, and what changed since the frame was whole: a variable, or `ALL`, or `~rule`."""
FRAME_TAIL = 2
ALL = 1_000_000

WIDEST_MASK = 62
FAR = 2**61
"""Stands for an open end: beyond every value that is let in."""
BIG = 2**60
"""No value, no intermediate result and no price of a block that is compiled reaches this."""
