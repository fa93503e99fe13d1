"""Findings: their kinds (one file each), how they are shown, and what explains them."""

from htdbu.compiler.diagnostics.explain import explain
from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind, Label, Severity
from htdbu.compiler.diagnostics.registry import all_kinds, codes
from htdbu.compiler.diagnostics.render import render_concise, render_human, to_json

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "Kind",
    "Label",
    "Severity",
    "all_kinds",
    "codes",
    "explain",
    "render_concise",
    "render_human",
    "to_json",
]
