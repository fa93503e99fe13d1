"""What is told of a table to who must not see its rows."""

from htdbu.providers.summary.model import Summary
from htdbu.providers.summary.summarising import summarise

__all__ = ["Summary", "summarise"]
