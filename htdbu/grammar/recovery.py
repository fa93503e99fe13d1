"""Parsing that survives mistakes: piece by piece, with what is sound put together again.

A piece goes from a line that begins a statement (in a table: a column) up to the next such line. Each is parsed by
itself, so a mistake costs the rest of its piece and nothing more, and the work grows with the length of the text.
Blocks that are broken somewhere inside are opened here, filled with their sound pieces, and closed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, takewhile

from lark.exceptions import UnexpectedInput

from htdbu.grammar import mistakes, scan
from htdbu.grammar.blocks import Blocks
from htdbu.grammar.depth import DEEPEST
from htdbu.grammar.heads import Head, column_heads, statement_heads
from htdbu.grammar.source import Source, Span
from htdbu.grammar.stretch import COLUMN_FRAME, OPENER_FRAME, Stop, Stretch
from htdbu.grammar.syntax import ColumnDecl, Name, Statement, SyntaxFinding, Table, When
from htdbu.grammar.words import STATEMENTS, meant_statement

_RULES = frozenset({"hard", "soft", "forbid", "when"})
_MOST_STRAYS = 20
"""Single signs of one piece that are reported one by one."""
_MOST_JOINED = 8
"""So many lines that seem to begin a statement are tried as the rest of the one before them."""
_MOST_MISTAKES = 5_000
"""After so many the rest of the text is not read."""
_BEGINS_RULES = re.compile(r"(?:\s|#[^\n]*\n)*(?:\}|when\b|soft\b|(?:hard|forbid)\s+\S+\s*:)")
_WORD = re.compile(r"\s*(\w*)")
_TABLE = re.compile(r"\w+\s+(?:\w+|`[^`\n]+`)\s*\{")

Read = Callable[[Stretch], tuple[Statement, ...]]
"""Raises `UnexpectedInput` where the stretch is broken."""


class Recovery:
    """Reads a text that does not parse as a whole, or of which only some pieces have to be read anew.

    Attributes:
        statements: the sound ones.
        findings: a mistake for every broken piece.
        lost: the stretches of the broken pieces.
    """

    def __init__(self, source: Source, read: Read) -> None:
        self.findings: list[SyntaxFinding] = []
        self.lost: list[Span] = []
        self._source, self._text = source, source.text
        self._read_stretch = read
        self._blocks = Blocks()
        self.statements = self._blocks.statements
        self._heads = statement_heads(source.text)
        self._starts = [head.start for head in self._heads]
        self._ends = [*self._starts, len(source.text)]
        self._sound = [head.start for head in self._heads if head.is_sound]
        self._braces = scan.Braces(source.text)

    def run(self) -> None:
        """Read the text from its beginning to its end."""
        place = 0
        while place < len(self._text):
            if len(self.findings) > _MOST_MISTAKES:
                self._report(mistakes.too_many(self._source, place))
                break
            following = bisect_right(self._starts, place)
            head = self._heads[following - 1] if following and self._starts[following - 1] == place else None
            place = self._read(head, place, self._end(place, following))
        self._leave_blocks(-1)

    def _end(self, start: int, following: int) -> int:
        """Where a piece ends: a line that only seems to begin a statement may go on with the one before it."""
        heads = self._heads[following : following + _MOST_JOINED]
        seeming = sum(1 for _ in takewhile(lambda head: not head.is_sound, heads))
        ends = self._ends[following : following + seeming + 1]
        whole = (end for end in ends if seeming and self._attempt(Stretch(self._source, start, end))[1] is None)
        return next(whole, ends[0])

    def _read(self, head: Head | None, start: int, end: int) -> int:
        """Read what begins at a place; returns where it ends."""
        if head is None:
            block = self._blocks.innermost
            self._piece(start, end, 0 if block is None else block.indent)
            return end
        if head.word not in _RULES and self._blocks:
            self._leave_blocks(head.indent)
        if head.word == "table" or (head.word not in STATEMENTS and self._is_misspelt_table(head)):
            return self._table(head)
        if head.word == "when":
            whole = self._whole_block(head)
            if whole is not None:
                return whole
        self._piece(start, end, head.indent)
        return end

    # Pieces

    def _piece(self, start: int, end: int, indent: int) -> None:
        """Read the statements of a piece, and close the blocks that end in it."""
        while (block := self._blocks.innermost) is not None:
            close = scan.closing_brace(self._text, start, end)
            if close is None and block.indent < indent:
                close = scan.closing_line(self._text, start, end, block.indent)
            if close is None:
                break
            self._statements(start, close, indent)
            self._blocks.close(close + 1)
            start = close + 1
        self._statements(start, end, indent)

    def _statements(self, start: int, end: int, indent: int) -> None:
        for _ in range(_MOST_STRAYS):
            stretch = Stretch(self._source, start, end)
            made, mistake = self._attempt(stretch)
            if mistake is None:
                self._emit(made)
                return
            if self._open_block(stretch, mistake, indent):
                return
            self._emit(self._before(stretch, mistake))
            self._report(mistake)
            if mistake.end >= end:
                return
            start = mistake.end
        self._lose(start, end)

    def _attempt(self, stretch: Stretch) -> tuple[tuple[Statement, ...], mistakes.Mistake | None]:
        """What a stretch holds, or the first mistake in it."""
        if scan.is_blank(self._text, stretch.start, stretch.end):
            return (), None
        deep = scan.depth(self._text, stretch.start, stretch.end, DEEPEST)
        if deep is not None:
            finding = mistakes.too_deep(self._source, deep, DEEPEST)
            return (), mistakes.Mistake(finding, stretch.start, stretch.end)
        try:
            return self._read_stretch(stretch), None
        except UnexpectedInput as error:
            return (), mistakes.mistake(Stop(stretch, error))

    def _before(self, stretch: Stretch, mistake: mistakes.Mistake) -> tuple[Statement, ...]:
        """What stands in a stretch before its mistake."""
        if mistake.start <= stretch.start:
            return ()
        return self._attempt(replace(stretch, end=mistake.start))[0]

    def _report(self, mistake: mistakes.Mistake) -> None:
        self.findings.append(mistake.finding)
        self._lose(mistake.start, mistake.end)

    def _lose(self, start: int, end: int) -> None:
        self.lost.append(self._source.span(start, end))

    def _emit(self, made: tuple[Statement, ...]) -> None:
        """Put statements where they belong."""
        for statement in made:
            if not self._blocks.add(statement):
                self.findings.append(mistakes.misplaced(self._source, statement.span))
                self._lose(statement.span.start, statement.span.end)

    def _leave_blocks(self, indent: int) -> None:
        self.findings += [mistakes.unclosed(self._source, brace) for brace in self._blocks.leave(indent)]

    # Blocks of rules

    def _whole_block(self, head: Head) -> int | None:
        """Read a `when` that is sound; returns its end, or None where it is broken."""
        for opened, closed in self._braces.groups(head.start):
            if _BEGINS_RULES.match(self._text, opened + 1) is None:
                continue
            made, mistake = self._attempt(Stretch(self._source, head.start, closed + 1))
            if mistake is not None:
                break
            self._emit(made)
            return closed + 1
        return None

    def _open_block(self, stretch: Stretch, mistake: mistakes.Mistake, indent: int) -> bool:
        """Whether a stretch that does not parse opens a block, sound or broken; keeps the block open if so."""
        braces = self._block_braces(stretch, mistake.start)
        if braces is None:
            return False
        opener = replace(stretch, frame=("", "\n}" * len(braces)))
        made, broken = self._attempt(opener) if braces else ((), mistake)
        if broken is None and isinstance(made[-1], When):
            self._emit(made[:-1])
            if len(self._blocks) < DEEPEST:
                self._blocks.open(made[-1], indent, braces)
                return True
            if len(self._blocks) == DEEPEST:
                self.findings.append(mistakes.too_deep(self._source, braces[0], DEEPEST))
        elif self._open_before(stretch, braces, indent):
            return True
        else:
            self._emit(self._before(stretch, mistake))
            self._report(broken or mistake)
        self._blocks.open_broken(indent, mistake.start)
        return True

    def _block_braces(self, stretch: Stretch, start: int) -> list[int] | None:
        """The braces of the blocks that the broken end of a stretch opens; None where it opens no block."""
        found = _WORD.match(self._text, start)
        word = found[1] if found else ""
        if not word or (word != "when" and word in STATEMENTS):
            return None
        braces = [o.place for o in scan.unclosed(self._text, start, stretch.end) if self._text[o.place] == "{"]
        if word == "when":
            return braces if braces or "{" not in self._text[start : stretch.end] else None
        tail = scan.last_token_end(self._text, start, stretch.end)
        return braces if braces[-1:] == [tail - 1] else None

    def _open_before(self, stretch: Stretch, opens: list[int], indent: int) -> bool:
        """Whether a block is opened soundly and only what follows in the stretch is broken; reads both if so."""
        for brace in reversed(opens[-3:]):
            if brace + 1 >= stretch.end or scan.is_blank(self._text, brace + 1, stretch.end):
                continue
            opener = replace(stretch, end=brace + 1)
            _, mistake = self._attempt(replace(opener, frame=OPENER_FRAME))
            if mistake is None:
                self._statements(opener.start, opener.end, indent)
                self._piece(brace + 1, stretch.end, indent)
                return True
        return False

    # Tables

    def _is_misspelt_table(self, head: Head) -> bool:
        return meant_statement(head.word) == "table" and _TABLE.match(self._text, head.start) is not None

    def _table(self, head: Head) -> int:
        """Read a table, column by column where it is broken; returns its end."""
        following = bisect_right(self._sound, head.start)
        limit = self._sound[following] if following < len(self._sound) else len(self._text)
        close = self._table_close(head, limit)
        end = limit if close is None else close + 1
        if close is not None:
            made, mistake = self._attempt(Stretch(self._source, head.start, end))
            if mistake is None:
                self._emit(made)
                return end
        self._broken_table(head, close, end)
        return end

    def _broken_table(self, head: Head, close: int | None, end: int) -> None:
        body_end = end if close is None else close
        starts = [*column_heads(self._text, head.start + len(head.word), body_end), body_end]
        opener = _TABLE.match(self._text, head.start, body_end)
        if opener is not None:
            starts.insert(0, opener.end())
        table = self._table_opener(Stretch(self._source, head.start, starts[0], OPENER_FRAME), close is not None)
        columns = [column for start, stop in pairwise(starts) for column in self._columns(start, stop)]
        last = end if close is not None else scan.last_token_end(self._text, head.start, end)
        if table.name.value or columns:
            span = self._source.span(head.start, last)
            self._emit((replace(table, columns=(*table.columns, *columns), span=span),))

    def _table_opener(self, stretch: Stretch, is_closed: bool) -> Table:
        """The table that an opener begins, without a name where the opener is broken."""
        made, mistake = self._attempt(stretch)
        if mistake is not None:
            self._report(mistake)
        if not made or not isinstance(made[-1], Table):
            at = self._source.span(stretch.start, stretch.start)
            return Table(Name("", at), (), None, at)
        if not is_closed:
            brace = self._text.index("{", made[-1].name.span.end)
            self.findings.append(mistakes.unclosed(self._source, brace))
        return made[-1]

    def _table_close(self, head: Head, limit: int) -> int | None:
        """The brace that ends a table; where braces do not pair, the first on a line of its own after the columns."""
        group = next(self._braces.groups(head.start), None)
        if group is not None and group[1] < limit:
            close = group[1]
            is_plain = scan.is_first_on_line(self._text, close) and scan.indent_at(self._text, close) <= head.indent
            is_plain = is_plain or "\n" not in self._text[head.start : close]
            if is_plain or not column_heads(self._text, close + 1, limit):
                return close
        columns = column_heads(self._text, head.start + len(head.word), limit)
        return scan.closing_line(self._text, columns[-1] if columns else head.start, limit, head.indent)

    def _columns(self, start: int, end: int) -> list[ColumnDecl]:
        """The sound columns of a piece."""
        columns: list[ColumnDecl] = []
        for _ in range(_MOST_STRAYS):
            stray = scan.closing_brace(self._text, start, end)
            stretch = Stretch(self._source, start, end if stray is None else stray, COLUMN_FRAME)
            made, mistake = self._attempt(stretch)
            if mistake is not None:
                made = self._before(stretch, mistake)
                self._report(mistake)
            columns += [column for table in made if isinstance(table, Table) for column in table.columns]
            if mistake is not None and mistake.end < stretch.end:
                start = mistake.end
            elif stray is not None:
                if mistake is None:
                    self._report(mistakes.stray_brace(self._source, stray))
                start = stray + 1
            else:
                return columns
        return columns
