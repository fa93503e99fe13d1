"""A small rule file with a table that breaks it in known places, and the command line called in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from htdbu.cli import main

RULES = """\
table people {
  id     : int key
  age    : int in 0..120
  job    : category { "none", "clerk", "judge" }
  income : decimal(2) in 0..1_000_000
  since  : date in 1990-01-01..2030-12-31 null
}

param working_age = 15

hard no_child_works: job != "none" => age >= working_age
hard judges_are_old: job == "judge" => age >= 40
soft(2) modest:      age < 25 => income <= 50_000
"""

# Row 1: a child that works. Row 3: an age beyond its domain. Row 4: a young judge, an income that is none.
TABLE = """\
id,age,job,income,since,note
1,30,clerk,1000.50,2020-02-29,"a, b"
2,9,clerk,0,,plain
3,50,judge,99,NA,
4,130,none,5.0,2001-01-01,x
5,39,judge,abc,2001-01-01,x
"""


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output read as JSON."""
        return json.loads(self.out)


@pytest.fixture
def htdbu(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call the command line with these arguments."""

    def call(*arguments: object) -> Outcome:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return call


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rule file."""
    path = tmp_path / "people.htr"
    path.write_text(RULES)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The table that breaks the rules."""
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    return path
