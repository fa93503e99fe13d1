"""Compiling the same file again and again while it is edited, as an editor does."""

from __future__ import annotations

from collections.abc import Mapping

from htdbu.compiler.compile import Compilation, compile_tree
from htdbu.compiler.context import Context
from htdbu.compiler.memory import Memory
from htdbu.grammar.parser import parse
from htdbu.grammar.pieces import Pieces
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Tree


class Session:
    """The compilations of one file; what an edit does not touch is not worked out again.

    Places in earlier results move with the text, so only the last result is to be used.

    Attributes:
        tree: the syntax tree of the last compilation.
        context: its names and types; None before the first.
    """

    def __init__(self) -> None:
        self._pieces = Pieces()
        self._memory = Memory()
        self.tree = Tree((), (), (), ())
        self.context: Context | None = None

    def compile(
        self,
        source: Source,
        params: Mapping[str, object] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Compilation:
        """Compile the file as it stands now; the same result as `compile_source`, and raises as it does.

        Args:
            texts: texts that stand in for imported files, by their resolved paths.
        """
        self.tree = parse(source, self._pieces)
        self.context = Context(source, self.tree, params or {}, self._memory, texts or {})
        return compile_tree(self.context)
