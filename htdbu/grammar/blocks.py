"""The blocks of rules that are open while a broken text is read, and the statements that were found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from htdbu.grammar.syntax import RuleDecl, Statement, When


@dataclass
class Block:
    """A block that is open: a `when`, or something broken (then `node` is None) whose end must not be a mistake.

    Attributes:
        indent: how far its line is indented.
        brace: where its opening brace stands.
        home: the nearest `when` that takes the rules of this block; None where there is none.
    """

    node: When | None
    indent: int
    brace: int
    home: Block | None
    children: list[RuleDecl | When] = field(default_factory=list)


class Blocks:
    """Puts statements where they belong.

    Attributes:
        statements: those outside of all blocks.
    """

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._open: list[Block] = []

    def __len__(self) -> int:
        return len(self._open)

    @property
    def innermost(self) -> Block | None:
        """The block that was opened last."""
        return self._open[-1] if self._open else None

    def add(self, statement: Statement) -> bool:
        """Put a statement where it belongs; False where it may not stand there."""
        home = self._home()
        if home is None:
            self.statements.append(statement)
        elif isinstance(statement, (RuleDecl, When)):
            home.children.append(statement)
        else:
            return False
        return True

    def _home(self) -> Block | None:
        block = self.innermost
        return block if block is None or block.node is not None else block.home

    def open_broken(self, indent: int, place: int) -> None:
        """Open a block that is broken: its rules stand as if outside of it, and its end is no mistake."""
        self._open.append(Block(None, indent, place, self._home()))

    def open(self, node: When, indent: int, braces: list[int]) -> None:
        """Open a `when`, and those that are its last parts, a brace each."""
        for brace in braces[:-1]:
            inner = node.body[-1]
            assert isinstance(inner, When)
            self._open.append(Block(node, indent, brace, self._home(), list(node.body[:-1])))
            node = inner
        self._open.append(Block(node, indent, braces[-1], self._home(), list(node.body)))

    def close(self, end: int) -> None:
        """Close the innermost block, which ends at a place."""
        block = self._open.pop()
        if block.node is not None:
            self.add(replace(block.node, body=tuple(block.children), span=block.node.span.until(end)))

    def leave(self, indent: int) -> list[int]:
        """Close what is still open at a line of this indentation that no block may hold; the braces never closed."""
        unclosed = []
        while self._open and self._open[-1].indent >= indent:
            block = self._open[-1]
            if block.node is not None:
                unclosed.append(block.brace)
            self.close(block.children[-1].span.end if block.children else block.brace + 1)
        return unclosed
