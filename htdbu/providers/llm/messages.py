"""What is said to a model and what it answers, apart from any protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        finish: why the model stopped: "stop", "length", "content_filter", …; None where nobody said.
        refusal: what it said in place of an answer.
        input_tokens: as the endpoint counted them; None where it did not.
    """

    text: str
    model: str
    finish: str | None = None
    refusal: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


Ask = Callable[[Sequence[Message]], Answer]
"""Asks the model, once or until it answers; raises `ProviderError` where it does not."""


def sound(text: str) -> str:
    """A text that can be written as UTF-8: halves of signs become U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
