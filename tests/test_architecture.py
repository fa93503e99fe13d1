"""The shape of the project: who may import whom, what is loaded when, and that every module says what it is."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from htdbu.cli import COMMANDS

PACKAGE = Path(__file__).parent.parent / "htdbu"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Arrows point one way: what a part may import of the others.
MAY_IMPORT = {
    "grammar": set(),
    "compiler": {"grammar"},
    "solver": {"grammar", "compiler"},
    "analyses": {"grammar", "compiler", "solver"},
    "generators": {"compiler", "solver"},
    "evaluation": {"grammar", "compiler", "solver", "generators"},
    "datasets": set(),
    "providers": {"grammar", "compiler", "solver", "analyses", "generators"},
    "testing": {"compiler", "solver"},
    "editors": {"grammar", "compiler"},
    "lsp": {"grammar", "compiler"},
    "cli": {"grammar", "compiler", "solver", "analyses", "generators", "evaluation", "datasets", "providers", "lsp"},
}
FOR_EVERYONE = {"errors", "offers", "__version__"}
HEAVY = {"numpy", "pandas", "pyarrow", "ortools", "sklearn", "scipy", "xgboost", "pydantic", "lark", "jinja2", "rich"}


def imported(module: Path) -> Iterator[str]:
    """The full names of what a module imports, wherever in it that stands, and of what it uses of `htdbu` itself."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name != "htdbu")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "htdbu":
            yield f"htdbu.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: Path) -> str:
    """The folder of `htdbu/` that a module lies in; empty for a module of `htdbu/` itself."""
    return parts[0] if len(parts := module.relative_to(PACKAGE).parts) > 1 else ""


def test_every_part_is_known_here() -> None:
    assert set(MAY_IMPORT) >= {part_of(module) for module in MODULES} - {""}


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_point_one_way(part: str) -> None:
    allowed = {*MAY_IMPORT[part], part, *FOR_EVERYONE}
    wrong = {
        f"{module.relative_to(PACKAGE)} imports {name}"
        for module in MODULES
        if part_of(module) == part
        for name in imported(module)
        if name.split(".")[0] == "htdbu" and name.split(".")[1] not in allowed
    }
    assert set() == wrong


def test_the_built_in_data_need_numpy_and_pandas_only() -> None:
    names = {name.split(".")[0] for m in MODULES if part_of(m) == "datasets" for name in imported(m)}
    assert names - sys.stdlib_module_names <= {"numpy", "pandas", "htdbu"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text("utf-8")))


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules that a statement loads in a new interpreter."""
    code = f"import json, sys\n{statement}\nprint(json.dumps([*sys.modules]), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(done.stderr)}


def test_importing_htdbu_loads_nothing_heavy() -> None:
    assert set() == loaded_by("import htdbu") & {"pandas", "ortools", "sklearn", "xgboost"}


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = loaded_by(f"import htdbu.cli\nassert htdbu.cli.main({arguments}) == 0")
    assert set() == loaded & HEAVY


def test_the_command_line_itself_needs_click_alone() -> None:
    third_party = loaded_by("import htdbu.cli") - loaded_by("") - sys.stdlib_module_names
    assert {"click", "htdbu"} == third_party
