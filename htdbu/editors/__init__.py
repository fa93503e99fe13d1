"""Highlighting of rule files in editors, on pages and in terminals."""
