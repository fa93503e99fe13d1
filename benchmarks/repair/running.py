"""Contestants as processes: one after another, each in a folder of its own, with an end in sight."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from benchmarks.repair.contestants.requests import FIGURES, ROWS, Request
from benchmarks.repair.environments import ROOT

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Outcome:
    """What a contestant left: its figures and its rows, or why there are none."""

    figures: dict[str, Any] | None
    folder: Path
    trouble: str = ""

    def rows(self) -> pd.DataFrame:
        """The rows that it made."""
        return pd.read_parquet(self.folder / ROWS)


def run(
    module: str,
    request: Request,
    folder: Path,
    python: Path | None = None,
    patience: float = 900,
    settings: Mapping[str, str] = NONE,
) -> Outcome:
    """Run one contestant.

    Args:
        module: its name in `benchmarks.repair.contestants`.
        python: the interpreter of its environment; ours by default.
        patience: seconds after which it is ended.
        settings: further environment variables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    request.write(folder)
    command = [str(python or sys.executable), "-m", f"benchmarks.repair.contestants.{module}", str(folder)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        _end(process)
        return Outcome(None, folder, f"not done after {patience:,.0f} s")
    except BaseException:
        _end(process)
        raise
    if process.returncode != 0:
        print(said, file=sys.stderr)
        return Outcome(None, folder, _last_word(said))
    return Outcome(json.loads((folder / FIGURES).read_text()), folder)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with all that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _last_word(said: str) -> str:
    """The kind of error that a traceback ends in; its message may name places of this machine."""
    lines = [line for line in said.splitlines() if line and not line.startswith(" ")]
    return f"failed: {lines[-1].split(':')[0].rpartition('.')[2]}" if lines else "failed"
