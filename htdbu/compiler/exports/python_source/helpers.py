"""Which helpers a piece of generated source needs, and their text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MODULES = ("prelude", "reading", "frames", "checks")


@dataclass(frozen=True)
class Helper:
    """A definition of one of the helper modules: its text, and the names that it mentions."""

    text: str
    mentions: frozenset[str]
    is_function: bool


@cache
def helpers() -> dict[str, Helper]:
    """All helpers by their names, in the order in which they stand."""
    return {name: helper for module in MODULES for name, helper in _definitions(_text(module))}


@cache
def imports() -> dict[str, str]:
    """The import statement of every name that helpers import from elsewhere, one name a statement."""
    found: dict[str, str] = {}
    for module in MODULES:
        for node in ast.parse(_text(module)).body:
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(("htdbu", "__future__")):
                found |= {name.name: f"from {node.module} import {name.name}" for name in node.names}
            elif isinstance(node, ast.Import):
                found |= {
                    n.asname or n.name: f"import {n.name}" + f" as {n.asname}" * bool(n.asname) for n in node.names
                }
    return found


def needed(source: str, always: Iterable[str] = ()) -> list[str]:
    """The names of the helpers that a source needs, directly or through others, in their order."""
    todo, found = {*always, *_mentions(ast.parse(source))}, set[str]()
    while todo:
        name = todo.pop()
        if name in helpers() and name not in found:
            found.add(name)
            todo |= helpers()[name].mentions
    return [name for name in helpers() if name in found]


def import_lines(source: str, more: Iterable[str] = ()) -> str:
    """The sorted imports of what a source mentions, in blocks: the standard library, then other packages."""
    names = (_mentions(ast.parse(source)) | set(more)) & set(imports())
    blocks: list[set[str]] = [set(), set()]
    grouped: dict[str, list[str]] = {}
    for name in names:
        statement = imports()[name]
        if statement.startswith("from "):
            grouped.setdefault(statement.split(" import ")[0], []).append(name)
        else:
            blocks[statement.split()[1].split(".")[0] in ("numpy", "pandas", "pandera")].add(statement)
    blocks[0] |= {f"{start} import {', '.join(sorted(names))}" for start, names in grouped.items()}
    # Plain imports come first, each kind in the order of the modules.
    ordered = (sorted(block, key=lambda line: (line.startswith("from"), line.split()[1])) for block in blocks)
    return "\n\n".join("\n".join(block) for block in ordered if block)


def _text(module: str) -> str:
    return (files("htdbu.compiler.exports.python_source") / f"{module}.py").read_text("utf-8")


def _definitions(text: str) -> Iterator[tuple[str, Helper]]:
    """The top-level definitions of a module."""
    for node in ast.parse(text).body:
        source = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            lines = "".join(f"@{ast.unparse(decorator)}\n" for decorator in node.decorator_list)
            yield node.name, Helper(lines + source, frozenset(_mentions(node)), True)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, Helper(source, frozenset(_mentions(node.value)), False)


def _mentions(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
