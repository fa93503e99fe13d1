"""The report: what is known about a synthetic table as one HTML file that needs no other."""

from htdbu.evaluation.report.render import render_report

__all__ = ["render_report"]
