"""Who writes the rules: a language model that is asked once, or the data themselves."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from htdbu.providers.base import Draft, Provider, Request
    from htdbu.providers.drafting import DraftResult, draft, request_for
    from htdbu.providers.registry import create, names
    from htdbu.providers.summary import Summary, summarise

__all__ = [
    "Draft",
    "DraftResult",
    "Provider",
    "Request",
    "Summary",
    "create",
    "draft",
    "names",
    "request_for",
    "summarise",
]

_LAZY = {
    "Draft": "base",
    "DraftResult": "drafting",
    "Provider": "base",
    "Request": "base",
    "Summary": "summary",
    "create": "registry",
    "draft": "drafting",
    "names": "registry",
    "request_for": "drafting",
    "summarise": "summary",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is first asked for."""
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
