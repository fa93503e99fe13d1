"""Targets met by a repair: candidates for every row, then one model that chooses among them.

`meet` is the way in. An `Aim` is a target as sums over rows and demands on these (`share`, `dist`, `order`, `amount`);
`candidates` finds what every row could become and at which price (`prices`), as `moves`; `choice` picks the cheapest
moves that meet the demands, by the integer program of `model`.
"""
