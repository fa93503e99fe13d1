"""What an operator or function of the language is: its name, its arity, its types and its lowering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call
from htdbu.compiler.types import Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.lowering.values import Value
    from htdbu.compiler.typing import Typer


@dataclass(frozen=True)
class Function:
    """One entry of the registry.

    Attributes:
        name: what `Call.function` says.
        least, most: how many arguments it takes; `most` None is any number.
        infer: its type, given the call; reports mistakes to the typer.
        lower: its normal form, given the call; the types are known to be right.
        written: whether a file may write it as `name(…)`; operators may not.
        signature, doc: how it is written, and what its value is; of operators the language reference tells.
    """

    name: str
    least: int
    most: int | None
    infer: Callable[[Typer, Call], Type]
    lower: Callable[[Lowerer, Call], Value]
    written: bool = True
    signature: str = ""
    doc: str = ""

    def arity(self) -> str:
        """How many arguments it takes, in words."""
        if self.most == self.least:
            return f"{self.least} argument{'' if self.least == 1 else 's'}"
        return f"{self.least} or more arguments" if self.most is None else f"{self.least} to {self.most} arguments"
