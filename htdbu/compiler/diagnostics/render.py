"""Findings as text or plain data, for callers that know which style they want."""

from htdbu.compiler.diagnostics.outputs.concise import render_concise
from htdbu.compiler.diagnostics.outputs.human import render_human
from htdbu.compiler.diagnostics.outputs.json_output import to_json

__all__ = ["render_concise", "render_human", "to_json"]
