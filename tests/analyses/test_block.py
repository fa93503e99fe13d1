"""A block's model is the same after a question as before it."""

from __future__ import annotations

import htdbu
from htdbu.analyses.subject import Subject


def test_what_is_held_twice_is_let_go() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9 }\nhard r: a >= 4\nhard s: a >= 4\n")
    (block,) = Subject(program).blocks
    assert block.rules["r"] == block.rules["s"]
    block.least(block.valid, block.number(0).form)
    assert block.ask([~block.rules["r"]]).status.solved
