"""Repair of rules over several rows (`key`, `unique`, `fd`), after every row has been repaired by itself.

Rows that clash form small *clusters*. A cluster is one CP-SAT model of all its rows, in which the tuples that other
rows hold are *facts*: one that the cluster contradicts costs what moving the rows that hold it costs at least. If the
cheapest solution contradicts none, no repair of the whole table is cheaper: the cluster is proved. If it contradicts
one, the rows that hold it join the cluster. Where clusters grow too large, rows are placed one after another among all
others instead, which is valid but not proved.
"""

from htdbu.solver.groups.mend import mend_groups

__all__ = ["mend_groups"]
