"""`htdbu explain CODE`: what a finding means, why it matters, an example that gets it and the same example mended."""

from __future__ import annotations

from textwrap import fill, indent

from htdbu.compiler.diagnostics.registry import all_kinds
from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.errors import UsageError


def explain(code: str) -> str:
    """The documentation of a code (or of a finding's name) as plain text.

    Raises:
        UsageError: where there is no such code.
    """
    kinds = all_kinds()
    by_name = {kind.name: kind for kind in kinds.values()}
    kind = kinds.get(code.upper()) or by_name.get(code.lower())
    if kind is None:
        hint = did_you_mean(code.upper(), kinds) or did_you_mean(code.lower(), by_name)
        raise UsageError(f"there is no finding `{code}`", hint or f"the codes are {', '.join(kinds)}")
    return "\n\n".join(
        [
            f"{kind.code} {kind.name} ({kind.severity})",
            fill(kind.meaning, 100),
            fill(kind.why, 100),
            f"This gets it:\n\n{indent(kind.failing.rstrip(), '    ')}",
            f"This does not:\n\n{indent(kind.mended.rstrip(), '    ')}",
        ]
    )
