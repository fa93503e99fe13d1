"""The types that expressions have while a file is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number; `scale` is the most digits after the point it can have, None where a division leaves it open."""

    scale: int | None = None


@dataclass(frozen=True, slots=True)
class BoolType:
    """True, false or unknown."""


@dataclass(frozen=True, slots=True)
class CategoryType:
    """One of a column's levels."""

    levels: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class DatetimeType:
    """A moment, to the second."""


@dataclass(frozen=True, slots=True)
class TextType:
    """Free text."""


@dataclass(frozen=True, slots=True)
class QuotedType:
    """A quoted text that has not met a column yet: a level or a text, whatever it is compared with."""


@dataclass(frozen=True, slots=True)
class NullType:
    """The literal `null`, which goes with every type."""


@dataclass(frozen=True, slots=True)
class BrokenType:
    """What an expression with a reported mistake has; nothing more is said about it."""


Type = Union[  # noqa: UP007
    NumberType, BoolType, CategoryType, DateType, DatetimeType, TextType, QuotedType, NullType, BrokenType
]


def describe(kind: Type) -> str:
    """The type in a user's words, with its article."""
    match kind:
        case NumberType():
            return "a number"
        case BoolType():
            return "a condition"
        case CategoryType(levels=levels):
            shown = ", ".join(f'"{level}"' for level in levels[:3]) + (", …" if len(levels) > 3 else "")
            return f"a category {{ {shown} }}"
        case DateType():
            return "a date"
        case DatetimeType():
            return "a datetime"
        case TextType() | QuotedType():
            return "a text"
        case NullType():
            return "null"
        case _:
            return "something broken"


def join(left: Type, right: Type) -> Type | None:
    """The type of a value that is either of two, as in the branches of a `case`; None where they do not agree."""
    match left, right:
        case (BrokenType(), _) | (_, BrokenType()):
            return BrokenType()
        case (NullType(), other) | (other, NullType()):
            return other
        case NumberType(scale=a), NumberType(scale=b):
            return NumberType(None if a is None or b is None else max(a, b))
        case CategoryType(levels=a, ordered=p), CategoryType(levels=b, ordered=q):
            same = a == b if p or q else set(a) == set(b)
            return CategoryType(a, p and q) if same else None
        case (CategoryType() | TextType() as kind, QuotedType()) | (
            QuotedType(),
            CategoryType() | TextType() as kind,
        ):
            return kind
        case _:
            return left if left == right else None


def join_all(kinds: Sequence[Type]) -> Type | None:
    """The type of a value that is any of several; None where two of them do not agree."""
    joined: Type | None = kinds[0]
    for kind in kinds[1:]:
        joined = None if joined is None else join(joined, kind)
    return joined
