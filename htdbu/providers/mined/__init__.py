"""Rules that the data themselves suggest: what never happens in them, though chance would have made it happen often."""

from __future__ import annotations

from htdbu.providers.mined.provider import MinedProvider

__all__ = ["MinedProvider"]
