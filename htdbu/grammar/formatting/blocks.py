"""Items on lines: each begins one, heads of neighbours are padded to one width, blocks are indented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from htdbu.grammar.formatting.items import Item
from htdbu.grammar.formatting.layout import Layout
from htdbu.grammar.formatting.rows import places, sharing
from htdbu.grammar.formatting.tokens import Tokens
from htdbu.grammar.formatting.writer import INDENT, WIDTH, Writer

WIDEST_HEAD = 40
"""A longer head stands out from its group instead of pushing all bodies to the right."""
_ALIGNED = frozenset({"column", "rule", "target", "arm", "entry"})
_ON_ONE_LINE = frozenset({"rule", "target"})
"""Only those of these that stand on one line are aligned; a body that is broken begins on its own line."""


class Blocks:
    """Writes the items of a text."""

    def __init__(self, tokens: Tokens, writer: Writer) -> None:
        self._tokens = tokens
        self._writer = writer
        self._layout = Layout(tokens, writer)

    def sequence(self, items: Sequence[Item], indent: int) -> None:
        """Write the items of a block, or of the text."""
        is_first = True
        for group in self._groups(items):
            shares = sharing(self._tokens, group, indent)
            if any(shares):
                self._table(group, shares, indent, is_first)
            else:
                self._list(group, indent, is_first)
            is_first = False

    def _list(self, group: Sequence[Item], indent: int, is_first: bool) -> None:
        """Write items on lines of their own."""
        widest = self._widest(group, indent)
        for item in group:
            self._begin(item, indent, is_first and item is group[0])
            self._item(item, indent, widest if self._is_aligned(item, indent, widest) else 0)

    def _table(self, group: Sequence[Item], shares: Sequence[bool], indent: int, is_first: bool) -> None:
        """Write entries that share lines, one below the other."""
        for item, is_behind, place in zip(group, shares, places(self._tokens, group, shares, indent), strict=True):
            if is_behind:
                self._writer.pad(place.start - 1)
                self._layout.token(item.start, indent)
            else:
                self._begin(item, indent, is_first and item is group[0])
            self._layout.flat(item.start + 1, item.head, indent)
            self._writer.pad(place.body - 1)
            self._layout.flat(item.head, item.end, indent)

    def _groups(self, items: Sequence[Item]) -> Iterator[list[Item]]:
        """Neighbours of one form, with no empty line between them."""
        group = [*items[:1]]
        for before, item in pairwise(items):
            if item.form != before.form or not self._tokens.lexemes[item.start].keeps_group:
                yield group
                group = []
            group.append(item)
        if group:
            yield group

    def _widest(self, group: Sequence[Item], indent: int) -> int:
        """The width that the heads of a group are padded to."""
        widths = [self._head_width(item) for item in group if self._is_aligned(item, indent, 0)]
        return max((width for width in widths if width <= WIDEST_HEAD), default=0)

    def _head_width(self, item: Item) -> int:
        return self._tokens.width(item.start, item.head)

    def _is_aligned(self, item: Item, indent: int, widest: int) -> bool:
        """Whether an item takes part in the alignment of its group, whose widest head is given."""
        if item.form not in _ALIGNED or not self._tokens.is_flat(item.start, item.head + 1):
            return False
        head = max(self._head_width(item), widest)
        if item.form not in _ON_ONE_LINE:
            return True
        width = indent + head + 1 + self._tokens.width(item.head, item.end)
        return self._tokens.is_flat(item.start, item.end) and width <= WIDTH

    def _begin(self, item: Item, indent: int, is_first: bool) -> None:
        """Begin the line of an item, below the comments that belong to it."""
        lexeme = self._tokens.lexemes[item.start]
        self._writer.newline(indent)
        first = 1 if is_first else 0
        self._writer.comments(lexeme.above[:first], indent)
        self._writer.comments(lexeme.above[first:], indent, blanks=True)
        if lexeme.blank_before and (lexeme.above or not is_first):
            self._writer.blank()
        self._writer.newline(indent)
        self._writer.bare(lexeme)

    def _item(self, item: Item, indent: int, widest: int) -> None:
        """Write an item whose first token stands already."""
        if item.block is not None:
            self._with_block(item, item.block, indent)
            return
        layout, below = self._layout, indent + INDENT
        layout.flat(item.start + 1, item.head, below)
        if widest:
            self._writer.pad(indent + widest)
        if item.form in ("rule", "target", "definition"):
            layout.body(item.head, item.end, indent)
        elif item.form == "column":
            self._column(item, indent)
        elif item.form == "arm":
            self._arm(item, below)
        elif item.form == "names":
            layout.expression(item.start + 1, item.end, below)
        else:
            layout.run(max(item.head, item.start + 1), item.end, below)

    def _column(self, item: Item, indent: int) -> None:
        """Write a column's type and, where it is derived, the expression."""
        layout, below = self._layout, indent + INDENT
        self._writer.spaced(self._tokens.lexemes[item.head], below)
        equals = self._tokens.find("=", item.head, item.end)
        if equals is None:
            layout.run(item.head + 1, item.end, below)
        elif layout.fits(item.head + 1, item.end, below):
            layout.flat(item.head + 1, item.end, below)
        else:
            layout.run(item.head + 1, equals + 1, below)
            layout.body(equals + 1, item.end, indent)

    def _arm(self, item: Item, indent: int) -> None:
        """Write what a factor's value leads to: on its line, or each attribute on one of its own."""
        tokens, layout = self._tokens, self._layout
        layout.token(item.head, indent)
        attributes = tokens.split(item.head + 1, item.end, lambda index: tokens.texts[index] == ",")
        is_flat = len(attributes) == 1 or layout.fits(item.head + 1, item.end, indent)
        for start, end in attributes:
            if not is_flat:
                self._writer.newline(indent)
            layout.run(start, min(end + 1, item.end), indent)

    def _with_block(self, item: Item, block: int, indent: int) -> None:
        """Write a statement with a block: what stands before the brace, and the block."""
        layout, below = self._layout, indent + INDENT
        if item.form == "lookup" and layout.fits(item.start + 1, item.end, below):
            layout.flat(item.start + 1, item.end, below)
            return
        if item.form == "when":
            self._condition(item.start + 1, block, indent)
        else:
            layout.run(item.start + 1, block, below, reserve=2)
        layout.token(block, indent)
        self._block(block, item, indent)
        layout.flat(self._tokens.closes[block] + 1, item.end, below)

    def _condition(self, start: int, end: int, indent: int) -> None:
        """Write the condition of a `when`."""
        layout, below = self._layout, indent + INDENT
        if layout.fits(start, end, below, reserve=2):
            layout.flat(start, end, below)
        else:
            self._writer.newline(below)
            layout.expression(start, end, below)
            self._writer.newline(indent)

    def _block(self, opener: int, item: Item, indent: int) -> None:
        """Write the content of a block, and its closing brace."""
        closer = self._tokens.closes[opener]
        if opener + 1 == closer and self._tokens.is_flat(opener, closer + 1):
            self._layout.token(closer, indent)
            return
        self.sequence(item.children, indent + INDENT)
        self._layout.close(closer, indent + INDENT, indent, blanks=bool(item.children))
